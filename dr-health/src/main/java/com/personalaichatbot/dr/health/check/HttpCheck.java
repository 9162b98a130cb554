package com.personalaichatbot.dr.health.check;

import static java.util.Objects.requireNonNull;

import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.CheckSettings;
import com.personalaichatbot.dr.health.Health;
import com.personalaichatbot.dr.health.HealthCheck;
import com.personalaichatbot.dr.health.Weight;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/**
 * Health check of an HTTP endpoint: status, time and, if asked, body of its answer to a GET.
 * Redirects are not followed. At most 1 MiB of a body is read. One deadline of 15 s covers the
 * whole exchange, from the connection to the last byte of the body. Immutable.
 */
public final class HttpCheck implements HealthCheck {

  private static final int MAX_BODY = 1 << 20;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration DEADLINE = Duration.ofSeconds(15);

  private final HttpClient client;
  private final URI url;
  private final Duration deadline;
  private final IntPredicate good;
  private final Duration slow;
  private final Predicate<String> body;
  private final boolean outbound;

  private HttpCheck(
      HttpClient client,
      URI url,
      Duration deadline,
      IntPredicate good,
      Duration slow,
      Predicate<String> body,
      boolean outbound) {
    this.client = client;
    this.url = url;
    this.deadline = deadline;
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
    return at(address, status -> status == 200, false);
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
    return at(address, status -> status < 500, true);
  }

  private static HttpCheck at(URI address, IntPredicate good, boolean outbound) {
    requireHttp(address);
    HttpClient client = HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(CONNECT_TIMEOUT)
        .followRedirects(HttpClient.Redirect.NEVER)
        .build();
    return new HttpCheck(client, address, DEADLINE, good, Duration.ofSeconds(5), null, outbound);
  }

  /**
   * Other statuses than the usual.
   *
   * @param good which are good
   * @return a changed copy
   */
  public HttpCheck status(IntPredicate good) {
    return new HttpCheck(client, url, deadline, requireNonNull(good, "good"), slow, body, outbound);
  }

  /**
   * From which time on an answer is too slow.
   *
   * @param slow the time for the whole answer
   * @return a changed copy
   */
  public HttpCheck slowAfter(Duration slow) {
    return new HttpCheck(client, url, deadline, good, requireNonNull(slow, "slow"), body, outbound);
  }

  /**
   * What the body must satisfy; it is read as UTF-8.
   *
   * @param body the condition
   * @return a changed copy
   */
  public HttpCheck body(Predicate<String> body) {
    return new HttpCheck(client, url, deadline, good, slow, requireNonNull(body, "body"), outbound);
  }

  /**
   * Changes the deadline for the whole exchange, from the connection to the last byte of the body.
   *
   * @param deadline positive
   * @return a changed copy
   * @throws IllegalArgumentException if the deadline is not positive
   */
  public HttpCheck deadline(Duration deadline) {
    if (deadline.isZero() || deadline.isNegative()) {
      throw new IllegalArgumentException("the deadline is not positive: " + deadline);
    }
    return new HttpCheck(client, url, deadline, good, slow, body, outbound);
  }

  @Override
  public CheckSettings settings() {
    CheckSettings settings = CheckSettings.DEFAULT.timeoutAfter(deadline.plusSeconds(5));
    return outbound
        ? settings.every(Duration.ofMinutes(5)).weight(Weight.IMPORTANT).downAfter(3)
        : settings.in(Health.READY);
  }

  @Override
  public CheckResult check() {
    long began = System.nanoTime();
    CompletableFuture<HttpResponse<String>> exchange =
        client.sendAsync(HttpRequest.newBuilder(url).build(), answer -> new BoundedText());
    try {
      HttpResponse<String> answer = exchange.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      return judge(answer.statusCode(), answer.body(), took)
          .with("httpStatus", answer.statusCode())
          .with("millis", took.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return noAnswer("the check was interrupted");
    } catch (TimeoutException e) {
      return noAnswer("no complete answer within " + deadline.toMillis() + " ms");
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      String detail = cause.getMessage() == null ? "" : ": " + cause.getMessage();
      return noAnswer(cause.getClass().getSimpleName() + detail);
    } finally {
      exchange.cancel(true);
    }
  }

  private CheckResult noAnswer(String reason) {
    return CheckResult.down(
        "NO_ANSWER",
        address() + " does not answer: " + reason,
        outbound ? "wait, or ask the provider" : "start the application, or look at its log");
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

  /** The address without user, query and fragment, where secrets travel. */
  private String address() {
    String port = url.getPort() < 0 ? "" : ":" + url.getPort();
    return url.getScheme() + "://" + url.getHost() + port + url.getPath();
  }

  private static void requireHttp(URI address) {
    String scheme = address.getScheme();
    if (!("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme))
        || address.getHost() == null) {
      throw new IllegalArgumentException("not an http or https address: " + scheme + ":…");
    }
  }

  /** Text of a body up to {@link #MAX_BODY}; what follows is not read. */
  private static final class BoundedText implements HttpResponse.BodySubscriber<String> {
    private final CompletableFuture<String> text = new CompletableFuture<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private Flow.Subscription subscription;

    @Override
    public CompletionStage<String> getBody() {
      return text;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription = subscription;
      subscription.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      for (ByteBuffer buffer : buffers) {
        byte[] next = new byte[Math.min(buffer.remaining(), MAX_BODY - bytes.size())];
        buffer.get(next);
        bytes.writeBytes(next);
      }
      if (bytes.size() == MAX_BODY) {
        subscription.cancel();
        onComplete();
      } else {
        subscription.request(1);
      }
    }

    @Override
    public void onError(Throwable failure) {
      text.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      text.complete(bytes.toString(StandardCharsets.UTF_8));
    }
  }
}
