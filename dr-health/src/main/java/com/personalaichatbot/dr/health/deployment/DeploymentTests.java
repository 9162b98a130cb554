package com.personalaichatbot.dr.health.deployment;

import static java.util.Objects.requireNonNull;

import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.HealthCheck;
import com.personalaichatbot.dr.health.Severity;
import com.personalaichatbot.dr.health.Status;
import com.personalaichatbot.dr.health.ValidationReport;
import com.personalaichatbot.dr.health.check.DirectoriesCheck;
import com.personalaichatbot.dr.health.check.HttpCheck;
import com.personalaichatbot.dr.health.check.JsonFileCheck;
import com.personalaichatbot.dr.health.check.TcpCheck;
import com.personalaichatbot.dr.health.config.ConfigValidator;
import com.personalaichatbot.dr.health.config.EnvFile;
import com.personalaichatbot.dr.health.deployment.DeploymentResult.Outcome;
import com.personalaichatbot.dr.health.internal.file.Findings;
import com.personalaichatbot.dr.health.internal.file.Modes;
import com.personalaichatbot.dr.health.internal.secret.Redaction;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A list of named tests of an installation. A test is any {@link HealthCheck}: UP has passed,
 * DEGRADED and DOWN have failed, and one that is UNKNOWN, throws, gives nothing or takes longer
 * than the time-out is an error. Immutable.
 */
public final class DeploymentTests {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration PAGE_TIME = Duration.ofSeconds(5);

  private final Map<String, HealthCheck> tests;
  private final Duration timeout;

  private DeploymentTests(Map<String, HealthCheck> tests, Duration timeout) {
    this.tests = tests;
    this.timeout = timeout;
  }

  /**
   * No tests; add your own.
   *
   * @return an empty list, with a time-out of 30 s for each test
   */
  public static DeploymentTests none() {
    return new DeploymentTests(Map.of(), TIMEOUT);
  }

  /**
   * The tests of the original application's layout: port, page, its content and its time below 5 s,
   * keys, directories, settings, the mode of {@code .env}, conversations, writable directories, and
   * the provider if {@code OPENROUTER_BASE_URL} names one.
   *
   * @param data the data directory
   * @param url the page of the running application
   * @return the tests
   * @throws IllegalArgumentException if the address is neither http nor https
   */
  public static DeploymentTests of(Path data, URI url) {
    HttpCheck page = HttpCheck.of(url);
    DeploymentTests running = none()
        .with("port", TcpCheck.of(url.getHost(), port(url)))
        .with("page", page.slowAfter(TIMEOUT))
        .with("page-content", page.slowAfter(TIMEOUT).body(text -> !text.isBlank()))
        .with("page-time", page.slowAfter(PAGE_TIME));
    DeploymentTests tests = withData(running, data);
    return EnvFile.read(data.resolve(".env"))
        .entry("OPENROUTER_BASE_URL")
        .filter(entry -> !entry.value().isBlank())
        .map(e -> tests.with(
            "provider", () -> HttpCheck.dependency(URI.create(e.value())).check()))
        .orElse(tests);
  }

  /**
   * Those of them that look at the data alone: of an installation that does not run, such as a
   * restored copy.
   *
   * @param data the data directory
   * @return the tests
   */
  public static DeploymentTests of(Path data) {
    return withData(none(), data);
  }

  private static DeploymentTests withData(DeploymentTests tests, Path data) {
    Path env = data.resolve(".env");
    ConfigValidator config = ConfigValidator.of(data);
    List<Path> directories =
        List.of(data, data.resolve("config"), data.resolve("conversations"), data.resolve("logs"));
    return tests
        .with("keys", () -> errorsOf(config.validateEnv(env)))
        .with("directories", DirectoriesCheck.of(directories))
        .with("settings", JsonFileCheck.of(data.resolve("config/app_config.json")))
        .with("env-mode", () -> envMode(env))
        .with("configuration", () -> errorsOf(config.validate()))
        .with("writable", () -> writable(directories));
  }

  /**
   * One more test, at the end, or another one in the place of that name.
   *
   * @param name its name
   * @param test the test
   * @return a changed copy
   */
  public DeploymentTests with(String name, HealthCheck test) {
    Map<String, HealthCheck> more = new LinkedHashMap<>(tests);
    more.put(requireNonNull(name, "name"), requireNonNull(test, "test"));
    return new DeploymentTests(more, timeout);
  }

  /**
   * How long each test may take.
   *
   * @param timeout 30 s by default
   * @return a changed copy
   */
  public DeploymentTests timeoutAfter(Duration timeout) {
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("the time-out must be positive: " + timeout);
    }
    return new DeploymentTests(tests, timeout);
  }

  /**
   * Runs the tests one after another.
   *
   * @return what they gave
   * @throws InterruptedException if this thread is interrupted
   */
  public DeploymentReport run() throws InterruptedException {
    List<DeploymentResult> results = new ArrayList<>();
    for (Map.Entry<String, HealthCheck> test : tests.entrySet()) {
      long began = System.nanoTime();
      CheckResult result = run(test.getKey(), test.getValue());
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      String message =
          result.description().isEmpty() ? result.code() : Redaction.of(result.description());
      results.add(new DeploymentResult(test.getKey(), outcome(result.status()), message, took));
    }
    return new DeploymentReport(results);
  }

  private static Outcome outcome(Status status) {
    return switch (status) {
      case UP -> Outcome.PASSED;
      case DEGRADED, DOWN, OUT_OF_SERVICE -> Outcome.FAILED;
      case UNKNOWN -> Outcome.ERROR;
    };
  }

  private CheckResult run(String name, HealthCheck test) throws InterruptedException {
    AtomicReference<CheckResult> result = new AtomicReference<>();
    Thread thread = new Thread(
        () -> {
          CheckResult given;
          try {
            given = test.check();
          } catch (Throwable failure) {
            given = CheckResult.unknown("EXCEPTION", failure.toString());
          }
          result.set(
              given == null ? CheckResult.unknown("NULL_RESULT", "it gave no result") : given);
        },
        "dr-health-deployment-" + name);
    thread.setDaemon(true);
    thread.start();
    thread.join(Math.max(1, timeout.toMillis()));
    CheckResult given = result.get();
    return given != null ? given : CheckResult.unknown("TIMEOUT", "no answer within " + timeout);
  }

  static int port(URI url) {
    int usual = "https".equalsIgnoreCase(url.getScheme()) ? 443 : 80;
    return url.getPort() < 0 ? usual : url.getPort();
  }

  private static CheckResult errorsOf(ValidationReport report) {
    CheckResult result = report.result();
    return result.status() == Status.DEGRADED ? CheckResult.up(result.description()) : result;
  }

  /** Asks for the rights and writes nothing: a test leaves the data as it is. */
  private static CheckResult writable(List<Path> directories) {
    return directories.stream()
        .filter(directory -> !Files.notExists(directory) && !Files.isWritable(directory))
        .findFirst()
        .map(d ->
            CheckResult.down("NOT_WRITABLE", d + " may not be written", "check its owner and mode"))
        .orElse(CheckResult.up("the directories may be written"));
  }

  private static CheckResult envMode(Path env) {
    Findings findings = new Findings(env);
    Modes.requirePrivate(env, Severity.ERROR, findings);
    return findings.report().result();
  }
}
