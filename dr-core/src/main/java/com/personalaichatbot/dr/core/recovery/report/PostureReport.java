package com.personalaichatbot.dr.core.recovery.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.personalaichatbot.dr.core.recovery.objective.Objective;
import com.personalaichatbot.dr.core.recovery.objective.ObjectiveResult;
import com.personalaichatbot.dr.core.recovery.objective.ObjectiveState;
import com.personalaichatbot.dr.core.recovery.objective.Objectives;
import com.personalaichatbot.dr.core.recovery.runbook.RunMode;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.recovery.schedule.JobState;
import com.personalaichatbot.dr.core.snapshot.Proof;
import com.personalaichatbot.dr.core.snapshot.Proofs;
import com.personalaichatbot.dr.core.snapshot.RetentionClock;
import com.personalaichatbot.dr.core.snapshot.RetentionDecision;
import com.personalaichatbot.dr.core.snapshot.RetentionPolicy;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.health.CheckState;
import com.personalaichatbot.dr.health.Health;
import com.personalaichatbot.dr.health.Status;
import com.personalaichatbot.dr.health.trend.Sample;
import com.personalaichatbot.dr.health.trend.TrendStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A report of how ready we are today, on one page: the state of the objectives, the age of what
 * could be restored, the duration of recoveries, what is proven and by what. It also shows which
 * snapshots stay, when the room runs out, what is wrong, and what is due next. One HTML file that
 * needs nothing else, and a JSON twin. The same values give the same bytes. Immutable.
 */
public final class PostureReport {
  private static final Duration RTO = Duration.ofHours(24);
  private static final int MOST_FINDINGS = 60;

  private final String application;
  private final Instant now;
  private final List<ObjectiveResult> objectives;
  private final List<Snapshot> snapshots;
  private final Proofs proofs;
  private final List<RunReport> history;
  private RetentionPolicy retention = RetentionPolicy.recommended();
  private Optional<Health> health = Optional.empty();
  private List<Sample> space = List.of();
  private List<Sample> size = List.of();
  private List<JobState> jobs = List.of();

  private PostureReport(
      String application,
      Instant now,
      List<ObjectiveResult> objectives,
      List<Snapshot> snapshots,
      Proofs proofs,
      List<RunReport> history) {
    this.application = Objects.requireNonNull(application, "application");
    this.now = Objects.requireNonNull(now, "now");
    this.objectives = List.copyOf(objectives);
    this.snapshots = List.copyOf(snapshots);
    this.proofs = Objects.requireNonNull(proofs, "proofs");
    this.history = List.copyOf(history);
  }

  private PostureReport copy() {
    PostureReport copy =
        new PostureReport(application, now, objectives, snapshots, proofs, history);
    copy.retention = retention;
    copy.health = health;
    copy.space = space;
    copy.size = size;
    copy.jobs = jobs;
    return copy;
  }

  /**
   * @param application its name for people
   * @param objectives as {@code Objectives.measure} gives them
   * @param snapshots of the repository, in its order
   * @param proofs of the repository
   * @param history runs and drills, oldest first
   * @param now the time that the page speaks of
   */
  public static PostureReport of(
      String application,
      List<ObjectiveResult> objectives,
      List<Snapshot> snapshots,
      Proofs proofs,
      List<RunReport> history,
      Instant now) {
    return new PostureReport(application, now, objectives, snapshots, proofs, history);
  }

  /** The same, where these rules say which snapshots stay; the recommended ones unless given. */
  public PostureReport withRetention(RetentionPolicy policy) {
    PostureReport copy = copy();
    copy.retention = Objects.requireNonNull(policy, "policy");
    return copy;
  }

  /** The same, with what the application's own checks find. */
  public PostureReport withHealth(Health newHealth) {
    PostureReport copy = copy();
    copy.health = Optional.of(newHealth);
    return copy;
  }

  /** The same, with a forecast from what {@code RecoveryChecks.trends} remembered. */
  public PostureReport withTrends(TrendStore trends) {
    PostureReport copy = copy();
    copy.space = trends.samples("repository-space");
    copy.size = trends.samples("repository-size");
    return copy;
  }

  /** The same, with what is done regularly, as {@code Schedule.states()} gives it. */
  public PostureReport withSchedule(List<JobState> states) {
    PostureReport copy = copy();
    copy.jobs = states.stream()
        .sorted(Comparator.comparing(JobState::due)
            .thenComparing(state -> state.job().name()))
        .toList();
    return copy;
  }

  /**
   * Writes the page and, beside it, its JSON twin, for the owner alone.
   *
   * @param file of the page; the twin has its name, ending in {@code .json}
   * @return the paths of both
   * @throws IOException if they cannot be written; a file is the old or the new one, whole
   */
  public List<Path> write(Path file) throws IOException {
    return ReportFile.writeTwins(file, html(), json());
  }

