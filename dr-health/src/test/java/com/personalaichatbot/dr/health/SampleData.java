package com.personalaichatbot.dr.health;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;

/**
 * A small sound installation in the original application's layout, modes 700 and 600. All secrets
 * are made up.
 */
public final class SampleData {

  public static final String KEY = "sk-or-v1-" + "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
  public static final String ID = "6f1c2f0e-0000-4000-8000-000000000001";

  public static final String ENV = """
      # made up
      OPENROUTER_API_KEY=%s
      APP_HOST=127.0.0.1
      APP_PORT=7860
      LOG_LEVEL=INFO
      SECRET_KEY=made-up-for-the-test-0123456789abcdef
      ENCRYPTION_KEY=made-up-for-the-test-fedcba9876543210
      """.formatted(KEY);

  public static final String CONFIG = """
      {
        "app": {"name": "Demo", "version": "1.0.0", "port": 7860, "host": "127.0.0.1", "debug": false},
        "data": {"data_dir": "/srv/bot", "config_dir": "/srv/bot/config", "logs_dir": "/srv/bot/logs"},
        "security": {"max_memory_mb": 500, "request_timeout_seconds": 30, "log_level": "INFO"},
        "backup": {"max_backup_files": 7}
      }
      """;

  private SampleData() {}

  public static Path create(Path data) throws IOException {
    for (String name : new String[] {"config", "conversations/active", "logs"}) {
      Files.createDirectories(data.resolve(name));
    }
    Files.writeString(data.resolve(".env"), ENV);
    Files.writeString(data.resolve("config/app_config.json"), CONFIG);
    Files.writeString(data.resolve("conversations/active/" + ID + ".json"), conversation(ID));
    Files.writeString(
        data.resolve("logs/app.log"), "2025-01-02 03:04:05,678 - bot - INFO - hello\n");
    harden(data);
    return data;
  }

  public static String conversation(String id) {
    return """
        {"id": "%s", "title": "Trip", "messages": [
          {"role": "user", "content": "hello", "metadata": {"length": 5},
           "timestamp": "2025-01-02T03:04:05.000002"},
          {"role": "assistant", "content": "hi", "timestamp": "2025-01-02T03:04:06Z"}],
         "created_at": "2025-01-02T03:04:00.000000", "updated_at": "2025-01-02T03:04:06",
         "metadata": {"tags": []}}
        """.formatted(id);
  }

  public static void harden(Path data) throws IOException {
    try (Stream<Path> paths = Files.walk(data)) {
      for (Path path : paths.toList()) {
        mode(path, Files.isDirectory(path) ? "rwx------" : "rw-------");
      }
    }
  }

  public static void mode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }
}
