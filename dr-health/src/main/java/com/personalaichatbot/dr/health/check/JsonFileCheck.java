package com.personalaichatbot.dr.health.check;

import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.CheckSettings;
import com.personalaichatbot.dr.health.Health;
import com.personalaichatbot.dr.health.HealthCheck;
import com.personalaichatbot.dr.health.internal.file.BoundedFile;
import com.personalaichatbot.dr.health.internal.file.OwnLocks;
import com.personalaichatbot.dr.health.internal.json.Json;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file that must be there and be JSON, at most 16 MiB large and 200 levels deep. */
public final class JsonFileCheck implements HealthCheck {

  private static final int MAX_BYTES = 16 << 20;

  private final Path file;

  private JsonFileCheck(Path file) {
    this.file = file;
  }

  /**
   * Checks a file.
   *
   * @param file the file
   * @return the check
   */
  public static JsonFileCheck of(Path file) {
    return new JsonFileCheck(file);
  }

  @Override
  public CheckSettings settings() {
    return CheckSettings.DEFAULT.in(Health.READY);
  }

  @Override
  public CheckResult check() {
    try {
      Json.tree(BoundedFile.read(file, MAX_BYTES));
      return CheckResult.up(file + " is valid JSON");
    } catch (NoSuchFileException missing) {
      return CheckResult.down("FILE_MISSING", file + " is missing", "restore it from a backup");
    } catch (OwnLocks.InUseException locked) {
      return CheckResult.unknown("IN_USE", file + " was not looked at: " + locked.getReason());
    } catch (FileSystemException closed) {
      return CheckResult.down(
          "FILE_UNREADABLE",
          file + " cannot be read: "
              + (closed.getReason() == null
                  ? closed.getClass().getSimpleName()
                  : closed.getReason()),
          "check its mode, size and owner");
    } catch (IOException broken) {
      return CheckResult.down(
          "JSON_BROKEN",
          file + ": " + Json.problem(broken),
          "repair it or restore it from a backup");
    }
  }
}
