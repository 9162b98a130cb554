package com.personalaichatbot.dr.core.recovery.schedule;

import com.personalaichatbot.dr.core.repository.BackupRepository;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The jobs of a schedule and the state of each, by what is recorded. Thread-safe. */
final class JobBoard {
  private static final Logger log = LoggerFactory.getLogger(JobBoard.class);

  private final Map<String, ScheduledJob> entries = new LinkedHashMap<>();
  private final Timetable timetable;
  private final JobStates memory;
  private final BackupRepository repository;

  JobBoard(List<Job> jobs, Timetable timetable, JobStates memory, BackupRepository repository) {
    jobs.forEach(job -> entries.put(job.name(), new ScheduledJob(job)));
    this.timetable = timetable;
    this.memory = memory;
    this.repository = repository;
  }

  /** The jobs in their order. */
  Collection<ScheduledJob> entries() {
    return entries.values();
  }

  /**
   * The state of all of them; what seems to be due is read again.
   *
   * @param reread whether another process may have written what is remembered
   */
  List<JobState> states(Instant now, boolean reread) {
    if (reread) {
      memory.read();
    }
    return entries.values().stream()
        .map(entry -> {
          if (!due(entry, now).isAfter(now) && !entry.isReadAt(now)) {
            read(entry, now);
          }
          return state(entry, now);
        })
        .toList();
  }

  /** Reads when a job was done. */
  void read(ScheduledJob entry, Instant now) {
    entry.read(memory.of(entry.job().name()).runs(), now);
  }

  JobState state(ScheduledJob entry, Instant now) {
    JobStates.Record record = memory.of(entry.job().name());
    Instant due = due(entry, now);
    return new JobState(
        entry.job(),
        Timetable.last(entry.runs(), now),
        due,
        start(entry, due, now),
        timetable.isOverdue(entry.job(), due, now),
        record.failures(),
        record.problem(),
        record.openSince());
  }

  private Instant start(ScheduledJob entry, Instant due, Instant now) {
    JobStates.Record record = memory.of(entry.job().name());
    return timetable.start(entry.job(), due, record.failures(), record.attempt(), now);
  }

  /** When a job is due. */
  Instant due(ScheduledJob entry, Instant now) {
    if (entry.isStale(now)) {
      read(entry, now);
    }
    // Who has been asked and has not answered is asked again by the rhythm, not by what happens.
    JobStates.Record record = memory.of(entry.job().name());
    List<Instant> runs = record.openSince().isPresent() ? record.runs() : entry.runs();
    Instant due = timetable.due(entry.job(), runs, since(now), now);
    return entry.isWanted() && due.isAfter(now) ? now : due;
  }

  /** Whether a job is due and nothing holds it back. */
  boolean isToBeDone(ScheduledJob entry, Instant now) {
    Instant due = due(entry, now);
    return !due.isAfter(now)
        && !start(entry, due, now).isAfter(now)
        && !entry.isHanging()
        && entry
            .job()
            .predecessor()
            .map(entries::get)
            .filter(before -> !due(before, now).isAfter(now))
            .isEmpty();
  }

  /**
   * Since when there has been something to do: the age of the repository, as far as it is known.
   */
  private Instant since(Instant now) {
    Optional<Instant> known = memory.since();
    if (known.isPresent()) {
      return known.get();
    }
    try {
      Instant since = repository.proofs().since();
      memory.since(since);
      return since;
    } catch (IOException e) {
      log.debug("The age of the repository is not known now", e);
      return now;
    }
  }
}
