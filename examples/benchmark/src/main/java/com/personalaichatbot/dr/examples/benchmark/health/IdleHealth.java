package com.personalaichatbot.dr.examples.benchmark.health;

import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.HealthMonitor;
import com.personalaichatbot.dr.health.check.ClockCheck;
import com.personalaichatbot.dr.health.check.CpuCheck;
import com.personalaichatbot.dr.health.check.DirectoriesCheck;
import com.personalaichatbot.dr.health.check.DiskCheck;
import com.personalaichatbot.dr.health.check.JvmCheck;
import com.personalaichatbot.dr.health.check.MemoryCheck;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * The cost of thirty checks to a process that does nothing else, as a share of one core: the
 * processor time of the monitor's own threads, and by how much the time of the whole process is
 * higher with them than without, which includes compilation and collection. {@code IdleHealth
 * [SECONDS]}: how long each of the six stretches lasts, three without the checks and three with
 * them.
 */
public final class IdleHealth {
  private static final int CHECKS = 30;
  private static final int ROUNDS = 3;
  private static final int WARM_UP_SECONDS = 65;

  private IdleHealth() {}

  /** Measures and prints. */
  public static void main(String[] args) throws InterruptedException {
    int seconds = args.length == 0 ? 120 : Integer.parseInt(args[0]);
    double[] without = new double[ROUNDS];
    double[] with = new double[ROUNDS];
    double[] threads = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      without[round] = share(seconds, new double[1]);
      try (HealthMonitor monitor = monitor()) {
        monitor.start();
        TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
        double[] own = new double[1];
        with[round] = share(seconds, own);
        threads[round] = own[0];
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%d checks: threads of the monitor %.4f %% of a core; process %.4f %% with, %.4f %% without%n",
        CHECKS,
        median(threads),
        median(with),
        median(without));
  }

  private static HealthMonitor monitor() {
    HealthMonitor monitor = HealthMonitor.builder().build();
    Path here = Path.of("").toAbsolutePath();
    monitor.register("jvm", JvmCheck.create());
    monitor.register("memory", MemoryCheck.create());
    monitor.register("cpu", CpuCheck.create());
    monitor.register("clock", ClockCheck.create());
    for (int i = 0; i < 6; i++) {
      monitor.register("disk-" + i, DiskCheck.of(here));
      monitor.register("directories-" + i, DirectoriesCheck.of(List.of(here)));
    }
    while (monitor.health().checks().size() < CHECKS) {
      monitor.register("own-" + monitor.health().checks().size(), CheckResult::up);
    }
    return monitor;
  }

  /** The share of the process; that of the monitor's threads goes into {@code own}. */
  private static double share(int seconds, double[] own) throws InterruptedException {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long process = system.getProcessCpuTime();
    long threads = threads();
    long time = System.nanoTime();
    TimeUnit.SECONDS.sleep(seconds);
    double nanos = System.nanoTime() - time;
    own[0] = 100 * (threads() - threads) / nanos;
    return 100 * (system.getProcessCpuTime() - process) / nanos;
  }

  private static long threads() {
    ThreadMXBean all = ManagementFactory.getThreadMXBean();
    long sum = 0;
    for (ThreadInfo thread : all.getThreadInfo(all.getAllThreadIds())) {
      if (thread != null && thread.getThreadName().startsWith("dr-health")) {
        sum += Math.max(0, all.getThreadCpuTime(thread.getThreadId()));
      }
    }
    return sum;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
