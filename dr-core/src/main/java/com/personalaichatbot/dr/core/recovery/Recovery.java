package com.personalaichatbot.dr.core.recovery;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.internal.recovery.run.DrillRun;
import com.personalaichatbot.dr.core.internal.recovery.run.Journals;
import com.personalaichatbot.dr.core.internal.recovery.run.RunContext;
import com.personalaichatbot.dr.core.internal.recovery.run.RunRegistry;
import com.personalaichatbot.dr.core.internal.recovery.run.StepThreads;
import com.personalaichatbot.dr.core.internal.recovery.scenario.Detection;
import com.personalaichatbot.dr.core.internal.recovery.scenario.Drills;
import com.personalaichatbot.dr.core.internal.recovery.scenario.Layout;
import com.personalaichatbot.dr.core.internal.recovery.scenario.Probe;
import com.personalaichatbot.dr.core.internal.recovery.scenario.Scenarios;
import com.personalaichatbot.dr.core.internal.store.PathRules;
import com.personalaichatbot.dr.core.internal.store.StateDirectory;
import com.personalaichatbot.dr.core.operation.RepositoryLockedException;
import com.personalaichatbot.dr.core.operation.RunRefusedException;
import com.personalaichatbot.dr.core.recovery.runbook.ApplicationHooks;
import com.personalaichatbot.dr.core.recovery.runbook.DataValidator;
import com.personalaichatbot.dr.core.recovery.runbook.Drill;
import com.personalaichatbot.dr.core.recovery.runbook.Operator;
import com.personalaichatbot.dr.core.recovery.runbook.RunListener;
import com.personalaichatbot.dr.core.recovery.runbook.RunMode;
import com.personalaichatbot.dr.core.recovery.runbook.RunOptions;
import com.personalaichatbot.dr.core.recovery.runbook.RunPlan;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.Runbook;
import com.personalaichatbot.dr.core.recovery.runbook.Scenario;
import com.personalaichatbot.dr.core.recovery.runbook.SuggestedScenario;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.HealthMonitor;
import com.personalaichatbot.dr.health.Status;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs an application's recovery: the runbooks of the five {@linkplain Scenario scenarios}, those
 * of the application's own, and drills. Each run is journalled in the state directory, so that one
 * that was cut off goes on where it ended; one run at a time works on a data directory.
 *
 * <p>Thread-safe. Steps run in the threads of the executor, each within its time-out; a call blocks
 * until its run has ended.
 */
public final class Recovery implements Closeable {
  private final RunContext setup;
  private final Optional<List<Component>> given;
  private final Map<String, Runbook> runbooks;
  private final RunPlan.Versions versions;
  private final Optional<ExecutorService> ownExecutor;

  private Recovery(Builder from, RunContext setup, Optional<ExecutorService> ownExecutor) {
    this.setup = setup;
    this.given = from.components;
    this.versions = new RunPlan.Versions(from.applicationVersion, from.policyVersion);
    this.ownExecutor = ownExecutor;
    Map<String, Runbook> all = new LinkedHashMap<>();
    for (Scenario scenario : Scenario.values()) {
      all.put(scenario.id(), builtIn(scenario));
    }
    all.putAll(from.runbooks);
    for (Drill drill : Drill.values()) {
      all.putIfAbsent(
          Drills.id(drill),
          Drills.runbook(
              drill,
              all.get(Scenario.DATA_CORRUPTION.id()),
              all.get(Scenario.HARDWARE_FAILURE.id())));
    }
    this.runbooks = Collections.unmodifiableMap(all);
  }

  /**
   * Begins to put a recovery together.
   *
   * @param repository where the snapshots are; stays the caller's and open
   */
  public static Builder builder(BackupRepository repository) {
    return new Builder(Objects.requireNonNull(repository, "repository"));
  }

  /** Returns the built-in runbook of a scenario; its id is that of the scenario. */
  public static Runbook builtIn(Scenario scenario) {
    return Scenarios.runbook(scenario);
  }

  /**
   * Looks which scenarios fit what is wrong now: by the health that was given, by the data, and by
   * whether something answers at the address. Nothing is begun.
   *
   * @return the worst first, each with its reasons; empty if all is well
   * @throws Exception what the validator of the data throws
   */
  public List<SuggestedScenario> propose() throws Exception {
    Instant now = setup.clock().instant();
    Detection detection = new Detection();
    setup.health().ifPresent(monitor -> detection.add(monitor.check()));
    detection.add(setup.validator().validate(setup.data()), now);
    if (setup.url().isPresent()) {
      CheckResult answer = new Probe(setup.url().get()).ask();
      if (answer.status() == Status.DOWN) {
        detection.addUnresponsive(answer.description(), now);
      }
    }
    return detection.proposals();
  }

