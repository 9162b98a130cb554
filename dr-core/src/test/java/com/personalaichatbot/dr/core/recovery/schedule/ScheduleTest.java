package com.personalaichatbot.dr.core.recovery.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.personalaichatbot.dr.core.checks.RecoveryChecks;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import com.personalaichatbot.dr.core.storage.StorageLock;
import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyFileSystem;
import com.personalaichatbot.dr.core.testkit.FileCall;
import com.personalaichatbot.dr.core.testkit.RepositoryExtension;
import com.personalaichatbot.dr.core.testkit.SettableClock;
import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.HealthMonitor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(RepositoryExtension.class)
@Timeout(60)
class ScheduleTest {
  private static final Recurrence NIGHTLY = Recurrence.daily(LocalTime.of(2, 0));

  @TempDir
  Path state;

  private final List<String> done = new ArrayList<>();
  private BackupRepository repository;
  private SettableClock clock;

  @BeforeEach
  void take(BackupRepository given, SettableClock givenClock) {
    repository = given;
    clock = givenClock;
    clock.set(Instant.parse("2026-01-15T12:00:00Z"));
  }

  private Schedule.Builder schedule(Job... jobs) {
    Schedule.Builder builder =
        Schedule.builder(repository).state(state).jitter(Duration.ZERO).executor(Runnable::run);
    for (Job job : jobs) {
      builder.job(job);
    }
    return builder;
  }

  private Job job(String name) {
    return Job.of(name, NIGHTLY, () -> {
      done.add(name);
      return name + " is done";
    });
  }

  private Job failing(String name) {
    return Job.of(name, NIGHTLY, () -> {
      done.add(name);
      throw new IOException("no " + name);
    });
  }

  private void setTo(String time) {
    clock.set(Instant.parse(time));
  }

  @Test
  void runDue_nothingDue_doesNothing() {
    try (Schedule schedule = schedule(job("a")).build()) {
      assertThat(schedule.runDue()).isEmpty();
      assertThat(schedule.states().get(0).due()).isEqualTo("2026-01-16T02:00:00Z");
    }
  }

  @Test
  void runDue_missedThreeTimes_isDoneOnce() {
    try (Schedule schedule = schedule(job("a")).build()) {
      setTo("2026-01-18T10:00:00Z");

      assertThat(schedule.runDue())
          .singleElement()
          .isEqualTo(new JobRun(
              "a",
              Instant.parse("2026-01-16T02:00:00Z"),
              clock.instant(),
              clock.instant(),
              true,
              "a is done"));
      assertThat(schedule.runDue()).isEmpty();
      assertThat(schedule.states().get(0).due()).isEqualTo("2026-01-19T02:00:00Z");
    }
  }

  @Test
  void runDue_afterRestart_knowsWhatWasDone() {
    setTo("2026-01-16T02:00:00Z");
    try (Schedule schedule = schedule(job("a")).build()) {
      schedule.runDue();
    }
    try (Schedule schedule = schedule(job("a")).build()) {
      assertThat(schedule.runDue()).isEmpty();
      assertThat(schedule.states().get(0).last()).contains(clock.instant());
    }
    assertThat(done).containsExactly("a");
  }

  @Test
  void runDue_oneFails_theOthersAreDone_andItIsTriedAgainLater() {
    try (Schedule schedule = schedule(failing("bad"), job("good")).build()) {
      setTo("2026-01-16T02:00:00Z");

      assertThat(schedule.runDue()).extracting(JobRun::passed).containsExactly(false, true);
      assertThat(schedule.runDue()).isEmpty();
      assertThat(schedule.states().get(0).problem()).isEqualTo("IOException: no bad");
      setTo("2026-01-16T02:02:00Z");
      schedule.runDue();
      assertThat(schedule.states().get(0).failures()).isEqualTo(2);
    }
    assertThat(done).containsExactly("bad", "good", "bad");
  }

  @Test
  void runDue_errorInAJob_stopsNoOther() {
    Job broken = Job.of("broken", NIGHTLY, () -> {
      throw new StackOverflowError();
    });
    try (Schedule schedule = schedule(broken, job("good")).build()) {
      setTo("2026-01-16T02:00:00Z");

      assertThat(schedule.runDue()).extracting(JobRun::message).contains("StackOverflowError");
    }
    assertThat(done).containsExactly("good");
  }

