package com.personalaichatbot.dr.core.recovery.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.personalaichatbot.dr.core.operation.HistoryState;
import com.personalaichatbot.dr.core.recovery.communication.Delivery;
import com.personalaichatbot.dr.core.recovery.objective.Objective;
import com.personalaichatbot.dr.core.recovery.objective.ObjectiveResult;
import com.personalaichatbot.dr.core.recovery.objective.Objectives;
import com.personalaichatbot.dr.core.recovery.runbook.RunMode;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.recovery.runbook.StepReport;
import com.personalaichatbot.dr.core.recovery.runbook.StepStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The report of a recovery or a drill: whether it came out, in what time against what was promised,
 * what every step did, what was lost, who was told, and what a person still has to do. One HTML
 * file that needs nothing else, and a JSON twin. The same values give the same bytes. Immutable.
 */
public final class RecoveryReport {
  private static final Duration RTO_FULL = Duration.ofHours(24);
  private static final Duration RTO_CRITICAL = Duration.ofHours(4);
  private static final int MOST_LINES = 50;
  private static final int MOST_STEPS = 400;

  private final RunReport run;
  private final List<ObjectiveResult> objectives;
  private final List<Delivery> deliveries;
  private final List<RunReport> history;
  private final Optional<HistoryState> repository;

  private RecoveryReport(
      RunReport run,
      List<ObjectiveResult> objectives,
      List<Delivery> deliveries,
      List<RunReport> history,
      Optional<HistoryState> repository) {
    this.run = Objects.requireNonNull(run, "run");
    this.objectives = List.copyOf(objectives);
    this.deliveries = List.copyOf(deliveries);
    this.history = List.copyOf(history);
    this.repository = Objects.requireNonNull(repository, "repository");
  }

  /** Of a run, which may still be under way. */
  public static RecoveryReport of(RunReport run) {
    return new RecoveryReport(run, List.of(), List.of(), List.of(), Optional.empty());
  }

  /** The same, with the state of the objectives after it. */
  public RecoveryReport withObjectives(List<ObjectiveResult> results) {
    return new RecoveryReport(run, results, deliveries, history, repository);
  }

  /** The same, with what was told to whom; those of other incidents are left out. */
  public RecoveryReport withDeliveries(List<Delivery> all) {
    return new RecoveryReport(
        run,
        objectives,
        all.stream().filter(d -> d.incident().equals(run.incident())).toList(),
        history,
        repository);
  }

  /** The same, with earlier runs and drills, oldest first. */
  public RecoveryReport withHistory(List<RunReport> runs) {
    return new RecoveryReport(run, objectives, deliveries, runs, repository);
  }

  /**
   * The same, with the state of the history from which it was recovered, as it was before the run:
   * the fingerprint of its head, its time, and whether anything outside the repository vouches for
   * it.
   */
  public RecoveryReport withRepository(HistoryState state) {
    return new RecoveryReport(run, objectives, deliveries, history, Optional.of(state));
  }

  /**
   * Writes {@code INCIDENT.html} and {@code INCIDENT.json}, for the owner alone.
   *
   * @param directory made if it is not there
   * @return the path of the page
   * @throws IOException if they cannot be written; a file is there whole or not at all
   */
  public Path write(Path directory) throws IOException {
    return ReportFile.writeTwins(directory.resolve(run.incident() + ".html"), html(), json())
        .get(0);
  }

  /** The page. */
  public String html() {
    String what = run.mode() == RunMode.DRILL ? "Drill report" : "Recovery report";
    Html html = Html.page(
        what + ", " + run.title() + ", " + run.incident(),
        what + " · incident " + run.incident(),
        run.title());
    verdict(html);
    remaining(html);
    timeline(html);
    steps(html);
    data(html);
    if (!objectives.isEmpty()) {
      ObjectiveTable.write(html, objectives);
    }
    communication(html);
    new RecoveryTimes(history, target(Objectives.FULL, RTO_FULL)).write(html);
    appendix(html);
    return html.end();
  }

