package com.personalaichatbot.dr.health.check;

import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.CheckSettings;
import com.personalaichatbot.dr.health.Health;
import com.personalaichatbot.dr.health.HealthCheck;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;

/**
 * A directory that must be writable: a small file is created there, written, read back and deleted.
 * Finds what the free space does not show: a read-only volume, missing rights, a quota, inodes that
 * have run out.
 */
public final class WritableCheck implements HealthCheck {

  private static final byte[] CONTENT =
      "written by a health check\n".getBytes(StandardCharsets.US_ASCII);

  private final Path directory;

  private WritableCheck(Path directory) {
    this.directory = directory;
  }

  /**
   * Checks a directory.
   *
   * @param directory the directory
   * @return the check
   */
  public static WritableCheck of(Path directory) {
    return new WritableCheck(directory);
  }

  @Override
  public CheckSettings settings() {
    return CheckSettings.DEFAULT.every(Duration.ofMinutes(1)).in(Health.READY);
  }

  @Override
  public CheckResult check() {
    // A new file, and not what somebody may have put in its place.
    Path probe = directory.resolve(".dr-health-" + UUID.randomUUID() + ".tmp");
    try {
      Files.write(probe, CONTENT, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      if (!Arrays.equals(Files.readAllBytes(probe), CONTENT)) {
        return CheckResult.down(
            "READ_BACK",
            directory + " gives back something else than was written",
            "check the disk");
      }
      return CheckResult.up(directory + " can be written");
    } catch (IOException failure) {
      return CheckResult.down(
          "NOT_WRITABLE",
          directory + " cannot be written: " + failure.getClass().getSimpleName() + ": "
              + failure.getMessage(),
          "check rights, free space, free inodes and whether the volume is read-only");
    } finally {
      delete(probe);
    }
  }

  private static void delete(Path probe) {
    try {
      Files.deleteIfExists(probe);
    } catch (IOException ignored) {
      // What cannot be deleted is seen by the next run, which cannot write either.
    }
  }
}
