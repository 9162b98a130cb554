package com.personalaichatbot.dr.health.check;

import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.CheckSettings;
import com.personalaichatbot.dr.health.Health;
import com.personalaichatbot.dr.health.HealthCheck;
import com.personalaichatbot.dr.health.Status;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The use of the memory: 80 % is a warning, 90 % critical. What is available is what the kernel
 * says it could give (on Linux {@code MemAvailable}), not what happens to lie idle. The container's
 * own limit, if it has one, is shown beside the host's figure, and the fuller of the two counts;
 * pages that the kernel may drop from the container do not count as used.
 */
public final class MemoryCheck implements HealthCheck {

  private final Path root;
  private final Level level;

  MemoryCheck(Path root, double warning, double critical) {
    this.root = root;
    this.level = Level.of(warning, critical);
  }

  /**
   * Checks with the thresholds 80 and 90 %.
   *
   * @return the check
   */
  public static MemoryCheck create() {
    return of(80, 90);
  }

  /**
   * Checks with other thresholds.
   *
   * @param warning percent for DEGRADED
   * @param critical percent for DOWN
   * @return the check
   * @throws IllegalArgumentException unless 0 &lt; warning &lt; critical &lt;= 100
   */
  public static MemoryCheck of(double warning, double critical) {
    return new MemoryCheck(Path.of("/"), warning, critical);
  }

  @Override
  public CheckSettings settings() {
    return CheckSettings.DEFAULT.downAfter(3).in(Health.CAPACITY);
  }

  @Override
  public CheckResult check() {
    Memory host = host();
    Optional<Memory> container = container().filter(limit -> limit.total < host.total);
    double percent =
        Math.max(host.usedPercent(), container.map(Memory::usedPercent).orElse(0.0));
    String text = percent + " % of the memory in use";
    Status status = level.at(percent);
    CheckResult result = status == Status.UP
        ? CheckResult.up(text)
        : status == Status.DEGRADED
            ? CheckResult.degraded("MEMORY_WARNING", text, "find out what takes the memory")
            : CheckResult.down("MEMORY_CRITICAL", text, "stop what is not needed, or add memory");
    result = result
        .with("usedPercent", percent)
        .with("hostUsedPercent", host.usedPercent())
        .with("hostTotalBytes", host.total)
        .with("hostAvailableBytes", host.total - host.used);
    if (container.isPresent()) {
      result = result
          .with("containerUsedPercent", container.get().usedPercent())
          .with("containerLimitBytes", container.get().total);
    }
    return result;
  }

  private record Memory(long used, long total) {
    double usedPercent() {
      return Level.round(100.0 * used / total);
    }
  }

  private Memory host() {
    Optional<String> table = read("proc/meminfo");
    long total = table.map(text -> value(text, "MemTotal:") * 1024).orElse(0L);
    long available = table.map(text -> value(text, "MemAvailable:") * 1024).orElse(0L);
    if (total > 0 && available > 0) {
      return new Memory(Math.max(0, total - available), total);
    }
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long free = system.getFreeMemorySize();
    return new Memory(system.getTotalMemorySize() - free, system.getTotalMemorySize());
  }

  /**
   * The limit of the control group that this process sees as its root, version 2 and then version
   * 1.
   */
  private Optional<Memory> container() {
    return group(
            "sys/fs/cgroup/memory.max",
            "sys/fs/cgroup/memory.current",
            "sys/fs/cgroup/memory.stat",
            "inactive_file")
        .or(() -> group(
            "sys/fs/cgroup/memory/memory.limit_in_bytes",
            "sys/fs/cgroup/memory/memory.usage_in_bytes",
            "sys/fs/cgroup/memory/memory.stat",
            "total_inactive_file"));
  }

  private Optional<Memory> group(String limitFile, String usedFile, String statFile, String cache) {
    Optional<Long> limit = read(limitFile).flatMap(MemoryCheck::number);
    Optional<Long> used = read(usedFile).flatMap(MemoryCheck::number);
    if (limit.isEmpty() || limit.get() == 0 || used.isEmpty()) {
      return Optional.empty();
    }
    long droppable = read(statFile).map(text -> value(text, cache)).orElse(0L);
    return Optional.of(new Memory(Math.max(0, used.get() - droppable), limit.get()));
  }

  private Optional<String> read(String file) {
    try {
      return Optional.of(Files.readString(root.resolve(file)));
    } catch (IOException | SecurityException absent) {
      return Optional.empty();
    }
  }

  private static Optional<Long> number(String text) {
    String digits = text.strip();
    return digits.matches("[0-9]{1,18}") ? Optional.of(Long.parseLong(digits)) : Optional.empty();
  }

  private static long value(String table, String key) {
    return table
        .lines()
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(key.length()).strip().split("\\s", 2)[0])
        .flatMap(text -> number(text).stream())
        .findFirst()
        .orElse(0L);
  }
}