  /** All runbooks: those of the scenarios, the application's own, and those of drills. */
  public List<Runbook> runbooks() {
    return List.copyOf(runbooks.values());
  }

  /**
   * What a scenario's runbook would do.
   *
   * @return the plan; nothing was changed
   * @throws IOException if earlier journals cannot be read
   */
  public RunPlan plan(Scenario scenario, RunOptions options) throws IOException {
    return plan(scenario.id(), options);
  }

  /**
   * What a drill would do.
   *
   * @return the plan; nothing was changed
   * @throws IOException if earlier journals cannot be read
   */
  public RunPlan plan(Drill drill) throws IOException {
    return plan(Drills.id(drill), RunOptions.none());
  }

  /**
   * What a runbook would do.
   *
   * @param runbook its id
   * @return the plan; nothing was changed
   * @throws IllegalArgumentException if none exists of this id
   * @throws IOException if earlier journals cannot be read
   */
  public RunPlan plan(String runbook, RunOptions options) throws IOException {
    Objects.requireNonNull(options, "options");
    Runbook found = runbooks.get(runbook);
    if (found == null) {
      throw new IllegalArgumentException("there is no runbook " + runbook);
    }
    return new RunPlan(found, options, setup.hooks(), versions, history());
  }

  /**
   * Checks what can be checked and says what would be done. Changes nothing, asks and tells nobody,
   * and is not journalled. What a step would do is in its message; a step that finds now already
   * that it could not be done is FAILED, and so is the run then.
   *
   * @throws IOException if the repository cannot be read
   */
  public RunReport dryRun(RunPlan plan) throws IOException {
    requireOwn(plan);
    return new RunRegistry(setup.with(components(plan.options()))).dryRun(plan);
  }

  /**
   * Executes a plan. What goes wrong in a step is in the report, not an exception.
   *
   * @throws RepositoryLockedException if another run works on this data; nothing was done
   * @throws RunRefusedException if one was cut off and has to be resumed first; nothing was done
   * @throws IllegalArgumentException if the plan was made by another object
   * @throws IOException if the journal cannot be written; the run is then as if cut off
   */
  public RunReport run(RunPlan plan) throws IOException {
    requireOwn(plan);
    RunContext mine = setup.with(components(plan.options()));
    return new RunRegistry(mine).begin(plan, RunMode.LIVE);
  }

  /**
   * Goes on with a run that was cut off. What was known when it began is known from its journal.
   *
   * @param incident its name
   * @throws RepositoryLockedException if another run works on the data; nothing was done
   * @throws RunRefusedException if there is no such run, it has ended or works on other data, its
   *     journal was changed by somebody, or its steps have changed since; nothing was done
   * @throws IOException as {@link #run}
   */
  public RunReport resume(String incident) throws IOException {
    return resume(incident, "");
  }

  /**
   * Goes on with a run that was cut off and whose steps have changed since. The acceptance is
   * journalled.
   *
   * @param acceptedHash of the plan as it is now
   * @throws IOException as {@link #resume(String)}
   */
  public RunReport resume(String incident, String acceptedHash) throws IOException {
    Objects.requireNonNull(acceptedHash, "acceptedHash");
    return new RunRegistry(setup).resume(incident, acceptedHash, (runbook, options) -> {
      RunPlan plan = plan(runbook, options);
      return new RunRegistry.Prepared(plan, setup.with(components(plan.options())));
    });
  }

  /**
   * Rehearses in a scratch directory, which is removed at the end; a hook that hangs keeps it until
   * the hook has ended. The data is not touched. What was restored and validated is PROVEN
   * afterwards.
   *
   * @throws RunRefusedException if there is not a snapshot to rehearse with; nothing was done
   * @throws IOException if the scratch directory or the journal cannot be written
   */
  public RunReport drill(Drill drill) throws IOException {
    return DrillRun.run(setup, plan(drill), components(RunOptions.none()));
  }

  /**
   * All runs and drills of which there is a journal, oldest first, those under way and cut off
   * included. Where a journal was changed by somebody, a note in its report says so.
   *
   * @throws IOException if the journals cannot be read
   */
  public List<RunReport> history() throws IOException {
    return new RunRegistry(setup).history();
  }

