package com.personalaichatbot.dr.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class HealthMonitorTest {

  private static final CheckSettings SECONDLY = CheckSettings.DEFAULT.every(Duration.ofSeconds(1));
  private static final CheckResult UP = CheckResult.up();
  private static final CheckResult DOWN = CheckResult.down("BROKEN", "broken", "repair it");
  private static final CheckResult DEGRADED = CheckResult.degraded("SLOW", "slow", "wait");

  private final ManualTime time = new ManualTime();
  private final ManualExecutor executor = new ManualExecutor();
  private final HealthMonitor monitor = HealthMonitor.builder()
      .clock(time)
      .nanoTime(time::nanoTime)
      .executor(executor)
      .build();
  private final List<HealthMonitor> others = new ArrayList<>();

  @AfterEach
  void close() {
    monitor.close();
    others.forEach(HealthMonitor::close);
  }

  private HealthMonitor threaded() {
    HealthMonitor other =
        HealthMonitor.builder().clock(time).nanoTime(time::nanoTime).threads(2).build();
    others.add(other);
    return other;
  }

  private void round() {
    monitor.tick();
    executor.runAll();
    time.pass(Duration.ofSeconds(1));
  }

  private Status status(String name) {
    return monitor.health().check(name).orElseThrow().status();
  }

  @Test
  void health_nothingRegistered_isUnknown() {
    assertThat(monitor.health().status()).isEqualTo(Status.UNKNOWN);
    assertThat(monitor.health().groups())
        .containsExactly("live", "ready", "recovery", "security", "capacity");
  }

  @Test
  void health_beforeFirstResult_isUnknownWithReason() {
    monitor.register("a", () -> UP);
    CheckState state = monitor.health().check("a").orElseThrow();
    assertThat(state.status()).isEqualTo(Status.UNKNOWN);
    assertThat(state.latest().code()).isEqualTo("NOT_RUN");
    assertThat(state.checkedAt()).isEmpty();
  }

  @Test
  void health_checksOfAllWeights_worstWinsByWeight() {
    monitor.register("info", () -> DOWN, SECONDLY.weight(Weight.INFO));
    monitor.register("good", () -> UP, SECONDLY);
    round();
    assertThat(monitor.health().status()).isEqualTo(Status.UP);
    monitor.register("important", () -> DOWN, SECONDLY.weight(Weight.IMPORTANT));
    round();
    assertThat(monitor.health().status()).isEqualTo(Status.DEGRADED);
    monitor.register("critical", () -> DOWN, SECONDLY);
    round();
    assertThat(monitor.health().status()).isEqualTo(Status.DOWN);
    assertThat(status("info")).isEqualTo(Status.DOWN);
  }

  @Test
  void check_flipsAfterRegistration_isAskedEachTime() {
    AtomicReference<CheckResult> result = new AtomicReference<>(UP);
    monitor.register("a", result::get, SECONDLY);
    round();
    assertThat(status("a")).isEqualTo(Status.UP);
    result.set(DOWN);
    round();
    assertThat(status("a")).isEqualTo(Status.DOWN);
  }

  @Test
  void check_throwsAnything_isDownWithTheFailure() {
    for (Throwable failure : List.of(
        new Exception("no"), new StackOverflowError("deep"), new OutOfMemoryError("full"))) {
      String name = failure.getClass().getSimpleName();
      monitor.register(name, () -> {
        throw sneaky(failure);
      });
      round();
      CheckState state = monitor.health().check(name).orElseThrow();
      assertThat(state.status()).isEqualTo(Status.DOWN);
      assertThat(state.latest().code()).isEqualTo("EXCEPTION");
      assertThat(state.latest().description()).contains(failure.getMessage());
    }
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> T sneaky(Throwable failure) throws T {
    throw (T) failure;
  }

  @Test
  void check_givesNull_isDown() {
    monitor.register("a", () -> null);
    round();
    assertThat(monitor.health().check("a").orElseThrow().latest().code()).isEqualTo("NULL_RESULT");
    assertThat(status("a")).isEqualTo(Status.DOWN);
  }

  @Test
  void check_saysASecret_isBlackened() {
    String key = "sk-or-v1-" + "a1".repeat(20);
    monitor.register("a", () -> {
      throw new IllegalStateException("refused for " + key);
    });
    monitor.register("b", () -> DOWN.with("url", "https://me:hunter2!@host/").with("apiKey", "x1"));
    round();
    assertThat(monitor.health().checks().toString())
        .doesNotContain(key, "hunter2", "x1")
        .contains("[redacted]");
  }

  @Test
  void thresholds_failPassFailPassFail_stayUp() {
    AtomicInteger run = new AtomicInteger();
    monitor.register("a", () -> run.getAndIncrement() % 2 == 0 ? UP : DOWN, SECONDLY.downAfter(3));
    for (int i = 0; i < 20; i++) {
      round();
      assertThat(status("a")).isEqualTo(Status.UP);
    }
    assertThat(run).hasValue(20);
  }

  @Test
  void thresholds_consecutiveResults_changeAtTheNumberAndNotBefore() {
    AtomicReference<CheckResult> result = new AtomicReference<>(UP);
    monitor.register("a", result::get, SECONDLY.downAfter(3).upAfter(2));
    round();
    result.set(DOWN);
    round();
    result.set(DEGRADED);
    round();
    assertThat(status("a")).isEqualTo(Status.UP);
    result.set(DOWN);
    round();
    assertThat(status("a")).isEqualTo(Status.DOWN);
    result.set(UP);
    round();
    result.set(DOWN);
    round();
    result.set(UP);
    round();
    assertThat(status("a")).isEqualTo(Status.DOWN);
    round();
    assertThat(status("a")).isEqualTo(Status.UP);
  }

  @Test
  void result_olderThanItsTimeToLive_isUnknownEvenIfNobodyTicks() {
    monitor.register("a", () -> UP, SECONDLY.goodFor(Duration.ofSeconds(10)));
    round();
    time.pass(Duration.ofSeconds(9));
    assertThat(status("a")).isEqualTo(Status.UP);
    time.pass(Duration.ofSeconds(1));
    assertThat(status("a")).isEqualTo(Status.UNKNOWN);
    assertThat(monitor.health().check("a").orElseThrow().latest().code()).isEqualTo("STALE");
    assertThat(monitor.health().status()).isEqualTo(Status.UNKNOWN);
    assertThat(monitor.health()).isSameAs(monitor.health());
    round();
    assertThat(status("a")).isEqualTo(Status.UP);
  }

  @Test
  void wallClock_jumps_disturbsNoAge() {
    monitor.register("a", () -> UP, SECONDLY);
    round();
    time.jump(Duration.ofDays(400));
    assertThat(status("a")).isEqualTo(Status.UP);
    time.jump(Duration.ofDays(-800));
    round();
    assertThat(status("a")).isEqualTo(Status.UP);
  }

  @Test
  void firstDelay_notOver_checkIsNotRun() {
    AtomicInteger runs = new AtomicInteger();
    monitor.register(
        "a",
        () -> {
          runs.incrementAndGet();
          return UP;
        },
        SECONDLY.startAfter(Duration.ofSeconds(3)));
    round();
    round();
    round();
    assertThat(runs).hasValue(0);
    round();
    assertThat(runs).hasValue(1);
  }

  @Test
  void executor_hasNoThreadFree_checkIsQueuedOnceAndSaidSo() {
    monitor.register("a", () -> UP, SECONDLY);
    executor.runAll();
    for (int i = 0; i < 40; i++) {
      monitor.tick();
      time.pass(Duration.ofSeconds(1));
    }
    assertThat(executor.waiting()).isEqualTo(1);
    assertThat(monitor.health().check("a").orElseThrow().latest().code()).isEqualTo("NOT_STARTED");
  }

  @Test
  void executor_rejects_isUnknownAndTriedAgain() {
    AtomicInteger calls = new AtomicInteger();
    HealthMonitor rejecting = HealthMonitor.builder()
        .clock(time)
        .nanoTime(time::nanoTime)
        .executor(task -> {
          if (calls.getAndIncrement() > 0) {
            throw new RejectedExecutionException("full");
          }
        })
        .build();
    others.add(rejecting);
    rejecting.register("a", () -> UP, SECONDLY);
    Health health = rejecting.check();
    assertThat(health.check("a").orElseThrow().latest().description()).contains("full");
    rejecting.check();
    assertThat(calls).hasValue(3);
  }

  @Test
  void builder_callerRunsExecutor_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HealthMonitor.builder().executor(Runnable::run))
        .withMessageContaining("time out");
    try (var pool =
        new ClosingPool(new java.util.concurrent.ThreadPoolExecutor.CallerRunsPolicy())) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> HealthMonitor.builder().executor(pool.threads));
    }
  }

  private record ClosingPool(java.util.concurrent.ThreadPoolExecutor threads)
      implements AutoCloseable {
    ClosingPool(java.util.concurrent.RejectedExecutionHandler handler) {
      this(new java.util.concurrent.ThreadPoolExecutor(
          1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), handler));
    }

    @Override
    public void close() {
      threads.shutdown();
    }
  }

  @Test
  void register_duplicateReservedOrMalformedName_isRefused() {
    monitor.register("a", () -> UP);
    for (String name : List.of("a", "scheduler", "service", "", " ", "x y", "é", "a".repeat(101))) {
      assertThatIllegalArgumentException().isThrownBy(() -> monitor.register(name, () -> UP));
    }
    assertThat(monitor.health().checks()).hasSize(1);
  }

  @Test
  void register_anyCheckIntoLive_isRefusedUnlessItIsALivenessCheck() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> monitor.register("disk", () -> UP, SECONDLY.in("live")))
        .withMessageContaining("LivenessCheck");
    LivenessCheck loop = () -> UP;
    monitor.register("loop", loop);
    round();
    Health live = monitor.health().group("live").orElseThrow();
    assertThat(live.checks()).extracting(CheckState::name).containsExactly("loop");
    assertThat(live.status()).isEqualTo(Status.UP);
  }

  @Test
  void group_ownName_isKnownWhileACheckIsInIt() {
    monitor.register("a", () -> DOWN, SECONDLY.in("mine", "ready").tagged("x"));
    monitor.register("b", () -> UP, SECONDLY);
    round();
    assertThat(monitor.health().group("mine").orElseThrow().status()).isEqualTo(Status.DOWN);
    assertThat(monitor.health().groups()).contains("mine");
    assertThat(monitor.health().group("other")).isEmpty();
    assertThat(monitor.health().select(c -> c.tags().contains("x")).checks()).hasSize(1);
    assertThat(monitor.remove("a")).isTrue();
    assertThat(monitor.remove("a")).isFalse();
    assertThat(monitor.health().group("mine")).isEmpty();
  }

  @Test
  void check_registersAndRemovesChecks_works() {
    monitor.register("a", () -> {
      monitor.remove("a");
      monitor.register("b", () -> UP);
      return DOWN;
    });
    round();
    round();
    assertThat(monitor.health().checks()).extracting(CheckState::name).containsExactly("b");
    assertThat(status("b")).isEqualTo(Status.UP);
  }

  @Test
  void hungCheck_pastItsTimeout_isDownAndNeverStartedTwice() throws Exception {
    HealthMonitor real = threaded();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger starts = new AtomicInteger();
    real.register(
        "hung",
        () -> {
          starts.incrementAndGet();
          begun.countDown();
          release.await();
          return UP;
        },
        SECONDLY.timeoutAfter(Duration.ofSeconds(2)));
    real.tick();
    begun.await();
    time.pass(Duration.ofSeconds(1));
    real.tick();
    assertThat(real.health().check("hung").orElseThrow().status()).isEqualTo(Status.UNKNOWN);
    for (int i = 0; i < 50; i++) {
      time.pass(Duration.ofSeconds(1));
      real.tick();
      CheckState state = real.health().check("hung").orElseThrow();
      assertThat(state.status()).isEqualTo(Status.DOWN);
      assertThat(state.latest().code()).isEqualTo("TIMEOUT");
    }
    assertThat(starts).hasValue(1);
    release.countDown();
    assertThat(real.check().check("hung").orElseThrow().status()).isIn(Status.UP, Status.DOWN);
    while (starts.get() == 1) {
      time.pass(Duration.ofSeconds(1));
      real.tick();
      Thread.onSpinWait();
    }
  }

  @Test
  void hungChecks_moreThanThreads_doNotStarveTheOthers() throws Exception {
    HealthMonitor real = threaded();
    CountDownLatch begun = new CountDownLatch(2);
    CountDownLatch release = new CountDownLatch(1);
    for (int i = 0; i < 2; i++) {
      real.register(
          "hung" + i,
          () -> {
            begun.countDown();
            release.await();
            return UP;
          },
          SECONDLY);
    }
    real.tick();
    begun.await();
    real.register("good", () -> UP, SECONDLY);
    time.pass(Duration.ofSeconds(6));
    Health health = real.check();
    assertThat(health.check("good").orElseThrow().status()).isEqualTo(Status.UP);
    assertThat(health.check("hung0").orElseThrow().status()).isEqualTo(Status.DOWN);
    release.countDown();
  }

  @Test
  void hungCheck_removedWhileItRuns_isGoneAndItsResultIsDropped() throws Exception {
    HealthMonitor real = threaded();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    BlockingQueue<HealthChange> told = new LinkedBlockingQueue<>();
    real.listen(told::add);
    real.register(
        "hung",
        () -> {
          begun.countDown();
          release.await();
          return DOWN;
        },
        SECONDLY);
    real.tick();
    begun.await();
    assertThat(real.remove("hung")).isTrue();
    real.register("hung", () -> UP, SECONDLY);
    release.countDown();
    assertThat(real.check().check("hung").orElseThrow().status()).isEqualTo(Status.UP);
    real.register("last", () -> DEGRADED, SECONDLY);
    real.check();
    assertThat(told.take().name()).isEqualTo("last");
  }

  @Test
  void thresholds_worseAndBetterByTurns_countNothingTogether() {
    Deque<CheckResult> results = new ArrayDeque<>(List.of(DEGRADED, DOWN, UP, DOWN, UP, UP));
    monitor.register("a", results::poll, SECONDLY.downAfter(2).upAfter(2));
    for (int i = 0; i < 5; i++) {
      round();
      assertThat(status("a")).as("after %d", i + 1).isEqualTo(Status.DEGRADED);
    }
    round();
    assertThat(status("a")).isEqualTo(Status.UP);
  }

  @Test
  void timedOut_resultThatComesLate_doesNotCount() throws Exception {
    HealthMonitor real = threaded();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch again = new CountDownLatch(1);
    BlockingQueue<HealthChange> told = new LinkedBlockingQueue<>();
    real.listen(told::add);
    real.register(
        "slow",
        () -> {
          if (begun.getCount() > 0) {
            begun.countDown();
            release.await();
            return UP;
          }
          again.countDown();
          return DOWN;
        },
        SECONDLY.timeoutAfter(Duration.ofSeconds(2)));
    real.tick();
    begun.await();
    time.pass(Duration.ofSeconds(3));
    real.tick();
    release.countDown();
    while (!again.await(1, TimeUnit.MILLISECONDS)) {
      time.pass(Duration.ofSeconds(1));
      real.tick();
    }
    real.register("last", () -> DEGRADED, SECONDLY);
    real.check();
    assertThat(told.take().to()).isEqualTo(Status.DOWN);
    assertThat(told.take().name()).isEqualTo("last");
  }

  /** What is removed has no state that could change: neither a listener nor the log hears of it. */
  @Test
  void removed_whileItsExecutorRefusesIt_leavesNoTrace() {
    List<String> logged = new ArrayList<>();
    Logger log = Logger.getLogger("com.personalaichatbot.dr.health");
    Handler handler = recording(logged);
    log.addHandler(handler);
    AtomicReference<HealthMonitor> self = new AtomicReference<>();
    AtomicBoolean refuses = new AtomicBoolean();
    HealthMonitor real = HealthMonitor.builder()
        .clock(time)
        .nanoTime(time::nanoTime)
        .executor(task -> {
          if (refuses.get()) {
            assertThat(self.get().remove("a")).isTrue();
            throw new RejectedExecutionException();
          }
          executor.execute(task);
        })
        .build();
    others.add(real);
    self.set(real);
    try {
      real.register("a", () -> UP, SECONDLY);
      real.tick();
      executor.runAll();
      time.pass(Duration.ofSeconds(1));
      refuses.set(true);
      real.tick();
    } finally {
      log.removeHandler(handler);
    }
    assertThat(real.health().check("a")).isEmpty();
    assertThat(logged).isEmpty();
  }

  private static Handler recording(List<String> lines) {
    return new Handler() {
      @Override
      public void publish(LogRecord line) {
        lines.add(line.getMessage());
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  @Test
  void timeout_notInterruptingByDefault_interruptingIfAsked() throws Exception {
    HealthMonitor real = threaded();
    CountDownLatch begun = new CountDownLatch(2);
    CountDownLatch interrupted = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger politeInterrupted = new AtomicInteger();
    real.register("polite", () -> {
      begun.countDown();
      try {
        release.await();
      } catch (InterruptedException e) {
        politeInterrupted.incrementAndGet();
      }
      return UP;
    });
    real.register(
        "harsh",
        () -> {
          begun.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.countDown();
          }
          return UP;
        },
        CheckSettings.DEFAULT.interrupting());
    real.tick();
    begun.await();
    time.pass(Duration.ofSeconds(6));
    real.tick();
    interrupted.await();
    assertThat(politeInterrupted).hasValue(0);
    release.countDown();
  }

  @Test
  void start_showsTheSchedulerAndItIsUp() {
    monitor.register("a", () -> UP, SECONDLY.goodFor(Duration.ofDays(1)));
    monitor.start();
    assertThat(monitor.health().check("scheduler").orElseThrow().status()).isEqualTo(Status.UP);
    assertThat(monitor.health().group("live").orElseThrow().status()).isEqualTo(Status.UP);
  }

  @Test
  void scheduler_hasStopped_liveIsUnknown() {
    ManualTime stopped = new ManualTime();
    HealthMonitor other = HealthMonitor.builder()
        .clock(stopped)
        .nanoTime(() -> {
          if (Thread.currentThread().getName().startsWith("dr-health-scheduler")) {
            throw new IllegalStateException("planted: the scheduler cannot go on");
          }
          return stopped.nanoTime();
        })
        .executor(executor)
        .build();
    others.add(other);
    other.start();
    stopped.pass(Duration.ofMinutes(1));
    Health health = other.health();
    assertThat(health.status()).isEqualTo(Status.UNKNOWN);
    assertThat(health.group("live").orElseThrow().status()).isEqualTo(Status.UNKNOWN);
    assertThat(health.check("scheduler").orElseThrow().latest().code())
        .isEqualTo("SCHEDULER_STALLED");
  }

  @Test
  void outOfService_whileOpen_readyIsOutAndLiveIsNot() {
    LivenessCheck loop = () -> UP;
    monitor.register("loop", loop);
    monitor.register("ready", () -> UP, SECONDLY.in("ready"));
    round();
    HealthMonitor.Interruption first = monitor.outOfService("restoring");
    HealthMonitor.Interruption second = monitor.outOfService("restoring");
    first.close();
    first.close();
    Health health = monitor.health();
    assertThat(health.status()).isEqualTo(Status.OUT_OF_SERVICE);
    assertThat(health.group("ready").orElseThrow().status()).isEqualTo(Status.OUT_OF_SERVICE);
    assertThat(health.group("live").orElseThrow().status()).isEqualTo(Status.UP);
    second.close();
    assertThat(monitor.health().status()).isEqualTo(Status.UP);
  }

  @Test
  void listener_eachTransition_isToldOnce() throws Exception {
    AtomicReference<CheckResult> result = new AtomicReference<>(UP);
    BlockingQueue<HealthChange> told = new LinkedBlockingQueue<>();
    monitor.register("a", result::get, SECONDLY).listen(told::add);
    for (CheckResult next : List.of(UP, UP, DOWN, DOWN, DEGRADED, UP, UP)) {
      result.set(next);
      round();
    }
    assertThat(steps(told, 3)).containsExactly("UP>DOWN", "DOWN>DEGRADED", "DEGRADED>UP");
    monitor.close();
    assertThat(told).isEmpty();
  }

  @Test
  void listener_settlingTime_flapIsNotTold() throws Exception {
    AtomicReference<CheckResult> result = new AtomicReference<>(UP);
    BlockingQueue<HealthChange> told = new LinkedBlockingQueue<>();
    monitor
        .register("a", result::get, SECONDLY)
        .listen(told::add, Duration.ofSeconds(5), Duration.ofSeconds(10));
    for (int i = 0; i < 10; i++) {
      result.set(i % 2 == 0 ? DOWN : UP);
      round();
    }
    result.set(DOWN);
    for (int i = 0; i < 27; i++) {
      round();
    }
    result.set(UP);
    for (int i = 0; i < 7; i++) {
      round();
    }
    assertThat(steps(told, 4)).containsExactly("UP>DOWN", "DOWN>DOWN", "DOWN>DOWN", "DOWN>UP");
    assertThat(told).isEmpty();
  }

  private static List<String> steps(BlockingQueue<HealthChange> told, int count)
      throws InterruptedException {
    List<String> steps = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      HealthChange change = told.take();
      steps.add(change.from() + ">" + change.to());
      assertThat(change.isReminder()).isEqualTo(change.from() == change.to());
    }
    return steps;
  }

  @Test
  void listener_throwsOrHangs_othersAreStillTold() throws Exception {
    BlockingQueue<HealthChange> told = new LinkedBlockingQueue<>();
    CountDownLatch release = new CountDownLatch(1);
    HealthListener hanging = change -> {
      try {
        release.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    };
    monitor
        .listen(change -> {
          throw new AssertionError("planted");
        })
        .listen(hanging)
        .listen(told::add);
    monitor.register("a", () -> DOWN);
    round();
    assertThat(steps(told, 1)).containsExactly("UP>DOWN");
    assertThat(monitor.ignore(hanging)).isTrue();
    assertThat(monitor.ignore(hanging)).isFalse();
    release.countDown();
  }

  @Test
  void check_oneShotWithoutStart_runsEverythingOnceInParallel() {
    HealthMonitor real = threaded();
    CountDownLatch both = new CountDownLatch(2);
    for (String name : List.of("a", "b")) {
      real.register(
          name,
          () -> {
            both.countDown();
            both.await();
            return UP;
          },
          SECONDLY.startAfter(Duration.ofHours(1)).downAfter(5));
    }
    assertThat(real.check().status()).isEqualTo(Status.UP);
  }

  @Test
  void check_thousandChecks_allHaveResults() {
    HealthMonitor real = threaded();
    for (int i = 0; i < 1_000; i++) {
      CheckResult result = i == 999 ? DEGRADED : UP;
      real.register("check" + i, () -> result);
    }
    Health health = real.check();
    assertThat(health.status()).isEqualTo(Status.DEGRADED);
    assertThat(health.checks()).hasSize(1_000).noneMatch(c -> c.checkedAt().isEmpty());
    assertThat(real.health()).isSameAs(real.health());
  }

  @Test
  void health_thousandChecks_readingAllocatesNothingWorthTheName() {
    HealthMonitor real = threaded();
    for (int i = 0; i < 1_000; i++) {
      real.register("check" + i, () -> UP);
    }
    real.check();
    var threads =
        (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().getId();
    assertThat(read(real, 20_000)).isEqualTo(20_000);
    long before = threads.getThreadAllocatedBytes(id);
    assertThat(read(real, 10_000)).isEqualTo(10_000);
    // A thousand references alone would be 40 MB in so many reads.
    assertThat(threads.getThreadAllocatedBytes(id) - before).isLessThan(1_000_000);
  }

  private static int read(HealthMonitor monitor, int times) {
    int up = 0;
    for (int i = 0; i < times; i++) {
      up += monitor.health().status() == Status.UP ? 1 : 0;
    }
    return up;
  }

  @Test
  void manyThreads_registerRemoveAndRead_nothingIsLostOrTorn() throws Exception {
    HealthMonitor real = HealthMonitor.builder().build();
    others.add(real);
    real.register("stays", () -> UP, CheckSettings.DEFAULT.every(Duration.ofMillis(1)));
    real.check();
    real.start();
    List<Thread> threads = new ArrayList<>();
    AtomicInteger torn = new AtomicInteger();
    for (int t = 0; t < 4; t++) {
      String prefix = "t" + t + "-";
      Thread thread = new Thread(
          () -> {
            for (int i = 0; i < 200; i++) {
              real.register(
                  prefix + i, () -> UP, CheckSettings.DEFAULT.every(Duration.ofMillis(1)));
              Health health = real.health();
              boolean known =
                  health.check("stays").isPresent() && health.check(prefix + i).isPresent();
              torn.addAndGet(known && real.remove(prefix + i) ? 0 : 1);
            }
          },
          "registering-" + t);
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(torn).hasValue(0);
    assertThat(real.health().checks())
        .extracting(CheckState::name)
        .containsExactly("stays", "scheduler");
  }

  @Test
  void watch_untilInterrupted_reportsTheFirstAndEachChange() throws Exception {
    HealthMonitor real = HealthMonitor.builder().build();
    others.add(real);
    AtomicInteger run = new AtomicInteger();
    real.register("a", () -> run.getAndIncrement() < 3 ? UP : DOWN);
    BlockingQueue<Status> seen = new LinkedBlockingQueue<>();
    CountDownLatch stillInterrupted = new CountDownLatch(1);
    Thread watcher = new Thread(
        () -> {
          real.watch(Duration.ofMillis(1), health -> seen.add(health.status()));
          if (Thread.currentThread().isInterrupted()) {
            stillInterrupted.countDown();
          }
        },
        "watcher");
    watcher.start();
    assertThat(seen.take()).isEqualTo(Status.UP);
    assertThat(seen.take()).isEqualTo(Status.DOWN);
    watcher.interrupt();
    stillInterrupted.await();
    assertThat(seen).isEmpty();
  }

  @Test
  void start_inBackground_stateArrivesByItself() throws Exception {
    HealthMonitor real = HealthMonitor.builder().build();
    others.add(real);
    CountDownLatch runs = new CountDownLatch(3);
    real.start();
    real.register(
        "a",
        () -> {
          runs.countDown();
          return UP;
        },
        CheckSettings.DEFAULT.every(Duration.ofMillis(1)).goodFor(Duration.ofDays(1)));
    runs.await();
    assertThat(real.health().status()).isEqualTo(Status.UP);
  }

  @Test
  void close_withAStuckCheck_returnsAndIsFinal() throws Exception {
    HealthMonitor real = threaded();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    real.register("good", () -> UP);
    real.check();
    real.register("slowToStop", () -> {
      begun.countDown();
      while (release.getCount() > 0) {
        try {
          release.await();
        } catch (InterruptedException e) {
          // Planted: does not listen.
        }
      }
      return UP;
    });
    real.start();
    begun.await();
    real.close();
    real.close();
    assertThat(real.health().status()).isEqualTo(Status.UNKNOWN);
    assertThatIllegalStateException().isThrownBy(() -> real.register("b", () -> UP));
    assertThatIllegalStateException().isThrownBy(real::check);
    release.countDown();
  }

  @Test
  void settings_outOfRange_areRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> SECONDLY.every(Duration.ZERO));
    assertThatIllegalArgumentException().isThrownBy(() -> SECONDLY.timeoutAfter(Duration.ZERO));
    assertThatIllegalArgumentException().isThrownBy(() -> SECONDLY.startAfter(Duration.ofDays(-1)));
    assertThatIllegalArgumentException().isThrownBy(() -> SECONDLY.downAfter(0));
    assertThatIllegalArgumentException().isThrownBy(() -> SECONDLY.in(" "));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HealthMonitor.builder().threads(0));
  }

  @Test
  void result_detailsOfOtherTypes_becomeText() {
    CheckResult result = UP.with("n", 1)
        .with("nan", Double.NaN)
        .with("at", Duration.ofSeconds(1))
        .with("ok", true);
    assertThat(result.details())
        .containsEntry("n", 1)
        .containsEntry("nan", "NaN")
        .containsEntry("at", "PT1S")
        .containsEntry("ok", true);
  }
}
