package com.personalaichatbot.dr.core.recovery.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.personalaichatbot.dr.core.recovery.RunMode;
import com.personalaichatbot.dr.core.recovery.RunReport;
import com.personalaichatbot.dr.core.recovery.RunStatus;
import com.personalaichatbot.dr.core.recovery.StepReport;
import com.personalaichatbot.dr.core.recovery.StepStatus;
import com.personalaichatbot.dr.core.recovery.communication.Delivery;
import com.personalaichatbot.dr.core.recovery.objective.Objective;
import com.personalaichatbot.dr.core.recovery.objective.ObjectiveResult;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The report of a recovery or a drill: whether it came out, in what time against what was promised,
 * what every step did, what was lost, who was told, and what a person still has to do. One HTML
 * file that needs nothing else, and a JSON twin. The same values give the same bytes. Immutable.
 */
public final class RecoveryReport {
  private static final Duration RTO = Duration.ofHours(24);
  private static final int MOST_LINES = 50;
  private static final int MOST_STEPS = 400;

  private final RunReport run;
  private final List<ObjectiveResult> objectives;
  private final List<Delivery> deliveries;
  private final List<RunReport> history;

  private RecoveryReport(
      RunReport run,
      List<ObjectiveResult> objectives,
      List<Delivery> deliveries,
      List<RunReport> history) {
    this.run = Objects.requireNonNull(run, "run");
    this.objectives = List.copyOf(objectives);
    this.deliveries = List.copyOf(deliveries);
    this.history = List.copyOf(history);
  }

  /** Of a run, which may still be under way. */
  public static RecoveryReport of(RunReport run) {
    return new RecoveryReport(run, List.of(), List.of(), List.of());
  }

  /** The same, with how the objectives stand after it. */
  public RecoveryReport withObjectives(List<ObjectiveResult> results) {
    return new RecoveryReport(run, results, deliveries, history);
  }

  /** The same, with what was told to whom; those of other incidents are left out. */
  public RecoveryReport withDeliveries(List<Delivery> all) {
    return new RecoveryReport(
        run,
        objectives,
        all.stream().filter(d -> d.incident().equals(run.incident())).toList(),
        history);
  }

  /** The same, with earlier runs and drills, oldest first. */
  public RecoveryReport withHistory(List<RunReport> runs) {
    return new RecoveryReport(run, objectives, deliveries, runs);
  }

  /**
   * Writes {@code INCIDENT.html} and {@code INCIDENT.json}, for the owner alone.
   *
   * @param directory made if it is not there
   * @return the path of the page
   * @throws IOException if they cannot be written; a file is there whole or not at all
   */
  public Path write(Path directory) throws IOException {
    ReportFile.write(directory.resolve(run.incident() + ".json"), json(), true);
    return ReportFile.write(directory.resolve(run.incident() + ".html"), html(), true);
  }

  /** The page. */
  public String html() {
    String what = run.mode() == RunMode.DRILL ? "Drill report" : "Recovery report";
    Html html = Html.page(what + ", " + run.title() + ", " + run.incident());
    html.open("header");
    html.element("p", what + " · incident " + run.incident(), "class", "soft");
    html.element("h1", run.title());
    verdict(html);
    html.close();
    remaining(html);
    timeline(html);
    steps(html);
    data(html);
    objectives(html);
    communication(html);
    earlier(html);
    appendix(html);
    return html.end();
  }

  private void verdict(Html html) {
    Tone tone = switch (run.status()) {
      case RECOVERED -> Tone.GOOD;
      case RUNNING -> Tone.UNKNOWN;
      case STOPPED -> Tone.WARNING;
      case FAILED -> Tone.BAD;
    };
    html.open("div", "class", "verdict " + tone.id());
    html.open("p").badge(tone, run.status().name()).text("  " + sentence()).close();
    html.open("div", "class", "figures");
    figure(
        html, run.recoveryTime().map(Html::words).orElse("–"), "time to recover, objective 24 h");
    figure(html, run.criticalTime().map(Html::words).orElse("–"), "time for what is critical, 4 h");
    figure(
        html,
        run.snapshots().isEmpty() ? "none" : Html.words(run.dataLoss()),
        "of changes before the fault lost at most");
    figure(html, passed() + " of " + run.steps().size(), "steps passed");
    html.close();
    html.close();
  }

  private static void figure(Html html, String value, String what) {
    html.open("div").element("b", value).element("span", what, "class", "soft").close();
  }

  private long passed() {
    return run.steps().stream().filter(s -> s.status().isPassed()).count();
  }

  private String sentence() {
    return switch (run.status()) {
      case RECOVERED ->
        run.mode() == RunMode.DRILL
            ? "The rehearsal came out: restored, validated, and cleaned up."
            : "Everything was brought back and verified.";
      case RUNNING -> "The run is under way, or was cut off and can be resumed.";
      case STOPPED -> "The run ended before it would have done harm. It needs a person.";
      case FAILED -> "A step failed and nothing behind it was done. It needs a person.";
    };
  }

