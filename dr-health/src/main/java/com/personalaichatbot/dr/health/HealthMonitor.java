package com.personalaichatbot.dr.health;

import static java.util.Objects.requireNonNull;

import com.personalaichatbot.dr.health.Registration.Phase;
import com.personalaichatbot.dr.health.internal.secret.Redaction;
import java.lang.System.Logger.Level;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * Runs checks in the background and knows how the whole is. This is the class to start with:
 *
 * <pre>{@code
 * HealthMonitor monitor = HealthMonitor.builder().build();
 * monitor.register("disk", DiskCheck.of(dataDirectory));
 * monitor.register("model", () -> model.isLoaded() ? CheckResult.up() : CheckResult.down(...));
 * monitor.start();
 * ...
 * monitor.health().status();
 * }</pre>
 *
 * <p>Thread-safe. {@link #health()} takes no lock, does no I/O and runs no check. Nothing that a
 * check does is thrown at the caller: a check that throws anything, or gives null, is DOWN, and one
 * that hangs is DOWN after its time-out and is not started a second time. Texts of results pass
 * through a filter that blackens known forms of secrets before anybody sees them.
 */
public final class HealthMonitor implements AutoCloseable {

  /** Ends a planned interruption of service; see {@link HealthMonitor#outOfService}. */
  @FunctionalInterface
  public interface Interruption extends AutoCloseable {
    /** Puts the service back. A second call does nothing. */
    @Override
    void close();
  }

  static final System.Logger LOG = System.getLogger("com.personalaichatbot.dr.health");

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,99}");
  private static final long BEAT = TimeUnit.SECONDS.toNanos(5);
  private static final long STALLED = TimeUnit.SECONDS.toNanos(15);
  private static final long NOT_STARTED = TimeUnit.SECONDS.toNanos(30);
  private static final long CLOSE_MILLIS = 2_000;

  private final Clock clock;
  private final LongSupplier nanoTime;
  private final long origin;
  private final Executor executor;
  private final Optional<Workers> own;

  private final Object lock = new Object();
  private final Map<String, Registration> registrations = new LinkedHashMap<>();
  private final List<Subscription> subscriptions = new ArrayList<>();
  private final List<String> interruptions = new ArrayList<>();
  private final AtomicReference<Published> published = new AtomicReference<>();
  private Instant interruptedSince;
  private Thread scheduler;
  private Instant startedAt;
  private boolean wake;
  private volatile boolean closed;
  private volatile long beat = Long.MAX_VALUE;
  private volatile long progress;

  private HealthMonitor(Builder builder) {
    clock = builder.clock;
    nanoTime = builder.nanoTime;
    origin = nanoTime.getAsLong();
    own = builder.executor == null ? Optional.of(new Workers(builder.threads)) : Optional.empty();
    executor = own.<Executor>map(workers -> workers).orElse(builder.executor);
    publish();
  }

  /**
   * Starts the description of a monitor.
   *
   * @return a builder with defaults for everything
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Registers a check with the settings it asks for itself.
   *
   * @param name its name: letters, digits and {@code . _ : -}, at most 100
   * @param check the check
   * @return this monitor
   * @throws IllegalArgumentException if the name is taken, reserved or malformed, or if the check
   *     may not enter {@link Health#LIVE}
   * @throws IllegalStateException if the monitor is closed
   */
  public HealthMonitor register(String name, HealthCheck check) {
    return register(name, check, check.settings());
  }

  /**
   * Registers a check. Allowed at any time, also from within a check or a listener.
   *
   * @param name its name: letters, digits and {@code . _ : -}, at most 100
   * @param check the check
   * @param settings when it runs and how it counts
   * @return this monitor
   * @throws IllegalArgumentException if the name is taken, reserved or malformed, or if the check
   *     may not enter {@link Health#LIVE}
   * @throws IllegalStateException if the monitor is closed
   */
  public HealthMonitor register(String name, HealthCheck check, CheckSettings settings) {
    requireNonNull(check, "check");
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a check's name is 1 to 100 letters, digits and . _ : - but was \"" + name + "\"");
    }
    if (name.equals(Published.SCHEDULER) || name.equals(Published.SERVICE)) {
      throw new IllegalArgumentException("the name \"" + name + "\" is the monitor's own");
    }
    if (settings.groups().contains(Health.LIVE) && !(check instanceof LivenessCheck)) {
      throw new IllegalArgumentException("\"" + name
          + "\" cannot enter the group live: only a LivenessCheck, which looks at nothing"
          + " but this process, may have it killed");
    }
    synchronized (lock) {
      requireOpen();
      Registration added = new Registration(name, check, settings, now(), clock.instant());
      if (registrations.putIfAbsent(name, added) != null) {
        throw new IllegalArgumentException("there is a check named \"" + name + "\" already");
      }
      publish();
      wakeUp();
    }
    return this;
  }

  /**
   * Removes a check. A run in progress is left to end; its result is dropped.
   *
   * @param name the check's name
   * @return whether there was one
   */
  public boolean remove(String name) {
    synchronized (lock) {
      Registration removed = registrations.remove(name);
      if (removed == null) {
        return false;
      }
      removed.removed = true;
      if (removed.phase == Phase.RUNNING) {
        removed.phase = Phase.OVERDUE;
        own.ifPresent(Workers::stuck);
      }
      subscriptions.forEach(subscription -> subscription.forget(name));
      publish();
      wakeUp();
      return true;
    }
  }

  /**
   * Tells a listener of each change once.
   *
   * @param listener whom to tell
   * @return this monitor
   */
  public HealthMonitor listen(HealthListener listener) {
    return listen(listener, Duration.ZERO, Duration.ZERO);
  }

  /**
   * Tells a listener of each change that lasts, and reminds it of what stays wrong.
   *
   * @param listener whom to tell
   * @param settle how long a state must hold before it is told; zero tells it immediately
   * @param reminder how often a state that is not UP is told again; zero never repeats it
   * @return this monitor
   * @throws IllegalStateException if the monitor is closed
   */
  public HealthMonitor listen(HealthListener listener, Duration settle, Duration reminder) {
    requireNonNull(listener, "listener");
    if (settle.isNegative() || reminder.isNegative()) {
      throw new IllegalArgumentException("negative: " + settle + ", " + reminder);
    }
    synchronized (lock) {
      requireOpen();
      subscriptions.add(new Subscription(listener, settle.toNanos(), reminder.toNanos()));
      publish();
      wakeUp();
    }
    return this;
  }

  /**
   * Tells a listener no more.
   *
   * @param listener the listener
   * @return whether it was listening
   */
  public boolean ignore(HealthListener listener) {
    synchronized (lock) {
      return subscriptions.removeIf(subscription -> {
        boolean same = subscription.listener == listener;
        if (same) {
          subscription.close();
        }
        return same;
      });
    }
  }

  /**
   * Shows the whole and the group {@link Health#READY} as OUT_OF_SERVICE until the result is
   * closed, for instance while data is being restored. The group {@link Health#LIVE} is not
   * touched, or a supervisor would kill the restore.
   *
   * @param reason one sentence for people
   * @return what ends it; several may overlap
   */
  public Interruption outOfService(String reason) {
    requireNonNull(reason, "reason");
    synchronized (lock) {
      if (interruptions.isEmpty()) {
        interruptedSince = clock.instant();
      }
      interruptions.add(reason);
      publish();
    }
    AtomicBoolean done = new AtomicBoolean();
    return () -> {
      if (done.compareAndSet(false, true)) {
        synchronized (lock) {
          interruptions.remove(reason);
          publish();
        }
      }
    };
  }

  /**
   * Starts the background thread. A second call does nothing.
   *
   * @return this monitor
   * @throws IllegalStateException if the monitor is closed
   */
  public HealthMonitor start() {
    synchronized (lock) {
      requireOpen();
      if (scheduler == null) {
        beat = now();
        startedAt = clock.instant();
        scheduler = Workers.daemons("dr-health-scheduler").newThread(this::schedule);
        publish();
        scheduler.start();
      }
    }
    return this;
  }

  /**
   * How the whole is. Takes no lock, does no I/O, runs no check, and allocates only when a result
   * has become too old since the last call.
   *
   * @return the state as known
   */
  public Health health() {
    Published current = published.get();
    long now = now();
    boolean stalled = now - beat > STALLED;
    if (now <= current.validUntil() && !stalled) {
      return current.health();
    }
    // The scheduler should have said so itself; that it did not is the very thing a reader must be
    // told.
    Published aged = current.age(now, stalled, clock);
    published.compareAndSet(current, aged);
    return aged.health();
  }

  /**
   * Runs every check once, now, and waits for the results, each at most its time-out. Works with
   * and without {@link #start()}. A check that already runs is not started again; its result
   * counts.
   *
   * @return the state after that. If the calling thread is interrupted, the state so far, and the
   *     thread stays interrupted
   * @throws IllegalStateException if the monitor is closed
   */
  public Health check() {
    synchronized (lock) {
      requireOpen();
    }
    return round();
  }

  private Health round() {
    Map<Registration, Long> before = new LinkedHashMap<>();
    synchronized (lock) {
      progress = now();
      for (Registration each : registrations.values()) {
        before.put(each, each.results);
        each.due = now();
      }
    }
    boolean waiting = true;
    while (waiting && !closed) {
      tick();
      synchronized (lock) {
        waiting = before.entrySet().stream().anyMatch(e -> owes(e.getKey(), e.getValue()));
        try {
          if (waiting) {
            lock.wait(20);
          }
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
          waiting = false;
        }
      }
    }
    return health();
  }

  private static boolean owes(Registration check, long results) {
    return !check.removed && check.results == results;
  }

  /**
   * Runs every check once an interval and reports the whole: first as it is, then whenever a check
   * changed its state. Blocks until the calling thread is interrupted, in which case it stays
   * interrupted, or the monitor is closed. Meant for a monitor that is not started.
   *
   * @param interval the time from one round to the next
   * @param report is given the whole, in the calling thread; what it throws ends the watch
   */
  public void watch(Duration interval, Consumer<Health> report) {
    Map<String, Status> told = null;
    while (!closed && !Thread.currentThread().isInterrupted()) {
      long began = now();
      Health health = round();
      Map<String, Status> seen = new LinkedHashMap<>();
      health.checks().forEach(check -> seen.put(check.name(), check.status()));
      if (!closed && !seen.equals(told)) {
        report.accept(health);
        told = seen;
      }
      pause(interval.toNanos() - (now() - began));
    }
  }

  private void pause(long nanos) {
    long left = nanos;
    long until = now() + nanos;
    synchronized (lock) {
      try {
        while (left > 0 && !closed) {
          TimeUnit.NANOSECONDS.timedWait(lock, left);
          left = until - now();
        }
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Stops the background thread and, unless the user brought an executor, interrupts what still
   * runs. Returns within a few seconds even if a check does not stop. Afterwards everything is
   * UNKNOWN. A second call does nothing.
   */
  @Override
  public void close() {
    Thread stopping;
    synchronized (lock) {
      if (closed) {
        return;
      }
      closed = true;
      beat = Long.MAX_VALUE;
      stopping = scheduler;
      subscriptions.forEach(Subscription::close);
      publish();
      lock.notifyAll();
    }
    try {
      if (own.isPresent()) {
        own.get().close(CLOSE_MILLIS);
      }
      if (stopping != null && stopping != Thread.currentThread()) {
        stopping.join(CLOSE_MILLIS);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void schedule() {
    while (!closed) {
      long next = BEAT;
      try {
        next = tick();
        beat = closed ? Long.MAX_VALUE : now();
      } catch (Throwable failure) {
        LOG.log(Level.WARNING, "A round of health checks failed; the next one follows", failure);
      }
      synchronized (lock) {
        try {
          if (!wake && !closed) {
            TimeUnit.NANOSECONDS.timedWait(lock, Math.max(next, 1_000_000));
          }
        } catch (InterruptedException interrupted) {
          // Only close() ends this thread, and it needs no interrupt.
        }
        wake = false;
      }
    }
  }

  /**
   * One round: what is due is started, what is late is noted. Gives the time until the next round,
   * in nanoseconds.
   */
  long tick() {
    List<Registration> starting = new ArrayList<>();
    long next;
    synchronized (lock) {
      if (closed) {
        return BEAT;
      }
      long now = now();
      next = now + BEAT;
      boolean changed = false;
      for (Registration each : registrations.values()) {
        changed |= advance(each, now, starting);
        next = Math.min(next, Math.min(each.due, each.goodUntil()));
        if (each.phase == Phase.RUNNING) {
          next = Math.min(next, each.phaseSince + each.settings.timeout().toNanos());
        }
      }
      next = Math.min(next, changed ? publish() : tellAll(now));
      next -= now;
    }
    starting.forEach(this::hand);
    return next;
  }

  private boolean advance(Registration each, long now, List<Registration> starting) {
    boolean changed = false;
    boolean due = now >= each.due;
    if (due) {
      each.due = now + each.settings.interval().toNanos();
    }
    switch (each.phase) {
      case IDLE -> {
        if (due) {
          each.phase = Phase.QUEUED;
          each.phaseSince = now;
          starting.add(each);
        }
      }
      case QUEUED -> {
        if (now - Math.max(progress, each.phaseSince) > NOT_STARTED && due) {
          each.phaseSince = now;
          take(each, CheckResult.unknown("NOT_STARTED", "no thread is free to run it"), 0);
          changed = true;
        }
      }
      case RUNNING -> {
        if (now - each.phaseSince >= each.settings.timeout().toNanos()) {
          each.phase = Phase.OVERDUE;
          own.ifPresent(Workers::stuck);
          if (each.settings.isInterrupting() && each.worker != null) {
            each.worker.interrupt();
          }
          take(each, timedOut(each, now), now - each.phaseSince);
          changed = true;
        }
      }
      case OVERDUE -> {
        if (due) {
          take(each, timedOut(each, now), now - each.phaseSince);
          changed = true;
        }
      }
      default -> throw new AssertionError(each.phase);
    }
    Status before = each.status();
    if (each.expire(now, clock.instant())) {
      announce(each, before);
      changed = true;
    }
    return changed;
  }

  private static CheckResult timedOut(Registration each, long now) {
    Duration running = Duration.ofNanos(now - each.phaseSince);
    return CheckResult.down(
            "TIMEOUT",
            "no answer within " + each.settings.timeout(),
            "find out what it waits for; it is not started again before it returns")
        .with("runningMs", running.toMillis());
  }

  private void hand(Registration each) {
    Thread caller = Thread.currentThread();
    AtomicBoolean handedOver = new AtomicBoolean();
    try {
      executor.execute(() -> {
        if (Thread.currentThread() == caller && !handedOver.get()) {
          throw new IllegalStateException("the executor runs tasks in the calling thread");
        }
        run(each);
      });
    } catch (Throwable refusal) {
      finish(each, CheckResult.unknown("NOT_STARTED", "the executor refused it: " + refusal));
    } finally {
      handedOver.set(true);
    }
  }

  private void run(Registration each) {
    synchronized (lock) {
      if (each.removed || closed) {
        return;
      }
      each.phase = Phase.RUNNING;
      each.phaseSince = now();
      each.worker = Thread.currentThread();
      progress = each.phaseSince;
    }
    Object event = HealthEvents.begin();
    CheckResult result;
    try {
      result = each.check.check();
      if (result == null) {
        result =
            CheckResult.down("NULL_RESULT", "the check gave no result", "repair the check's code");
      }
    } catch (Throwable failure) {
      result = CheckResult.down("EXCEPTION", text(failure), "see the application's log");
    }
    result = redacted(result);
    HealthEvents.ran(event, each.name, result);
    finish(each, result);
  }

  /** A failure for people: of a file its path and reason, of anything else its kind and text. */
  private static String text(Throwable failure) {
    if (failure instanceof NoSuchFileException missing) {
      return missing.getFile() + ": no such file or directory";
    }
    if (failure instanceof AccessDeniedException denied) {
      return denied.getFile() + ": permission denied";
    }
    return failure.toString();
  }

  /** Blackens the secrets in a result, which is shown to many. */
  private static CheckResult redacted(CheckResult result) {
    return new CheckResult(
        result.status(),
        result.code(),
        Redaction.of(result.description()),
        Redaction.of(result.action()),
        Redaction.of(result.details()));
  }

  /** Ends a run. The result of one that is past its time-out comes too late to count. */
  private void finish(Registration each, CheckResult result) {
    synchronized (lock) {
      long now = now();
      progress = now;
      boolean late = each.phase == Phase.OVERDUE;
      boolean begun = each.worker != null;
      each.phase = Phase.IDLE;
      each.worker = null;
      if (late) {
        own.ifPresent(Workers::freed);
      } else if (!each.removed && !closed) {
        take(each, result, begun ? now - each.phaseSince : 0);
        publish();
      }
      if (begun) {
        Thread.interrupted();
      }
      lock.notifyAll();
    }
  }

  private void take(Registration each, CheckResult result, long nanos) {
    Status before = each.status();
    if (each.record(result, now(), clock.instant(), Duration.ofNanos(nanos))) {
      announce(each, before);
    }
  }

  private static void announce(Registration each, Status before) {
    CheckState state = each.state();
    HealthEvents.changed(state, before);
    boolean good = state.status() == Status.UP;
    if (!(good && before == Status.UNKNOWN)) {
      LOG.log(
          good ? Level.INFO : Level.WARNING,
          "Health of {0}: {1} to {2}. {3}",
          each.name,
          before,
          state.status(),
          state.latest().description());
    }
  }

  /**
   * Puts the state before the readers and tells it; gives the time at which there is more to tell.
   */
  private long publish() {
    Instant time = clock.instant();
    List<CheckState> ownStates = new ArrayList<>(2);
    if (!interruptions.isEmpty()) {
      String reason = interruptions.get(interruptions.size() - 1);
      CheckResult why = redacted(CheckResult.outOfService(reason));
      ownStates.add(Published.service(why, interruptedSince));
    }
    if (scheduler != null) {
      ownStates.add(Published.scheduler(closed ? time : startedAt, closed));
    }
    published.set(Published.of(registrations.values(), ownStates, closed, time));
    return tellAll(now());
  }

  private long tellAll(long now) {
    long next = Long.MAX_VALUE;
    Instant time = clock.instant();
    for (Subscription subscription : subscriptions) {
      for (Registration each : registrations.values()) {
        if (each.results > 0) {
          next = Math.min(next, subscription.look(each.state(), now, time));
        }
      }
    }
    return next;
  }

  private void wakeUp() {
    wake = true;
    lock.notifyAll();
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the health monitor is closed");
    }
  }

  private long now() {
    return nanoTime.getAsLong() - origin;
  }

  /** The builder of a monitor; everything has a default. Not thread-safe. */
  public static final class Builder {

    private Clock clock = Clock.systemUTC();
    private LongSupplier nanoTime = System::nanoTime;
    private Executor executor;
    private int threads = 4;

    private Builder() {}

    /**
     * The clock for the times that are shown.
     *
     * @param clock the system's by default
     * @return this builder
     */
    public Builder clock(Clock clock) {
      this.clock = requireNonNull(clock, "clock");
      return this;
    }

    /**
     * The clock for intervals, time-outs and ages, which no change of the system's time disturbs.
     *
     * @param nanoTime {@link System#nanoTime()} by default
     * @return this builder
     */
    public Builder nanoTime(LongSupplier nanoTime) {
      this.nanoTime = requireNonNull(nanoTime, "nanoTime");
      return this;
    }

    /**
     * Runs the checks instead of the monitor's own threads. It stays the user's:
     * {@link HealthMonitor#close()} does not stop it.
     *
     * @param executor for instance one with a virtual thread for each task
     * @return this builder
     * @throws IllegalArgumentException if it runs tasks in the calling thread, because then no
     *     time-out could ever be kept
     */
    public Builder executor(Executor executor) {
      if (Workers.runsInCaller(requireNonNull(executor, "executor"))) {
        throw new IllegalArgumentException(
            "the executor runs tasks in the calling thread, so no check could ever time out: give one"
                + " with threads of its own");
      }
      this.executor = executor;
      return this;
    }

    /**
     * How many checks run at the same time on the monitor's own threads.
     *
     * @param threads 1 to 256; 4 by default. A thread that hangs in a check is replaced
     * @return this builder
     */
    public Builder threads(int threads) {
      if (threads < 1 || threads > 256) {
        throw new IllegalArgumentException("threads must be 1 to 256: " + threads);
      }
      this.threads = threads;
      return this;
    }

    /**
     * Makes the monitor. It runs nothing before {@link HealthMonitor#start()} or
     * {@link HealthMonitor#check()}.
     *
     * @return a new monitor
     */
    public HealthMonitor build() {
      return new HealthMonitor(this);
    }
  }
}