  /** The readiness, in a word. The later constant is the worse one. */
  private enum Readiness {
    READY(StatusColor.GOOD, "Everything that was promised is measured, proven and held."),
    AT_RISK(
        StatusColor.WARNING,
        "What was promised is held today; what is found below may change that."),
    UNPROVEN(
        StatusColor.UNKNOWN,
        "Nobody knows whether a recovery would work: something was not tried."),
    NOT_READY(StatusColor.BAD, "A promise is not held, something is down, or an incident is open.");

    private final StatusColor tone;
    private final String sentence;

    Readiness(StatusColor tone, String sentence) {
      this.tone = tone;
      this.sentence = sentence;
    }
  }

  private Readiness readiness() {
    ObjectiveState worst = objectives.stream()
        .map(ObjectiveResult::state)
        .max(ObjectiveState::compareTo)
        .orElse(ObjectiveState.UNPROVEN);
    Status status = health.map(Health::status).orElse(Status.UP);
    if (worst == ObjectiveState.BREACHED
        || status == Status.DOWN
        || openIncident().isPresent()) {
      return Readiness.NOT_READY;
    }
    return worst == ObjectiveState.UNPROVEN
        ? Readiness.UNPROVEN
        : worst == ObjectiveState.AT_RISK || status != Status.UP
            ? Readiness.AT_RISK
            : Readiness.READY;
  }

  private Optional<RunReport> openIncident() {
    return newest(RunMode.LIVE).filter(run -> run.status() != RunStatus.RECOVERED);
  }

  private Optional<RunReport> newest(RunMode mode) {
    return history.stream()
        .filter(run -> run.mode() == mode)
        .max(Comparator.comparing(RunReport::started));
  }

  private Duration rto() {
    return objectives.stream()
        .map(ObjectiveResult::objective)
        .filter(o -> o.kind() == Objective.Kind.RTO && o.scope().equals(Objectives.FULL))
        .map(Objective::target)
        .findFirst()
        .orElse(RTO);
  }

  private List<CheckState> findings() {
    return health.map(Health::checks).orElse(List.of()).stream()
        .filter(check -> check.status() != Status.UP)
        .sorted(Comparator.comparing(CheckState::status, PostureReport::worstFirst))
        .toList();
  }

  private static int worstFirst(Status a, Status b) {
    return a == b ? 0 : a.worst(b) == a ? -1 : 1;
  }

  private long held() {
    return objectives.stream()
        .filter(o -> o.state() == ObjectiveState.COMPLIANT)
        .count();
  }

  private long good() {
    return snapshots.stream().filter(s -> s.trust().isGood()).count();
  }

  private Optional<Duration> age(Optional<Instant> time) {
    return time.map(t -> Duration.between(t, now));
  }

  private RetentionDecision decision() {
    return retention.decide(snapshots, RetentionClock.at(now), Set.of());
  }

  private RecoveryPoints points() {
    return new RecoveryPoints(objectives, snapshots, now);
  }

  /** The page. */
  public String html() {
    Html html = Html.page(
        "Readiness of " + application, "Posture digest · as of " + Html.words(now), application);
    Readiness readiness = readiness();
    Map<String, String> figures = new LinkedHashMap<>();
    figures.put("objectives held", held() + " of " + objectives.size());
    figures.put("snapshots verified", good() + " of " + snapshots.size());
    figures.put(
        "since the last drill",
        age(newest(RunMode.DRILL).map(RunReport::started)).map(Html::words).orElse("never"));
    figures.put(
        "findings", health.isEmpty() ? "not asked" : Integer.toString(findings().size()));
    html.verdict(readiness.tone, readiness.name().replace('_', ' '), readiness.sentence, figures);
    openIncident()
        .ifPresent(run -> html.element(
            "p", "Incident " + run.incident() + ", " + run.title() + ", is " + run.status() + "."));
    if (!objectives.isEmpty()) {
      ObjectiveTable.write(html, objectives);
    }
    findings(html);
    due(html);
    points().write(html);
    new RecoveryTimes(history, rto()).write(html);
    proof(html);
    new SnapshotCalendar(decision(), now).write(html, retention.toString());
    new Capacity(space, size, now).write(html);
    return html.end();
  }

  private void findings(Html html) {
    if (health.isEmpty()) {
      return;
    }
    html.element("h2", "Findings");
    List<CheckState> all = findings();
    if (all.isEmpty()) {
      html.element("p", "None: all " + health.get().checks().size() + " checks are UP.");
      return;
    }
    html.table("check", "state", "since", "what it finds", "what to do");
    for (CheckState check : all.subList(0, Math.min(MOST_FINDINGS, all.size()))) {
      html.beginRow().cell(check.name());
      html.beginCell().badge(tone(check.status()), check.status().name().replace('_', ' '));
      html.close();
      html.cell(Html.words(check.since()))
          .cell(check.latest().description())
          .cell(check.latest().action())
          .close();
    }
    html.endTable();
    if (all.size() > MOST_FINDINGS) {
      html.element("p", (all.size() - MOST_FINDINGS) + " more are in the JSON twin.");
    }
  }

