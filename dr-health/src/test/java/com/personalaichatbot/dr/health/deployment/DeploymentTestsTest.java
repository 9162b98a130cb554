package com.personalaichatbot.dr.health.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.SampleData;
import com.personalaichatbot.dr.health.Status;
import com.personalaichatbot.dr.health.deployment.DeploymentResult.Outcome;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class DeploymentTestsTest {

  @TempDir
  Path directory;

  private Path data;
  private HttpServer server;
  private volatile int status = 200;

  @BeforeEach
  void create() throws IOException {
    data = SampleData.create(directory.resolve("data"));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> {
      exchange.sendResponseHeaders(status, 2);
      exchange.getResponseBody().write(new byte[] {'h', 'i'});
      exchange.close();
    });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private DeploymentReport run() throws InterruptedException {
    URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    return DeploymentTests.of(data, url).run();
  }

  private List<String> notPassed() throws InterruptedException {
    return run().results().stream()
        .filter(result -> result.outcome() != Outcome.PASSED)
        .map(DeploymentResult::name)
        .toList();
  }

  @Test
  void run_soundInstallation_passesAll() throws Exception {
    DeploymentReport report = run();
    assertThat(report.results()).hasSize(10).allMatch(r -> !r.message().isBlank());
    assertThat(report.results()).extracting(DeploymentResult::outcome).containsOnly(Outcome.PASSED);
    assertThat(report.status()).isEqualTo(Status.UP);
  }

  @Test
  void run_applicationAnswers500_failsThePage() throws Exception {
    status = 500;
    assertThat(notPassed()).containsExactly("page", "page-content", "page-time");
    assertThat(run().status()).isEqualTo(Status.DOWN);
  }

  @Test
  void run_applicationIsDead_failsPortAndPage() throws Exception {
    URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    server.stop(0);
    assertThat(DeploymentTests.of(data, url).run().results())
        .filteredOn(r -> r.outcome() == Outcome.FAILED)
        .extracting(DeploymentResult::name)
        .containsExactly("port", "page", "page-content", "page-time");
  }

  @Test
  void run_faultsOfTheData_failTheirTests() throws Exception {
    SampleData.mode(data.resolve(".env"), "rw-r--r--");
    assertThat(notPassed()).containsExactly("env-mode", "configuration");
    SampleData.mode(data.resolve(".env"), "rw-------");
    Files.writeString(data.resolve("config/app_config.json"), "{");
    assertThat(notPassed()).containsExactly("settings", "configuration");
    Files.writeString(data.resolve("config/app_config.json"), SampleData.CONFIG);
    Files.writeString(
        data.resolve(".env"), SampleData.ENV.replace(SampleData.KEY, "your-api-key-here"));
    assertThat(notPassed()).containsExactly("keys", "configuration");
    Files.writeString(data.resolve(".env"), SampleData.ENV);
    Files.move(data.resolve("conversations"), directory.resolve("away"));
    assertThat(notPassed()).containsExactly("directories", "configuration");
  }

  @Test
  void run_providerIsNamed_isTested() throws Exception {
    Files.writeString(
        data.resolve(".env"), SampleData.ENV + "OPENROUTER_BASE_URL=http://127.0.0.1:1/\n");
    assertThat(notPassed()).containsExactly("provider");
    Files.writeString(data.resolve(".env"), SampleData.ENV + "OPENROUTER_BASE_URL=nonsense\n");
    assertThat(run().results())
        .filteredOn(r -> r.name().equals("provider"))
        .extracting(DeploymentResult::outcome)
        .containsExactly(Outcome.ERROR);
  }

  @Test
  void run_ownTests_passFailAndErrorAreKeptApart() throws Exception {
    DeploymentTests own = DeploymentTests.none()
        .with("good", CheckResult::up)
        .with("slow", () -> CheckResult.degraded("SLOW", "slow", "wait"))
        .with("throws", () -> {
          throw new LinkageError("no such class");
        })
        .with("nothing", () -> null);
    assertThat(own.run().results())
        .extracting(r -> r.name() + " " + r.outcome())
        .containsExactly("good PASSED", "slow FAILED", "throws ERROR", "nothing ERROR");
    assertThat(DeploymentTests.none().with("nothing", () -> null).run().status())
        .isEqualTo(Status.UNKNOWN);
    assertThat(DeploymentTests.none().run().status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void run_testHangs_isAnErrorAfterTheTimeout() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    DeploymentReport report = DeploymentTests.none()
        .with("hangs", () -> {
          never.await();
          return CheckResult.up();
        })
        .timeoutAfter(Duration.ofMillis(1))
        .run();
    never.countDown();
    assertThat(report.results())
        .extracting(DeploymentResult::outcome)
        .containsExactly(Outcome.ERROR);
  }
}
