package com.personalaichatbot.dr.health.publish;

import static java.util.Objects.requireNonNull;

import com.personalaichatbot.dr.health.Health;
import com.personalaichatbot.dr.health.HealthMonitor;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Serves the health with the JDK's own HTTP server. At the context path itself it shows the whole,
 * below it a group, so that a handler at {@code /health} answers {@code /health},
 * {@code /health/live} and {@code /health/ready}. Immutable and thread-safe.
 *
 * <p>The answer is the status alone, with 200, 503, or 500 if the state could not be told;
 * {@code ?details} asks for everything and gets it where {@link #showDetailsTo} allows.
 * {@code ?format=microprofile} asks for that shape. No answer may be stored by a cache.
 */
public final class HealthHandler implements HttpHandler {

  private final HealthMonitor monitor;
  private final Predicate<HttpExchange> trusted;

  private HealthHandler(HealthMonitor monitor, Predicate<HttpExchange> trusted) {
    this.monitor = monitor;
    this.trusted = trusted;
  }

  /**
   * Serves the health of a monitor, to nobody with details.
   *
   * @param monitor the monitor
   * @return a handler
   */
  public static HealthHandler of(HealthMonitor monitor) {
    return new HealthHandler(requireNonNull(monitor, "monitor"), exchange -> false);
  }

  /**
   * Allows details to some.
   *
   * @param trusted says who may see them, for instance by an authorisation header; what it throws
   *     is a no
   * @return a changed copy
   */
  public HealthHandler showDetailsTo(Predicate<HttpExchange> trusted) {
    return new HealthHandler(monitor, requireNonNull(trusted, "trusted"));
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().set("Cache-Control", "no-cache, no-store, must-revalidate");
      exchange.getResponseHeaders().set("Pragma", "no-cache");
      exchange.getResponseHeaders().set("Expires", "0");
      exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
      String method = exchange.getRequestMethod();
      if (!method.equals("GET") && !method.equals("HEAD")) {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        exchange.sendResponseHeaders(405, -1);
        return;
      }
      int status;
      String body;
      try {
        String group = group(exchange);
        Health whole = monitor.health();
        Optional<Health> shown = group.isEmpty() ? Optional.of(whole) : whole.group(group);
        status =
            shown.map(health -> HealthJson.httpStatus(health.status(), group)).orElse(404);
        body = shown.map(health -> json(exchange, health)).orElse("{}");
      } catch (RuntimeException failure) {
        status = 500;
        body = "{\"status\":\"UNKNOWN\"}";
      }
      send(exchange, status, body, method.equals("HEAD"));
    }
  }

  private static void send(HttpExchange exchange, int status, String body, boolean headersOnly)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, headersOnly ? -1 : bytes.length);
    if (!headersOnly) {
      exchange.getResponseBody().write(bytes);
    }
  }

  private static String group(HttpExchange exchange) {
    String context = exchange.getHttpContext().getPath();
    String rest = exchange.getRequestURI().getPath().substring(context.length());
    String group = rest.startsWith("/") ? rest.substring(1) : rest;
    return group.endsWith("/") ? group.substring(0, group.length() - 1) : group;
  }

  private String json(HttpExchange exchange, Health health) {
    boolean details = asks(exchange, "details") && isTrusted(exchange);
    HealthJson json = details ? HealthJson.full() : HealthJson.statusOnly();
    return asks(exchange, "format=microprofile")
        ? json.microProfile(health)
        : json.actuator(health);
  }

  private static boolean asks(HttpExchange exchange, String parameter) {
    String query = exchange.getRequestURI().getQuery();
    return query != null && Arrays.asList(query.split("&")).contains(parameter);
  }

  private boolean isTrusted(HttpExchange exchange) {
    try {
      return trusted.test(exchange);
    } catch (RuntimeException failure) {
      return false;
    }
  }
}
