package com.personalaichatbot.dr.core.internal.recovery.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.personalaichatbot.dr.core.internal.store.PathRules;
import com.personalaichatbot.dr.core.recovery.runbook.RunMode;
import com.personalaichatbot.dr.core.recovery.runbook.RunOptions;
import com.personalaichatbot.dr.core.recovery.runbook.RunPlan;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * One line of a run's journal. Immutable but for its body, which nobody changes.
 *
 * @param body fields by name, as they are written
 */
public record JournalEntry(Kind kind, Instant time, ObjectNode body) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The subject of a line. */
  enum Kind {
    /** The run begins: all that is known of it, and its steps. Always the first. */
    OPENED,
    /** A step is about to be done. */
    INTENT,
    /** A step has ended; without an intent before it, it was not begun. */
    OUTCOME,
    /** The run goes on after it was cut off. */
    RESUMED,
    /** The run has ended. Always the last. */
    ENDED
  }

  static JournalEntry opened(
      Instant time, String incident, RunPlan plan, RunMode mode, Instant detected, Path data) {
    JournalEntry entry = of(Kind.OPENED, time);
    entry
        .body
        .put("incident", incident)
        .put("runbook", plan.runbook().id())
        .put("title", plan.runbook().title())
        .put("mode", mode.name())
        .put("detected", detected.toString())
        .put("data", PathRules.name(data));
    RunOptions options = plan.options();
    options.snapshot().ifPresent(id -> entry.body.put("snapshot", id.toString()));
    options.compromisedSince().ifPresent(i -> entry.body.put("compromised", i.toString()));
    options
        .secrets()
        .ifPresent(
            file -> entry.body.put("secrets", file.toAbsolutePath().toUri().toString()));
    if (options.newerFiles()) {
      entry.body.put("newerFiles", true);
    }
    entry.putPlan(plan);
    return entry;
  }

  static JournalEntry resumed(Instant time, RunPlan plan) {
    JournalEntry entry = of(Kind.RESUMED, time);
    entry.putPlan(plan);
    return entry;
  }

  static JournalEntry intent(Instant time, String step) {
    JournalEntry entry = of(Kind.INTENT, time);
    entry.body.put("step", step);
    return entry;
  }

  static JournalEntry outcome(
      Instant time, String step, StepResult result, Duration duration, StepRecord said) {
    JournalEntry entry = of(Kind.OUTCOME, time);
    entry
        .body
        .put("step", step)
        .put("status", result.status().name())
        .put("nanos", duration.toNanos())
        .put("message", result.message());
    entry.put("details", said.details());
    entry.put("facts", said.facts());
    entry.put("notes", said.notes());
    return entry;
  }

  static JournalEntry ended(Instant time, RunStatus status, List<String> remaining) {
    JournalEntry entry = of(Kind.ENDED, time);
    entry.body.put("status", status.name());
    entry.put("remaining", remaining);
    return entry;
  }

  private static JournalEntry of(Kind kind, Instant time) {
    ObjectNode body = JSON.createObjectNode();
    body.put("kind", kind.name()).put("time", time.toString());
    return new JournalEntry(kind, time, body);
  }

  private void putPlan(RunPlan plan) {
    body.put("plan", plan.hash());
    ArrayNode steps = body.putArray("steps");
    plan.runbook().all().forEach(step -> {
      ObjectNode one = steps
          .addObject()
          .put("id", step.id())
          .put("title", step.title())
          .put("kind", plan.kindOf(step).name())
          .put("danger", step.impact().name())
          .put("owner", step.owner());
      plan.usual(step).ifPresent(usual -> one.put("usual", usual.toNanos()));
    });
  }

  private void put(String name, Map<String, String> values) {
    if (!values.isEmpty()) {
      ObjectNode object = body.putObject(name);
      values.forEach(object::put);
    }
  }

  private void put(String name, List<String> values) {
    if (!values.isEmpty()) {
      ArrayNode array = body.putArray(name);
      values.forEach(array::add);
    }
  }

  byte[] toBytes() {
    try {
      return JSON.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts is always written", e);
    }
  }

  static JournalEntry parse(byte[] bytes) throws IOException {
    JsonNode node = JSON.readTree(bytes);
    if (!(node instanceof ObjectNode body)) {
      throw new IOException("a line of the journal is no object");
    }
    try {
      return new JournalEntry(
          Kind.valueOf(body.path("kind").asText()),
          Instant.parse(body.path("time").asText()),
          body);
    } catch (RuntimeException e) {
      throw new IOException("a line of the journal is of a kind that is not known", e);
    }
  }

  String text(String name) {
    return body.path(name).asText();
  }

  /** The options of an OPENED line. */
  RunOptions options() {
    RunOptions options = RunOptions.none().withDetected(Instant.parse(text("detected")));
    if (body.has("snapshot")) {
      options = options.withSnapshot(SnapshotId.parse(text("snapshot")));
    }
    if (body.has("compromised")) {
      options = options.withCompromisedSince(Instant.parse(text("compromised")));
    }
    if (body.has("secrets")) {
      options = options.withSecrets(Path.of(URI.create(text("secrets"))));
    }
    return body.path("newerFiles").asBoolean() ? options.withNewerFiles() : options;
  }
}
