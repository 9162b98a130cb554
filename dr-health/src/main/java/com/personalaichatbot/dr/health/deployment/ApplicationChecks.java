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
import com.personalaichatbot.dr.health.check.TcpCheck;
import com.personalaichatbot.dr.health.config.ConfigValidator;
import com.personalaichatbot.dr.health.security.SecurityValidator;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The ready-made checks that fit an installation in the original application's layout, each with
 * the settings it asks for itself. None of them writes. Immutable.
 */
public final class ApplicationChecks {

  private final Map<String, HealthCheck> checks;

  private ApplicationChecks(Map<String, HealthCheck> checks) {
    this.checks = checks;
  }

  /**
   * Checks of the machine and the data: cpu, memory, clock, disk, temp, directories, settings, log,
   * configuration, security.
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
    checks.put(
        "directories",
        DirectoriesCheck.of(List.of(
            data, data.resolve("config"), data.resolve("conversations"), data.resolve("logs"))));
    checks.put("settings", JsonFileCheck.of(data.resolve("config/app_config.json")));
    checks.put("log", LogCheck.of(data.resolve("logs/app.log")));
    checks.put("configuration", ConfigValidator.of(data));
    checks.put("security", SecurityValidator.of(data));
    return new ApplicationChecks(checks);
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
    return new ApplicationChecks(more);
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
