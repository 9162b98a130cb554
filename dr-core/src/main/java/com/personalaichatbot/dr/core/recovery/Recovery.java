package com.personalaichatbot.dr.core.recovery;

import com.personalaichatbot.dr.core.BackupRepository;
import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.health.HealthMonitor;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Runs an application's recovery: the runbooks of the five {@linkplain Scenario scenarios}, those
 * of the application's own, and drills. Each run is journalled in the state directory, so that one
 * that was cut off goes on where it ended; one run at a time works on a data directory.
 *
 * <p>Thread-safe. Steps run in the threads of the executor, each within its time-out.
 */
public final class Recovery implements Closeable {
  private Recovery() {}

  /** Begins to put a recovery together. */
  public static Builder builder(BackupRepository repository) {
    return new Builder();
  }

  /**
   * What a scenario's runbook would do.
   *
   * @throws IOException if the histories cannot be read
   */
  public RunPlan plan(Scenario scenario, RunOptions options) throws IOException {
    return plan(scenario.id(), options);
  }

  /**
   * What a runbook would do.
   *
   * @param runbook its id
   * @throws IllegalArgumentException if there is none of this id
   * @throws IOException if the histories cannot be read
   */
  public RunPlan plan(String runbook, RunOptions options) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Checks what can be checked and says what would be done; changes and journals nothing. */
  public RunReport dryRun(RunPlan plan) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Executes a plan. What goes wrong in a step is in the report, not an exception. */
  public RunReport run(RunPlan plan) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Goes on with a run that was cut off. */
  public RunReport resume(String incident) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Goes on with a run whose steps have changed since; the acceptance is journalled. */
  public RunReport resume(String incident, String acceptedHash) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Rehearses, in a scratch directory that is removed at the end. */
  public RunReport drill(Drill drill) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** All runs and drills of which there is a journal, oldest first. */
  public List<RunReport> history() throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Lets go of its own threads. The repository stays open. */
  @Override
  public void close() {}

  /** How a recovery is to be. Not thread-safe. */
  public static final class Builder {
    private Builder() {}

    /**
     * The application's components. Unless given they are those of the repository's newest
     * snapshots, each at its path relative to what their paths had in common, under the data
     * directory.
     */
    public Builder components(List<Component> components) {
      return this;
    }

    /** The application's data directory. Must be given. */
    public Builder data(Path directory) {
      return this;
    }

    /** The state directory: the one that the repository was given. Must be given. */
    public Builder state(Path directory) {
      return this;
    }

    /** What the application does itself; nothing unless given. */
    public Builder hooks(ApplicationHooks hooks) {
      return this;
    }

    /**
     * Where the application answers. With it, a stop is believed when nothing answers any more, and
     * a start when something does.
     */
    public Builder url(URI address) {
      return this;
    }

    /** The application's health, which has to be good at the end; stays the caller's. */
    public Builder health(HealthMonitor monitor) {
      return this;
    }

    /** Who is asked; {@link Person#NOBODY} unless given. */
    public Builder person(Person person) {
      return this;
    }

    /** Who hears of the runs; {@link Notices#NONE} unless given. */
    public Builder notices(Notices notices) {
      return this;
    }

    /** A runbook of the application's own, or one in the place of the built-in one of its id. */
    public Builder runbook(Runbook runbook) {
      return this;
    }

    /**
     * How often a process is started again before the run gives up, and how long it waits after the
     * first failure; the wait doubles from one to the next. Three times and two seconds unless
     * given.
     */
    public Builder restarts(int most, Duration firstWait) {
      return this;
    }

    /** Where the time comes from; the system's clock unless given. */
    public Builder clock(Clock clock) {
      return this;
    }

    /** Whose threads run the steps; own ones unless given. Must not run in the caller's. */
    public Builder executor(Executor executor) {
      return this;
    }

    /** Puts it together. */
    public Recovery build() throws IOException {
      return new Recovery();
    }
  }
}
