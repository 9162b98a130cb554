package com.personalaichatbot.dr.health.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.HealthCheck;
import com.personalaichatbot.dr.health.LivenessCheck;
import com.personalaichatbot.dr.health.ManualTime;
import com.personalaichatbot.dr.health.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemChecksTest {

  @TempDir
  Path directory;

  @Test
  void cpu_firstSample_isThrownAway() throws Exception {
    Deque<Double> samples = new ArrayDeque<>(List.of(0.99, 0.10, 0.699, 0.70, 0.90, 0.3));
    CpuCheck check = new CpuCheck(samples::removeFirst, 70, 90, Duration.ZERO);
    assertThat(check.check().details()).containsEntry("usedPercent", 10.0);
    assertThat(check.check().status()).isEqualTo(Status.UP);
    assertThat(check.check().status()).isEqualTo(Status.DEGRADED);
    assertThat(check.check().code()).isEqualTo("CPU_CRITICAL");
    assertThat(check.check().status()).isEqualTo(Status.UP);
    assertThat(samples).isEmpty();
  }

  @Test
  void cpu_sampledNow_givesThatFirst() throws Exception {
    Deque<Double> samples = new ArrayDeque<>(List.of(0.99, 0.10, 0.80));
    CpuCheck check = new CpuCheck(samples::removeFirst, 70, 90, Duration.ZERO).sampleNow();
    assertThat(samples).containsExactly(0.80);
    assertThat(check.check().details()).containsEntry("usedPercent", 10.0);
    assertThat(check.check().details()).containsEntry("usedPercent", 80.0);
  }

  @Test
  void cpu_noFigure_isUnknown() throws Exception {
    assertThat(new CpuCheck(() -> Double.NaN, 70, 90, Duration.ZERO).check().status())
        .isEqualTo(Status.UNKNOWN);
    assertThat(new CpuCheck(() -> -1, 70, 90, Duration.ZERO).check().status())
        .isEqualTo(Status.UNKNOWN);
  }

  @Test
  void cpu_realSystem_givesAFigure() throws Exception {
    assertThat((double) (Double) CpuCheck.create().check().details().get("usedPercent"))
        .isBetween(0.0, 100.0);
  }

  private CheckResult memory(String meminfo, String limit, String used, String stat)
      throws IOException {
    write("proc/meminfo", meminfo);
    if (limit != null) {
      write("sys/fs/cgroup/memory.max", limit);
      write("sys/fs/cgroup/memory.current", used);
      write("sys/fs/cgroup/memory.stat", stat);
    }
    return new MemoryCheck(directory, 80, 90).check();
  }

  private void write(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void memory_countsWhatTheKernelCallsAvailable() throws Exception {
    CheckResult result =
        memory("MemTotal: 1000 kB\nMemFree: 10 kB\nMemAvailable: 300 kB\n", null, null, null);
    assertThat(result.status()).isEqualTo(Status.UP);
    assertThat(result.details())
        .containsEntry("hostUsedPercent", 70.0)
        .doesNotContainKey("containerUsedPercent");
  }

  @Test
  void memory_thresholds_areInclusive() throws Exception {
    assertThat(memory("MemTotal: 1000 kB\nMemAvailable: 200 kB\n", null, null, null)
            .status())
        .isEqualTo(Status.DEGRADED);
    assertThat(memory("MemTotal: 1000 kB\nMemAvailable: 100 kB\n", null, null, null)
            .status())
        .isEqualTo(Status.DOWN);
  }

  @Test
  void memory_containerIsFuller_itCountsWithoutDroppablePages() throws Exception {
    String host = "MemTotal: 1000 kB\nMemAvailable: 900 kB\n";
    CheckResult result = memory(host, "500000\n", "480000\n", "anon 1\ninactive_file 60000\n");
    assertThat(result.status()).isEqualTo(Status.DEGRADED);
    assertThat(result.details())
        .containsEntry("containerUsedPercent", 84.0)
        .containsEntry("hostUsedPercent", 10.0);
    assertThat(memory(host, "max\n", "480000\n", "").status()).isEqualTo(Status.UP);
  }

  @Test
  void memory_realSystem_givesAFigure() {
    assertThat(MemoryCheck.create().check().details()).containsKey("hostUsedPercent");
  }

  private static final long GIB = 1L << 30;

  private static DiskCheck.Space space(double usedPercent) {
    long used = (long) (usedPercent * GIB);
    // A tenth of the volume is reserved: df does not count it, and neither do we.
    return new DiskCheck.Space("vda1", 110 * GIB, 110 * GIB - used, 100 * GIB - used);
  }

  @Test
  void disk_thresholds_haveHysteresis() {
    double[] percent = {79.9, 80, 75, 74.9, 89.9, 90, 85, 84.9, 75, 74};
    String expected = "UP DEGRADED DEGRADED UP DEGRADED DOWN DOWN DEGRADED DEGRADED UP";
    int[] look = {0};
    DiskCheck check =
        new DiskCheck(directory, new Level(80, 75, 90, 85), 0, path -> space(percent[look[0]++]));
    StringBuilder seen = new StringBuilder();
    for (int i = 0; i < percent.length; i++) {
      seen.append(check.check().status()).append(' ');
    }
    assertThat(seen.toString().strip()).isEqualTo(expected);
  }

  @Test
  void disk_smallVolume_isJudgedByItsShareAlone() {
    long mib = 1L << 20;
    long[] left = {150, 39, 19};
    int[] look = {0};
    DiskCheck check = DiskCheck.of(directory, path -> {
      long usable = left[look[0]++] * mib;
      return new DiskCheck.Space("small", 200 * mib, usable, usable);
    });
    assertThat(check.check().code()).isEqualTo("OK");
    assertThat(check.check().code()).isEqualTo("DISK_WARNING");
    assertThat(check.check().code()).isEqualTo("DISK_CRITICAL");
  }

  @Test
  void disk_belowTheFloor_isDownAtAnyPercentage() {
    DiskCheck check =
        new DiskCheck(directory, new Level(80, 75, 90, 85), 60 * GIB, path -> space(50));
    assertThat(check.check().code()).isEqualTo("DISK_FLOOR");
  }

  @Test
  void disk_volumeUnmountedOrPathGone_isDown() {
    Deque<Object> answers = new ArrayDeque<>(List.of(
        space(10),
        new DiskCheck.Space("overlay", 100, 90, 90),
        new NoSuchFileException("/data"),
        space(10)));
    DiskCheck check = new DiskCheck(directory, new Level(80, 75, 90, 85), 0, path -> {
      if (answers.removeFirst() instanceof DiskCheck.Space space) {
        return space;
      }
      throw new NoSuchFileException("/data");
    });
    assertThat(check.check().status()).isEqualTo(Status.UP);
    assertThat(check.check().code()).isEqualTo("VOLUME_CHANGED");
    assertThat(check.check().code()).isEqualTo("PATH_MISSING");
    assertThat(check.check().status()).isEqualTo(Status.UP);
  }

  @Test
  void disk_volumeThatTellsNoSize_isUnknown() {
    DiskCheck check = new DiskCheck(
        directory, new Level(80, 75, 90, 85), 0, path -> new DiskCheck.Space("proc", 0, 0, 0));
    assertThat(check.check().code()).isEqualTo("NO_FIGURE");
    assertThat(check.check().status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void disk_realPaths_existingHasAFigureMissingIsDown() {
    assertThat(DiskCheck.of(directory).check().details()).containsKeys("usedPercent", "volume");
    assertThat(DiskCheck.of(directory.resolve("gone")).check().code()).isEqualTo("PATH_MISSING");
  }

  @Test
  void thresholds_outOfOrder_areRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> CpuCheck.of(90, 70));
    assertThatIllegalArgumentException().isThrownBy(() -> MemoryCheck.of(0, 70));
    assertThatIllegalArgumentException().isThrownBy(() -> DiskCheck.of(directory, 80, 101, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> DiskCheck.of(directory, 80, 90, -1));
  }

  private static JvmCheck.Sample jvm(double heap, int deadlocked, long gc, long up, double files) {
    return new JvmCheck.Sample(1, 2, heap, 10, 20, deadlocked, gc, up, OptionalLong.of(3), files);
  }

  @Test
  void jvm_eachFault_isNamed() {
    Deque<JvmCheck.Sample> samples = new ArrayDeque<>(List.of(
        jvm(10, 0, 0, 1_000, 1),
        jvm(10, 0, 600, 2_000, 1),
        jvm(90, 0, 600, 3_000, 1),
        jvm(10, 0, 600, 4_000, 95),
        jvm(99, 2, 600, 5_000, 95)));
    JvmCheck check = new JvmCheck(samples::removeFirst);
    assertThat(check.check().status()).isEqualTo(Status.UP);
    assertThat(check.check().code()).isEqualTo("GC_BUSY");
    assertThat(check.check().code()).isEqualTo("HEAP_FULL");
    assertThat(check.check().code()).isEqualTo("DESCRIPTORS");
    CheckResult deadlock = check.check();
    assertThat(deadlock.code()).isEqualTo("DEADLOCK");
    assertThat(deadlock.status()).isEqualTo(Status.DOWN);
  }

  @Test
  void jvm_boundedNonHeapFull_isDegraded() {
    JvmCheck check = new JvmCheck(
        () -> new JvmCheck.Sample(1, 2, 10, 90, 20, 0, 0, 1_000, OptionalLong.empty(), -1));
    assertThat(check.check().code()).isEqualTo("NON_HEAP_FULL");
    assertThat(check.check().status()).isEqualTo(Status.DEGRADED);
  }

  @Test
  void jvm_realDeadlock_isDown() throws Exception {
    assertThat(JvmCheck.create().check().code()).isNotEqualTo("DEADLOCK");
    ReentrantLock first = new ReentrantLock();
    ReentrantLock second = new ReentrantLock();
    CountDownLatch both = new CountDownLatch(2);
    Thread a = locking(first, second, both);
    Thread b = locking(second, first, both);
    both.await();
    try {
      CheckResult result = JvmCheck.create().check();
      while (!result.code().equals("DEADLOCK") && a.isAlive()) {
        Thread.onSpinWait();
        result = JvmCheck.create().check();
      }
      assertThat(result.code()).isEqualTo("DEADLOCK");
    } finally {
      a.interrupt();
      b.interrupt();
    }
  }

  private static Thread locking(ReentrantLock first, ReentrantLock second, CountDownLatch both) {
    Thread thread = new Thread(
        () -> {
          first.lock();
          both.countDown();
          try {
            both.await();
            second.lockInterruptibly();
          } catch (InterruptedException e) {
            first.unlock();
          }
        },
        "planted-deadlock");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  @Test
  void liveness_onlyTheJvmCheckMayEnter() {
    List<HealthCheck> others = List.of(
        CpuCheck.create(),
        MemoryCheck.create(),
        DiskCheck.of(directory),
        ClockCheck.create(),
        LogCheck.of(directory),
        TcpCheck.of("localhost", 1),
        WritableCheck.of(directory),
        JsonFileCheck.of(directory),
        DirectoriesCheck.of(List.of(directory)));
    assertThat(others).noneMatch(LivenessCheck.class::isInstance);
    assertThat(JvmCheck.create()).isInstanceOf(LivenessCheck.class);
  }

  @Test
  void clock_ofThisMachine_goesByATimeThatIsNotSuspended() throws IOException {
    ClockCheck check = ClockCheck.create();
    assertThat(check.check().code()).isEqualTo("OK");
    assertThat(check.check().code()).isEqualTo("OK");
  }

  @Test
  void clock_suspended_isNoStepWhereTheElapsedTimeGoesOn() {
    ManualTime time = new ManualTime();
    long[] suspended = {0};
    ClockCheck check = ClockCheck.of(time, () -> time.nanoTime() + suspended[0]);
    check.check();
    time.jump(Duration.ofHours(8));
    suspended[0] = Duration.ofHours(8).toNanos();
    assertThat(check.check().status()).isEqualTo(Status.UP);
  }

  @Test
  void clock_elapsedTimeUnreadable_isUnknownAndNoStepLater() {
    ManualTime time = new ManualTime();
    boolean[] broken = {false};
    ClockCheck check = ClockCheck.of(time, () -> {
      if (broken[0]) {
        throw new UncheckedIOException(new IOException("too many open files"));
      }
      return time.nanoTime();
    });
    check.check();
    broken[0] = true;
    time.pass(Duration.ofMinutes(1));
    assertThat(check.check().status()).isEqualTo(Status.UNKNOWN);
    broken[0] = false;
    assertThat(check.check().status()).isEqualTo(Status.UP);
  }

  @Test
  void clock_steps_areSeenBothWaysAndForgottenAfterAnHour() {
    ManualTime time = new ManualTime();
    ClockCheck check = ClockCheck.of(time, time::nanoTime);
    assertThat(check.check().status()).isEqualTo(Status.UP);
    time.pass(Duration.ofMinutes(1));
    time.jump(Duration.ofSeconds(1));
    assertThat(check.check().status()).isEqualTo(Status.UP);
    time.jump(Duration.ofHours(-1));
    assertThat(check.check().details()).containsEntry("stepMillis", -3_600_000L);
    time.pass(Duration.ofMinutes(59));
    assertThat(check.check().status()).isEqualTo(Status.DEGRADED);
    time.pass(Duration.ofMinutes(2));
    assertThat(check.check().status()).isEqualTo(Status.UP);
    time.jump(Duration.ofDays(3));
    assertThat(check.check().code()).isEqualTo("CLOCK_STEP");
  }
}
