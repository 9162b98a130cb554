package com.personalaichatbot.dr.core.recovery.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.personalaichatbot.dr.core.internal.store.StateDirectory;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The memory of a schedule about its jobs, in one file that is replaced whole and sealed under the
 * repository's client key. What cannot be read counts as never written: jobs may be done again, and
 * none is left out. Thread-safe.
 */
final class JobStates {
  private static final Logger log = LoggerFactory.getLogger(JobStates.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FILE = "jobs";

  /** A clock that was ahead for a while leaves runs in the future; those before must be known. */
  private static final int MOST_RUNS = 8;

  private final StateDirectory directory;
  private final BackupRepository seals;
  private Map<String, Record> records = new LinkedHashMap<>();
  private Optional<Instant> since = Optional.empty();
  private boolean complained;
  private boolean unwritten;
  private boolean changed;

  JobStates(StateDirectory directory, BackupRepository seals) {
    this.directory = directory;
    this.seals = seals;
  }

  /**
   * The memory of a job.
   *
   * @param runs when it was done, in the order in which that was recorded
   * @param attempt when it last failed
   * @param openSince when a person was first asked who has not confirmed since
   * @param confirmedBy who last confirmed a reminder, or empty
   */
  record Record(
      List<Instant> runs,
      int failures,
      Optional<Instant> attempt,
      String problem,
      Optional<Instant> openSince,
      String confirmedBy) {
    private static final Record NOTHING =
        new Record(List.of(), 0, Optional.empty(), "", Optional.empty(), "");

    Record {
      runs = List.copyOf(runs.subList(Math.max(0, runs.size() - MOST_RUNS), runs.size()));
    }

    Record done(Instant started, boolean opens) {
      List<Instant> more = new ArrayList<>(runs);
      more.add(started);
      Optional<Instant> open = opens ? openSince.or(() -> Optional.of(started)) : openSince;
      return new Record(more, 0, Optional.empty(), "", open, confirmedBy);
    }

    Record failed(Instant started, String why) {
      return new Record(runs, failures + 1, Optional.of(started), why, openSince, confirmedBy);
    }

    Record confirmed(String person) {
      return new Record(runs, failures, attempt, problem, Optional.empty(), person);
    }
  }

  synchronized Record of(String job) {
    return records.getOrDefault(job, Record.NOTHING);
  }

  /** Changes what is known of a job, durably. */
  synchronized void update(String job, UnaryOperator<Record> change) {
    read();
    records.put(job, change.apply(of(job)));
    write();
  }

  /** Since when there has been something to do; empty if that was never written. */
  synchronized Optional<Instant> since() {
    return since;
  }

  /** Keeps that, durably, unless another schedule of this state directory has. */
  synchronized void since(Instant time) {
    read(); // Or what another one has written would be lost.
    if (since.isEmpty()) {
      since = Optional.of(time);
      write();
    }
  }

  /** Takes what is written for what is so, unless something could not be written. */
  synchronized void read() {
    if (unwritten) {
      return;
    }
    try {
      Optional<byte[]> sealed = directory.read(FILE);
      if (sealed.isPresent()) {
        parse(JSON.readTree(seals.openState(sealed.get())));
      }
    } catch (IOException | IllegalArgumentException | DateTimeException e) {
      if (!complained) {
        log.warn(
            "Cannot read the state file of the schedule, so jobs may run again: {}",
            e.getMessage());
      }
      complained = true;
    }
  }

  /**
   * Reads what is written.
   *
   * @return whether another schedule of this state directory has written since the last call
   */
  synchronized boolean readChanges() {
    read();
    boolean others = changed;
    changed = false;
    return others;
  }

  private void parse(JsonNode root) {
    Map<String, Record> read = new LinkedHashMap<>();
    for (JsonNode job : root.required("jobs")) {
      List<Instant> runs = new ArrayList<>();
      job.required("runs").forEach(run -> runs.add(Instant.parse(run.asText())));
      read.put(
          job.required("name").asText(),
          new Record(
              runs,
              job.required("failures").asInt(),
              instant(job.required("attempt")),
              job.required("problem").asText(),
              instant(job.required("openSince")),
              job.required("confirmedBy").asText()));
    }
    since = instant(root.required("since"));
    changed |= !read.equals(records);
    records = read;
  }

  private static Optional<Instant> instant(JsonNode text) {
    return text.asText().isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text.asText()));
  }

  /** Where that fails it is remembered as long as this object lives. */
  private void write() {
    ObjectNode root = JSON.createObjectNode();
    root.put("since", since.map(Instant::toString).orElse(""));
    ArrayNode array = root.putArray("jobs");
    records.forEach((name, record) -> {
      ObjectNode job = array
          .addObject()
          .put("name", name)
          .put("failures", record.failures)
          .put("attempt", record.attempt.map(Instant::toString).orElse(""))
          .put("problem", record.problem)
          .put("openSince", record.openSince.map(Instant::toString).orElse(""))
          .put("confirmedBy", record.confirmedBy);
      ArrayNode runs = job.putArray("runs");
      record.runs.forEach(run -> runs.add(run.toString()));
    });
    try {
      directory.write(FILE, seals.sealState(JSON.writeValueAsBytes(root)));
      unwritten = false;
    } catch (IOException e) {
      unwritten = true;
      log.warn(
          "Cannot write the state file of the schedule, so jobs may run again: {}", e.getMessage());
    }
  }
}
