package com.personalaichatbot.dr.core.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.recovery.runbook.ApplicationHooks;
import com.personalaichatbot.dr.core.recovery.runbook.DataValidator;
import com.personalaichatbot.dr.core.recovery.runbook.Drill;
import com.personalaichatbot.dr.core.recovery.runbook.HookKind;
import com.personalaichatbot.dr.core.recovery.runbook.RunOptions;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.recovery.runbook.Scenario;
import com.personalaichatbot.dr.core.recovery.runbook.StepReport;
import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.Health;
import com.personalaichatbot.dr.health.HealthMonitor;
import com.personalaichatbot.dr.health.Status;
import com.personalaichatbot.dr.health.publish.HealthHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The application in its health while it is recovered. */
class OutOfServiceTest {
  private static final Duration SECONDS = Duration.ofSeconds(30);

  @TempDir
  private Path temp;

  @AutoClose
  private LivingApplication application;

  @AutoClose
  private final HealthMonitor monitor = HealthMonitor.builder().build();

  private final List<Health> during = new ArrayList<>();

  @BeforeEach
  void live() throws Exception {
    monitor.register("room", () -> CheckResult.up("there is room"));
    monitor.check();
    application = new LivingApplication(temp);
    application.start();
    application.backUp();
    application.stop();
  }

  private Recovery recovery() throws IOException {
    return recovery(application::start);
  }

  @FunctionalInterface
  private interface Start {
    void run() throws Exception;
  }

  private Recovery recovery(Start start) {
    return application
        .recovery()
        .health(monitor)
        .hooks(ApplicationHooks.none()
            .with(HookKind.STOP, SECONDS, call -> application.stop())
            .with(HookKind.START, SECONDS, call -> {
              during.add(monitor.health());
              start.run();
            }))
        .build();
  }

  private static RunReport run(Recovery recovery) throws IOException {
    return recovery.run(recovery.plan(Scenario.PROCESS_FAILURE, RunOptions.none()));
  }

  @Test
  void run_isOutOfService_untilItEnds() throws Exception {
    try (Recovery recovery = recovery()) {
      RunReport run = run(recovery);

      assertThat(run.status()).isEqualTo(RunStatus.RECOVERED);
      assertThat(during).singleElement().satisfies(health -> {
        assertThat(health.status()).isEqualTo(Status.OUT_OF_SERVICE);
        assertThat(health.group(Health.READY).orElseThrow().status())
            .isEqualTo(Status.OUT_OF_SERVICE);
        assertThat(health.group(Health.LIVE).orElseThrow().status())
            .isNotEqualTo(Status.OUT_OF_SERVICE);
        assertThat(health.check("service").orElseThrow().latest().description())
            .isEqualTo("recovery " + run.incident() + " is running");
      });
      StepReport verify = run.step("verify").orElseThrow();
      assertThat(verify.details()).containsEntry("health", "UP");
      assertThat(verify.notes()).isEmpty();
      assertThat(monitor.health().status()).isEqualTo(Status.UP);
    }
  }

  @Test
  void run_thatFails_isBackInService_whichItsChecksTell() throws Exception {
    try (Recovery recovery = recovery(() -> {
      throw new IllegalStateException("the port is taken");
    })) {
      assertThat(run(recovery).status()).isNotEqualTo(RunStatus.RECOVERED);

      assertThat(during).isNotEmpty().allMatch(health -> health.status() == Status.OUT_OF_SERVICE);
      assertThat(monitor.health().check("service")).isEmpty();
    }
  }

  @Test
  void run_interruptionOfTheApplicationsOwn_isNotedAndStays() throws Exception {
    try (Recovery recovery = recovery(() -> {
      application.start();
      monitor.outOfService("the database is moved");
    })) {
      RunReport run = run(recovery);

      assertThat(run.status()).isEqualTo(RunStatus.RECOVERED);
      assertThat(run.step("verify").orElseThrow().notes())
          .containsExactly("service is OUT_OF_SERVICE: the database is moved");
      assertThat(monitor.health().status()).isEqualTo(Status.OUT_OF_SERVICE);
    }
  }

  @Test
  void run_checkThatIsDown_failsAllTheSame() throws Exception {
    try (Recovery recovery = recovery(() -> {
      application.start();
      monitor.register("database", () -> CheckResult.down("GONE", "it is gone", "start it"));
    })) {
      RunReport run = run(recovery);

      assertThat(run.status()).isNotEqualTo(RunStatus.RECOVERED);
      assertThat(run.step("verify").orElseThrow().message()).contains("database is DOWN");
    }
  }

  @Test
  void drill_leavesTheApplicationInService() throws Exception {
    try (Recovery recovery = application
        .recovery()
        .health(monitor)
        .validator(restored -> {
          during.add(monitor.health());
          return DataValidator.ORIGINAL.validate(restored);
        })
        .build()) {
      assertThat(recovery.drill(Drill.COMPLETE).status()).isEqualTo(RunStatus.RECOVERED);

      assertThat(during).isNotEmpty().allMatch(health -> health.status() == Status.UP);
    }
  }

  @Test
  void resumedRun_isOutOfServiceToo() throws Exception {
    Path journals = application.state.resolve(application.repository.id()).resolve("recovery");
    Map<Path, byte[]> cutOff = new TreeMap<>();
    RunReport run;
    try (Recovery recovery = recovery(() -> {
      try (Stream<Path> files = Files.list(journals)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          cutOff.putIfAbsent(file, Files.readAllBytes(file));
        }
      }
      application.start();
    })) {
      run = run(recovery);
    }
    application.stop();
    during.clear();
    for (Map.Entry<Path, byte[]> file : cutOff.entrySet()) {
      Files.write(file.getKey(), file.getValue());
    }
    try (Recovery recovery = recovery()) {
      assertThat(recovery.resume(run.incident()).status()).isEqualTo(RunStatus.RECOVERED);

      assertThat(during)
          .singleElement()
          .satisfies(health -> assertThat(health.check("service").orElseThrow().latest())
              .extracting(CheckResult::description)
              .isEqualTo("recovery " + run.incident() + " is running"));
      assertThat(monitor.health().status()).isEqualTo(Status.UP);
    }
  }

  /** It says 503 for as long as the run lasts, and so the application would never be started. */
  @Test
  void url_ofReadiness_failsAndTheMessageSaysWhy() throws Exception {
    AtomicReference<HttpServer> server = new AtomicReference<>();
    InetSocketAddress address = new InetSocketAddress(
        InetAddress.getLoopbackAddress(), application.url().getPort());
    try (Recovery recovery = application
        .recovery()
        .health(monitor)
        .url(application.url().resolve("/health/ready"))
        .startWithin(Duration.ofMillis(200))
        .hooks(ApplicationHooks.none()
            .with(HookKind.STOP, SECONDS, call -> server.get().stop(0))
            .with(HookKind.START, SECONDS, call -> {
              server.set(HttpServer.create(address, 0));
              server.get().createContext("/health", HealthHandler.of(monitor));
              server.get().start();
            }))
        .build()) {
      RunReport run = run(recovery);

      assertThat(run.status()).isNotEqualTo(RunStatus.RECOVERED);
      assertThat(run.step("start").orElseThrow().message())
          .contains("503")
          .contains("give .url(URI) another one");
    }
  }
}
