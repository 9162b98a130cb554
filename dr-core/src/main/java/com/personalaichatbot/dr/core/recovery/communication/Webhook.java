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
import java.util.Locale;

/**
 * Posts JSON to an address that is a secret in itself, so it stands in no message. What the other
 * side answers is read to a bound, for it may be anything.
 */
final class Webhook {
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final int MOST_READ = 1 << 12;
  private static final long MOST_WAIT_SECONDS = 3600;
  private static final JsonMapper MAPPER = new JsonMapper();

  private final HttpClient client = HttpClient.newBuilder()
      .connectTimeout(CONNECT)
      .followRedirects(HttpClient.Redirect.NEVER)
      .build();
  private final String name;
  private final URI address;
  private final Duration timeout;

  Webhook(String name, URI address, Duration timeout) {
    String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new IllegalArgumentException("the address of " + name + " begins with https://");
    }
    if (timeout.isZero() || timeout.isNegative()) {
      throw new IllegalArgumentException("the timeout of " + name + " is not positive");
    }
    this.name = name;
    this.address = address;
    this.timeout = timeout;
  }

  /** Posts it, with the message's id as idempotency key. */
  void post(JsonNode body, String id) throws DeliveryException {
    HttpRequest request = HttpRequest.newBuilder(address)
        .timeout(timeout)
        .header("Content-Type", "application/json; charset=utf-8")
        .header("Idempotency-Key", id)
        .POST(BodyPublishers.ofByteArray(bytes(body)))
        .build();
    HttpResponse<InputStream> response;
    try {
      response = client.send(request, BodyHandlers.ofInputStream());
      try (InputStream answer = response.body()) {
        answer.readNBytes(MOST_READ);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DeliveryException(name + " was interrupted", e);
    } catch (IOException e) {
      throw new DeliveryException(name + " cannot be reached: " + e.getClass().getSimpleName(), e);
    }
    if (response.statusCode() / 100 != 2) {
      throw new DeliveryException(
          name + " answered with status " + response.statusCode(), null, retryAfter(response));
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
