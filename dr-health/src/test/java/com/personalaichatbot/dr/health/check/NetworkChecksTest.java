package com.personalaichatbot.dr.health.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.Status;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkChecksTest {

  private HttpServer server;
  private volatile int status = 200;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> {
      byte[] body = "a chat page".getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Location", "http://203.0.113.1/");
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/?key=hidden");
  }

  @Test
  void http_goodAnswer_isUp() {
    CheckResult result =
        HttpCheck.of(address()).body(text -> text.contains("chat")).check();
    assertThat(result.status()).isEqualTo(Status.UP);
    assertThat(result.details()).containsEntry("httpStatus", 200).containsKey("millis");
    assertThat(result.description()).doesNotContain("hidden");
  }

  @Test
  void http_otherStatus_isDownAndRedirectIsNotFollowed() {
    for (int code : List.of(500, 404, 302, 204)) {
      status = code == 204 ? 201 : code;
      CheckResult result = HttpCheck.of(address()).check();
      assertThat(result.code()).isEqualTo("BAD_STATUS");
      assertThat(result.status()).isEqualTo(Status.DOWN);
    }
    status = 302;
    assertThat(HttpCheck.of(address()).status(s -> s < 400).check().status()).isEqualTo(Status.UP);
  }

  @Test
  void http_otherBodyOrTooSlow_isTold() {
    assertThat(HttpCheck.of(address()).body(String::isEmpty).check().code()).isEqualTo("BAD_BODY");
    assertThat(HttpCheck.of(address()).slowAfter(Duration.ZERO).check().code()).isEqualTo("SLOW");
  }

  @Test
  void dependency_refusesPolitely_isUp() {
    status = 401;
    assertThat(HttpCheck.dependency(address()).check().status()).isEqualTo(Status.UP);
    status = 503;
    assertThat(HttpCheck.dependency(address()).check().status()).isEqualTo(Status.DOWN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\n|X: y\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n|1\r\nx\r\n"
      })
  void http_answerThatNeverEnds_isDownAtTheDeadlineAndHungUp(String script) throws Exception {
    String[] parts = script.split("\\|");
    CountDownLatch hungUp = new CountDownLatch(1);
    try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread dripping = new Thread(
          () -> {
            try (Socket socket = listening.accept()) {
              OutputStream out = socket.getOutputStream();
              out.write(parts[0].getBytes(StandardCharsets.US_ASCII));
              while (true) {
                out.write(parts[1].getBytes(StandardCharsets.US_ASCII));
                out.flush();
                LockSupport.parkNanos(20_000_000);
              }
            } catch (IOException e) {
              hungUp.countDown();
            }
          },
          "dripping");
      dripping.setDaemon(true);
      dripping.start();

      CheckResult result = HttpCheck.of(
              URI.create("http://127.0.0.1:" + listening.getLocalPort() + "/"))
          .deadline(Duration.ofMillis(300))
          .check();

      assertThat(result.code()).isEqualTo("NO_ANSWER");
      assertThat(result.description()).contains("no complete answer within 300 ms");
      assertThat(hungUp.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void http_nobodyListens_isDown() {
    URI address = address();
    server.stop(0);
    assertThat(HttpCheck.of(address).check().code()).isEqualTo("NO_ANSWER");
    assertThat(TcpCheck.of("127.0.0.1", address.getPort()).check().code()).isEqualTo("PORT_CLOSED");
  }

  @Test
  void tcp_open_isUp() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(TcpCheck.of("127.0.0.1", socket.getLocalPort()).check().status())
          .isEqualTo(Status.UP);
    }
  }

  @Test
  void addresses_ofOtherKinds_areRefused() {
    for (String address : List.of("ftp://x/", "file:///etc/passwd", "x", "http:///x")) {
      assertThatIllegalArgumentException().isThrownBy(() -> HttpCheck.of(URI.create(address)));
    }
    assertThatIllegalArgumentException().isThrownBy(() -> TcpCheck.of("x", 0));
    assertThatIllegalArgumentException().isThrownBy(() -> TcpCheck.of(" ", 1));
  }
}
