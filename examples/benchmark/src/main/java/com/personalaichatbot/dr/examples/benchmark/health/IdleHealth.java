package com.personalaichatbot.dr.examples.benchmark.health;

import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.HealthMonitor;
import com.personalaichatbot.dr.health.check.ClockCheck;
import com.personalaichatbot.dr.health.check.DirectoriesCheck;
import com.personalaichatbot.dr.health.check.DiskCheck;
import com.personalaichatbot.dr.health.check.JvmCheck;
import com.personalaichatbot.dr.health.check.MemoryCheck;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * What thirty checks cost a process that does nothing else: the processor time of a process with
 * them, less that of the same process before, as a share of one core. {@code IdleHealth [SECONDS]}.
 */
public final class IdleHealth {
  private static final int CHECKS = 30;

  private IdleHealth() {}

  /** Measures and prints. */
  public static void main(String[] args) throws InterruptedException {
    int seconds = args.length == 0 ? 120 : Integer.parseInt(args[0]);
    double before = share(seconds);
    try (HealthMonitor monitor = HealthMonitor.builder().build()) {
      Path here = Path.of("").toAbsolutePath();
      for (int i = 0; i < CHECKS / 6; i++) {
        monitor.register("jvm-" + i, JvmCheck.create());
        monitor.register("memory-" + i, MemoryCheck.create());
        monitor.register("clock-" + i, ClockCheck.create());
        monitor.register("disk-" + i, DiskCheck.of(here));
        monitor.register("directories-" + i, DirectoriesCheck.of(List.of(here)));
        monitor.register("own-" + i, CheckResult::up);
      }
      monitor.check();
      monitor.start();
      double with = share(seconds);
      System.out.printf(
          Locale.ROOT,
          "%d checks at their own intervals over %d s: %.4f %% of a core; without: %.4f %%%n",
          monitor.health().checks().size() - 1,
          seconds,
          with,
          before);
    }
  }

  private static double share(int seconds) throws InterruptedException {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long processor = system.getProcessCpuTime();
    long time = System.nanoTime();
    TimeUnit.SECONDS.sleep(seconds);
    return 100.0 * (system.getProcessCpuTime() - processor) / (System.nanoTime() - time);
  }
}
