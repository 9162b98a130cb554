package com.personalaichatbot.dr.core.recovery.communication;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Webhook that takes JSON by POST. Its address is a secret in itself and is in no message. One
 * deadline covers the whole exchange up to the status of the answer; the body of the answer, which
 * may be anything and may never end, is not read. Redirects are not followed.
 */
final class Webhook {
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final long MOST_WAIT_SECONDS = 3600;
  private static final JsonMapper MAPPER = new JsonMapper();

  private static final Logger log = LoggerFactory.getLogger(Webhook.class);

  private final HttpClient client = HttpClient.newBuilder()
      .connectTimeout(CONNECT)
      .followRedirects(HttpClient.Redirect.NEVER)
      .build();
  private final String name;
  private final URI address;
  private final Duration timeout;

  /** @param http whether an address that begins with {@code http://} is allowed too */
  Webhook(String name, URI address, Duration timeout, boolean http) {
    String scheme = address.getScheme();
    if (!"https".equalsIgnoreCase(scheme) && !(http && "http".equalsIgnoreCase(scheme))) {
      throw new IllegalArgumentException("the address of " + name + " must begin with https://"
          + (http ? " or http://" : "; an unencrypted one must be allowed by allowingHttp"));
    }
    if (address.getHost() == null) {
      throw new IllegalArgumentException("the address of " + name + " names no host");
    }
    if (timeout.isZero() || timeout.isNegative()) {
      throw new IllegalArgumentException("the timeout of " + name + " is not positive");
    }
    this.name = name;
    this.address = address;
    this.timeout = timeout;
  }

  /** Posts the body, with the message's id as idempotency key. */
  void post(JsonNode body, String id) throws DeliveryException {
    HttpRequest request = HttpRequest.newBuilder(address)
        .header("Content-Type", "application/json; charset=utf-8")
        .header("Idempotency-Key", id)
        .POST(BodyPublishers.ofByteArray(bytes(body)))
        .build();
    CompletableFuture<HttpResponse<InputStream>> exchange =
        client.sendAsync(request, BodyHandlers.ofInputStream());
    try {
      HttpResponse<InputStream> response = exchange.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      closeUnread(response.body());
      if (response.statusCode() / 100 != 2) {
        throw new DeliveryException(
            name + " answered with status " + response.statusCode(), null, retryAfter(response));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DeliveryException(name + " was interrupted", e);
    } catch (TimeoutException e) {
      throw new DeliveryException(
          name + " cannot be reached: no answer within " + timeout.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw new DeliveryException(
          name + " cannot be reached: " + cause.getClass().getSimpleName(), cause);
    } finally {
      exchange.cancel(true);
    }
  }

  /** Ends the exchange; the status has been read, and nothing that follows changes it. */
  private static void closeUnread(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      log.debug("The connection of a webhook was not closed cleanly", e);
    }
  }

  private byte[] bytes(JsonNode body) throws DeliveryException {
    try {
      return MAPPER.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new DeliveryException(name + ": the message cannot be written as JSON", e);
    }
  }

  /** The seconds of the header; a date, or nonsense, is as good as none. */
  private static Duration retryAfter(HttpResponse<?> response) {
    try {
      return response
          .headers()
          .firstValue("Retry-After")
          .map(value -> Duration.ofSeconds(
              Math.max(0, Math.min(MOST_WAIT_SECONDS, Long.parseLong(value.strip())))))
          .orElse(null);
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
