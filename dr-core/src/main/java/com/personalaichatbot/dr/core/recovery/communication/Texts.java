package com.personalaichatbot.dr.core.recovery.communication;

import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.recovery.runbook.Scenario;
import com.personalaichatbot.dr.core.recovery.runbook.StepReport;
import com.personalaichatbot.dr.core.recovery.runbook.StepStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.StringJoiner;
import java.util.TreeSet;

/**
 * The texts of an incident's messages, made from the run alone. Those for the outside name no path,
 * no machine and no error text.
 */
final class Texts {
  private static final int LAST_STEPS = 5;

  private Texts() {}

  /** Whether it is an incident of which only those who deal with it may know. */
  static boolean isBreach(RunReport run) {
    return run.runbook().equals(Scenario.SECURITY_BREACH.id());
  }

  static String subject(Stage stage, RunReport run) {
    if (isBreach(run)) {
      return "Incident " + run.incident();
    }
    String what = switch (stage) {
      case IMMEDIATE -> run.title();
      case AFFECTED_USERS, STATUS_PAGE -> "The chatbot is disturbed";
      case UPDATE -> "Update: " + run.title();
      case REPORT -> "Incident report: " + run.title();
      case TIMELINE -> "Recovery status and timeline: " + run.title();
      case RESOLVED -> "The chatbot works again";
      case NOTICE -> "Notice: " + run.title();
      case REMINDER -> "Reminder";
      case CHANNEL_TEST -> "Test of this channel";
    };
    return "[" + run.incident() + "] " + what.replaceAll("\\R", " ");
  }

  static String text(Stage stage, RunReport run, CommunicationPlan plan, Instant now) {
    return plan.text(stage).map(own -> own.apply(run)).orElseGet(() -> ours(stage, run, plan, now));
  }

  private static String ours(Stage stage, RunReport run, CommunicationPlan plan, Instant now) {
    return switch (stage) {
      case AFFECTED_USERS, STATUS_PAGE -> outside(run);
      case RESOLVED -> resolved(run);
      case REPORT, TIMELINE -> inside(run, plan, run.steps(), now);
      default -> inside(run, plan, last(run.steps()), now);
    };
  }

  private static String outside(RunReport run) {
    return "The chatbot has not worked as it should since "
        + run.detected().truncatedTo(ChronoUnit.MINUTES)
        + ". We are working on it, and will say here when it works again.";
  }

  private static String resolved(RunReport run) {
    String loss = run.dataLoss().isZero()
        ? "No data was lost."
        : "What was written in the " + words(run.dataLoss()) + " before "
            + run.detected().truncatedTo(ChronoUnit.MINUTES) + " may be lost.";
    return "The chatbot works again" + ending(run) + ". " + loss;
  }

  private static String ending(RunReport run) {
    return run.ended()
        .map(end -> " since " + end.truncatedTo(ChronoUnit.MINUTES))
        .orElse("");
  }

  private static String inside(
      RunReport run, CommunicationPlan plan, List<StepReport> steps, Instant now) {
    StringJoiner lines = new StringJoiner("\n");
    lines.add(run.title() + ", detected " + run.detected() + ", " + state(run, now) + ".");
    for (StepReport step : steps) {
      lines.add("- " + step.status() + "  " + step.title()
          + (step.message().isEmpty() ? "" : ": " + step.message()));
    }
    if (!run.snapshots().isEmpty()) {
      lines.add("Restored from "
          + String.join(
              ", ",
              new TreeSet<>(
                  run.snapshots().values().stream().map(id -> id.abbreviated()).toList()))
          + ". Lost: the changes of " + words(run.dataLoss()) + ".");
    }
    run.remaining().forEach(step -> lines.add("To do by hand: " + step));
    run.notes().forEach(note -> lines.add("Note: " + note));
    plan.contacts().stream()
        .limit(1)
        .filter(Contact::isComplete)
        .forEach(c -> lines.add("Contact: " + c.name() + " " + c.phone() + " " + c.mail()));
    return lines.toString();
  }

  private static String state(RunReport run, Instant now) {
    return switch (run.status()) {
      case RUNNING -> "recovery under way for " + words(Duration.between(run.started(), now));
      case RECOVERED ->
        "recovered and verified after " + words(run.recoveryTime().orElse(Duration.ZERO));
      case STOPPED -> "recovery STOPPED: it needs a person";
      case FAILED -> "recovery FAILED: it needs a person";
    };
  }

  private static List<StepReport> last(List<StepReport> steps) {
    List<StepReport> begun =
        steps.stream().filter(step -> step.status() != StepStatus.PENDING).toList();
    return begun.subList(Math.max(0, begun.size() - LAST_STEPS), begun.size());
  }

  /** Whether the run is over and the application works. */
  static boolean isResolved(RunReport run) {
    return run.status() == RunStatus.RECOVERED;
  }

  private static String words(Duration duration) {
    Duration time = duration.isNegative() ? Duration.ZERO : duration;
    if (time.toHours() >= 48) {
      return time.toDays() + " days";
    }
    if (time.toHours() > 0) {
      return time.toHours() + " h " + time.toMinutesPart() + " min";
    }
    return time.toMinutes() > 0
        ? time.toMinutes() + " min " + time.toSecondsPart() + " s"
        : time.toSeconds() + " s";
  }
}
