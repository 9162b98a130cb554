package com.personalaichatbot.dr.health.internal.secret;

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

  /** The same details with clean texts, in their order. */
  public static Map<String, Object> of(Map<String, Object> details) {
    Map<String, Object> clean = new LinkedHashMap<>();
    details.forEach(
        (key, value) -> clean.put(key, value instanceof String text ? of(key, text) : value));
    return clean;
  }
}
