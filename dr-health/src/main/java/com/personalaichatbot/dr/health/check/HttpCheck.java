package com.personalaichatbot.dr.health.check;

import static java.util.Objects.requireNonNull;

import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.CheckSettings;
import com.personalaichatbot.dr.health.Health;
import com.personalaichatbot.dr.health.HealthCheck;
import com.personalaichatbot.dr.health.Weight;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/**
 * Whether an HTTP endpoint answers a GET as it should: status, time and, if asked, body. Redirects
 * are not followed. Of a body at most 1 MiB is read. Immutable.
 */
public final class HttpCheck implements HealthCheck {

  private static final int MAX_BODY = 1 << 20;
  private static final int CONNECT_MILLIS = 5_000;
  private static final int READ_MILLIS = 10_000;

  private final URL url;
  private final IntPredicate good;
  private final Duration slow;
  private final Predicate<String> body;
  private final boolean outbound;

  private HttpCheck(
      URL url, IntPredicate good, Duration slow, Predicate<String> body, boolean outbound) {
    this.url = url;
    this.good = good;
    this.slow = slow;
    this.body = body;
    this.outbound = outbound;
  }

  /**
   * Checks an endpoint of our own: 200 is good, slower than 5 s is DEGRADED.
   *
   * @param address an {@code http} or {@code https} address
   * @return the check
   * @throws IllegalArgumentException if the address is of another kind
   */
  public static HttpCheck of(URI address) {
    return new HttpCheck(url(address), status -> status == 200, Duration.ofSeconds(5), null, false);
  }

  /**
   * Checks a service of somebody else that we depend on: any answer below 500 is good, since
   * without a key most refuse politely. Important, not critical, and believed to be down after the
   * third failure in a row.
   *
   * @param address an {@code http} or {@code https} address
   * @return the check
   * @throws IllegalArgumentException if the address is of another kind
   */
  public static HttpCheck dependency(URI address) {
    return new HttpCheck(url(address), status -> status < 500, Duration.ofSeconds(5), null, true);
  }

  /**
   * Other statuses than the usual.
   *
   * @param good which are good
   * @return a changed copy
   */
  public HttpCheck status(IntPredicate good) {
    return new HttpCheck(url, requireNonNull(good, "good"), slow, body, outbound);
  }

  /**
   * From which time on an answer is too slow.
   *
   * @param slow the time for the whole answer
   * @return a changed copy
   */
  public HttpCheck slowAfter(Duration slow) {
    return new HttpCheck(url, good, requireNonNull(slow, "slow"), body, outbound);
  }

  /**
   * What the body must satisfy; it is read as UTF-8.
   *
   * @param body the condition
   * @return a changed copy
   */
  public HttpCheck body(Predicate<String> body) {
    return new HttpCheck(url, good, slow, requireNonNull(body, "body"), outbound);
  }

  @Override
  public CheckSettings settings() {
    CheckSettings settings = CheckSettings.DEFAULT.timeoutAfter(Duration.ofSeconds(20));
    return outbound
        ? settings.every(Duration.ofMinutes(5)).weight(Weight.IMPORTANT).downAfter(3)
        : settings.in(Health.READY);
  }

  @Override
  public CheckResult check() {
    long began = System.nanoTime();
    try {
      HttpURLConnection connection = (HttpURLConnection) url.openConnection();
      try {
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(READ_MILLIS);
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setRequestProperty("Connection", "close");
        int status = connection.getResponseCode();
        String text = read(connection, status);
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        return judge(status, text, took).with("httpStatus", status).with("millis", took.toMillis());
      } finally {
        connection.disconnect();
      }
    } catch (IOException failure) {
      return CheckResult.down(
          "NO_ANSWER",
          address() + " does not answer: " + failure.getClass().getSimpleName() + ": "
              + failure.getMessage(),
          outbound ? "wait, or ask the provider" : "start the application, or look at its log");
    }
  }

  private CheckResult judge(int status, String text, Duration took) {
    if (!good.test(status)) {
      return CheckResult.down(
          "BAD_STATUS", address() + " answers " + status, "look at the log of what answers there");
    }
    if (body != null && !body.test(text)) {
      return CheckResult.down(
          "BAD_BODY", address() + " answers something else", "look at what answers there");
    }
    if (took.compareTo(slow) >= 0) {
      return CheckResult.degraded(
          "SLOW", address() + " took " + took.toMillis() + " ms", "look at load and memory");
    }
    return CheckResult.up(address() + " answers " + status);
  }

  private static String read(HttpURLConnection connection, int status) throws IOException {
    try (InputStream in =
        status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      return in == null ? "" : new String(in.readNBytes(MAX_BODY), StandardCharsets.UTF_8);
    }
  }

  /** The address without user, query and fragment, where secrets travel. */
  private String address() {
    String port = url.getPort() < 0 ? "" : ":" + url.getPort();
    return url.getProtocol() + "://" + url.getHost() + port + url.getPath();
  }

  private static URL url(URI address) {
    String scheme = address.getScheme();
    if (!("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme))
        || address.getHost() == null) {
      throw new IllegalArgumentException("not an http or https address: " + scheme + ":…");
    }
    try {
      return address.toURL();
    } catch (MalformedURLException impossible) {
      throw new IllegalArgumentException("not an http or https address", impossible);
    }
  }
}
