package com.personalaichatbot.dr.core.internal.engine.archive;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The part of an {@code .env} file that the original application keeps: each value is the word
 * REDACTED. No secret can be restored from it.
 */
public final class EnvTemplate {
  /** Longer ones are not looked at; no {@code .env} file is. */
  public static final int MAX_BYTES = 1 << 14;

  private static final String MARK = "\uFEFF";
  private static final String REDACTED = "REDACTED";
  private static final Pattern KEY = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,63}");

  private EnvTemplate() {}

  /** The keys of a template; empty if the file is not one. */
  public static Optional<List<String>> keys(byte[] file) {
    List<String> keys = new ArrayList<>();
    String text = new String(file, StandardCharsets.UTF_8);
    for (String line : (text.startsWith(MARK) ? text.substring(1) : text).split("\\R")) {
      int equals = line.indexOf('=');
      if (line.startsWith("#") || equals < 0) {
        continue;
      }
      String key = line.substring(0, equals).strip();
      if (!line.substring(equals + 1).strip().equals(REDACTED)
          || !KEY.matcher(key).matches()) {
        return Optional.empty();
      }
      keys.add(key);
    }
    return keys.isEmpty() ? Optional.empty() : Optional.of(keys);
  }
}