  /**
   * The components that a run would work with.
   *
   * @return as they were given, or those of the repository's newest snapshots; empty if none exist
   * @throws IOException if the repository cannot be read
   */
  public List<Component> components() throws IOException {
    return components(RunOptions.none());
  }

  private List<Component> components(RunOptions options) throws IOException {
    if (given.isPresent()) {
      return given.get();
    }
    return Layout.components(setup.repository(), options.snapshot(), setup.data());
  }

  private void requireOwn(RunPlan plan) {
    Runbook own = runbooks.get(plan.runbook().id());
    if (own != plan.runbook()
        || !new RunPlan(own, plan.options(), setup.hooks(), versions, List.of())
            .hash()
            .equals(plan.hash())) {
      throw new IllegalArgumentException("the plan was made by another recovery");
    }
  }

  /** Releases its own threads. The repository stays open. */
  @Override
  public void close() {
    ownExecutor.ifPresent(ExecutorService::shutdownNow);
  }

  /** The builder of a recovery. Not thread-safe. */
  public static final class Builder {
    private final BackupRepository repository;
    private Optional<List<Component>> components = Optional.empty();
    private Path data;
    private Path state;
    private Path scratch = Path.of(System.getProperty("java.io.tmpdir"));
    private ApplicationHooks hooks = ApplicationHooks.none();
    private Optional<URI> url = Optional.empty();
    private Optional<HealthMonitor> health = Optional.empty();
    private DataValidator validator = DataValidator.ORIGINAL;
    private Operator operator = Operator.NOBODY;
    private RunListener listener = RunListener.NONE;
    private final Map<String, Runbook> runbooks = new LinkedHashMap<>();
    private String applicationVersion = "";
    private String policyVersion = "";
    private int mostRestarts = 3;
    private Duration firstWait = Duration.ofSeconds(2);
    private Duration startWithin = Duration.ofSeconds(30);
    private SecureRandom random = new SecureRandom();
    private Executor executor;

    private Builder(BackupRepository repository) {
      this.repository = repository;
      this.state = repository.state().orElse(null);
    }

    /**
     * The application's components. Unless given they are those of the repository's newest
     * snapshots, each at its path relative to what their paths had in common, under the data
     * directory: so a new machine needs nothing but the repository.
     *
     * @throws IllegalArgumentException if two have one name
     */
    public Builder components(List<Component> newComponents) {
      List<Component> copy = List.copyOf(newComponents);
      if (copy.stream().map(Component::name).distinct().count() < copy.size()) {
        throw new IllegalArgumentException("two components have one name");
      }
      components = Optional.of(copy);
      return this;
    }

    /** The application's data directory, which need not be there yet. Must be given. */
    public Builder data(Path directory) {
      data = directory.toAbsolutePath().normalize();
      return this;
    }

    /**
     * Sets the state directory, for a repository that was opened without one. Journals lie in it,
     * under the id of the repository. It must not lie in the data.
     *
     * @throws IllegalArgumentException if the repository has another one
     */
    public Builder state(Path directory) {
      state = StateDirectory.requireSame(repository.state(), directory);
      return this;
    }

    /**
     * Where drills make their scratch directories; the machine's temporary directory unless given.
     */
    public Builder scratch(Path directory) {
      scratch = directory.toAbsolutePath().normalize();
      return this;
    }

    /** What the application does itself; nothing unless given. */
    public Builder hooks(ApplicationHooks newHooks) {
      hooks = Objects.requireNonNull(newHooks, "hooks");
      return this;
    }

    /**
     * Where the application answers, by http or https. With it, a stop is believed when nothing
     * listens there any more, and a start when something answers as it should. With {@link #health}
     * it must not be the address of readiness, which answers 503 until the run has ended: give a
     * page of the application, or the address of liveness.
     *
     * @throws IllegalArgumentException if it is no such address
     */
    public Builder url(URI address) {
      boolean isHttp = "http".equalsIgnoreCase(address.getScheme())
          || "https".equalsIgnoreCase(address.getScheme());
      if (!isHttp || address.getHost() == null) {
        throw new IllegalArgumentException("not an address of http or https: " + address);
      }
      url = Optional.of(address);
      return this;
    }

    /**
     * Sets the application's health. During a real run the application is out of service there, and
     * at the end of the run it must not be DOWN. Stays the caller's.
     */
    public Builder health(HealthMonitor monitor) {
      health = Optional.of(monitor);
      return this;
    }

    /**
     * What tells damaged data from whole; {@link DataValidator#ORIGINAL} unless given. It is asked
     * about the data directory, and in drills about a scratch directory.
     */
    public Builder validator(DataValidator newValidator) {
      validator = Objects.requireNonNull(newValidator, "validator");
      return this;
    }

