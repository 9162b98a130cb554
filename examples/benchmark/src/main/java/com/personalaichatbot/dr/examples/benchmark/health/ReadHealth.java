package com.personalaichatbot.dr.examples.benchmark.health;

import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.CheckSettings;
import com.personalaichatbot.dr.health.Health;
import com.personalaichatbot.dr.health.HealthMonitor;
import com.personalaichatbot.dr.health.Status;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The cost of reading the state of the whole, of a group, and of each check, while the checks run.
 * With {@code -prof gc} also in bytes.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ReadHealth {

  /** How many checks there are. */
  @Param({"10", "1000"})
  public int checks;

  private HealthMonitor monitor;

  /** Starts a monitor whose checks all have a result and go on running. */
  @Setup
  public void start() {
    monitor = HealthMonitor.builder().build();
    CheckSettings settings = CheckSettings.DEFAULT.every(Duration.ofSeconds(10)).in(Health.READY);
    for (int i = 0; i < checks; i++) {
      monitor.register("check-" + i, CheckResult::up, settings);
    }
    monitor.check();
    monitor.start();
  }

  /** Ends it. */
  @TearDown
  public void close() {
    monitor.close();
  }

  /** The whole. */
  @Benchmark
  public Status whole() {
    return monitor.health().status();
  }

  /** A group, as a probe of readiness asks for it. */
  @Benchmark
  public Status group() {
    return monitor.health().group(Health.READY).orElseThrow().status();
  }

  /** The whole state, each check looked at. */
  @Benchmark
  public int everyCheck() {
    int up = 0;
    for (var check : monitor.health().checks()) {
      up += check.status() == Status.UP ? 1 : 0;
    }
    return up;
  }
}
