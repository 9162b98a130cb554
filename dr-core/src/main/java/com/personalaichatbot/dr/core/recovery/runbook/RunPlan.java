package com.personalaichatbot.dr.core.recovery.runbook;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The plan of a run, as it is now: the steps of a runbook, with those that no hook does put before
 * a person. Immutable, and nothing was changed to make it; its text is for people to look at first.
 * A run begins, and is resumed, with the plan's hash.
 */
public final class RunPlan {
  private final Runbook runbook;
  private final RunOptions options;
  private final ApplicationHooks hooks;
  private final Map<String, Duration> usual;
  private final String hash;

  /**
   * Makes a plan. A {@code Recovery} makes plans, and refuses one that it would not have made.
   *
   * @param earlier runs and drills, whose steps say how long they usually take
   */
  public RunPlan(
      Runbook runbook,
      RunOptions options,
      ApplicationHooks hooks,
      Versions versions,
      List<RunReport> earlier) {
    this.runbook = runbook;
    this.options = options;
    this.hooks = hooks;
    this.usual = usual(runbook.id(), earlier);
    this.hash = PlanHash.of(runbook, this::kindOf, versions.application, versions.policy);
  }

  /**
   * The versions that a drill was done with; where one of them is another, it proves nothing any
   * more.
   *
   * @param application version of the application; may be empty
   * @param policy version of what was promised; may be empty
   */
  public record Versions(String application, String policy) {}

  /** Whose steps these are. */
  public Runbook runbook() {
    return runbook;
  }

  /** What was known when it was made. */
  public RunOptions options() {
    return options;
  }

  /**
   * Names exactly these steps: what they are called, do and may do, in which order and for how
   * long. It names those that a hook does, and with which version of the application and of the
   * policy. 64 hexadecimal digits. The options are not part of it, nor is what code does.
   */
  public String hash() {
    return hash;
  }

  /** What a step is here: a step whose hook is missing is MANUAL. */
  public StepKind kindOf(Step step) {
    return step.hook().isPresent() && !hooks.has(step.hook().get()) ? StepKind.MANUAL : step.kind();
  }

  /** How long a step took before, at the median; empty without a history. */
  public Optional<Duration> usual(Step step) {
    return Optional.ofNullable(usual.get(step.id()));
  }

  /** How long each step of a runbook took at the median, live and in drills, by its id. */
  private static Map<String, Duration> usual(String runbook, List<RunReport> earlier) {
    Map<String, List<Duration>> all = new HashMap<>();
    earlier.stream()
        .filter(run -> run.runbook().equals(runbook))
        .flatMap(run -> run.steps().stream())
        .filter(step -> step.status() == StepStatus.DONE)
        .forEach(
            step -> all.computeIfAbsent(step.id(), id -> new ArrayList<>()).add(step.duration()));
    Map<String, Duration> usual = new HashMap<>();
    all.forEach((id, durations) ->
        usual.put(id, durations.stream().sorted().toList().get((durations.size() - 1) / 2)));
    return usual;
  }

  /** The plan as people read it, one line a step. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(runbook.title()).append(", plan ").append(hash, 0, 12).append('\n');
    int number = 0;
    for (Step step : runbook.steps()) {
      number++;
      append(text, Integer.toString(number), step);
      char part = 'a';
      for (Step one : step.parts()) {
        append(text, number + String.valueOf(part++), one);
      }
    }
    return text.toString();
  }

  private void append(StringBuilder text, String number, Step step) {
    text.append(String.format(Locale.ROOT, "%4s  %-8s  %-28s", number, kindOf(step), step.id()));
    text.append(step.title()).append(" (").append(step.owner());
    if (step.impact() == Impact.DESTRUCTIVE) {
      text.append(", destroys data");
    }
    usual(step).ifPresent(d -> text.append(", usually ").append(d.toMillis()).append(" ms"));
    text.append(")\n");
  }
}
