package com.personalaichatbot.dr.core.recovery.schedule;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.internal.report.Failures;
import com.personalaichatbot.dr.core.internal.store.StateDirectory;
import com.personalaichatbot.dr.core.recovery.Recovery;
import com.personalaichatbot.dr.core.recovery.communication.Communication;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.RetentionPolicy;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import com.personalaichatbot.dr.core.storage.StorageLock;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does {@linkplain Job jobs} when they are due: backups, verifies, drills, and what people are to
 * be reminded of. What is due follows from what was durably done, as the repository, the journals
 * of runs and the client's state directory have it, and never from what a timer remembers. So a run
 * that was missed while the machine was off is made up for, once, and what somebody did by hand is
 * not done again.
 *
 * <p>One job is done at a time, also among processes that share a state directory. A job that fails
 * is tried again after a growing pause, and stops no other.
 *
 * <p>{@link #start} looks every ten seconds. An application with a timer of its own calls
 * {@link #runDue} instead, as often as it likes. Thread-safe.
 */
public final class Schedule implements Closeable {
  private static final Logger log = LoggerFactory.getLogger(Schedule.class);
  private static final Duration LOOK = Duration.ofSeconds(10);
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(30);

  /** What is done as seldom as this may have others be due: a drill that failed, a review. */
  private static final Duration SELDOM = Duration.ofDays(7);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(5);

  private final ZoneId zone;
  private final Clock clock;
  private final Optional<Executor> given;
  private final Consumer<JobRun> listener;
  private final Optional<Communication> communication;
  private final Path place;
  private final JobStates memory;
  private final JobBoard standing;
  private final ExecutorService threads = Executors.newCachedThreadPool(Schedule::daemon);
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Schedule::daemon);
  private final AtomicBoolean started = new AtomicBoolean();

  /** Held by who does what is due. */
  private final ReentrantLock pass = new ReentrantLock();

  private volatile Optional<Attempt> running = Optional.empty();
  private volatile boolean closed;

  private Schedule(Builder from, List<Job> jobs) {
    BackupRepository repository = from.repository;
    zone = from.zone;
    clock = from.clock;
    given = from.executor;
    listener = from.listener;
    communication = from.communication;
    place = from.state.resolve(repository.id()).resolve("schedule");
    memory = new JobStates(StateDirectory.at(place), repository);
    memory.read();
    standing = new JobBoard(
        jobs, new Timetable(zone, from.quiet, from.jitter, repository.host()), memory, repository);
  }

  /**
   * Begins to put a schedule together, with no jobs in it.
   *
   * @param repository whose jobs they are; stays the caller's and open
   */
  public static Builder builder(BackupRepository repository) {
    return new Builder(Objects.requireNonNull(repository, "repository"), List.of());
  }

  /**
   * Begins with the jobs of the user's disaster recovery document: configuration hourly and on
   * change, data daily, everything weekly and verified and pruned after it, old logs removed daily.
   * {@link Builder#recovery} adds the drills, {@link Builder#communication} the test of the
   * channels. People are reminded of security updates each month, and of the audit and the review
   * of the document each quarter.
   *
   * @param repository where the components are backed up; stays the caller's and open
   * @param components of the application, at least one
   * @throws IllegalArgumentException if there are no components
   */
  public static Builder recommended(BackupRepository repository, List<Component> components) {
    List<Component> copy = List.copyOf(components);
    if (copy.isEmpty()) {
      throw new IllegalArgumentException("a schedule of backups needs at least one component");
    }
    return new Builder(Objects.requireNonNull(repository, "repository"), copy);
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "dr-schedule");
    thread.setDaemon(true);
    return thread;
  }

  /** The jobs, in the order in which those that are due at the same time are done. */
  public List<Job> jobs() {
    return standing.entries().stream().map(ScheduledJob::job).toList();
  }

  /** The zone by whose clocks the days begin. */
  public ZoneId zone() {
    return zone;
  }

  /**
   * When a component is backed up next, by what was last read of the repository, which is read
   * again once a week and when something is due.
   *
   * @return the earliest of its jobs; empty if it is in none
   */
  public Optional<Instant> next(Component component) {
    Instant now = clock.instant();
    return standing.entries().stream()
        .filter(entry -> entry.job().components().contains(component.name()))
        .map(entry -> standing.state(entry, now).next())
        .min(Instant::compareTo);
  }

  /** The state of all jobs, in their order. */
  public List<JobState> states() {
    return standing.states(clock.instant(), !pass.isLocked());
  }

  /**
   * Runs every job that is due, one after the other, in their order, each once at most. Returns
   * immediately if another thread or process is already doing so. What goes wrong in a job is in
   * its run, not an exception.
   *
   * @return the runs, in their order; empty if nothing was due
   * @throws IllegalStateException if the schedule is closed
   */
  public List<JobRun> runDue() {
    if (closed) {
      throw new IllegalStateException("the schedule is closed");
    }
    if (pass.isHeldByCurrentThread() || !pass.tryLock()) {
      return List.of();
    }
    try {
      communication.ifPresent(Schedule::sendDue);
      Instant now = clock.instant();
      standing.entries().forEach(ScheduledJob::ask);
      boolean anyDue =
          standing.entries().stream().anyMatch(entry -> standing.isToBeDone(entry, now));
      return anyDue ? runAllDue() : List.of();
    } finally {
      pass.unlock();
    }
  }

  private static void sendDue(Communication communication) {
    try {
      communication.sendDue();
    } catch (IOException | RuntimeException e) {
      log.warn("Failed to send messages that are due: {}", e.getMessage());
    }
  }

  private List<JobRun> runAllDue() {
    List<JobRun> runs = new ArrayList<>();
    Optional<StorageLock> lock = Optional.empty();
    try {
      lock = LocalStorage.at(place).tryLock(true);
      if (lock.isEmpty()) {
        return runs;
      }
    } catch (IOException e) {
      log.warn("Cannot lock the state directory, so jobs run without a lock: {}", e.toString());
    }
    try {
      if (memory.readChanges()) {
        standing.entries().forEach(ScheduledJob::forget);
      }
      for (ScheduledJob entry : standing.entries()) {
        Instant now = clock.instant();
        if (!closed && !Thread.currentThread().isInterrupted() && standing.isToBeDone(entry, now)) {
          if (!runs.isEmpty() || !entry.isReadAt(now)) {
            standing.read(entry, now);
          }
          if (standing.isToBeDone(entry, now)) {
            run(entry, now).ifPresent(runs::add);
          }
        }
      }
    } finally {
      lock.ifPresent(Schedule::release);
    }
    return runs;
  }

  private static void release(StorageLock lock) {
    try {
      lock.close();
    } catch (IOException e) {
      log.debug("The lock file of the schedule cannot be closed", e);
    }
  }

  /** Does a job. Empty if the schedule was closed meanwhile: then it is as if it had not begun. */
  private Optional<JobRun> run(ScheduledJob entry, Instant began) {
    Job job = entry.job();
    Instant due = standing.due(entry, began);
    Attempt attempt = new Attempt(job.action());
    running = Optional.of(attempt);
    String message;
    boolean passed = false;
    boolean settled = false;
    try {
      message = attempt.run(given.orElse(threads), job.timeout());
      passed = true;
    } catch (ExecutionException e) {
      message = Failures.message(e.getCause(), JobFailedException.class);
      settled = e.getCause() instanceof JobFailedException failure && failure.isSettled();
    } catch (TimeoutException e) {
      message = "it did not end within " + job.timeout();
    } catch (RejectedExecutionException e) {
      message = "there is no thread for it: " + e.getMessage();
    } catch (CancellationException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } finally {
      running = Optional.empty();
      entry.begun(attempt);
    }
    Instant ended = clock.instant();
    boolean done = passed;
    String why = message;
    memory.update(
        job.name(), r -> done ? r.done(began, job.dueWithin().isPresent()) : r.failed(began, why));
    if (!done) {
      standing.read(entry, ended);
    }
    if (done || settled) {
      entry.done(began);
    }
    if (job.recurrence().maxInterval(zone).compareTo(SELDOM) >= 0) {
      standing.entries().forEach(ScheduledJob::forget);
    }
    JobRun run = new JobRun(job.name(), due, began, ended, done, why);
    report(run);
    return Optional.of(run);
  }

  private void report(JobRun run) {
    if (run.passed()) {
      log.info("Job {} succeeded: {}", run.job(), run.message());
    } else {
      log.warn("Job {} failed and will be tried again: {}", run.job(), run.message());
    }
    try {
      listener.accept(run);
    } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
      log.warn("A schedule listener threw an exception", e);
    }
  }

  /**
   * Records that a person did what a reminder asked for.
   *
   * @param job name of the reminder
   * @param person who did it
   * @throws IllegalArgumentException if there is no such reminder, or the person has no name
   */
  public void confirm(String job, String person) {
    boolean isReminder = standing.entries().stream()
        .anyMatch(
            entry -> entry.job().name().equals(job) && entry.job().dueWithin().isPresent());
    if (!isReminder || person.isBlank()) {
      throw new IllegalArgumentException("a person confirms a reminder: " + person + ", " + job);
    }
    memory.update(job, record -> record.confirmed(person));
  }

  /**
   * Looks every ten seconds from now on, in a thread of its own, until it is closed.
   *
   * @throws IllegalStateException if it was started before
   */
  public void start() {
    if (!started.compareAndSet(false, true)) {
      throw new IllegalStateException("the schedule was started before");
    }
    timer.scheduleWithFixedDelay(this::look, 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      if (!closed) {
        runDue();
      }
    } catch (RuntimeException | Error e) {
      log.warn("Cannot decide which jobs are due; the schedule tries again", e);
    }
  }

  /**
   * Begins no more jobs, and interrupts the one that is being done; it stays due. Waits half a
   * minute at most for it to end: one that does not heed its interrupt goes on in its thread.
   */
  @Override
  public void close() {
    closed = true;
    timer.shutdown();
    try {
      if (!pass.isHeldByCurrentThread() && !endPass()) {
        log.warn("A job goes on although it was interrupted");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    threads.shutdown();
  }

  /**
   * Interrupts the job that is being done, also one that was about to begin, and waits until its
   * thread and whoever did what was due are done with it.
   */
  private boolean endPass() throws InterruptedException {
    long until = System.nanoTime() + CLOSE_WITHIN.toNanos();
    Optional<Attempt> last;
    do {
      last = running;
      last.ifPresent(Attempt::cancel);
      Duration left = Duration.ofNanos(until - System.nanoTime());
      if (left.isNegative() || last.isPresent() && !last.get().awaitEnd(left)) {
        return false;
      }
    } while (!pass.tryLock(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS));
    pass.unlock();
    return true;
  }

  /** The builder of a schedule. Not thread-safe. */
  public static final class Builder {
    private final BackupRepository repository;
    private final List<Component> components;
    private final Map<String, Job> own = new LinkedHashMap<>();
    private final Map<String, Recurrence> rhythms = new LinkedHashMap<>();
    private final Set<String> without = new LinkedHashSet<>();
    private Optional<Recovery> recovery = Optional.empty();
    private Optional<Communication> communication = Optional.empty();
    private RetentionPolicy retention = RetentionPolicy.recommended();
    private Duration logsKept = Duration.ofDays(30);
    private ZoneId zone;
    private Optional<QuietHours> quiet = Optional.empty();
    private Duration jitter = Duration.ofMinutes(10);
    private Path state;
    private Clock clock;
    private Optional<Executor> executor = Optional.empty();
    private Consumer<JobRun> listener = run -> {};

    /** @param components of the recommended jobs; empty for none of these */
    private Builder(BackupRepository repository, List<Component> components) {
      this.repository = repository;
      this.components = components;
      this.clock = repository.clock();
      this.zone = clock.getZone();
      this.state = repository.state().orElse(null);
    }

    /** One more job, or one in the place of the recommended one of its name. */
    public Builder job(Job job) {
      own.put(job.name(), job);
      return this;
    }

    /** Another rhythm for the job of this name. */
    public Builder rhythm(String job, Recurrence rhythm) {
      rhythms.put(job, Objects.requireNonNull(rhythm, "rhythm"));
      return this;
    }

    /** Leaves out the recommended job of this name. */
    public Builder without(String job) {
      without.add(job);
      return this;
    }

    /** Adds drills to the recommended jobs; stays the caller's. */
    public Builder recovery(Recovery newRecovery) {
      recovery = Optional.of(newRecovery);
      return this;
    }

    /**
     * Tells people by this plan, sends what is due by it at each look, and adds the monthly test of
     * its channels to the recommended jobs; stays the caller's. Without it, reminders appear in the
     * log and in the health only.
     */
    public Builder communication(Communication newCommunication) {
      communication = Optional.of(newCommunication);
      return this;
    }

    /**
     * What the weekly prune of the recommended jobs keeps; the recommended policy unless given.
     * Weeks and days begin in the zone of the schedule.
     */
    public Builder retention(RetentionPolicy policy) {
      retention = Objects.requireNonNull(policy, "retention");
      return this;
    }

    /**
     * How long a log is left alone before the recommended jobs remove it, if it is backed up; 30
     * days unless given.
     *
     * @throws IllegalArgumentException if it is less than a day
     */
    public Builder logsKept(Duration age) {
      if (age.compareTo(Duration.ofDays(1)) < 0) {
        throw new IllegalArgumentException("a log is kept for a day at least: " + age);
      }
      logsKept = age;
      return this;
    }

    /** Sets the zone in which days begin; that of the repository's clock unless given. */
    public Builder zone(ZoneId newZone) {
      zone = Objects.requireNonNull(newZone, "zone");
      return this;
    }

    /**
     * Hours of each day in which only jobs are begun that are not to wait: of the recommended ones
     * the backups.
     *
     * @param to when they end, on the next day if that is earlier
     * @throws IllegalArgumentException if they end when they begin
     */
    public Builder quietHours(LocalTime from, LocalTime to) {
      quiet = Optional.of(new QuietHours(from, to));
      return this;
    }

    /**
     * So much later than its time of day each job is done at most; 10 minutes unless given. By how
     * much is always the same for a job and a host, and another one on other hosts. So they do not
     * all come to a storage at the same time, and intervals stay as long as they are.
     *
     * @throws IllegalArgumentException if it is negative or more than an hour
     */
    public Builder jitter(Duration most) {
      if (most.isNegative() || most.compareTo(Duration.ofHours(1)) > 0) {
        throw new IllegalArgumentException("a jitter is an hour at most: " + most);
      }
      jitter = most;
      return this;
    }

    /**
     * Sets the state directory, for a repository that was opened without one.
     *
     * @throws IllegalArgumentException if the repository has another one
     */
    public Builder state(Path directory) {
      state = StateDirectory.requireSame(repository.state(), directory);
      return this;
    }

    /**
     * Whose threads do the jobs; own ones unless given. One that runs in the caller's thread can
     * end no job that hangs.
     */
    public Builder executor(Executor newExecutor) {
      executor = Optional.of(newExecutor);
      return this;
    }

    /**
     * Listener of each run, in the thread that looks. What it throws is logged.
     *
     * @param newListener must return quickly
     */
    public Builder listener(Consumer<JobRun> newListener) {
      listener = Objects.requireNonNull(newListener, "listener");
      return this;
    }

    /**
     * Puts it together. Nothing is begun. What an earlier schedule wrote in the state directory and
     * cannot be read counts as never written.
     *
     * @throws IllegalStateException if there is no state directory
     * @throws IllegalArgumentException if a rhythm is given to a job that there is not
     */
    public Schedule build() {
      if (state == null) {
        throw new IllegalStateException(
            "a schedule needs a state directory: write .state(PATH) when you build"
                + " DisasterRecovery or open the repository, outside of the data");
      }
      Map<String, Job> jobs = new LinkedHashMap<>();
      if (!components.isEmpty()) {
        new RecommendedJobs(
                repository,
                components,
                recovery,
                communication,
                new RecommendedJobs.Settings(retention.withZone(zone), logsKept, clock))
            .all()
            .forEach(job -> jobs.put(job.name(), job));
      }
      without.forEach(jobs::remove);
      jobs.putAll(own);
      rhythms.forEach((name, rhythm) -> {
        if (!jobs.containsKey(name)) {
          throw new IllegalArgumentException("there is no job " + name + " in " + jobs.keySet());
        }
        jobs.put(name, jobs.get(name).withRhythm(rhythm));
      });
      return new Schedule(this, List.copyOf(jobs.values()));
    }
  }
}
