package com.personalaichatbot.dr.examples.cli;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads durations: {@code 30s}, {@code 15m}, {@code 24h}, {@code 30d}, or ISO-8601. */
final class Durations implements ITypeConverter<Duration> {
  private static final Pattern SHORT = Pattern.compile("([0-9]{1,9})([smhd])");
  private static final Map<String, LongFunction<Duration>> UNITS = Map.of(
      "s",
      Duration::ofSeconds,
      "m",
      Duration::ofMinutes,
      "h",
      Duration::ofHours,
      "d",
      Duration::ofDays);

  @Override
  public Duration convert(String text) {
    Matcher parts = SHORT.matcher(text);
    if (parts.matches()) {
      return UNITS.get(parts.group(2)).apply(Long.parseLong(parts.group(1)));
    }
    try {
      Duration duration = Duration.parse(text);
      if (!duration.isNegative()) {
        return duration;
      }
    } catch (DateTimeParseException e) {
      // Told below, as for a negative one.
    }
    throw new TypeConversionException(
        "'" + text + "' is no duration; write 30s, 15m, 24h, 30d or ISO-8601 such as PT90S");
  }
}
