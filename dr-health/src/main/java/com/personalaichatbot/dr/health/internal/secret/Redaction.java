package com.personalaichatbot.dr.health.internal.secret;

import com.personalaichatbot.dr.health.CheckResult;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Blackens known forms of secrets. */
public final class Redaction {

  private static final int MAX_TEXT = 2_000;
  private static final String BLACK = "[redacted]";

  private static final Pattern SECRET_KEY =
      Pattern.compile("(?i)passw|passphrase|secret|token|api_?key|private_?key");

  private Redaction() {}

  /** The text without secrets, at most 2,000 characters long. */
  public static String of(String text) {
    String clean = text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) + "…" : text;
    for (SecretPattern secret : SecretPattern.ALL) {
      if (secret.mayBeIn(clean)) {
        clean = blacken(clean, secret);
      }
    }
    return clean;
  }

  private static String of(String key, String text) {
    return SECRET_KEY.matcher(key).find() ? BLACK : of(text);
  }

  private static String blacken(String text, SecretPattern secret) {
    Matcher matcher = secret.pattern().matcher(text);
    StringBuilder clean = new StringBuilder();
    int end = 0;
    while (matcher.find()) {
      clean.append(text, end, matcher.start("s")).append(BLACK);
      end = matcher.end("s");
    }
    return clean.append(text, end, text.length()).toString();
  }

  /** The result with clean texts; the same object if nothing was to be blackened. */
  public static CheckResult of(CheckResult result) {
    Map<String, Object> details = new LinkedHashMap<>();
    result
        .details()
        .forEach(
            (key, value) -> details.put(key, value instanceof String text ? of(key, text) : value));
    CheckResult clean = new CheckResult(
        result.status(), result.code(), of(result.description()), of(result.action()), details);
    return clean.equals(result) ? result : clean;
  }
}
