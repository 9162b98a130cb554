package com.personalaichatbot.dr.health.check;

import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.CheckSettings;
import com.personalaichatbot.dr.health.Health;
import com.personalaichatbot.dr.health.HealthCheck;
import com.personalaichatbot.dr.health.internal.file.BoundedFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * The validity of certificates, now and for a time to come: DEGRADED from 30 days before the first
 * of a chain expires, DOWN when one has expired or is not valid yet.
 */
public final class CertificateCheck implements HealthCheck {

  private static final int MAX_FILE = 1 << 20;
  private static final int MILLIS = 5_000;
  private static final Duration WARNING = Duration.ofDays(30);

  private interface Chain {
    List<X509Certificate> read() throws IOException, CertificateException;
  }

  private final String where;
  private final Chain chain;
  private final Clock clock;

  private CertificateCheck(String where, Chain chain, Clock clock) {
    this.where = where;
    this.chain = chain;
    this.clock = clock;
  }

  /**
   * Checks the certificates in a file.
   *
   * @param file PEM or DER, one or more certificates, at most 1 MiB
   * @param clock what time it is
   * @return the check
   */
  public static CertificateCheck ofFile(Path file, Clock clock) {
    return new CertificateCheck(file.toString(), () -> fromFile(file), clock);
  }

  /**
   * Checks the certificates that a server shows. One that this JVM does not trust, and hence an
   * expired one, ends in DOWN.
   *
   * @param host its name
   * @param port its port
   * @param clock what time it is
   * @return the check
   */
  public static CertificateCheck ofServer(String host, int port, Clock clock) {
    return ofServer(host, port, clock, (SSLSocketFactory) SSLSocketFactory.getDefault());
  }

  static CertificateCheck ofServer(String host, int port, Clock clock, SSLSocketFactory trusting) {
    return new CertificateCheck(host + ":" + port, () -> fromServer(host, port, trusting), clock);
  }

  @Override
  public CheckSettings settings() {
    return CheckSettings.DEFAULT
        .every(Duration.ofHours(6))
        .timeoutAfter(Duration.ofSeconds(15))
        .in(Health.SECURITY);
  }

  @Override
  public CheckResult check() {
    List<X509Certificate> certificates;
    try {
      certificates = chain.read();
    } catch (IOException | CertificateException | ClassCastException failure) {
      return CheckResult.down(
          "NO_CERTIFICATE",
          where + ": " + failure.getMessage(),
          "put a valid certificate there, or check the address");
    }
    Instant now = clock.instant();
    Optional<X509Certificate> early = certificates.stream()
        .filter(c -> c.getNotBefore().toInstant().isAfter(now))
        .findFirst();
    Optional<X509Certificate> first =
        certificates.stream().min(java.util.Comparator.comparing(X509Certificate::getNotAfter));
    if (first.isEmpty()) {
      return CheckResult.down("NO_CERTIFICATE", where + " holds none", "put a certificate there");
    }
    if (early.isPresent()) {
      return CheckResult.down(
          "NOT_YET_VALID",
          where + " is valid from " + early.get().getNotBefore().toInstant(),
          "check the clock, or use the earlier certificate");
    }
    Instant end = first.get().getNotAfter().toInstant();
    return judge(Duration.between(now, end), end).with("expires", end);
  }

  private CheckResult judge(Duration left, Instant end) {
    if (left.isNegative()) {
      return CheckResult.down("EXPIRED", where + " expired at " + end, "renew the certificate");
    }
    return left.compareTo(WARNING) < 0
        ? CheckResult.degraded(
            "EXPIRES_SOON",
            where + " expires in " + left.toDays() + " days",
            "renew the certificate before " + end)
        : CheckResult.up(where + " is valid for " + left.toDays() + " days");
  }

  private static List<X509Certificate> fromFile(Path file)
      throws IOException, CertificateException {
    var in = new ByteArrayInputStream(BoundedFile.read(file, MAX_FILE));
    return only(CertificateFactory.getInstance("X.509").generateCertificates(in));
  }

  private static List<X509Certificate> fromServer(String host, int port, SSLSocketFactory factory)
      throws IOException {
    try (Socket plain = new Socket()) {
      plain.connect(new InetSocketAddress(host, port), MILLIS);
      plain.setSoTimeout(MILLIS);
      // A handshake that trickles in ends with its socket.
      CompletableFuture.delayedExecutor(MILLIS, TimeUnit.MILLISECONDS, Runnable::run)
          .execute(() -> closeQuietly(plain));
      try (SSLSocket socket = (SSLSocket) factory.createSocket(plain, host, port, true)) {
        socket.startHandshake();
        return only(List.of(socket.getSession().getPeerCertificates()));
      }
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // Nothing is lost: whoever uses the socket sees its end.
    }
  }

  private static List<X509Certificate> only(Iterable<? extends Certificate> certificates) {
    List<X509Certificate> chain = new ArrayList<>();
    certificates.forEach(certificate -> chain.add((X509Certificate) certificate));
    return chain;
  }
}
