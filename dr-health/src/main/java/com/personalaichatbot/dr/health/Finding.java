package com.personalaichatbot.dr.health;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Comparator;

/**
 * One thing that a validation found. Never holds a value of a configuration, let alone a secret.
 *
 * @param severity how much it matters
 * @param code a short stable word for programs
 * @param path the file or directory
 * @param line the line in it, from 1; 0 if it is about the whole
 * @param message one sentence for people
 * @param action what to do; empty if nothing is to be done
 */
public record Finding(
    Severity severity, String code, Path path, int line, String message, String action)
    implements Comparable<Finding> {

  private static final Comparator<Finding> ORDER = Comparator.comparing(Finding::path)
      .thenComparing(Finding::line)
      .thenComparing(Finding::code)
      .thenComparing(Finding::message)
      .thenComparing(Finding::severity)
      .thenComparing(Finding::action);

  /**
   * Checks the parts.
   *
   * @param severity how much it matters
   * @param code a short stable word for programs
   * @param path the file or directory
   * @param line the line in it, or 0
   * @param message one sentence for people
   * @param action what to do
   * @throws NullPointerException if a part is null
   */
  public Finding {
    requireNonNull(severity, "severity");
    requireNonNull(code, "code");
    requireNonNull(path, "path");
    requireNonNull(message, "message");
    requireNonNull(action, "action");
  }

  /** By path, then line, then code. */
  @Override
  public int compareTo(Finding other) {
    return ORDER.compare(this, other);
  }
}
