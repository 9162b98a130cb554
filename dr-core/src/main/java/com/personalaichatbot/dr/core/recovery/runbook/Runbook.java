package com.personalaichatbot.dr.core.recovery.runbook;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A list of steps, in order. Immutable; the methods that insert return a changed copy. The five
 * built-in ones come from {@code Recovery.builtIn}.
 */
public final class Runbook {
  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+){0,7}");

  private final String id;
  private final String title;
  private final String revision;
  private final List<Step> steps;

  private Runbook(String id, String title, String revision, List<Step> steps) {
    this.id = id;
    this.title = title;
    this.revision = revision;
    this.steps = List.copyOf(steps);
  }

  /**
   * A runbook of one's own.
   *
   * @param id lower-case words joined by hyphens
   * @param title for people
   * @param revision names the version of the code in its steps: the hash of a runbook covers what
   *     its steps say, and not what their code does
   * @param steps at least one, with ids all different, those in parallel steps included
   * @throws IllegalArgumentException if an id is malformed or given twice, or there is no step
   */
  public static Runbook of(String id, String title, String revision, List<Step> steps) {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("runbook id '" + id + "' is not words joined by hyphens");
    }
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(revision, "revision");
    Runbook runbook = new Runbook(id, title, revision, steps);
    if (runbook.steps.isEmpty()) {
      throw new IllegalArgumentException("runbook " + id + " has no step");
    }
    Set<String> ids = new HashSet<>();
    runbook.all().forEach(step -> {
      if (!ids.add(step.id())) {
        throw new IllegalArgumentException("runbook " + id + " has two steps " + step.id());
      }
    });
    return runbook;
  }

  /** Its name: that of a scenario for a built-in one. */
  public String id() {
    return id;
  }

  /** Its name for people. */
  public String title() {
    return title;
  }

  /** The version of the code in its steps. */
  public String revision() {
    return revision;
  }

  /** Its steps in order; those inside a parallel one are in its parts. */
  public List<Step> steps() {
    return steps;
  }

  /** The step of this id, also inside a parallel one. */
  public Optional<Step> step(String stepId) {
    return all().filter(s -> s.id().equals(stepId)).findFirst();
  }

  /** Every step, each parallel one followed by its parts. */
  public Stream<Step> all() {
    return steps.stream().flatMap(s -> Stream.concat(Stream.of(s), s.parts().stream()));
  }

  /**
   * This runbook with one more step.
   *
   * @param before id of a step at the top, which it comes before
   * @throws IllegalArgumentException if there is no such step, or the new one's id is there already
   */
  public Runbook insertBefore(String before, Step step) {
    return insert(indexOf(before), step);
  }

  /**
   * This runbook with one more step.
   *
   * @param after id of a step at the top, which it follows
   * @throws IllegalArgumentException as {@link #insertBefore}
   */
  public Runbook insertAfter(String after, Step step) {
    return insert(indexOf(after) + 1, step);
  }

  private Runbook insert(int at, Step step) {
    List<Step> more = new ArrayList<>(steps);
    more.add(at, Objects.requireNonNull(step, "step"));
    return of(id, title, revision, more);
  }

  private int indexOf(String stepId) {
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).id().equals(stepId)) {
        return i;
      }
    }
    throw new IllegalArgumentException("runbook " + id + " has no step " + stepId + " at its top");
  }

  @Override
  public String toString() {
    return id + " " + steps;
  }
}