  private void remaining(Html html) {
    if (!run.remaining().isEmpty()) {
      html.element("h2", "To do by hand");
      html.list(run.remaining(), MOST_LINES);
    }
    if (!run.notes().isEmpty()) {
      html.element("h2", "To be looked at");
      html.list(run.notes(), MOST_LINES);
    }
  }

  private void timeline(Html html) {
    html.element("h2", "Timeline");
    html.open("figure");
    Charts.gantt(html, run.steps(), run.detected(), RTO);
    html.close();
    html.open("div", "class", "scroll").open("table");
    html.row("th", List.of("when", "what", "since the fault"));
    html.row("td", List.of(Html.words(run.detected()), "Fault detected", "0.0 s"));
    html.row(
        "td",
        List.of(
            Html.words(run.started()),
            run.mode() == RunMode.DRILL ? "Drill begun" : "Recovery begun",
            Html.words(Duration.between(run.detected(), run.started()))));
    run.ended()
        .ifPresent(end -> html.row(
            "td",
            List.of(
                Html.words(end),
                "Ended " + run.status(),
                Html.words(Duration.between(run.detected(), end)))));
    html.close().close();
  }

  private void steps(Html html) {
    html.element("h2", "Steps");
    html.open("div", "class", "scroll").open("table");
    html.row("th", List.of("step", "result", "took", "usually", "how it came out"));
    for (StepReport step :
        run.steps().subList(0, Math.min(MOST_STEPS, run.steps().size()))) {
      html.open("tr");
      html.open("td")
          .text(step.title())
          .empty("br")
          .element("span", step.owner(), "class", "soft")
          .close();
      html.open("td")
          .badge(tone(step.status()), step.status().name().replace('_', ' '))
          .close();
      html.element(
          "td", step.started().isPresent() ? Html.words(step.duration()) : "–", "class", "number");
      html.element("td", step.usual().map(Html::words).orElse("–"), "class", "number");
      html.open("td", "class", "long").text(shorten(step.message()));
      if (!step.notes().isEmpty()) {
        html.list(step.notes().stream().map(RecoveryReport::shorten).toList(), 12);
      }
      html.close().close();
    }
    html.close().close();
    if (run.steps().size() > MOST_STEPS) {
      html.element("p", (run.steps().size() - MOST_STEPS) + " more steps are in the JSON twin.");
    }
  }

  private static Tone tone(StepStatus status) {
    return switch (status) {
      case DONE, ALREADY_DONE, CONFIRMED -> Tone.GOOD;
      case NOT_CONFIRMED_BY_A_PERSON, SKIPPED, STOPPED, UNDONE -> Tone.WARNING;
      case FAILED -> Tone.BAD;
      case PENDING, RUNNING, PLANNED -> Tone.UNKNOWN;
    };
  }

  private static String shorten(String text) {
    return text.length() <= 600 ? text : text.substring(0, 599) + "…";
  }

  private void data(Html html) {
    html.element("h2", "Data");
    if (run.snapshots().isEmpty()) {
      html.element("p", "Nothing was restored.");
      return;
    }
    html.open("div", "class", "scroll").open("table");
    html.row("th", List.of("component", "restored from snapshot"));
    for (Map.Entry<String, SnapshotId> one : new TreeMap<>(run.snapshots()).entrySet()) {
      html.row("td", List.of(one.getKey(), one.getValue().toString()));
    }
    html.close().close();
    html.element(
        "p",
        "What was changed in the " + Html.words(run.dataLoss())
            + " before the fault was detected is lost, where it was restored.");
  }

  private void objectives(Html html) {
    if (objectives.isEmpty()) {
      return;
    }
    html.element("h2", "Objectives");
    html.open("div", "class", "scroll").open("table");
    html.row("th", List.of("what", "target", "measured", "state", "why"));
    for (ObjectiveResult result : objectives) {
      Objective objective = result.objective();
      html.open("tr");
      html.element("td", objective.kind() + " " + objective.scope());
      html.element("td", Html.words(objective.target()), "class", "number");
      html.element("td", result.measured().map(Html::words).orElse("–"), "class", "number");
      html.open("td");
      switch (result.state()) {
        case COMPLIANT -> html.badge(Tone.GOOD, "COMPLIANT");
        case AT_RISK -> html.badge(Tone.WARNING, "AT RISK");
        case UNPROVEN -> html.badge(Tone.UNKNOWN, "UNPROVEN");
        case BREACHED -> html.badge(Tone.BAD, "BREACHED");
      }
      html.close();
      html.element("td", result.reason());
      html.close();
    }
    html.close().close();
  }

