package com.personalaichatbot.dr.health;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The result of one look at one part. Immutable. A result that is not {@link Status#UP} says what
 * is wrong and what to do about it: a warning without an action is one that people learn to ignore.
 *
 * @param status the state found
 * @param code a short stable word for programs, upper case with underscores, such as
 *     {@code DISK_WARNING}
 * @param description one sentence for people; empty if there is nothing to say
 * @param action what to do about it; empty if there is nothing to do
 * @param details figures behind the sentence, in the order in which they were added; values are a
 *     {@link String}, {@link Boolean} or finite {@link Number}, anything else is kept as its text
 */
public record CheckResult(
    Status status, String code, String description, String action, Map<String, Object> details) {

  /**
   * Copies and normalises the details.
   *
   * @param status the state found
   * @param code a short stable word for programs
   * @param description one sentence for people
   * @param action what to do about it
   * @param details figures behind the sentence
   * @throws NullPointerException if a parameter, a key or a value is null
   */
  public CheckResult {
    requireNonNull(status, "status");
    requireNonNull(code, "code");
    requireNonNull(description, "description");
    requireNonNull(action, "action");
    Map<String, Object> copy = new LinkedHashMap<>();
    details.forEach((key, value) -> copy.put(requireNonNull(key, "key"), scalar(value)));
    details = Collections.unmodifiableMap(copy);
  }

  /**
   * All is well.
   *
   * @return the result
   */
  public static CheckResult up() {
    return up("");
  }

  /**
   * All is well, with a sentence.
   *
   * @param description what was seen
   * @return the result
   */
  public static CheckResult up(String description) {
    return new CheckResult(Status.UP, "OK", description, "", Map.of());
  }

  /**
   * It works, but somebody should act.
   *
   * @param code the stable word for it
   * @param description what was seen
   * @param action what to do
   * @return the result
   */
  public static CheckResult degraded(String code, String description, String action) {
    return new CheckResult(Status.DEGRADED, code, description, action, Map.of());
  }

  /**
   * It does not work.
   *
   * @param code the stable word for it
   * @param description what was seen
   * @param action what to do
   * @return the result
   */
  public static CheckResult down(String code, String description, String action) {
    return new CheckResult(Status.DOWN, code, description, action, Map.of());
  }

  /**
   * It is out of service on purpose.
   *
   * @param description why
   * @return the result
   */
  public static CheckResult outOfService(String description) {
    return new CheckResult(Status.OUT_OF_SERVICE, "OUT_OF_SERVICE", description, "", Map.of());
  }

  /**
   * It could not be found out.
   *
   * @param code the stable word for it
   * @param description why not
   * @return the result
   */
  public static CheckResult unknown(String code, String description) {
    return new CheckResult(Status.UNKNOWN, code, description, "", Map.of());
  }

  /**
   * This result with one more figure.
   *
   * @param key its name, in camelCase
   * @param value its value; see {@link #details()}
   * @return a new result
   */
  public CheckResult with(String key, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(details);
    more.put(key, value);
    return new CheckResult(status, code, description, action, more);
  }

  private static Object scalar(Object value) {
    requireNonNull(value, "value");
    boolean finite = !(value instanceof Double d && !Double.isFinite(d))
        && !(value instanceof Float f && !Float.isFinite(f));
    return finite && (value instanceof Number || value instanceof Boolean)
        ? value
        : String.valueOf(value);
  }
}
