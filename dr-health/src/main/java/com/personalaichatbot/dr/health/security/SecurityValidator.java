package com.personalaichatbot.dr.health.security;

import static java.util.Objects.requireNonNull;

import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.CheckSettings;
import com.personalaichatbot.dr.health.Finding;
import com.personalaichatbot.dr.health.Health;
import com.personalaichatbot.dr.health.HealthCheck;
import com.personalaichatbot.dr.health.Severity;
import com.personalaichatbot.dr.health.ValidationReport;
import com.personalaichatbot.dr.health.Weight;
import com.personalaichatbot.dr.health.config.ConfigValidator;
import com.personalaichatbot.dr.health.config.EnvFile;
import com.personalaichatbot.dr.health.internal.file.Findings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Validates who may use an application's data: rights of directories and files, links out of the
 * tree, foreign owners, keys beside what they encrypt, a repository inside the data; secrets that
 * are missing, weak or where they do not belong, and the process itself. Immutable; changes
 * nothing; follows no link. Also a check, which wants to run every six hours.
 */
public final class SecurityValidator implements HealthCheck {

  private static final int MIN_OWN_SECRET = 12;
  private static final Set<String> ENV_CODES = Set.of(
      "ENV_MISSING",
      "ENV_REQUIRED",
      "ENV_PLACEHOLDER",
      "ENV_SHORT_SECRET",
      "ENV_WEAK_SECRET",
      "ENV_SAME_SECRET");

  private final Path data;
  private final Optional<Path> repository;
  private final Path proc;

  SecurityValidator(Path data, Optional<Path> repository, Path proc) {
    this.data = data;
    this.repository = repository;
    this.proc = proc;
  }

  /**
   * Validates a data directory.
   *
   * @param data the directory, in the original application's layout
   * @return a validator
   */
  public static SecurityValidator of(Path data) {
    return new SecurityValidator(
        requireNonNull(data, "data"), Optional.empty(), Path.of("/proc/self/status"));
  }

  /**
   * Also validates where the backups lie.
   *
   * @param repository the directory of the repository
   * @return a changed copy
   */
  public SecurityValidator repository(Path repository) {
    return new SecurityValidator(data, Optional.of(repository), proc);
  }

  /**
   * Looks at everything. Whatever is wrong, also with looking, is in the report.
   *
   * @return what was found
   */
  public ValidationReport validate() {
    Findings findings = new Findings(data);
    process(findings);
    if (!Files.isDirectory(data)) {
      findings.add(
          Severity.ERROR, "DATA_MISSING", data, "is not a directory", "restore it from a backup");
      return findings.report();
    }
    placement(findings);
    Path env = data.resolve(".env");
    for (Finding finding : ConfigValidator.of(data).validateEnv(env).findings()) {
      if (ENV_CODES.contains(finding.code())) {
        findings.addAll(java.util.List.of(finding));
      }
    }
    try {
      Path real = data.toRealPath();
      new TreeScan(data, real, ownSecrets(env), findings).run();
    } catch (IOException failure) {
      String message = "cannot be looked at: " + failure.getClass().getSimpleName();
      findings.add(Severity.ERROR, "UNREADABLE", data, message, "check its mode");
    }
    return findings.report();
  }

  private static Map<String, String> ownSecrets(Path env) {
    Map<String, String> secrets = new LinkedHashMap<>();
    for (EnvFile.Entry entry : EnvFile.read(env).entries()) {
      boolean named = entry.key().matches(".*(KEY|SECRET|TOKEN|PASSWORD|PASSPHRASE).*");
      if (named && entry.value().length() >= MIN_OWN_SECRET) {
        // Files are looked at byte by byte, so that no encoding hides anything.
        byte[] bytes = entry.value().getBytes(StandardCharsets.UTF_8);
        secrets.put(entry.key(), new String(bytes, StandardCharsets.ISO_8859_1));
      }
    }
    return secrets;
  }

  private void placement(Findings findings) {
    if (repository.isPresent()) {
      Path there = real(repository.get());
      Path here = real(data);
      if (there.startsWith(here) || here.startsWith(there)) {
        findings.add(
            Severity.ERROR,
            "REPOSITORY_INSIDE_DATA",
            repository.get(),
            "repository and data lie in one another, so one loss takes both",
            "move the repository to another volume");
      }
    }
    Path backups = data.resolve("backups");
    if (holdsAnything(backups)) {
      findings.add(
          Severity.WARNING,
          "BACKUPS_INSIDE_DATA",
          backups,
          "backups lie in the directory that they protect",
          "move them to another volume");
    }
  }

  /** What cannot be listed is named by the scan of the tree, which comes to it too. */
  private static boolean holdsAnything(Path directory) {
    try (DirectoryStream<Path> names = Files.newDirectoryStream(directory)) {
      return names.iterator().hasNext();
    } catch (IOException | DirectoryIteratorException unknown) {
      return false;
    }
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException missing) {
      return path.toAbsolutePath().normalize();
    }
  }

  private void process(Findings findings) {
    String status;
    try {
      status = Files.readString(proc);
    } catch (IOException | SecurityException elsewhere) {
      return;
    }
    if (field(status, "Uid:").startsWith("0")) {
      findings.add(
          Severity.WARNING,
          "RUNS_AS_ROOT",
          data,
          "this process runs as root",
          "run the application as a user of its own");
    }
    String umask = field(status, "Umask:");
    if (umask.matches("[0-7]{3,4}") && (Integer.parseInt(umask, 8) & 022) != 022) {
      findings.add(
          Severity.WARNING,
          "UMASK",
          data,
          "the umask " + umask + " lets others write new files",
          "set the umask 077 before the application starts");
    }
  }

  private static String field(String status, String name) {
    return status
        .lines()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()).strip().split("\\s")[0])
        .findFirst()
        .orElse("");
  }

  @Override
  public CheckResult check() {
    return validate().result();
  }

  @Override
  public CheckSettings settings() {
    return CheckSettings.DEFAULT
        .every(Duration.ofHours(6))
        .timeoutAfter(Duration.ofMinutes(10))
        .weight(Weight.IMPORTANT)
        .in(Health.SECURITY);
  }
}