    /** Who is asked; {@link Operator#NOBODY} unless given. */
    public Builder operator(Operator newOperator) {
      operator = Objects.requireNonNull(newOperator, "operator");
      return this;
    }

    /** Listener of the runs; {@link RunListener#NONE} unless given. */
    public Builder listener(RunListener newListener) {
      listener = Objects.requireNonNull(newListener, "listener");
      return this;
    }

    /** A runbook of the application's own, or one in the place of the built-in one of its id. */
    public Builder runbook(Runbook runbook) {
      runbooks.put(runbook.id(), runbook);
      return this;
    }

    /**
     * The application's version; unknown unless given. It is part of the hash of each plan: a drill
     * of another version proves nothing, and a run that was cut off goes on with another one only
     * if that is accepted.
     */
    public Builder applicationVersion(String version) {
      applicationVersion = Objects.requireNonNull(version, "version");
      return this;
    }

    /**
     * The version of what was promised, such as schedule, retention and targets; as the
     * {@linkplain #applicationVersion application's}.
     */
    public Builder policyVersion(String version) {
      policyVersion = Objects.requireNonNull(version, "version");
      return this;
    }

    /**
     * How often a process is started before the run gives up, and how long it waits after the first
     * failure; the wait doubles from one to the next. Three times and two seconds unless given.
     *
     * @throws IllegalArgumentException if the number is not 1 to 10, or the wait is negative
     */
    public Builder restarts(int most, Duration newFirstWait) {
      if (most < 1 || most > 10 || newFirstWait.isNegative()) {
        throw new IllegalArgumentException("1 to 10 restarts, and no negative wait");
      }
      mostRestarts = most;
      firstWait = newFirstWait;
      return this;
    }

    /**
     * How long it may take from a start until the application answers at its address; 30 seconds
     * unless given.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder startWithin(Duration most) {
      if (most.isZero() || most.isNegative()) {
        throw new IllegalArgumentException("an application needs some time to start: " + most);
      }
      startWithin = most;
      return this;
    }

    /** Where the names of incidents come from. */
    public Builder random(SecureRandom newRandom) {
      random = Objects.requireNonNull(newRandom, "random");
      return this;
    }

    /**
     * Whose threads run the steps; own ones unless given. It must have a thread for each step that
     * runs at a time and one more for the hook that it calls, and must not run in the caller's.
     *
     * @throws IllegalArgumentException if it runs in the caller's thread, which can end no call
     */
    public Builder executor(Executor newExecutor) {
      if (StepThreads.runsInCaller(newExecutor)) {
        throw new IllegalArgumentException("an executor that runs in the caller can end no step");
      }
      executor = newExecutor;
      return this;
    }

    /**
     * Puts it together. Nothing is written.
     *
     * @throws IllegalStateException if the data or the state directory was not given
     * @throws IllegalArgumentException if the state directory lies in the data, where a recovery
     *     would lose it
     */
    public Recovery build() {
      if (data == null) {
        throw new IllegalStateException(
            "a recovery needs the data directory: write .data(PATH) when you build"
                + " DisasterRecovery, or here");
      }
      if (state == null) {
        throw new IllegalStateException(
            "a recovery needs a state directory: write .state(PATH) when you build"
                + " DisasterRecovery or open the repository, outside of the data");
      }
      List<Path> places = new ArrayList<>(List.of(data));
      components.ifPresent(all -> all.forEach(c -> places.add(c.source().path())));
      for (Path place : places) {
        if (PathRules.isWithin(state, place)) {
          throw new IllegalArgumentException("the state directory " + state + " lies in the data, "
              + place + ", and a recovery would replace it: give one outside of it");
        }
      }
      Optional<ExecutorService> own =
          executor == null ? Optional.of(newExecutor()) : Optional.empty();
      Path journals = state.resolve(repository.id()).resolve("recovery");
      RunContext setup = new RunContext(
          repository,
          List.of(),
          data,
          scratch,
          new Journals(journals, repository, random),
          hooks,
          url,
          health,
          validator,
          operator,
          listener,
          repository.clock(),
          new StepThreads(own.isPresent() ? own.get() : executor),
          mostRestarts,
          firstWait,
          startWithin);
      return new Recovery(this, setup, own);
    }

    private static ExecutorService newExecutor() {
      AtomicInteger number = new AtomicInteger();
      return Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "dr-recovery-" + number.incrementAndGet());
        thread.setDaemon(true);
        return thread;
      });
    }
  }
}
