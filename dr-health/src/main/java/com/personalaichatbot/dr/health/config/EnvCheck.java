package com.personalaichatbot.dr.health.config;

import com.personalaichatbot.dr.health.Severity;
import com.personalaichatbot.dr.health.config.ConfigRules.KeyRule;
import com.personalaichatbot.dr.health.internal.file.Findings;
import com.personalaichatbot.dr.health.internal.secret.Fingerprint;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Judges the meaning of a {@code .env} file by the rules. */
final class EnvCheck {

  private final ConfigRules rules;
  private final EnvFile env;
  private final Findings findings;
  private final Map<String, String> secretsSeen = new HashMap<>();

  EnvCheck(ConfigRules rules, EnvFile env, Findings findings) {
    this.rules = rules;
    this.env = env;
    this.findings = findings;
  }

  void run() {
    findings.addAll(env.findings());
    if (!env.isReadable()) {
      return;
    }
    for (String key : rules.requiredKeys) {
      if (value(key).isBlank()) {
        add(Severity.ERROR, "ENV_REQUIRED", key, "is required", "set it");
      }
    }
    for (String key : rules.recommendedKeys) {
      if (value(key).isBlank()) {
        add(Severity.WARNING, "ENV_RECOMMENDED", key, "should be set", "set it");
      }
    }
    env.entries().stream().filter(entry -> !entry.value().isBlank()).forEach(this::judge);
  }

  private String value(String key) {
    return env.entry(key).map(EnvFile.Entry::value).orElse("");
  }

  private void judge(EnvFile.Entry entry) {
    String key = entry.key();
    String lower = entry.value().toLowerCase(Locale.ROOT);
    if (rules.placeholders.stream().anyMatch(lower::contains)) {
      add(Severity.ERROR, "ENV_PLACEHOLDER", key, "still holds a placeholder", "set a real value");
      return;
    }
    Optional.ofNullable(rules.keys.get(key)).ifPresent(rule -> {
      boolean sound = form(entry, rule);
      if (rule.secret() && sound) {
        secret(entry, rule);
      }
    });
  }

  private boolean form(EnvFile.Entry entry, KeyRule rule) {
    String key = entry.key();
    String value = entry.value();
    if (rule.pattern().isPresent() && !rule.pattern().get().matcher(value).matches()) {
      add(rule.severity(), "ENV_FORMAT", key, "must be " + rule.expected(), "correct it");
      return false;
    }
    if (!rule.oneOf().isEmpty() && !rule.oneOf().contains(value)) {
      String expected = "must be one of " + String.join(", ", rule.oneOf());
      add(rule.severity(), "ENV_FORMAT", key, expected, "correct it");
    }
    if ((rule.minimum().isPresent() || rule.maximum().isPresent()) && !inRange(value, rule)) {
      add(rule.severity(), "ENV_RANGE", key, "must be a whole number" + range(rule), "correct it");
    }
    return true;
  }

  private static boolean inRange(String value, KeyRule rule) {
    if (!value.matches("-?[0-9]{1,18}")) {
      return false;
    }
    long number = Long.parseLong(value);
    return number >= rule.minimum().orElse(Long.MIN_VALUE)
        && number <= rule.maximum().orElse(Long.MAX_VALUE);
  }

  private static String range(KeyRule rule) {
    return bound(" from ", rule.minimum()) + bound(" to ", rule.maximum());
  }

  private static String bound(String word, OptionalLong bound) {
    return bound.isPresent() ? word + bound.getAsLong() : "";
  }

  private void secret(EnvFile.Entry entry, KeyRule rule) {
    String key = entry.key();
    String value = entry.value();
    if (value.length() < rule.minLength()) {
      String message = "is shorter than " + rule.minLength() + " characters";
      add(Severity.WARNING, "ENV_SHORT_SECRET", key, message, "make a longer one at random");
    } else if (Fingerprint.isWeak(value)) {
      String message = "is easy to guess: too few different characters";
      add(Severity.WARNING, "ENV_WEAK_SECRET", key, message, "make one at random");
    } else {
      String fingerprint = Fingerprint.of(value);
      String message = "has the fingerprint " + fingerprint;
      add(Severity.INFO, "ENV_FINGERPRINT", key, message, "");
      String other = secretsSeen.putIfAbsent(value, key);
      if (other != null) {
        add(Severity.WARNING, "ENV_SAME_SECRET", key, "is the same as " + other, "use two secrets");
      }
    }
  }

  private void add(Severity severity, String code, String key, String message, String action) {
    Path path = env.path();
    int line = env.entry(key).map(EnvFile.Entry::line).orElse(0);
    findings.add(severity, code, path, line, key + " " + message, action);
  }
}
