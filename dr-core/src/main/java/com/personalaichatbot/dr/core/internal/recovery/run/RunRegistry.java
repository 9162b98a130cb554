package com.personalaichatbot.dr.core.internal.recovery.run;

import com.personalaichatbot.dr.core.operation.RepositoryLockedException;
import com.personalaichatbot.dr.core.operation.RunRefusedException;
import com.personalaichatbot.dr.core.recovery.runbook.RunMode;
import com.personalaichatbot.dr.core.recovery.runbook.RunOptions;
import com.personalaichatbot.dr.core.recovery.runbook.RunPlan;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.storage.StorageLock;
import com.personalaichatbot.dr.health.HealthMonitor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins runs and goes on with them: one at a time on a data directory, each with its journal, and
 * none beside one that was cut off.
 */
public final class RunRegistry {
  private static final Logger log = LoggerFactory.getLogger(RunRegistry.class);

  private final RunContext setup;

  public RunRegistry(RunContext setup) {
    this.setup = setup;
  }

  /** The start of a run again, or after it was cut off. */
  public record Prepared(RunPlan plan, RunContext setup) {}

  /** Finds it for a runbook, by its id, and what was known when the run began. */
  @FunctionalInterface
  public interface Preparation {
    Prepared of(String runbook, RunOptions options) throws IOException;
  }

  @FunctionalInterface
  private interface Work {
    RunReport run() throws IOException;
  }

  /** Begins a run, and does it to its end. */
  public RunReport begin(RunPlan plan, RunMode mode) throws IOException {
    return alone(() -> {
      if (mode == RunMode.LIVE) {
        requireNoneCutOff();
      }
      Instant now = setup.clock().instant();
      Instant detected = plan.options().detected().orElse(now);
      String incident = setup.journals().newIncident(now);
      try (RunJournal journal = setup.journals().create(incident)) {
        RunRecord record = new RunRecord();
        JournalEntry opened =
            JournalEntry.opened(now, incident, plan, mode, detected, setup.data());
        journal.append(opened);
        record.add(opened);
        return execute(new RunExecutor(setup, plan, record, journal), setup, incident);
      }
    });
  }

  /** Goes on with a run, and does it to its end. */
  public RunReport resume(String incident, String acceptedHash, Preparation preparation)
      throws IOException {
    return alone(() -> {
      RunJournal.Contents contents = setup.journals().read(incident);
      RunRecord record = RunRecord.of(contents);
      requireResumable(incident, contents, record);
      Prepared prepared =
          preparation.of(record.opened().text("runbook"), record.opened().options());
      String hash = prepared.plan.hash();
      if (!hash.equals(record.planHash()) && !hash.equals(acceptedHash)) {
        throw new RunRefusedException(
            "run " + incident,
            "its steps have changed since it began",
            "read the plan as it is now, and accept it by its hash, " + hash);
      }
      try (RunJournal journal = setup.journals().open(incident, contents)) {
        JournalEntry resumed = JournalEntry.resumed(setup.clock().instant(), prepared.plan);
        journal.append(resumed);
        record.add(resumed);
        return execute(
            new RunExecutor(prepared.setup, prepared.plan, record, journal),
            prepared.setup,
            incident);
      }
    });
  }

  /** Says what a plan would do; nothing is changed, and nothing is journalled. */
  public RunReport dryRun(RunPlan plan) throws IOException {
    Instant now = setup.clock().instant();
    String incident = setup.journals().newIncident(now);
    RunRecord record = new RunRecord();
    record.add(JournalEntry.opened(now, incident, plan, RunMode.DRY_RUN, now, setup.data()));
    return new DryRun(setup, plan, record).go();
  }

  /** All runs of which there is a journal, oldest first. */
  public List<RunReport> history() throws IOException {
    return setup.journals().all().stream().map(RunRecord::report).toList();
  }

  /**
   * Executes a run. Meanwhile the application is out of service in its health; a drill has none.
   */
  private static RunReport execute(RunExecutor run, RunContext setup, String incident)
      throws IOException {
    Optional<HealthMonitor.Interruption> interruption =
        setup.health().map(health -> health.outOfService(outOfService(incident)));
    try {
      return ended(run.go());
    } finally {
      interruption.ifPresent(HealthMonitor.Interruption::close);
    }
  }

  /** Returns the reason why an application is out of service during a run. */
  public static String outOfService(String incident) {
    return "recovery " + incident + " is running";
  }

  private static RunReport ended(RunReport report) {
    log.info(
        "Run {} of {} ({}) is {} after {} steps",
        report.incident(),
        report.runbook(),
        report.mode(),
        report.status(),
        report.steps().size());
    return report;
  }

  /** Has the data alone, also for as long as a step that was given up goes on working on it. */
  private RunReport alone(Work work) throws IOException {
    StorageLock lock = setup
        .journals()
        .tryLock(setup.data())
        .orElseThrow(() -> new RepositoryLockedException(
            "data directory " + setup.data(),
            "another run works on it",
            "wait until it has ended"));
    try {
      return work.run();
    } finally {
      setup.threads().quiet().whenComplete((quiet, failure) -> {
        try {
          lock.close();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });
    }
  }

  private void requireNoneCutOff() throws IOException {
    for (RunRecord record : setup.journals().all()) {
      if (record.status() == RunStatus.RUNNING
          && record.mode() == RunMode.LIVE
          && record.isReliable()
          && record.isAbout(setup.data())) {
        throw new RunRefusedException(
            "run " + record.incident(),
            "it works on the same data and was cut off",
            "resume it first: dr recover --resume");
      }
    }
  }

  private void requireResumable(String incident, RunJournal.Contents contents, RunRecord record)
      throws RunRefusedException {
    String problem = "";
    if (contents.problem().isPresent()) {
      problem = "its journal cannot be relied on: " + contents.problem().get();
    } else if (record.isEmpty()) {
      problem = "it was cut off before it began";
    } else if (record.status() != RunStatus.RUNNING) {
      problem = "it has ended " + record.status();
    } else if (record.mode() != RunMode.LIVE) {
      problem = "it is a drill, which is not resumed";
    } else if (!record.isAbout(setup.data())) {
      problem = "it works on other data";
    }
    if (!problem.isEmpty()) {
      throw new RunRefusedException("run " + incident, problem, "begin a new run");
    }
  }
}
