package com.personalaichatbot.dr.core.internal.recovery.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.personalaichatbot.dr.core.internal.store.PathRules;
import com.personalaichatbot.dr.core.recovery.runbook.Impact;
import com.personalaichatbot.dr.core.recovery.runbook.RunMode;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.recovery.runbook.StepKind;
import com.personalaichatbot.dr.core.recovery.runbook.StepReport;
import com.personalaichatbot.dr.core.recovery.runbook.StepStatus;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The state of a run by the lines of its journal, and by nothing else: a run that goes on adds each
 * line here as it is written, and a report is made from it the same way as years later. Used by one
 * thread.
 */
public final class RunRecord {
  /** Before the name of a component: the snapshot that it was restored from. */
  public static final String SNAPSHOT = "snapshot/";

  /** Before the name of a component: when the capture of that snapshot began. */
  public static final String TAKEN = "taken/";

  /** When the critical components were verified. */
  static final String CRITICAL = "critical-verified";

  private final Map<String, State> steps = new LinkedHashMap<>();
  private final Map<String, String> facts = new HashMap<>();
  private final List<String> notes = new ArrayList<>();
  private JournalEntry opened;
  private boolean reliable = true;
  private String planHash;
  private RunStatus status = RunStatus.RUNNING;
  private Optional<Instant> ended = Optional.empty();
  private List<String> remaining = List.of();

  private static final class State {
    String title = "";
    StepKind kind = StepKind.ACTION;
    Impact danger = Impact.READ;
    String owner = "";
    Optional<Duration> usual = Optional.empty();
    StepStatus status = StepStatus.PENDING;
    Optional<Instant> started = Optional.empty();
    Duration duration = Duration.ZERO;
    String message = "";
    Map<String, String> details = Map.of();
    List<String> notes = List.of();
  }

  /** Makes a record of lines that were read. */
  static RunRecord of(RunJournal.Contents contents) {
    RunRecord record = new RunRecord();
    contents.entries().forEach(record::add);
    record.reliable = contents.problem().isEmpty();
    contents
        .problem()
        .ifPresent(p -> record.notes.add("The journal cannot be relied on: " + p
            + ". What follows that line is not in this report."));
    return record;
  }

  /** Adds a line. */
  void add(JournalEntry entry) {
    switch (entry.kind()) {
      case OPENED -> {
        opened = entry;
        plan(entry);
      }
      case RESUMED -> {
        String before = planHash;
        plan(entry);
        notes.add("It was cut off, and went on at " + entry.time() + ".");
        if (!planHash.equals(before)) {
          notes.add("Its steps had changed by then, and that was accepted.");
        }
      }
      case INTENT -> {
        State step = state(entry.text("step"));
        step.status = StepStatus.RUNNING;
        step.started = Optional.of(step.started.orElse(entry.time()));
      }
      case OUTCOME -> outcome(entry);
      case ENDED -> {
        status = RunStatus.valueOf(entry.text("status"));
        ended = Optional.of(entry.time());
        remaining = texts(entry.body().path("remaining"));
      }
    }
  }

  private void plan(JournalEntry entry) {
    planHash = entry.text("plan");
    Map<String, State> before = new HashMap<>(steps);
    steps.clear();
    for (JsonNode one : entry.body().path("steps")) {
      String id = one.path("id").asText();
      State step = before.getOrDefault(id, new State());
      step.title = one.path("title").asText();
      step.kind = StepKind.valueOf(one.path("kind").asText());
      step.danger = Impact.valueOf(one.path("danger").asText());
      step.owner = one.path("owner").asText();
      step.usual = one.has("usual")
          ? Optional.of(Duration.ofNanos(one.path("usual").asLong()))
          : Optional.empty();
      steps.put(id, step);
    }
  }

  private void outcome(JournalEntry entry) {
    State step = state(entry.text("step"));
    step.status = StepStatus.valueOf(entry.text("status"));
    step.duration = step.duration.plusNanos(entry.body().path("nanos").asLong());
    step.message = entry.text("message");
    step.details = texts(entry.body(), "details");
    step.notes = texts(entry.body().path("notes"));
    facts.putAll(texts(entry.body(), "facts"));
  }

