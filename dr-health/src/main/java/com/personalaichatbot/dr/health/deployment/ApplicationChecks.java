package com.personalaichatbot.dr.health.deployment;

import com.personalaichatbot.dr.health.HealthCheck;
import com.personalaichatbot.dr.health.HealthMonitor;
import com.personalaichatbot.dr.health.check.ClockCheck;
import com.personalaichatbot.dr.health.check.CpuCheck;
import com.personalaichatbot.dr.health.check.DirectoriesCheck;
import com.personalaichatbot.dr.health.check.DiskCheck;
import com.personalaichatbot.dr.health.check.HttpCheck;
import com.personalaichatbot.dr.health.check.JsonFileCheck;
import com.personalaichatbot.dr.health.check.LogCheck;
import com.personalaichatbot.dr.health.check.MemoryCheck;
import com.personalaichatbot.dr.health.check.SizeCheck;
import com.personalaichatbot.dr.health.check.TcpCheck;
import com.personalaichatbot.dr.health.config.ConfigValidator;
import com.personalaichatbot.dr.health.security.SecurityValidator;
import com.personalaichatbot.dr.health.trend.TrendCheck;
import com.personalaichatbot.dr.health.trend.TrendStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The ready-made checks that fit an installation in the original application's layout, each with
 * the settings it asks for itself. None of them writes, but for the trends that are asked for.
 * Immutable.
 */
public final class ApplicationChecks {

  private final Path data;
  private final Map<String, HealthCheck> checks;

  private ApplicationChecks(Path data, Map<String, HealthCheck> checks) {
    this.data = data;
    this.checks = checks;
  }

  /**
   * Checks of the machine and the data: cpu, memory, clock, disk, temp, directories, settings, log,
   * configuration, security; and logs-disk, if the logs lie on another volume than the data.
   *
   * @param data the data directory
   * @return the checks
   */
  public static ApplicationChecks of(Path data) {
    Map<String, HealthCheck> checks = new LinkedHashMap<>();
    checks.put("cpu", CpuCheck.create());
    checks.put("memory", MemoryCheck.create());
    checks.put("clock", ClockCheck.create());
    checks.put("disk", DiskCheck.of(data));
    checks.put("temp", DiskCheck.of(Path.of(System.getProperty("java.io.tmpdir"))));
    Path logs = data.resolve("logs");
    if (isOnAnotherVolume(logs, data)) {
      checks.put("logs-disk", DiskCheck.of(logs));
    }
    checks.put(
        "directories",
        DirectoriesCheck.of(
            List.of(data, data.resolve("config"), data.resolve("conversations"), logs)));
    checks.put("settings", JsonFileCheck.of(data.resolve("config/app_config.json")));
    checks.put("log", LogCheck.of(logs.resolve("app.log")));
    checks.put("configuration", ConfigValidator.of(data));
    checks.put("security", SecurityValidator.of(data));
    return new ApplicationChecks(data, checks);
  }

  private static boolean isOnAnotherVolume(Path path, Path other) {
    try {
      return !Files.getFileStore(path.toRealPath()).equals(Files.getFileStore(other.toRealPath()));
    } catch (IOException missing) {
      return false; // That it is missing is told by another check.
    }
  }

  /**
   * Also checks the running application: port and page.
   *
   * @param url its page
   * @return a changed copy
   * @throws IllegalArgumentException if the address is neither http nor https
   */
  public ApplicationChecks url(URI url) {
    HttpCheck page = HttpCheck.of(url);
    Map<String, HealthCheck> more = new LinkedHashMap<>(checks);
    more.put("port", TcpCheck.of(url.getHost(), DeploymentTests.port(url)));
    more.put("page", page);
    return new ApplicationChecks(data, more);
  }

  /**
   * Samples the processors now, for half a second, and not first when the checks run: for whoever
   * runs them once. To be called before {@link #trends}.
   *
   * @return a changed copy
   * @throws InterruptedException if this thread is interrupted
   */
  public ApplicationChecks sampleNow() throws InterruptedException {
    Map<String, HealthCheck> more = new LinkedHashMap<>(checks);
    more.put("cpu", CpuCheck.create().sampleNow());
    return new ApplicationChecks(data, more);
  }

  /**
   * Remembers how full the disk and the memory are, how busy the processors are and how large the
   * data is, and says where that is going; also shows the size of the data.
   *
   * @param trends where, in the series {@code disk}, {@code memory}, {@code cpu} and {@code data}
   * @param clock the store's
   * @return a changed copy
   */
  public ApplicationChecks trends(TrendStore trends, Clock clock) {
    Map<String, HealthCheck> more = new LinkedHashMap<>(checks);
    more.put("data", SizeCheck.of(data));
    for (String full : List.of("disk", "memory")) {
      more.put(full, TrendCheck.percent(trends, full, more.get(full), "usedPercent", clock));
    }
    more.put("cpu", TrendCheck.figure(trends, "cpu", more.get("cpu"), "usedPercent", clock));
    more.put("data", TrendCheck.figure(trends, "data", more.get("data"), "bytes", clock));
    return new ApplicationChecks(data, more);
  }

  /**
   * Registers the checks.
   *
   * @param monitor where
   * @return the monitor
   * @throws IllegalArgumentException if one of the names is taken there
   */
  public HealthMonitor register(HealthMonitor monitor) {
    checks.forEach(monitor::register);
    return monitor;
  }
}
