package com.personalaichatbot.dr.health.publish;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.CheckSettings;
import com.personalaichatbot.dr.health.Health;
import com.personalaichatbot.dr.health.HealthMonitor;
import com.personalaichatbot.dr.health.LivenessCheck;
import com.personalaichatbot.dr.health.Status;
import com.personalaichatbot.dr.health.Weight;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import javax.management.JMX;
import javax.management.MBeanServerConnection;
import javax.management.Notification;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXConnectorServer;
import javax.management.remote.JMXConnectorServerFactory;
import javax.management.remote.JMXServiceURL;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class PublishTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String SECRET = "sk-or-v1-" + "9a8b7c6d".repeat(5);

  @AutoClose
  private final HealthMonitor monitor = HealthMonitor.builder().build();

  private final AtomicReference<CheckResult> disk = new AtomicReference<>(CheckResult.up());

  @BeforeEach
  void register() {
    LivenessCheck loop = () -> CheckResult.up("turns");
    monitor.register("loop", loop);
    monitor.register("disk", disk::get, CheckSettings.DEFAULT.in("ready", "mine"));
    monitor.check();
  }

  private Health now(CheckResult result) {
    disk.set(result);
    return monitor.check();
  }

  private static CheckResult degraded() {
    return CheckResult.degraded("DISK_WARNING", "83.1 % used by " + SECRET, "free space")
        .with("usedPercent", 83.1)
        .with("path", Path.of("/data"))
        .with("full", false);
  }

  /**
   * The fields that a client written against Actuator's answer reads; unknown fields at these
   * places would break it.
   */
  private record Component(String status, String description, Map<String, Object> details) {}

  private record Actuator(String status, Map<String, Component> components, List<String> groups) {}

  @Test
  void actuator_full_isReadByAnActuatorClient() throws Exception {
    String json = HealthJson.full().actuator(now(degraded()));
    Actuator read = MAPPER.readValue(json, Actuator.class);
    assertThat(read.status()).isEqualTo("DEGRADED");
    assertThat(read.groups())
        .containsExactly("live", "ready", "recovery", "security", "capacity", "mine");
    Component component = read.components().get("disk");
    assertThat(component.status()).isEqualTo("DEGRADED");
    assertThat(component.details())
        .containsEntry("usedPercent", 83.1)
        .containsEntry("path", "/data")
        .containsEntry("full", false)
        .containsEntry("code", "DISK_WARNING")
        .containsKeys("since", "checkedAt", "durationMs", "action", "weight");
    assertThat(json).doesNotContain(SECRET).contains("[redacted]");
  }

  @Test
  void actuator_degradedAsUp_saysSoInTheDetails() throws Exception {
    Health health = now(degraded());
    Actuator read =
        MAPPER.readValue(HealthJson.full().degradedAsUp().actuator(health), Actuator.class);
    assertThat(read.status()).isEqualTo("UP");
    assertThat(read.components().get("disk").details()).containsEntry("level", "DEGRADED");
    assertThat(HealthJson.statusOnly().actuator(health.group("ready").orElseThrow()))
        .isEqualTo("{\"status\":\"DEGRADED\"}");
  }

  @Test
  void microProfile_everyStatus_fitsTheSchema() throws Exception {
    JsonNode schema = MAPPER.readTree(getClass().getResourceAsStream("microprofile-health.json"));
    var validator =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(schema);
    Map<Status, String> seen = new HashMap<>();
    for (CheckResult result : List.of(
        CheckResult.up(),
        degraded(),
        CheckResult.down("X", "x", "y"),
        CheckResult.outOfService("x"),
        CheckResult.unknown("X", "x"))) {
      JsonNode json = MAPPER.readTree(HealthJson.full().microProfile(now(result)));
      assertThat(validator.validate(json)).isEmpty();
      seen.put(result.status(), json.at("/checks/1/status").asText());
    }
    assertThat(seen)
        .containsOnly(
            Map.entry(Status.UP, "UP"),
            Map.entry(Status.DEGRADED, "UP"),
            Map.entry(Status.DOWN, "DOWN"),
            Map.entry(Status.OUT_OF_SERVICE, "DOWN"),
            Map.entry(Status.UNKNOWN, "DOWN"));
    assertThat(validator.validate(MAPPER.readTree("{\"status\":\"MAYBE\"}"))).isNotEmpty();
  }

  @Test
  void httpStatus_unknown_isNotReadyButElseFine() {
    assertThat(HealthJson.httpStatus(Status.UNKNOWN, "")).isEqualTo(200);
    assertThat(HealthJson.httpStatus(Status.UNKNOWN, "live")).isEqualTo(200);
    assertThat(HealthJson.httpStatus(Status.UNKNOWN, "ready")).isEqualTo(503);
    assertThat(HealthJson.httpStatus(Status.DEGRADED, "ready")).isEqualTo(200);
    assertThat(HealthJson.httpStatus(Status.OUT_OF_SERVICE, "")).isEqualTo(503);
    assertThat(HealthJson.httpStatus(Status.DOWN, "mine")).isEqualTo(503);
  }

  @Test
  void handler_requests_areAnsweredWithoutCacheAndWithoutDetailsForStrangers() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/health",
        HealthHandler.of(monitor)
            .showDetailsTo(e -> e.getRequestHeaders().getFirst("Authorization").equals("me")));
    server.start();
    try {
      now(CheckResult.down("GONE", "gone", "mount it"));
      HttpResponse<String> whole = request(server, "GET", "/health", "");
      assertThat(whole.statusCode()).isEqualTo(503);
      assertThat(whole.body()).startsWith("{\"status\":\"DOWN\",\"groups\":[");
      assertThat(whole.headers().firstValue("Cache-Control").orElseThrow()).contains("no-store");
      assertThat(request(server, "GET", "/health/live", "").statusCode()).isEqualTo(200);
      assertThat(request(server, "GET", "/health/ready/", "").statusCode()).isEqualTo(503);
      assertThat(request(server, "GET", "/health/nobody", "").statusCode()).isEqualTo(404);
      assertThat(request(server, "GET", "/health/ready?details", "").body()).doesNotContain("gone");
      assertThat(request(server, "GET", "/health/ready?details", "you").body())
          .doesNotContain("gone");
      assertThat(request(server, "GET", "/health/ready?details", "me").body()).contains("gone");
      assertThat(request(server, "GET", "/health?details&format=microprofile", "me")
              .body())
          .contains("\"checks\":[{\"name\":\"loop\"");
      assertThat(request(server, "HEAD", "/health", "").body()).isEmpty();
      HttpResponse<String> post = request(server, "POST", "/health", "");
      assertThat(post.statusCode()).isEqualTo(405);
      assertThat(post.headers().firstValue("Allow")).contains("GET, HEAD");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void handler_stateThatCannotBeTold_is500() throws Exception {
    AtomicReference<RuntimeException> failure = new AtomicReference<>();
    LongSupplier time = () -> {
      if (failure.get() != null) {
        throw failure.get();
      }
      return 0;
    };
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    try (HealthMonitor failing = HealthMonitor.builder().nanoTime(time).build()) {
      server.createContext("/health", HealthHandler.of(failing));
      server.start();
      failure.set(new IllegalStateException("planted " + SECRET));
      HttpResponse<String> answer = request(server, "GET", "/health/live", "");
      assertThat(answer.statusCode()).isEqualTo(500);
      assertThat(answer.body()).isEqualTo("{\"status\":\"UNKNOWN\"}");
      assertThat(answer.headers().firstValue("Cache-Control").orElseThrow()).contains("no-store");
      failure.set(null);
    } finally {
      server.stop(0);
    }
  }

  private static HttpResponse<String> request(
      HttpServer server, String method, String path, String authorization) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody());
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void jmx_realClient_seesStateAndChange() throws Exception {
    var server = ManagementFactory.getPlatformMBeanServer();
    JMXServiceURL url = new JMXServiceURL("service:jmx:rmi://127.0.0.1");
    JMXConnectorServer connectors =
        JMXConnectorServerFactory.newJMXConnectorServer(url, null, server);
    connectors.start();
    try (HealthJmx registered = HealthJmx.register(monitor, server, "a:b");
        JMXConnector client = JMXConnectorFactory.connect(connectors.getAddress())) {
      MBeanServerConnection connection = client.getMBeanServerConnection();
      ObjectName name = new ObjectName("com.personalaichatbot.dr:type=Health,name=\"a:b\"");
      BlockingQueue<Notification> told = new LinkedBlockingQueue<>();
      connection.addNotificationListener(name, (n, context) -> told.add(n), null, null);
      HealthMXBean health = JMX.newMXBeanProxy(connection, name, HealthMXBean.class);
      assertThat(registered).isNotNull();
      assertThat(health.getStatus()).isEqualTo("UP");
      now(CheckResult.down("GONE", "gone", "mount it"));
      Notification change = told.take();
      assertThat(change.getMessage()).isEqualTo("disk: UP to DOWN");
      assertThat(health.getStatus()).isEqualTo("DOWN");
      assertThat(health.getChecks()).containsEntry("disk", "DOWN").containsEntry("loop", "UP");
      assertThat(health.getGroups()).containsEntry("live", "UP").containsEntry("ready", "DOWN");
      assertThat(health.describe("disk")).contains("mount it");
      assertThat(health.describe("none")).isEmpty();
      assertThat(Instant.parse(health.getTime())).isNotNull();
    } finally {
      connectors.stop();
    }
    assertThat(server.queryNames(new ObjectName("com.personalaichatbot.dr:*"), null))
        .isEmpty();
  }

  @Test
  void micrometer_realRegistry_seesTheChange() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    HealthMetrics metrics = new HealthMetrics(monitor);
    metrics.bindTo(registry);
    assertThat(gauge(registry, "disk", "UP")).isEqualTo(1);
    now(CheckResult.down("GONE", "gone", "mount it"));
    assertThat(gauge(registry, "disk", "UP")).isZero();
    assertThat(gauge(registry, "disk", "DOWN")).isEqualTo(1);
    assertThat(registry.get("dr.health").tag("status", "DOWN").gauge().value()).isEqualTo(1);
    monitor.register("late", CheckResult::up, CheckSettings.DEFAULT.weight(Weight.INFO));
    monitor.check();
    metrics.refresh();
    assertThat(gauge(registry, "late", "UP")).isEqualTo(1);
    metrics.close();
    metrics.close();
    assertThat(registry.getMeters()).isEmpty();
  }

  @Test
  void micrometer_closedWhileAChangeIsTakenUp_leavesNoGauge() throws Exception {
    AtomicReference<Thread> closing = new AtomicReference<>();
    SimpleMeterRegistry registry = new SimpleMeterRegistry() {
      @Override
      protected <T> Gauge newGauge(Meter.Id id, T of, ToDoubleFunction<T> value) {
        Thread closer = closing.get();
        if (closer != null && closer.getState() == Thread.State.NEW) {
          closer.start();
          while (closer.getState() == Thread.State.RUNNABLE) {
            Thread.onSpinWait();
          }
        }
        return super.newGauge(id, of, value);
      }
    };
    HealthMetrics metrics = new HealthMetrics(monitor);
    metrics.bindTo(registry);
    monitor.register("late", CheckResult::up);
    monitor.check();
    closing.set(new Thread(metrics::close));
    metrics.refresh();
    if (closing.get().getState() == Thread.State.NEW) {
      closing.get().start();
    }
    closing.get().join();
    metrics.refresh();
    assertThat(registry.getMeters()).isEmpty();
  }

  private static double gauge(SimpleMeterRegistry registry, String check, String status) {
    return registry
        .get("dr.health.status")
        .tag("check", check)
        .tag("status", status)
        .gauge()
        .value();
  }

  @Test
  void flightRecording_ofAChange_holdsItAndTheRuns(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("health.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("dr.HealthChange");
      recording.enable("dr.HealthCheck");
      recording.start();
      now(CheckResult.down("GONE", "gone with " + SECRET, "mount it"));
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> events = RecordingFile.readAllEvents(file);
    assertThat(events)
        .filteredOn(e -> e.getEventType().getName().equals("dr.HealthChange"))
        .filteredOn(e -> e.getString("check").equals("disk"))
        .singleElement()
        .satisfies(e -> {
          assertThat(e.getString("from") + e.getString("to")).isEqualTo("UPDOWN");
          assertThat(e.getString("description")).isEqualTo("gone with [redacted]");
        });
    assertThat(events)
        .filteredOn(e -> e.getEventType().getName().equals("dr.HealthCheck"))
        .hasSizeGreaterThanOrEqualTo(2);
  }
}