  private Duration target(String scope, Duration otherwise) {
    return objectives.stream()
        .map(ObjectiveResult::objective)
        .filter(o -> o.kind() == Objective.Kind.RTO && o.scope().equals(scope))
        .map(Objective::target)
        .findFirst()
        .orElse(otherwise);
  }

  private void verdict(Html html) {
    StatusColor tone = switch (run.status()) {
      case RECOVERED -> StatusColor.GOOD;
      case RUNNING -> StatusColor.UNKNOWN;
      case STOPPED -> StatusColor.WARNING;
      case FAILED -> StatusColor.BAD;
    };
    Map<String, String> figures = new LinkedHashMap<>();
    figures.put(
        "to recover everything, objective " + Html.words(target(Objectives.FULL, RTO_FULL)),
        run.recoveryTime().map(Html::words).orElse("–"));
    figures.put(
        "for what is critical, objective " + Html.words(target(Objectives.CRITICAL, RTO_CRITICAL)),
        run.criticalTime().map(Html::words).orElse("–"));
    figures.put(
        "of changes lost at most", run.snapshots().isEmpty() ? "none" : Html.words(run.dataLoss()));
    figures.put("steps passed", passed() + " of " + run.steps().size());
    html.verdict(tone, run.status().name(), sentence(), figures);
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
    List<String> why = run.status() == RunStatus.STOPPED || run.status() == RunStatus.FAILED
        ? run.steps().stream()
            .filter(s -> s.status() == StepStatus.STOPPED || s.status() == StepStatus.FAILED)
            .map(s -> s.title() + ": " + s.message())
            .toList()
        : List.of();
    if (!why.isEmpty()) {
      html.element("h2", "Why it ended");
      html.list(why, MOST_LINES);
    }
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
    html.table("when", "what", "since the fault");
    html.row(Html.words(run.detected()), "fault detected", "–");
    html.row(
        Html.words(run.started()),
        run.mode() == RunMode.DRILL ? "drill begun" : "recovery begun",
        sinceFault(run.started()));
    run.ended()
        .ifPresent(end -> html.row(Html.words(end), "ended " + run.status(), sinceFault(end)));
    html.endTable();
  }

  private String sinceFault(Instant time) {
    return Html.words(Duration.between(run.detected(), time));
  }

  private void steps(Html html) {
    html.element("h2", "Steps");
    Gantt.draw(html, run.steps(), run.detected(), target(Objectives.FULL, RTO_FULL));
    html.table("step", "result", "began after", "took", "usually", "outcome");
    for (StepReport step :
        run.steps().subList(0, Math.min(MOST_STEPS, run.steps().size()))) {
      html.beginRow();
      html.beginCell()
          .text(step.title())
          .empty("br")
          .element("span", step.owner(), "class", "soft")
          .close();
      html.beginCell()
          .badge(tone(step.status()), step.status().name().replace('_', ' '))
          .close();
      html.cell(step.started().map(this::sinceFault).orElse("–"))
          .cell(step.started().isPresent() ? Html.words(step.duration()) : "–")
          .cell(step.usual().map(Html::words).orElse("–"));
      html.beginCell().text(shorten(step.message()));
      if (!step.notes().isEmpty()) {
        html.list(step.notes().stream().map(RecoveryReport::shorten).toList(), 12);
      }
      html.close().close();
    }
    html.endTable();
    if (run.steps().size() > MOST_STEPS) {
      html.element("p", (run.steps().size() - MOST_STEPS) + " more steps are in the JSON twin.");
    }
  }

  private static StatusColor tone(StepStatus status) {
    return switch (status) {
      case DONE, ALREADY_DONE, CONFIRMED -> StatusColor.GOOD;
      case NOT_CONFIRMED_BY_A_PERSON, SKIPPED, STOPPED, UNDONE -> StatusColor.WARNING;
      case FAILED -> StatusColor.BAD;
      case PENDING, RUNNING, PLANNED -> StatusColor.UNKNOWN;
    };
  }

  private static String shorten(String text) {
    return text.length() <= 600 ? text : text.substring(0, 599) + "…";
  }

