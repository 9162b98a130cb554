package com.personalaichatbot.dr.health.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.ManualTime;
import com.personalaichatbot.dr.health.Status;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class FileChecksTest {

  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir
  Path directory;

  @Test
  void directories_missingOrReplacedByAFile_areNamed() throws Exception {
    Path logs = Files.createDirectory(directory.resolve("logs"));
    Path data = Files.writeString(directory.resolve("data"), "x");
    Path gone = directory.resolve("gone");
    assertThat(DirectoriesCheck.of(List.of(logs)).check().status()).isEqualTo(Status.UP);
    CheckResult result = DirectoriesCheck.of(List.of(logs, data, gone)).check();
    assertThat(result.status()).isEqualTo(Status.DOWN);
    assertThat(result.description())
        .isEqualTo(data + " is not a directory; " + gone + " is missing");
  }

  @Test
  void directory_vanishesBetweenLooks_isDown() throws Exception {
    Path logs = Files.createDirectory(directory.resolve("logs"));
    DirectoriesCheck check = DirectoriesCheck.of(List.of(logs));
    WritableCheck writable = WritableCheck.of(logs);
    assertThat(check.check().status()).isEqualTo(Status.UP);
    assertThat(writable.check().status()).isEqualTo(Status.UP);
    assertThat(logs).isEmptyDirectory();
    Files.delete(logs);
    assertThat(check.check().status()).isEqualTo(Status.DOWN);
    assertThat(writable.check().code()).isEqualTo("NOT_WRITABLE");
  }

  @Test
  void json_validBrokenDeepMissingOrPipe_isTold() throws Exception {
    Path file = directory.resolve("a.json");
    assertThat(json(file)).isEqualTo("FILE_MISSING");
    Files.writeString(file, "{\"a\":[1,2.5e3,null]}");
    assertThat(json(file)).isEqualTo("OK");
    for (String broken : List.of("", "{", "{\"a\":1}x", "{\"a\":1,\"a\":2}", "nul", "[1,]")) {
      Files.writeString(file, broken);
      assertThat(json(file)).as(broken).isEqualTo("JSON_BROKEN");
    }
    Files.writeString(file, "[".repeat(100_000) + "]".repeat(100_000));
    assertThat(JsonFileCheck.of(file).check().description()).contains("nested too deeply");
    Path pipe = directory.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    assertThat(json(pipe)).isEqualTo("FILE_UNREADABLE");
    assertThat(JsonFileCheck.of(pipe).check().description()).contains("not a regular file");
  }

  @Test
  void log_thatCannotBeLookedAt_isDown() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "");
    assertThat(LogCheck.of(file.resolve("app.log")).check().code()).isEqualTo("LOG_UNREADABLE");
  }

  @Test
  void json_brokenNextToASecret_doesNotQuoteIt() throws Exception {
    Path file = Files.writeString(directory.resolve("a.json"), "{\"key\": hunter2hunter2}");
    assertThat(JsonFileCheck.of(file).check().description())
        .contains("line 1")
        .doesNotContain("hunter2");
  }

  @Test
  void json_markedOrInAWideEncoding_isReadOrNamed() throws Exception {
    Path file = Files.writeString(directory.resolve("a.json"), "\uFEFF{\"a\":1}");
    assertThat(json(file)).isEqualTo("OK");
    for (Charset charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
      for (String text : List.of("\uFEFF{\"a\":1}", "{\"a\":1}")) {
        Files.write(file, text.getBytes(charset));
        assertThat(JsonFileCheck.of(file).check().description()).contains(charset.name());
      }
    }
    Files.writeString(file, "{\"a\":1e" + "9".repeat(100) + "}");
    assertThat(json(file)).isEqualTo("JSON_BROKEN");
  }

  @Test
  void log_inUtf16_isCounted() throws Exception {
    for (Charset charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
      Path log = Files.write(directory.resolve("app.log"), "\uFEFF".getBytes(charset));
      LogCheck check = LogCheck.of(log, () -> 0);
      check.check();
      Files.write(
          log, "a ERROR b\nc INFO d\nSEVERE\n".getBytes(charset), StandardOpenOption.APPEND);
      assertThat(check.check().details()).containsEntry("errors", 2L);
    }
  }

  private static String json(Path file) {
    return JsonFileCheck.of(file).check().code();
  }

  private static void append(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  @Test
  void log_errorsSinceTheLastLook_areCountedOnceAndPerMinute() throws Exception {
    ManualTime time = new ManualTime();
    Path log = directory.resolve("app.log");
    LogCheck check = LogCheck.of(log, time::nanoTime);
    assertThat(check.check().description()).contains("does not exist yet");
    assertThat(LogCheck.of(directory).check().code()).isEqualTo("NO_LOG");
    append(log, "2025-01-02 03:04:05,678 - bot - ERROR - old\n".repeat(50));
    assertThat(check.check().details()).containsEntry("errors", 0L);
    append(log, "x - bot - INFO - no ERRORS here\n[ERROR] one\ny ERROR: two\nz - CRITICAL - th");
    time.pass(Duration.ofMinutes(1));
    assertThat(check.check().details()).containsEntry("errors", 2L);
    append(log, "ree\n");
    time.pass(Duration.ofMinutes(1));
    assertThat(check.check().details()).containsEntry("errors", 1L);
    append(log, "a - ERROR - b\n".repeat(6));
    time.pass(Duration.ofMinutes(1));
    CheckResult result = check.check();
    assertThat(result.code()).isEqualTo("LOG_ERRORS");
    assertThat(result.details()).containsEntry("errorsPerMinute", 6.0);
  }

  @Test
  void log_rotatedBetweenLooks_nothingIsLostOrCountedTwice() throws Exception {
    ManualTime time = new ManualTime();
    Path log = directory.resolve("app.log");
    append(log, "ERROR before\n");
    LogCheck check = LogCheck.of(log, time::nanoTime);
    check.check();
    append(log, "ERROR late\n");
    Files.move(log, directory.resolve("app.log.1"), StandardCopyOption.ATOMIC_MOVE);
    append(log, "ERROR new one\nERROR new two\n");
    time.pass(Duration.ofHours(1));
    assertThat(check.check().details()).containsEntry("errors", 3L).containsEntry("rotated", true);
    Files.writeString(log, "ERROR\n");
    time.pass(Duration.ofHours(1));
    assertThat(check.check().details()).containsEntry("errors", 1L).containsEntry("rotated", true);
  }

  @Test
  void log_grewBeyondWhatIsReadAtOnce_saysWhatWasSkipped() throws Exception {
    ManualTime time = new ManualTime();
    Path log = Files.writeString(directory.resolve("app.log"), "");
    LogCheck check = LogCheck.of(log, time::nanoTime);
    check.check();
    String line = "y".repeat(99) + "\n";
    append(log, line.repeat(180_000) + "ERROR end\n");
    time.pass(Duration.ofHours(1));
    CheckResult result = check.check();
    assertThat(result.details()).containsEntry("errors", 1L);
    assertThat((Long) result.details().get("skippedBytes")).isEqualTo(18_000_010L - (16L << 20));
  }

  @Test
  void log_thatIsNeverRotated_isDegraded() throws Exception {
    Path log = directory.resolve("app.log");
    try (RandomAccessFile large = new RandomAccessFile(log.toFile(), "rw")) {
      large.setLength(100L << 20);
      LogCheck check = LogCheck.of(log);
      assertThat(check.check().status()).isEqualTo(Status.UP);
      large.setLength((100L << 20) + 1);
      assertThat(check.check().code()).isEqualTo("LOG_LARGE");
    }
  }

  @Test
  void certificate_validSoonExpiredOrEarly_isTold() throws Exception {
    Path file = certificate();
    Instant end = Instant.parse(at(file, Instant.now()).details().get("expires").toString());
    assertThat(at(file, end.minus(Duration.ofDays(31))).status()).isEqualTo(Status.UP);
    assertThat(at(file, end.minus(Duration.ofDays(29))).code()).isEqualTo("EXPIRES_SOON");
    assertThat(at(file, end.plusSeconds(1)).code()).isEqualTo("EXPIRED");
    assertThat(at(file, end.minus(Duration.ofDays(1_000))).code()).isEqualTo("NOT_YET_VALID");
  }

  @Test
  void certificate_noneOrForeignFile_isDown() throws Exception {
    Path empty = Files.writeString(directory.resolve("e.pem"), "");
    Path foreign = Files.writeString(directory.resolve("f.pem"), "not a certificate");
    for (Path file : List.of(empty, foreign, directory.resolve("gone.pem"))) {
      assertThat(at(file, Instant.now()).code()).isEqualTo("NO_CERTIFICATE");
    }
  }

  @Test
  void certificate_ofAServer_isToldIfItIsTrustedAndDownIfNot() throws Exception {
    Path file = certificate();
    Instant end = Instant.parse(at(file, Instant.now()).details().get("expires").toString());
    Clock late = Clock.fixed(end.minus(Duration.ofDays(29)), ZoneOffset.UTC);
    int port;
    try (SSLServerSocket server = server(store())) {
      port = server.getLocalPort();
      CheckResult soon =
          CertificateCheck.ofServer("127.0.0.1", port, late, trusting(store())).check();
      assertThat(soon.code()).isEqualTo("EXPIRES_SOON");
      assertThat(soon.details()).containsEntry("expires", end.toString());
      CheckResult stranger =
          CertificateCheck.ofServer("127.0.0.1", port, Clock.systemUTC()).check();
      assertThat(stranger.code()).isEqualTo("NO_CERTIFICATE");
    }
    CheckResult gone = CertificateCheck.ofServer("127.0.0.1", port, late).check();
    assertThat(gone.code()).isEqualTo("NO_CERTIFICATE");
  }

  private KeyStore store() throws Exception {
    return KeyStore.getInstance(directory.resolve("store.p12").toFile(), PASSWORD);
  }

  /** Shakes hands with whoever comes, until it is closed. */
  private static SSLServerSocket server(KeyStore store) throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    SSLServerSocket server = (SSLServerSocket)
        context.getServerSocketFactory().createServerSocket(0, 5, InetAddress.getLoopbackAddress());
    Thread accepting = new Thread(
        () -> {
          while (!server.isClosed()) {
            try (SSLSocket socket = (SSLSocket) server.accept()) {
              socket.startHandshake();
            } catch (IOException refused) {
              // Whoever does not trust it goes away, and so does the test in the end.
            }
          }
        },
        "tls-server");
    accepting.setDaemon(true);
    accepting.start();
    return server;
  }

  private static SSLSocketFactory trusting(KeyStore store) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("a", store.getCertificate("a"));
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context.getSocketFactory();
  }

  private static CheckResult at(Path file, Instant now) {
    return CertificateCheck.ofFile(file, Clock.fixed(now, ZoneOffset.UTC)).check();
  }

  /** A certificate of 90 days, made by the JDK's own tool. */
  private Path certificate() throws Exception {
    Path file = directory.resolve("cert.pem");
    keytool("-genkeypair -keyalg EC -dname CN=x -validity 90");
    keytool("-exportcert -rfc -file " + file);
    return file;
  }

  private void keytool(String arguments) throws Exception {
    String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    String store = " -alias a -storepass " + new String(PASSWORD) + " -keystore "
        + directory.resolve("store.p12");
    Process process = new ProcessBuilder((tool + " " + arguments + store).split(" "))
        .redirectErrorStream(true)
        .start();
    process.getInputStream().readAllBytes();
    assertThat(process.waitFor()).isZero();
  }
}
