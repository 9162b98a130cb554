package com.personalaichatbot.dr.health.check;

import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.CheckSettings;
import com.personalaichatbot.dr.health.Health;
import com.personalaichatbot.dr.health.HealthCheck;
import com.personalaichatbot.dr.health.Weight;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;

/**
 * The size of a tree: bytes and files, links not followed. Always UP; it is there to be remembered
 * by a trend.
 */
public final class SizeCheck implements HealthCheck {

  private final Path root;

  private SizeCheck(Path root) {
    this.root = root;
  }

  /**
   * Measures a tree.
   *
   * @param root the directory
   * @return the check
   */
  public static SizeCheck of(Path root) {
    return new SizeCheck(root);
  }

  @Override
  public CheckSettings settings() {
    return CheckSettings.DEFAULT
        .every(Duration.ofHours(1))
        .timeoutAfter(Duration.ofMinutes(5))
        .weight(Weight.INFO)
        .in(Health.CAPACITY);
  }

  @Override
  public CheckResult check() throws IOException {
    long[] sum = new long[3];
    Files.walkFileTree(root, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        sum[0] += attributes.isRegularFile() ? attributes.size() : 0;
        sum[1]++;
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
        if (file.equals(root)) {
          throw failure;
        }
        sum[2]++;
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult postVisitDirectory(Path directory, IOException failure)
          throws IOException {
        return failure == null ? FileVisitResult.CONTINUE : visitFileFailed(directory, failure);
      }
    });
    CheckResult result = CheckResult.up(root + " holds " + (sum[0] >> 20) + " MiB");
    result = result.with("bytes", sum[0]).with("files", sum[1]);
    return sum[2] == 0 ? result : result.with("notLookedAt", sum[2]);
  }
}
