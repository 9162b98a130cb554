package com.personalaichatbot.dr.core.recovery.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A real browser without a window, spoken to by its DevTools protocol: that alone renders pages
 * narrower than 500 pixels, and tells of every request and every message of the console.
 */
final class Chromium implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern LISTENING = Pattern.compile("DevTools listening on (ws://\\S+)");
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "chrome");

  /** Generous: the machine may be busy. */
  private static final long PATIENCE_SECONDS = 120;

  private final Process process;
  private final WebSocket socket;
  private final AtomicInteger number = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
  private final List<JsonNode> events = new CopyOnWriteArrayList<>();
  private volatile CompletableFuture<Void> loaded = new CompletableFuture<>();
  private String session = "";

  private Chromium(Process process, URI address) throws IOException {
    this.process = process;
    this.socket =
        get(HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(address, new Receiver()));
  }

  /** The browser of this machine, if it has one. */
  static Optional<Path> installed() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(java.io.File.pathSeparator))
        .flatMap(directory -> NAMES.stream().map(name -> Path.of(directory, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Starts it.
   *
   * @param profile an empty directory
   */
  static Chromium start(Path program, Path profile) throws IOException {
    Process process = new ProcessBuilder(
            program.toString(),
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            "--hide-scrollbars",
            "--user-data-dir=" + profile,
            "--remote-debugging-port=0",
            "about:blank")
        .redirectErrorStream(true)
        .start();
    AtomicBoolean isUp = new AtomicBoolean();
    CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS).execute(() -> {
      if (!isUp.get()) {
        process.destroyForcibly();
      }
    });
    BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
    StringBuilder said = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      said.append(line).append('\n');
      Matcher listening = LISTENING.matcher(line);
      if (listening.find()) {
        isUp.set(true);
        Thread drain = new Thread(() -> output.lines().forEach(more -> {}), "chromium-output");
        drain.setDaemon(true);
        drain.start();
        Chromium chromium = new Chromium(process, URI.create(listening.group(1)));
        chromium.attach();
        return chromium;
      }
    }
    throw new IOException(program + " did not start: " + said);
  }

  private void attach() throws IOException {
    String target = call("Target.createTarget", Map.of("url", "about:blank"))
        .get("targetId")
        .asText();
    session = call("Target.attachToTarget", Map.of("targetId", target, "flatten", true))
        .get("sessionId")
        .asText();
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      call(domain + ".enable", Map.of());
    }
  }

  /** The looks of the page while it is shown so. */
  record Shown(int contentWidth, List<String> requests, List<String> messages, double smallest) {}

  /** Opens a page on a screen of this width, in the light or in the dark. */
  Shown open(Path page, int width, boolean dark) throws IOException {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", width < 500));
    call(
        "Emulation.setEmulatedMedia",
        Map.of(
            "media",
            "screen",
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    events.clear();
    loaded = new CompletableFuture<>();
    call("Page.navigate", Map.of("url", page.toUri().toString()));
    get(loaded);
    return new Shown(
        evaluate("document.documentElement.scrollWidth").asInt(),
        told("Network.requestWillBeSent", "/request/url").stream()
            .filter(url -> !url.equals(page.toUri().toString()))
            .toList(),
        Stream.of(
                told("Runtime.consoleAPICalled", "/args"),
                told("Runtime.exceptionThrown", "/exceptionDetails"),
                told("Log.entryAdded", "/entry/text"))
            .flatMap(List::stream)
            .toList(),
        evaluate("Math.min(...[...document.querySelectorAll('body *')].filter(e => "
                + "[...e.childNodes].some(n => n.nodeType == 3 && n.data.trim()))"
                + ".map(e => parseFloat(getComputedStyle(e).fontSize)))")
            .asDouble());
  }

  private List<String> told(String method, String pointer) {
    List<String> all = new ArrayList<>();
    for (JsonNode event : events) {
      if (event.path("method").asText().equals(method)) {
        JsonNode value = event.path("params").at(pointer);
        all.add(value.isTextual() ? value.asText() : value.toString());
      }
    }
    return all;
  }

  /** The value of an expression in the page. */
  JsonNode evaluate(String expression) throws IOException {
    return call("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true))
        .at("/result/value");
  }

  /** A picture of the page, as PNG: so much of its height, or less where it has not that much. */
  byte[] picture(int width, int mostHeight) throws IOException {
    int height =
        Math.min(mostHeight, evaluate("document.documentElement.scrollHeight").asInt());
    return Base64.getDecoder()
        .decode(call(
                "Page.captureScreenshot",
                Map.of(
                    "format",
                    "png",
                    "captureBeyondViewport",
                    true,
                    "clip",
                    Map.of("x", 0, "y", 0, "width", width, "height", height, "scale", 1)))
            .get("data")
            .asText());
  }

  /** The page printed on A4, as PDF. */
  byte[] print() throws IOException {
    call("Emulation.setEmulatedMedia", Map.of("media", "print"));
    return Base64.getDecoder()
        .decode(call("Page.printToPDF", Map.of("preferCSSPageSize", true, "printBackground", false))
            .get("data")
            .asText());
  }

  private JsonNode call(String method, Map<String, ?> parameters) throws IOException {
    int id = number.incrementAndGet();
    ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
    message.set("params", JSON.valueToTree(parameters));
    if (!session.isEmpty()) {
      message.put("sessionId", session);
    }
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    waiting.put(id, answer);
    get(socket.sendText(message.toString(), true));
    JsonNode result = get(answer);
    if (result.has("error")) {
      throw new IOException(method + ": " + result.get("error"));
    }
    return result.path("result");
  }

  private static <T> T get(CompletableFuture<T> future) throws IOException {
    try {
      return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the browser does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() {
    socket.abort();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    try {
      process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Puts messages together and gives them to whoever waits. */
  private final class Receiver implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        take(text.toString());
        text.setLength(0);
      }
      from.request(1);
      return null;
    }

    private void take(String message) {
      try {
        JsonNode json = JSON.readTree(message);
        if (json.has("id")) {
          waiting.remove(json.get("id").asInt()).complete(json);
        } else {
          events.add(json);
          if (json.path("method").asText().equals("Page.loadEventFired")) {
            loaded.complete(null);
          }
        }
      } catch (IOException e) {
        waiting.values().forEach(one -> one.completeExceptionally(e));
      }
    }
  }
}