  private static StatusColor tone(Status status) {
    return switch (status) {
      case UP -> StatusColor.GOOD;
      case DEGRADED -> StatusColor.WARNING;
      case DOWN, OUT_OF_SERVICE -> StatusColor.BAD;
      case UNKNOWN -> StatusColor.UNKNOWN;
    };
  }

  private void due(Html html) {
    if (jobs.isEmpty()) {
      return;
    }
    html.element("h2", "Due next");
    html.table("what", "state", "when", "in", "last done", "how often");
    for (JobState state : jobs) {
      Duration left = Duration.between(now, state.due());
      html.beginRow().beginCell().text(state.job().name());
      if (!state.problem().isEmpty()) {
        html.empty("br").element("span", state.problem(), "class", "soft");
      }
      html.close().beginCell().badge(tone(state), word(state)).close();
      html.cell(Html.words(state.due()))
          .cell(left.isNegative() ? Html.words(left) + " ago" : Html.words(left))
          .cell(state.last().map(Html::words).orElse("never"))
          .cell(state.job().recurrence().toString())
          .close();
    }
    html.endTable();
  }

  private static StatusColor tone(JobState state) {
    return state.failures() > 0 || state.isOverdue() ? StatusColor.WARNING : StatusColor.GOOD;
  }

  private static String word(JobState state) {
    return state.failures() > 0
        ? "FAILED"
        : state.isOverdue() ? "OVERDUE" : state.openSince().isPresent() ? "ASKED" : "PLANNED";
  }

  private void proof(Html html) {
    html.element("h2", "What was tried, and how it came out");
    html.table("what", "last", "ago", "covered", "result");
    for (Proof.Kind kind : Proof.Kind.values()) {
      Optional<Proof> newest = proofs.newest(kind);
      html.row(
          kind == Proof.Kind.VERIFY ? "stored data read back" : "restored in a drill",
          newest.map(p -> Html.words(p.time())).orElse("never"),
          age(newest.map(Proof::time)).map(Html::words).orElse("–"),
          newest.map(p -> Html.percent(p.coverage())).orElse("–"),
          newest
              .map(p -> p.passed() ? "all well" : p.failed().size() + " snapshots found wanting")
              .orElse("–"));
    }
    for (RunMode mode : List.of(RunMode.DRILL, RunMode.LIVE)) {
      Optional<RunReport> run = newest(mode);
      html.row(
          run.map(RunReport::title).orElse(mode == RunMode.DRILL ? "drill" : "recovery"),
          run.map(r -> Html.words(r.started())).orElse("never"),
          age(run.map(RunReport::started)).map(Html::words).orElse("–"),
          run.map(r -> r.snapshots().size() + " components").orElse("–"),
          run.map(r -> r.status().name()).orElse("–"));
    }
    html.endTable();
  }

  /** The same as JSON, one object; names are stable. */
  public String json() {
    ObjectNode json = Json.object();
    json.put("application", application)
        .put("time", now.toString())
        .put("readiness", readiness().name())
        .put("openIncident", openIncident().map(RunReport::incident).orElse(null));
    ObjectiveTable.json(json.putArray("objectives"), objectives);
    points().json(json.putArray("recoveryPoints"));
    new RecoveryTimes(history, rto()).json(json.putArray("recoveryTimes"));
    ArrayNode tried = json.putArray("proofs");
    for (Proof.Kind kind : Proof.Kind.values()) {
      proofs
          .newest(kind)
          .ifPresent(proof -> tried
              .addObject()
              .put("kind", kind.name())
              .put("time", proof.time().toString())
              .put("coverage", proof.coverage())
              .put("passed", proof.passed()));
    }
    json.put("snapshots", snapshots.size()).put("verified", good());
    json.put("retention", retention.toString());
    new SnapshotCalendar(decision(), now).json(json.putArray("calendar"));
    new Capacity(space, size, now).json(json.putObject("capacity"));
    ArrayNode found = json.putArray("findings");
    for (CheckState check : findings()) {
      found
          .addObject()
          .put("check", check.name())
          .put("status", check.status().name())
          .put("code", check.latest().code())
          .put("since", check.since().toString())
          .put("description", check.latest().description())
          .put("action", check.latest().action());
    }
    ArrayNode next = json.putArray("due");
    for (JobState state : jobs) {
      next.addObject()
          .put("job", state.job().name())
          .put("state", word(state))
          .put("due", state.due().toString())
          .put("last", Json.text(state.last()))
          .put("problem", state.problem());
    }
    return Json.text(json);
  }
}
