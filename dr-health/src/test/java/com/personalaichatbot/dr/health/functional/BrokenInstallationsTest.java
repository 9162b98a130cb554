package com.personalaichatbot.dr.health.functional;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.health.CheckState;
import com.personalaichatbot.dr.health.Finding;
import com.personalaichatbot.dr.health.Health;
import com.personalaichatbot.dr.health.HealthMonitor;
import com.personalaichatbot.dr.health.SampleData;
import com.personalaichatbot.dr.health.Severity;
import com.personalaichatbot.dr.health.Status;
import com.personalaichatbot.dr.health.config.ConfigValidator;
import com.personalaichatbot.dr.health.deployment.ApplicationChecks;
import com.personalaichatbot.dr.health.security.SecurityValidator;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The installations that the original application's scripts called sound, or did not look at. A
 * full disk is {@code DiskCheck}'s own test; a stale backup is dr-core's.
 */
@Timeout(60)
class BrokenInstallationsTest {

  /** What the machine that runs the test may add: it is busy, full, or runs tests as root. */
  private static final Set<String> MACHINE = Set.of("cpu", "memory", "disk", "temp", "clock");

  @TempDir
  Path directory;

  private Path data;
  private HttpServer server;
  private URI url;
  private volatile int answer = 200;

  @BeforeEach
  void create() throws IOException {
    data = SampleData.create(directory.resolve("data"));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> {
      exchange.sendResponseHeaders(answer, -1);
      exchange.close();
    });
    server.start();
    url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  /** The checks that are not UP and the machine is not to blame for, with their codes. */
  private Set<String> unwell() {
    try (HealthMonitor monitor = HealthMonitor.builder().build()) {
      Health health = ApplicationChecks.of(data).url(url).register(monitor).check();
      return health.checks().stream()
          .filter(check -> check.status() == Status.DOWN && !MACHINE.contains(check.name()))
          .map(check -> check.name() + " " + check.latest().code())
          .collect(Collectors.toSet());
    }
  }

  private List<String> configErrors() throws InterruptedException {
    return errors(ConfigValidator.of(data).validate().findings());
  }

  private List<String> securityErrors() {
    return errors(SecurityValidator.of(data).validate().findings());
  }

  private static List<String> errors(List<Finding> findings) {
    return findings.stream()
        .filter(finding -> finding.severity() == Severity.ERROR)
        .map(Finding::code)
        .toList();
  }

  @Test
  void soundInstallation_isWell() throws Exception {
    assertThat(unwell()).isEmpty();
    assertThat(configErrors()).isEmpty();
    assertThat(securityErrors()).isEmpty();
    try (HealthMonitor monitor = HealthMonitor.builder().build()) {
      assertThat(ApplicationChecks.of(data)
              .register(monitor)
              .check()
              .group("live")
              .orElseThrow()
              .checks())
          .extracting(CheckState::name)
          .isEmpty();
    }
  }

  @Test
  void http500_theOriginalSaidHealthy_isDown() {
    answer = 500;
    assertThat(unwell()).containsExactly("page BAD_STATUS");
  }

  @Test
  void noProcess_theOriginalSaidHealthy_isDown() {
    server.stop(0);
    assertThat(unwell()).containsExactlyInAnyOrder("port PORT_CLOSED", "page NO_ANSWER");
  }

  @Test
  void missingDirectory_isDownAndAnError() throws Exception {
    Files.move(data.resolve("conversations"), directory.resolve("away"));
    assertThat(unwell())
        .containsExactlyInAnyOrder(
            "directories DIRECTORY_MISSING", "configuration DIRECTORY_MISSING");
    assertThat(configErrors()).containsExactly("DIRECTORY_MISSING");
  }

  @Test
  void brokenJson_isDownAndAnError() throws Exception {
    Files.writeString(data.resolve("config/app_config.json"), "{\"app\": ");
    assertThat(unwell())
        .containsExactlyInAnyOrder("settings JSON_BROKEN", "configuration CONFIG_BROKEN");
    assertThat(configErrors()).containsExactly("CONFIG_BROKEN");
  }

  @Test
  void missingKey_theOriginalLookedAtItsOwnEnvironment_isAnError() throws Exception {
    Files.writeString(data.resolve(".env"), SampleData.ENV.replace("SECRET_KEY=", "#SECRET_KEY="));
    assertThat(configErrors()).containsExactly("ENV_REQUIRED");
    assertThat(securityErrors()).containsExactly("ENV_REQUIRED");
  }

  @Test
  void placeholderKey_isAnError() throws Exception {
    Files.writeString(
        data.resolve(".env"), SampleData.ENV.replace(SampleData.KEY, "your-api-key-here"));
    assertThat(configErrors()).containsExactly("ENV_PLACEHOLDER");
    assertThat(securityErrors()).containsExactly("ENV_PLACEHOLDER");
  }

  @Test
  void envOpenToAll_isAnError() throws Exception {
    SampleData.mode(data.resolve(".env"), "rw-r--r--");
    assertThat(configErrors()).containsExactly("MODE");
    assertThat(securityErrors()).containsExactly("MODE");
    assertThat(unwell()).containsExactlyInAnyOrder("configuration MODE", "security MODE");
  }

  @Test
  void worldWritableTree_isAnErrorForEachPath() throws Exception {
    SampleData.mode(data, "rwxrwxrwx");
    SampleData.mode(data.resolve("conversations/active"), "rwxrwxrwx");
    assertThat(securityErrors()).containsExactly("WORLD_WRITABLE", "WORLD_WRITABLE");
    assertThat(unwell()).containsExactly("security WORLD_WRITABLE");
  }

  @Test
  void keyInALog_theOriginalDidNotLook_isAnError() throws Exception {
    Files.writeString(
        data.resolve("logs/app.log"), "using " + SampleData.KEY + "\n", StandardOpenOption.APPEND);
    assertThat(securityErrors()).contains("SECRET_IN_LOG");
    assertThat(unwell()).containsExactly("security SECRET_IN_LOG");
  }

  @Test
  void corruptConversation_theOriginalDidNotLook_isAnErrorAndDown() throws Exception {
    Files.writeString(data.resolve("conversations/active/" + SampleData.ID + ".json"), "\0\0\0\0");
    assertThat(configErrors()).containsExactly("CONVERSATION_BROKEN");
    assertThat(unwell()).containsExactly("configuration CONVERSATION_BROKEN");
  }
}
