package com.personalaichatbot.dr.health.security;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The result of a hardening.
 *
 * @param root the directory that was hardened
 * @param changed what was changed, in the order of execution
 * @param notes what was left alone on purpose, and why
 * @param failures what could not be changed
 */
public record HardeningReport(
    Path root, List<PermissionChange> changed, List<Note> notes, List<Failure> failures) {

  /**
   * One path that was left alone on purpose.
   *
   * @param path the path
   * @param text why, such as "is a link and is left alone"
   */
  public record Note(Path path, String text) {
    /** The path and the text, in one sentence. */
    @Override
    public String toString() {
      return path + " " + text;
    }
  }

  /**
   * One path that could not be changed.
   *
   * @param path the path
   * @param reason why
   */
  public record Failure(Path path, String reason) {}

  /**
   * Copies the lists.
   *
   * @param root the directory that was hardened
   * @param changed what was changed
   * @param notes what was left alone
   * @param failures what could not be changed
   */
  public HardeningReport {
    changed = List.copyOf(changed);
    notes = List.copyOf(notes);
    failures = List.copyOf(failures);
  }

  /**
   * The plan that puts everything back that was changed, the last change first.
   *
   * @return a plan; what was changed by somebody else meanwhile will be left alone
   */
  public HardeningPlan undo() {
    List<PermissionChange> back = new ArrayList<>();
    changed.forEach(change -> back.add(change.reversed()));
    Collections.reverse(back);
    return HardeningPlan.of(root, back);
  }
}
