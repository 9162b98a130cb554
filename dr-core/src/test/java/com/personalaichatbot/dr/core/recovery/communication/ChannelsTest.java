package com.personalaichatbot.dr.core.recovery.communication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.personalaichatbot.dr.crypto.Secret;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a real receiver of HTTP and a real mail server. */
class ChannelsTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final Message MESSAGE = new Message(
      "20261123-020000-7f3a-immediate-team",
      "20261123-020000-7f3a",
      Stage.IMMEDIATE,
      Audience.TEAM,
      "Data corruption <@everyone> & Grüße",
      "First line *bold* [link](http://example.org)\n\nSecond <!channel>");

  private final List<String> bodies = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch over = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;
  private URI address;

  /** The answer of the other side. */
  @FunctionalInterface
  private interface Answer {
    void give(HttpExchange exchange) throws IOException;
  }

  @BeforeEach
  void listen() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
    address = URI.create("http://localhost:" + server.getAddress().getPort() + "/secret-path");
  }

  @AfterEach
  void stop() {
    over.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(Answer answer) {
    server.createContext("/", exchange -> {
      bodies.add(new String(exchange.getRequestBody().readAllBytes(), "UTF-8"));
      try (exchange) {
        answer.give(exchange);
      }
    });
  }

  private void status(int status) {
    answer(exchange -> exchange.sendResponseHeaders(status, -1));
  }

  private DeliveryException refusal(Channel channel) {
    return catchThrowableOfType(DeliveryException.class, () -> channel.send(MESSAGE));
  }

  @Test
  void slack_message_arrivesWithItsMarkupMadeHarmless() throws Exception {
    status(200);

    SlackChannel.allowingHttp(address, TIMEOUT).send(MESSAGE);

    String text = new ObjectMapper().readTree(bodies.get(0)).get("text").asText();
    assertThat(text).contains("&lt;@everyone&gt; &amp; Grüße").contains("Second &lt;!channel&gt;");
    assertThat(text).doesNotContain("<");
  }

  @Test
  void teams_message_isACardWhoseTextIsTakenAsItIs() throws Exception {
    status(202);

    TeamsChannel.allowingHttp(address, TIMEOUT).send(MESSAGE);

    JsonNode card = new ObjectMapper().readTree(bodies.get(0)).at("/attachments/0/content");
    assertThat(card.at("/type").asText()).isEqualTo("AdaptiveCard");
    assertThat(card.at("/body"))
        .hasSize(3)
        .allMatch(b -> b.get("type").asText().equals("RichTextBlock"));
    assertThat(card.at("/body/1/inlines/0/text").asText())
        .isEqualTo("First line *bold* [link](http://example.org)");
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 400, 404, 500, 503})
  void webhook_refuses_saysWithWhichStatusAndNotWhere(int status) {
    status(status);

    DeliveryException refusal = refusal(SlackChannel.allowingHttp(address, TIMEOUT));

    assertThat(refusal).hasMessage("slack answered with status " + status);
    assertThat(refusal.getMessage()).doesNotContain("secret-path");
    assertThat(refusal.retryAfter()).isEmpty();
  }

  @Test
  void webhook_isTooBusy_saysWhenToComeAgain() {
    answer(exchange -> {
      exchange.getResponseHeaders().add("Retry-After", "37");
      exchange.sendResponseHeaders(429, -1);
    });

    assertThat(refusal(TeamsChannel.allowingHttp(address, TIMEOUT)).retryAfter())
        .contains(Duration.ofSeconds(37));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Wed, 21 Oct 2026 07:28:00 GMT", "soon", "99999999999999999999"})
  void webhook_retryAfterIsNoNumber_isAsIfItWereNotThere(String value) {
    answer(exchange -> {
      exchange.getResponseHeaders().add("Retry-After", value);
      exchange.sendResponseHeaders(429, -1);
    });

    assertThat(refusal(SlackChannel.allowingHttp(address, TIMEOUT)).retryAfter())
        .isEmpty();
  }

  @Test
  void webhook_answersWithTenMegabytes_isReadToABound() {
    answer(exchange -> {
      exchange.sendResponseHeaders(200, 10_000_000);
      try (OutputStream out = exchange.getResponseBody()) {
        byte[] part = new byte[1000];
        for (int i = 0; i < 10_000; i++) {
          out.write(part);
        }
      }
    });

    assertThatCode(() -> SlackChannel.allowingHttp(address, TIMEOUT).send(MESSAGE))
        .doesNotThrowAnyException();
  }

  @Test
  void webhook_neverAnswers_isGivenUpAfterTheTimeout() {
    answer(exchange -> {
      try {
        over.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });

    assertThat(refusal(SlackChannel.allowingHttp(address, Duration.ofMillis(200))))
        .hasMessageContaining("cannot be reached");
    assertThat(bodies).hasSize(1);
  }

  @Test
  void webhook_nobodyListens_isRefused() {
    server.stop(0);

    assertThat(refusal(SlackChannel.allowingHttp(address, TIMEOUT)))
        .hasMessage("slack cannot be reached: ConnectException");
  }

  @Test
  void webhook_addressIsNoneOfHttp_isRefusedAtTheDoor() {
    assertThatThrownBy(() -> SlackChannel.allowingHttp(URI.create("file:///etc/passwd"), TIMEOUT))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void webhook_unencryptedAddress_isRefusedUnlessAllowed() {
    assertThatThrownBy(() -> new SlackChannel(address, TIMEOUT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("https://");
    assertThatThrownBy(() -> new TeamsChannel(address, TIMEOUT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("allowingHttp");
  }

  /** A server that goes on answering for ever, one byte at a time. */
  private static final class Dripping implements AutoCloseable {
    private final ServerSocket listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    private final CountDownLatch hungUp = new CountDownLatch(1);

    Dripping(ExecutorService threads, String beginning, String drop) throws IOException {
      threads.execute(() -> {
        try (Socket socket = listening.accept()) {
          OutputStream out = socket.getOutputStream();
          out.write(beginning.getBytes(StandardCharsets.US_ASCII));
          while (!Thread.currentThread().isInterrupted()) {
            out.write(drop.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            LockSupport.parkNanos(20_000_000);
          }
        } catch (IOException e) {
          hungUp.countDown();
        }
      });
    }

    int port() {
      return listening.getLocalPort();
    }

    void awaitHangUp() throws InterruptedException {
      assertThat(hungUp.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public void close() throws IOException {
      listening.close();
    }
  }

  @Test
  void webhook_headersNeverEnd_isGivenUpAtTheDeadlineAndHungUp() throws Exception {
    try (Dripping server = new Dripping(threads, "HTTP/1.1 200 OK\r\n", "X: y\r\n")) {
      URI endless = URI.create("http://localhost:" + server.port() + "/");

      assertThat(refusal(SlackChannel.allowingHttp(endless, Duration.ofMillis(300))))
          .hasMessageContaining("no answer within 300 ms");
      server.awaitHangUp();
    }
  }

  @Test
  void webhook_bodyNeverEnds_isDeliveredAndHungUp() throws Exception {
    try (Dripping server = new Dripping(
        threads, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n")) {
      URI endless = URI.create("http://localhost:" + server.port() + "/");

      SlackChannel.allowingHttp(endless, TIMEOUT).send(MESSAGE);

      server.awaitHangUp();
    }
  }

  @Test
  void mail_greetingNeverEnds_isGivenUpAtTheDeadlineAndHungUp() throws Exception {
    try (Dripping server = new Dripping(threads, "220-", "220-wait\r\n")) {
      assertThat(refusal(mail(server.port(), Duration.ofMillis(300))))
          .hasMessage("mail was not taken: no answer within 300 ms");
      server.awaitHangUp();
    }
  }

  private static MailChannel mail(int port, Duration timeout) {
    return new MailChannel(
        "localhost",
        port,
        null,
        null,
        "bot@example.org",
        List.of("a@example.org", "b@example.org"),
        timeout);
  }

  @Test
  void mail_serverWithoutTls_getsNothingUnlessAllowed() {
    GreenMail mail = new GreenMail(new ServerSetup(0, "localhost", ServerSetup.PROTOCOL_SMTP));
    mail.start();
    try {
      assertThat(refusal(mail(mail.getSmtp().getPort(), TIMEOUT)))
          .hasMessageContaining("offers no STARTTLS");
      assertThat(mail.getReceivedMessages()).isEmpty();
    } finally {
      mail.stop();
    }
  }

  @Test
  void mail_message_arrivesAtEveryAddress() throws Exception {
    GreenMail mail = new GreenMail(new ServerSetup(0, "localhost", ServerSetup.PROTOCOL_SMTP));
    mail.start();
    try {
      mail(mail.getSmtp().getPort(), TIMEOUT).allowingPlaintext().send(MESSAGE);

      MimeMessage[] received = mail.getReceivedMessages();
      assertThat(received).hasSize(2);
      assertThat(received[0].getSubject()).isEqualTo(MESSAGE.subject());
      assertThat(received[0].getContent().toString().replace("\r", ""))
          .isEqualToIgnoringNewLines(MESSAGE.text());
    } finally {
      mail.stop();
    }
  }

  @Test
  void mail_passwordButNoTls_isNotSentInClear() {
    GreenMail mail = new GreenMail(new ServerSetup(0, "localhost", ServerSetup.PROTOCOL_SMTP));
    mail.start();
    try (Secret password = Secret.ofPassphrase("correct horse".toCharArray())) {
      MailChannel channel = new MailChannel(
              "localhost",
              mail.getSmtp().getPort(),
              "bot",
              password,
              "bot@example.org",
              List.of("a@example.org"),
              TIMEOUT)
          .allowingPlaintext();

      assertThat(refusal(channel)).hasMessageStartingWith("mail was not taken");
      assertThat(mail.getReceivedMessages()).isEmpty();
    } finally {
      mail.stop();
    }
  }

  @Test
  void mail_serverIsDown_isRefused() {
    MailChannel channel = new MailChannel(
        "localhost",
        server.getAddress().getPort() == 1 ? 2 : 1,
        null,
        null,
        "bot@example.org",
        List.of("a@example.org"),
        Duration.ofSeconds(2));

    assertThat(refusal(channel)).hasMessageStartingWith("mail was not taken");
  }

  @Test
  void mail_addressIsNone_isRefusedAtTheDoor() {
    assertThatThrownBy(() -> new MailChannel(
            "localhost", 25, null, null, "bot@example.org", List.of("nobody at all"), TIMEOUT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nobody at all");
  }
}