  @Test
  void runDue_errorsInListenerAndCondition_stopNoJob() {
    Job conditional = job("conditional").orWhen(() -> {
      throw new NoClassDefFoundError("gone");
    });
    try (Schedule schedule = schedule(conditional, job("good"))
        .listener(run -> {
          throw new StackOverflowError();
        })
        .build()) {
      setTo("2026-01-16T02:00:00Z");

      assertThat(schedule.runDue()).allMatch(JobRun::passed).hasSize(2);
    }
  }

  @Test
  void runDue_noMemoryForAThread_isTriedAgain() {
    AtomicBoolean noMemory = new AtomicBoolean(true);
    Executor starved = task -> {
      if (noMemory.getAndSet(false)) {
        throw new OutOfMemoryError("unable to create native thread");
      }
      task.run();
    };
    try (Schedule schedule = schedule(job("a")).executor(starved).build()) {
      setTo("2026-01-16T02:00:00Z");
      assertThatThrownBy(schedule::runDue).isInstanceOf(OutOfMemoryError.class);

      assertThat(schedule.runDue()).extracting(JobRun::passed).containsExactly(true);
    }
    assertThat(done).containsExactly("a");
  }

  @Test
  void runDue_jobAfterOneThatFails_waitsForIt() {
    AtomicBoolean mended = new AtomicBoolean();
    Job first = Job.of("first", NIGHTLY, () -> {
      if (!mended.get()) {
        throw new IOException("not now");
      }
      return "done";
    });
    try (Schedule schedule = schedule(first, job("second").after("first")).build()) {
      setTo("2026-01-16T02:00:00Z");
      schedule.runDue();
      assertThat(done).isEmpty();

      mended.set(true);
      setTo("2026-01-16T03:00:00Z");
      schedule.runDue();
      assertThat(done).containsExactly("second");
    }
  }

  @Test
  void runDue_doneByHandMeanwhile_isNotDoneAgain() {
    List<Instant> elsewhere = new ArrayList<>();
    try (Schedule schedule =
        schedule(job("a").withLastRun(recorded -> elsewhere)).build()) {
      assertThat(schedule.runDue()).isEmpty();
      elsewhere.add(Instant.parse("2026-01-16T02:00:01Z"));
      setTo("2026-01-16T02:30:00Z");

      assertThat(schedule.runDue()).isEmpty();
      assertThat(schedule.states().get(0).due()).isEqualTo("2026-01-17T02:00:00Z");
    }
  }

  @Test
  void runDue_lastRunCannotBeTold_goesByWhatItRemembers() {
    AtomicBoolean asked = new AtomicBoolean();
    Job job = job("a").withLastRun(recorded -> {
      asked.set(true);
      throw new IOException("the storage is away");
    });
    try (Schedule schedule = schedule(job).build()) {
      setTo("2026-01-16T02:00:00Z");
      assertThat(schedule.runDue()).hasSize(1);
      assertThat(schedule.runDue()).isEmpty();
    }
    assertThat(asked).isTrue();
  }

  @Test
  void runDue_conditionHolds_isDoneAtOnce_andAgainUntilItPassed() {
    AtomicBoolean changed = new AtomicBoolean(true);
    AtomicBoolean fails = new AtomicBoolean(true);
    Job job = Job.of("a", NIGHTLY, () -> {
      done.add("a");
      if (fails.get()) {
        throw new IOException("not now");
      }
      return "done";
    });
    try (Schedule schedule =
        schedule(job.orWhen(() -> changed.getAndSet(false))).build()) {
      assertThat(schedule.runDue()).extracting(JobRun::passed).containsExactly(false);
      fails.set(false);
      clock.advance(Duration.ofMinutes(5));
      assertThat(schedule.runDue()).extracting(JobRun::passed).containsExactly(true);
      assertThat(schedule.runDue()).isEmpty();
    }
  }

  @Test
  void runDue_clockDecadesAheadAndBack_doesEachJobOnceMore() {
    setTo("2026-01-16T02:00:00Z");
    try (Schedule schedule = schedule(job("a")).build()) {
      schedule.runDue();
      setTo("2061-01-01T00:00:00Z");
      schedule.runDue();
      schedule.runDue();
      setTo("2026-01-16T02:10:00Z");
      schedule.runDue();

      assertThat(done).containsExactly("a", "a");
      assertThat(schedule.states().get(0).due()).isEqualTo("2026-01-17T02:00:00Z");
    }
  }