  private void data(Html html) {
    html.element("h2", "Data");
    repository.ifPresent(state -> repository(html, state));
    if (run.snapshots().isEmpty()) {
      html.element("p", "Nothing was restored.");
      return;
    }
    html.table("component", "from snapshot");
    new TreeMap<>(run.snapshots()).forEach((name, id) -> html.row(name, id.toString()));
    html.endTable();
    html.element(
        "p",
        "What was changed in the " + Html.words(run.dataLoss())
            + " before the fault was detected is lost, where it was restored.");
  }

  private static void repository(Html html, HistoryState state) {
    html.open("p")
        .text("The head of the repository was ")
        .element("code", state.head())
        .text(state.time().map(at -> " of " + Html.words(at)).orElse("") + ", "
            + state.standing().name() + ".")
        .close();
    state.warning().ifPresent(warning -> html.element("p", warning));
  }

  private void communication(Html html) {
    if (deliveries.isEmpty()) {
      return;
    }
    html.element("h2", "Who was told");
    html.table("message", "audience", "channel", "due", "sent", "attempts");
    for (Delivery one : deliveries.subList(0, Math.min(MOST_STEPS, deliveries.size()))) {
      html.row(
          one.stage().name().toLowerCase(Locale.ROOT).replace('_', ' '),
          one.audience().id(),
          one.channel(),
          Html.words(one.due()),
          one.sent()
              .map(Html::words)
              .orElse(one.problem().isEmpty() ? "not yet" : "not yet: " + one.problem()),
          Integer.toString(one.attempts()));
    }
    html.endTable();
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
            + " chain of hashes.");
    html.open("p")
        .text("Runbook ")
        .element("code", run.runbook())
        .text(", plan ")
        .element("code", run.planHash())
        .text(", mode " + run.mode().name().toLowerCase(Locale.ROOT).replace('_', ' ') + ".")
        .close();
  }

  /** The same as JSON, one object; names are stable. */
  public String json() {
    ObjectNode json = Json.object();
    json.put("incident", run.incident())
        .put("runbook", run.runbook())
        .put("title", run.title())
        .put("mode", run.mode().name())
        .put("status", run.status().name())
        .put("planHash", run.planHash())
        .put("detected", run.detected().toString())
        .put("started", run.started().toString())
        .put("ended", Json.text(run.ended()))
        .put("rtoMillis", Json.millis(run.recoveryTime()))
        .put("criticalMillis", Json.millis(run.criticalTime()))
        .put("dataLossMillis", run.dataLoss().toMillis());
    ObjectNode snapshots = json.putObject("snapshots");
    new TreeMap<>(run.snapshots()).forEach((name, id) -> snapshots.put(name, id.toString()));
    json.put("head", Json.text(repository.map(HistoryState::head)))
        .put("headTime", Json.text(repository.flatMap(HistoryState::time)))
        .put("standing", Json.text(repository.map(HistoryState::standing)));
    if (repository.isPresent()) {
      json.put("anchored", repository.get().isAnchored());
    } else {
      json.putNull("anchored");
    }
    ArrayNode steps = json.putArray("steps");
    for (StepReport step : run.steps()) {
      ObjectNode node = steps.addObject();
      node.put("id", step.id())
          .put("title", step.title())
          .put("kind", step.kind().name())
          .put("danger", step.impact().name())
          .put("owner", step.owner())
          .put("status", step.status().name())
          .put("started", Json.text(step.started()))
          .put("durationMillis", step.duration().toMillis())
          .put("usualMillis", Json.millis(step.usual()))
          .put("message", step.message());
      ObjectNode details = node.putObject("details");
      new TreeMap<>(step.details()).forEach(details::put);
      step.notes().forEach(node.putArray("notes")::add);
    }
    run.remaining().forEach(json.putArray("remaining")::add);
    run.notes().forEach(json.putArray("notes")::add);
    ObjectiveTable.json(json.putArray("objectives"), objectives);
    ArrayNode messages = json.putArray("messages");
    for (Delivery one : deliveries) {
      messages
          .addObject()
          .put("stage", one.stage().name())
          .put("audience", one.audience().id())
          .put("channel", one.channel())
          .put("due", one.due().toString())
          .put("sent", Json.text(one.sent()))
          .put("attempts", one.attempts());
    }
    return Json.text(json);
  }
}
