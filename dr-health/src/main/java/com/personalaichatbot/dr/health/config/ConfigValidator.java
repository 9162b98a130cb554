package com.personalaichatbot.dr.health.config;

import static java.util.Objects.requireNonNull;

import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.CheckSettings;
import com.personalaichatbot.dr.health.HealthCheck;
import com.personalaichatbot.dr.health.Severity;
import com.personalaichatbot.dr.health.ValidationReport;
import com.personalaichatbot.dr.health.internal.file.Findings;
import com.personalaichatbot.dr.health.internal.file.Modes;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Validates an application's data directory: the directories it needs, its {@code .env} file, its
 * JSON settings and its conversations. Immutable; changes nothing. Also a check, which wants to run
 * once an hour.
 */
public final class ConfigValidator implements HealthCheck {

  private final Path data;
  private final ConfigRules rules;
  private final boolean strict;
  private final int threads;

  private ConfigValidator(Path data, ConfigRules rules, boolean strict, int threads) {
    this.data = data;
    this.rules = rules;
    this.strict = strict;
    this.threads = threads;
  }

  /**
   * Validates by the rules of the original application's layout.
   *
   * @param data the data directory
   * @return a validator
   */
  public static ConfigValidator of(Path data) {
    return of(data, ConfigRules.original());
  }

  /**
   * Validates by rules of one's own.
   *
   * @param data the data directory
   * @param rules the rules
   * @return a validator
   */
  public static ConfigValidator of(Path data, ConfigRules rules) {
    requireNonNull(data, "data");
    requireNonNull(rules, "rules");
    int threads = Math.min(8, Runtime.getRuntime().availableProcessors());
    return new ConfigValidator(data, rules, false, threads);
  }

  /**
   * Takes each warning for an error.
   *
   * @return a changed copy
   */
  public ConfigValidator strict() {
    return new ConfigValidator(data, rules, true, threads);
  }

  /**
   * How many threads read conversations.
   *
   * @param threads 1 to 64; the number of processors, up to 8, by default
   * @return a changed copy
   */
  public ConfigValidator threads(int threads) {
    if (threads < 1 || threads > 64) {
      throw new IllegalArgumentException("threads must be 1 to 64: " + threads);
    }
    return new ConfigValidator(data, rules, strict, threads);
  }

  /**
   * Looks at everything. Whatever is wrong, also with reading, is in the report.
   *
   * @return what was found
   * @throws InterruptedException if this thread is interrupted while conversations are read
   */
  public ValidationReport validate() throws InterruptedException {
    Findings findings = new Findings(data);
    if (!Files.isDirectory(data)) {
      findings.add(
          Severity.ERROR, "DATA_MISSING", data, "is not a directory", "restore it from a backup");
      return findings.report();
    }
    directories(findings);
    Path env = data.resolve(rules.envFile);
    new EnvCheck(rules, EnvFile.read(env), findings).run();
    Modes.requirePrivate(env, Severity.ERROR, findings);
    Modes.requirePrivate(data.resolve(rules.configFile).getParent(), Severity.WARNING, findings);
    new SettingsCheck(data, rules, findings).run();
    Path conversations = data.resolve(rules.conversations);
    if (Files.isDirectory(conversations, LinkOption.NOFOLLOW_LINKS)) {
      new Conversations(conversations, rules.roles, findings).run(threads);
    }
    ValidationReport report = findings.report();
    return strict ? report.strict() : report;
  }

  /**
   * Judges a {@code .env} file alone by the same rules, for instance a renewed one before it is put
   * in place.
   *
   * @param file the file
   * @return what was found
   */
  public ValidationReport validateEnv(Path file) {
    Findings findings = new Findings(file);
    new EnvCheck(rules, EnvFile.read(file), findings).run();
    return strict ? findings.report().strict() : findings.report();
  }

  private void directories(Findings findings) {
    for (String name : rules.requiredDirectories) {
      if (!Files.isDirectory(data.resolve(name))) {
        findings.add(
            Severity.ERROR,
            "DIRECTORY_MISSING",
            data.resolve(name),
            "the directory is missing, or may not be looked at",
            "restore it from a backup");
      }
    }
    for (String name : rules.expectedDirectories) {
      if (!Files.isDirectory(data.resolve(name))) {
        findings.add(
            Severity.WARNING,
            "DIRECTORY_MISSING",
            data.resolve(name),
            "the directory is missing, or may not be looked at",
            "create it");
      }
    }
  }

  @Override
  public CheckResult check() throws InterruptedException {
    return validate().result();
  }

  @Override
  public CheckSettings settings() {
    return CheckSettings.DEFAULT.every(Duration.ofHours(1)).timeoutAfter(Duration.ofMinutes(10));
  }
}