  @Test
  void runDue_anotherProcessIsAtIt_doesNothing() throws IOException {
    try (Schedule schedule = schedule(job("a")).build()) {
      schedule.runDue();
      setTo("2026-01-16T02:00:00Z");
      Path place = state.resolve(repository.id()).resolve("schedule");
      try (StorageLock held = LocalStorage.at(place).tryLock(true).orElseThrow()) {
        assertThat(held).isNotNull();
        assertThat(schedule.runDue()).isEmpty();
      }
      assertThat(schedule.runDue()).hasSize(1);
    }
  }

  @Test
  void runDue_fromWithinAJob_doesNothing() {
    List<Schedule> self = new ArrayList<>();
    Job job = Job.of("a", NIGHTLY, () -> self.get(0).runDue().toString());
    try (Schedule schedule = schedule(job).build()) {
      self.add(schedule);
      setTo("2026-01-16T02:00:00Z");

      assertThat(schedule.runDue()).extracting(JobRun::message).containsExactly("[]");
    }
  }

  @Test
  void runDue_jobThatHangs_isInterruptedAndTheOthersAreDone() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    Job hanging = Job.of("hanging", NIGHTLY, () -> {
          try {
            new CountDownLatch(1).await();
          } finally {
            interrupted.countDown();
          }
          return "never";
        })
        .withTimeout(Duration.ofMillis(50));
    try (Schedule schedule = schedule(hanging, job("good"))
        .executor(task -> new Thread(task).start())
        .build()) {
      setTo("2026-01-16T02:00:00Z");

      assertThat(schedule.runDue())
          .extracting(JobRun::message)
          .containsExactly("it did not end within PT0.05S", "good is done");
    }
    interrupted.await();
  }

  @Test
  void runDue_noThreadForAJob_failsAndIsTriedAgain() {
    AtomicBoolean free = new AtomicBoolean();
    try (Schedule schedule = schedule(job("a"))
        .executor(task -> {
          if (!free.get()) {
            throw new RejectedExecutionException("all are busy");
          }
          task.run();
        })
        .build()) {
      setTo("2026-01-16T02:00:00Z");
      assertThat(schedule.runDue())
          .extracting(JobRun::message)
          .containsExactly("there is no thread for it: all are busy");
      free.set(true);
      clock.advance(Duration.ofMinutes(2));
      assertThat(schedule.runDue()).extracting(JobRun::passed).containsExactly(true);
    }
  }

  @Test
  void close_whileAJobIsDone_interruptsItAndItStaysDue() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    Job slow = Job.of("slow", NIGHTLY, () -> {
      begun.countDown();
      new CountDownLatch(1).await();
      return "never";
    });
    setTo("2026-01-16T02:00:00Z");
    Schedule schedule =
        schedule(slow).executor(task -> new Thread(task).start()).build();
    schedule.start();
    begun.await();
    schedule.close();

    assertThatThrownBy(schedule::runDue).isInstanceOf(IllegalStateException.class);
    try (Schedule next = schedule(job("slow")).build()) {
      assertThat(next.states().get(0).failures()).isZero();
      assertThat(next.runDue()).hasSize(1);
    }
  }

  @Test
  void start_doesWhatIsDue() throws Exception {
    CountDownLatch ran = new CountDownLatch(1);
    setTo("2026-01-16T02:00:00Z");
    try (Schedule schedule = schedule(job("a")).listener(run -> ran.countDown()).build()) {
      schedule.start();
      ran.await();
      assertThatThrownBy(schedule::start).isInstanceOf(IllegalStateException.class);
    }
    assertThat(done).containsExactly("a");
  }

  @Test
  void build_stateThatCannotBeRead_countsAsNeverDone() throws IOException {
    setTo("2026-01-16T02:00:00Z");
    try (Schedule schedule = schedule(job("a")).build()) {
      schedule.runDue();
    }
    Path file = state.resolve(repository.id()).resolve("schedule").resolve("jobs");
    byte[] sealed = Files.readAllBytes(file);
    for (byte[] bad : List.of(
        new byte[0],
        "[]".getBytes(StandardCharsets.US_ASCII),
        repository.sealState("[]".getBytes(StandardCharsets.US_ASCII)),
        repository.sealState("{\"since\":\"x\",\"jobs\":[]}".getBytes(StandardCharsets.US_ASCII)),
        cut(sealed))) {
      Files.write(file, bad);
      try (Schedule schedule = schedule(job("a")).build()) {
        assertThat(schedule.states().get(0).last()).isEmpty();
        clock.advance(Duration.ofDays(1));
        assertThat(schedule.runDue()).hasSize(1);
      }
    }
  }

  private static byte[] cut(byte[] bytes) {
    return Arrays.copyOf(bytes, bytes.length - 1);
  }

  @Test
  void state_showsNoName() throws IOException {
    setTo("2026-01-16T02:00:00Z");
    try (Schedule schedule = schedule(failing("secret-plan")).build()) {
      schedule.runDue();
    }
    Path file = state.resolve(repository.id()).resolve("schedule").resolve("jobs");
    assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).doesNotContain("secret-plan");
  }

  @Test
  void runDue_stateDirectoryCannotBeWritten_doesTheJobsAndRemembersThem() throws IOException {
    Path blocked = Files.writeString(state.resolve("file"), "in the way");
    try (Schedule schedule = schedule(job("a")).state(blocked).build()) {
      setTo("2026-01-16T02:00:00Z");

      assertThat(schedule.runDue()).hasSize(1);
      assertThat(schedule.runDue()).isEmpty();
    }
  }

  @Test
  void runDue_stateCannotBeWrittenAnyMore_goesByWhatItDidAndNotByWhatIsWritten() {
    FaultyFileSystem files = new FaultyFileSystem(state.getFileSystem());
    try (Schedule schedule = schedule(failing("bad")).state(files.path(state)).build()) {
      setTo("2026-01-16T02:00:00Z");
      schedule.runDue();
      Fault full = files.fail(FileCall.WRITE).of(name -> name.endsWith(".tmp"));
      setTo("2026-01-16T02:02:00Z");
      schedule.runDue();
      assertThat(full.fired()).isTrue();

      schedule.runDue();

      assertThat(schedule.states().get(0).failures()).isEqualTo(2);
    }
    assertThat(done).containsExactly("bad", "bad");
  }

  @Test
  void confirm_reminder_closesIt() {
    try (Schedule schedule =
        schedule(job("audit").asReminder("administrator", Duration.ofDays(14))).build()) {
      setTo("2026-01-16T02:00:00Z");
      schedule.runDue();
      assertThat(schedule.states().get(0).openUntil())
          .contains(Instant.parse("2026-01-30T02:00:00Z"));

      schedule.confirm("audit", "J. Doe");
      assertThat(schedule.states().get(0).openSince()).isEmpty();
      assertThatThrownBy(() -> schedule.confirm("other", "J. Doe"))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private CheckResult check(Schedule schedule) {
    try (HealthMonitor monitor = HealthMonitor.builder().clock(clock).build()) {
      RecoveryChecks.of(repository, List.of()).schedule(schedule).register(monitor);
      return monitor.check().check("schedule").orElseThrow().latest();
    }
  }

  @Test
  void check_overdueFailedAndUnconfirmed_areFindings() {
    try (Schedule schedule = schedule(
            failing("bad"),
            Job.of("audit", Recurrence.monthly(16, LocalTime.of(2, 0)), () -> "told")
                .asReminder("administrator", Duration.ofDays(3)))
        .build()) {
      assertThat(check(schedule).code()).isEqualTo("OK");
      setTo("2026-01-16T02:00:00Z");
      schedule.runDue();
      assertThat(check(schedule).code()).isEqualTo("JOB_FAILED");
      setTo("2026-01-16T09:00:00Z");
      assertThat(check(schedule))
          .satisfies(result -> assertThat(result.code()).isEqualTo("JOB_OVERDUE"))
          .satisfies(result -> assertThat(result.description()).contains("bad", "no bad"));
    }
    try (Schedule mended = schedule(
            job("bad"),
            Job.of("audit", Recurrence.monthly(16, LocalTime.of(2, 0)), () -> "told")
                .asReminder("administrator", Duration.ofDays(3)))
        .build()) {
      setTo("2026-01-20T03:00:00Z");
      mended.runDue();
      assertThat(check(mended))
          .satisfies(result -> assertThat(result.code()).isEqualTo("REMINDER_OVERDUE"))
          .satisfies(result -> assertThat(result.description()).contains("administrator"));
      mended.confirm("audit", "J. Doe");
      assertThat(check(mended).code()).isEqualTo("OK");
    }
  }

  @Test
  void build_withoutStateOrWithARhythmForNoJob_isRefused() {
    assertThatThrownBy(() -> Schedule.builder(repository).build())
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> schedule(job("a")).rhythm("b", NIGHTLY).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[a]");
  }
}