  private State state(String id) {
    return steps.computeIfAbsent(id, s -> new State());
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(one -> texts.add(one.asText()));
    return texts;
  }

  private static Map<String, String> texts(JsonNode body, String name) {
    Map<String, String> texts = new TreeMap<>();
    body.path(name).properties().forEach(f -> texts.put(f.getKey(), f.getValue().asText()));
    return texts;
  }

  /** Whether nobody has changed the journal. */
  public boolean isReliable() {
    return reliable;
  }

  boolean isEmpty() {
    return opened == null;
  }

  /** The first line. */
  public JournalEntry opened() {
    return opened;
  }

  public String incident() {
    return opened.text("incident");
  }

  public RunMode mode() {
    return RunMode.valueOf(opened.text("mode"));
  }

  public Instant detected() {
    return Instant.parse(opened.text("detected"));
  }

  /** Whether it works on this data directory. */
  public boolean isAbout(Path data) {
    return opened.text("data").equals(PathRules.name(data));
  }

  String planHash() {
    return planHash;
  }

  public RunStatus status() {
    return status;
  }

  public Optional<Instant> ended() {
    return ended;
  }

  StepStatus status(String step) {
    return steps.containsKey(step) ? steps.get(step).status : StepStatus.PENDING;
  }

  /** The first step that ended the run, if one has. */
  Optional<String> ending() {
    return steps.entrySet().stream()
        .filter(s -> s.getValue().kind != StepKind.PARALLEL) // Its part says why.
        .filter(s ->
            s.getValue().status == StepStatus.FAILED || s.getValue().status == StepStatus.STOPPED)
        .map(Map.Entry::getKey)
        .findFirst();
  }

  public Optional<String> recall(String name) {
    return Optional.ofNullable(facts.get(name));
  }

  /** A copy of all that its steps remembered. */
  Map<String, String> facts() {
    return new HashMap<>(facts);
  }

  /** The state of the run. */
  public RunReport report() {
    Map<String, SnapshotId> snapshots = new TreeMap<>();
    Duration loss = Duration.ZERO;
    for (Map.Entry<String, String> fact : facts.entrySet()) {
      if (fact.getKey().startsWith(SNAPSHOT)) {
        snapshots.put(
            fact.getKey().substring(SNAPSHOT.length()), SnapshotId.parse(fact.getValue()));
      } else if (fact.getKey().startsWith(TAKEN)) {
        Duration age = Duration.between(Instant.parse(fact.getValue()), detected());
        loss = age.compareTo(loss) > 0 ? age : loss;
      }
    }
    boolean recovered = status == RunStatus.RECOVERED && mode() != RunMode.DRY_RUN;
    Optional<Duration> all = ended.filter(e -> recovered).map(this::sinceDetection);
    Optional<Duration> critical = recall(CRITICAL)
        .filter(c -> recovered)
        .map(Instant::parse)
        .map(this::sinceDetection)
        .or(() -> all);
    return new RunReport(
        incident(),
        opened.text("runbook"),
        opened.text("title"),
        mode(),
        status,
        planHash,
        detected(),
        opened.time(),
        ended,
        snapshots,
        all,
        critical,
        loss,
        steps.entrySet().stream().map(s -> report(s.getKey(), s.getValue())).toList(),
        remaining,
        notes);
  }

  /** A clock that was set back does not make a recovery shorter than what its steps took. */
  private Duration sinceDetection(Instant until) {
    Duration byClock = Duration.between(detected(), until);
    Duration longest =
        steps.values().stream().map(s -> s.duration).max(Duration::compareTo).orElse(Duration.ZERO);
    return byClock.compareTo(longest) > 0 ? byClock : longest;
  }

  private static StepReport report(String id, State step) {
    return new StepReport(
        id,
        step.title,
        step.kind,
        step.danger,
        step.owner,
        step.status,
        step.started,
        step.duration,
        step.usual,
        step.message,
        step.details,
        step.notes);
  }
}