  private void communication(Html html) {
    if (deliveries.isEmpty()) {
      return;
    }
    html.element("h2", "Who was told");
    html.open("div", "class", "scroll").open("table");
    html.row("th", List.of("message", "audience", "channel", "due", "sent", "attempts"));
    for (Delivery one : deliveries.subList(0, Math.min(MOST_STEPS, deliveries.size()))) {
      html.row(
          "td",
          List.of(
              one.stage().name(),
              one.audience().id(),
              one.channel(),
              Html.words(one.due()),
              one.sent().map(Html::words).orElse("not yet: " + one.problem()),
              Integer.toString(one.attempts())));
    }
    html.close().close();
  }

  private void earlier(Html html) {
    List<RunReport> timed = history.stream()
        .filter(r -> r.status() == RunStatus.RECOVERED && r.recoveryTime().isPresent())
        .toList();
    timed = timed.subList(Math.max(0, timed.size() - 24), timed.size());
    if (timed.size() < 2) {
      return;
    }
    html.element("h2", "Earlier drills and recoveries");
    html.open("figure");
    Charts.trend(html, timed.stream().map(r -> r.recoveryTime().orElseThrow()).toList());
    html.close();
    html.open("div", "class", "scroll").open("table");
    html.row("th", List.of("when", "what", "mode", "time"));
    for (RunReport one : timed) {
      html.row(
          "td",
          List.of(
              Html.words(one.started()),
              one.title(),
              one.mode().name(),
              Html.words(one.recoveryTime().orElseThrow())));
    }
    html.close().close();
  }

  private void appendix(Html html) {
    html.element("h2", "Not tested, and how to check this report");
    html.element(
        "p",
        run.mode() == RunMode.DRILL
            ? "A drill does not start the application, does not tell anybody, and does not try the loss of"
                + " the repository or of the passphrase."
            : "That the users see what they expect, only a person can tell.");
    html.element(
        "p",
        "The journal of the incident holds every step before and after it was done, in a"
            + " chain of hashes. All times are UTC.");
    html.open("p")
        .text("Runbook ")
        .element("code", run.runbook())
        .text(", plan ")
        .element("code", run.planHash())
        .text(", mode " + run.mode() + ".")
        .close();
  }

  /** The same as JSON, one object; names are stable. */
  public String json() {
    JsonMapper mapper =
        JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    ObjectNode json = mapper.createObjectNode();
    json.put("incident", run.incident())
        .put("runbook", run.runbook())
        .put("title", run.title())
        .put("mode", run.mode().name())
        .put("status", run.status().name())
        .put("planHash", run.planHash())
        .put("detected", run.detected().toString())
        .put("started", run.started().toString())
        .put("ended", run.ended().map(Object::toString).orElse(null))
        .put("rtoMillis", run.recoveryTime().map(Duration::toMillis).orElse(null))
        .put("criticalMillis", run.criticalTime().map(Duration::toMillis).orElse(null))
        .put("dataLossMillis", run.dataLoss().toMillis());
    ObjectNode snapshots = json.putObject("snapshots");
    new TreeMap<>(run.snapshots()).forEach((name, id) -> snapshots.put(name, id.toString()));
    ArrayNode steps = json.putArray("steps");
    for (StepReport step : run.steps()) {
      ObjectNode node = steps.addObject();
      node.put("id", step.id())
          .put("title", step.title())
          .put("kind", step.kind().name())
          .put("danger", step.danger().name())
          .put("owner", step.owner())
          .put("status", step.status().name())
          .put("started", step.started().map(Object::toString).orElse(null))
          .put("durationMillis", step.duration().toMillis())
          .put("usualMillis", step.usual().map(Duration::toMillis).orElse(null))
          .put("message", step.message());
      ObjectNode details = node.putObject("details");
      new TreeMap<>(step.details()).forEach(details::put);
      step.notes().forEach(node.putArray("notes")::add);
    }
    run.remaining().forEach(json.putArray("remaining")::add);
    run.notes().forEach(json.putArray("notes")::add);
    ArrayNode promised = json.putArray("objectives");
    for (ObjectiveResult result : objectives) {
      promised
          .addObject()
          .put("component", result.objective().scope())
          .put("kind", result.objective().kind().name())
          .put("targetMillis", result.objective().target().toMillis())
          .put("measuredMillis", result.measured().map(Duration::toMillis).orElse(null))
          .put("state", result.state().name());
    }
    ArrayNode messages = json.putArray("messages");
    for (Delivery one : deliveries) {
      messages
          .addObject()
          .put("stage", one.stage().name())
          .put("audience", one.audience().id())
          .put("channel", one.channel())
          .put("due", one.due().toString())
          .put("sent", one.sent().map(Object::toString).orElse(null))
          .put("attempts", one.attempts());
    }
    try {
      return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of values can be written", e);
    }
  }
}
