package com.personalaichatbot.dr.health.check;

import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.CheckSettings;
import com.personalaichatbot.dr.health.Health;
import com.personalaichatbot.dr.health.HealthCheck;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The directories that an application needs: they are there and may be used. */
public final class DirectoriesCheck implements HealthCheck {

  private final List<Path> directories;

  private DirectoriesCheck(List<Path> directories) {
    this.directories = List.copyOf(directories);
  }

  /**
   * Checks directories.
   *
   * @param directories which must exist, be readable and be searchable
   * @return the check
   */
  public static DirectoriesCheck of(List<Path> directories) {
    return new DirectoriesCheck(directories);
  }

  @Override
  public CheckSettings settings() {
    return CheckSettings.DEFAULT.in(Health.READY);
  }

  private static String problem(Path directory) {
    if (Files.exists(directory)) {
      return " is not a directory";
    }
    return Files.notExists(directory) ? " is missing" : " may not be looked at";
  }

  @Override
  public CheckResult check() {
    List<String> bad = new ArrayList<>();
    for (Path directory : directories) {
      if (!Files.isDirectory(directory)) {
        bad.add(directory + problem(directory));
      } else if (!Files.isReadable(directory) || !Files.isExecutable(directory)) {
        bad.add(directory + " may not be read");
      }
    }
    return bad.isEmpty()
        ? CheckResult.up(directories.size() + " directories are there")
        : CheckResult.down(
            "DIRECTORY_MISSING",
            String.join("; ", bad),
            "create them or restore them from a backup");
  }
}
