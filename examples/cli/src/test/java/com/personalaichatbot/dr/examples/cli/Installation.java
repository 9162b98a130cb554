package com.personalaichatbot.dr.examples.cli;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;

/**
 * A small sound installation in the original application's layout, with a page that answers. All
 * secrets are made up.
 */
final class Installation implements AutoCloseable {
  static final String KEY = "sk-or-v1-" + "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
  static final String ID = "6f1c2f0e-0000-4000-8000-000000000001";
  private static final String SECRET = "made-up-for-the-test-0123456789abcdef";
  private static final String ENV = """
      OPENROUTER_API_KEY=%s
      APP_HOST=127.0.0.1
      APP_PORT=7860
      LOG_LEVEL=INFO
      SECRET_KEY=%s
      ENCRYPTION_KEY=made-up-for-the-test-fedcba9876543210
      """.formatted(KEY, SECRET);
  private static final String SETTINGS = """
      {
        "app": {"name": "Demo", "version": "1.0.0", "port": 7860, "host": "127.0.0.1"},
        "data": {"data_dir": "/srv/bot", "config_dir": "/srv/bot/config", "logs_dir": "/srv/bot/logs"},
        "security": {"max_memory_mb": 500, "request_timeout_seconds": 30, "log_level": "INFO"}
      }
      """;
  private static final String CONVERSATION = """
      {"id": "%s", "title": "Trip", "messages": [
        {"role": "user", "content": "hello", "metadata": {}, "timestamp": "2025-01-02T03:04:05"}],
       "created_at": "2025-01-02T03:04:00", "updated_at": "2025-01-02T03:04:06", "metadata": {}}
      """.formatted(ID);

  final Path data;
  private final HttpServer server;
  volatile int answer = 200;

  Installation(Path data) throws IOException {
    this.data = data;
    for (String name : new String[] {"config", "conversations/active", "logs"}) {
      Files.createDirectories(data.resolve(name));
    }
    write(".env", ENV);
    write("config/app_config.json", SETTINGS);
    write("conversations/active/" + ID + ".json", CONVERSATION);
    write("logs/app.log", "2025-01-02 03:04:05,678 - bot - INFO - hello\n");
    try (Stream<Path> paths = Files.walk(data)) {
      for (Path path : paths.toList()) {
        mode(path, Files.isDirectory(path) ? "rwx------" : "rw-------");
      }
    }
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> {
      byte[] page = "<title>Chat</title>".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
      exchange.sendResponseHeaders(answer, page.length);
      exchange.getResponseBody().write(page);
      exchange.close();
    });
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  String path() {
    return data.toString();
  }

  void write(String name, String text) throws IOException {
    Files.writeString(data.resolve(name), text);
  }

  String read(String name) throws IOException {
    return Files.readString(data.resolve(name));
  }

  void mode(String name, String mode) throws IOException {
    mode(data.resolve(name), mode);
  }

  private static void mode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  String modeOf(String name) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve(name)));
  }

  /** The page answers no more. */
  @Override
  public void close() {
    server.stop(0);
  }
}
