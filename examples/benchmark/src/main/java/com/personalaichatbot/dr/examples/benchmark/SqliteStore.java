package com.personalaichatbot.dr.examples.benchmark;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A database of messages that SQLite itself writes, through its shell {@code sqlite3}. */
final class SqliteStore implements Database {
  private static final int ROWS_OF_A_CONVERSATION = 20;

  private final Commands commands = new Commands(Map.of());
  private final Path file;
  private final Random random;
  private final Prose prose;
  private int rows;

  SqliteStore(Path file, Random random, Prose prose) {
    this.file = file;
    this.random = random;
    this.prose = prose;
  }

  /** Whether the shell is installed. */
  static boolean isInstalled() {
    return Commands.has("sqlite3");
  }

  @Override
  public String kind() {
    return "SQLite";
  }

  @Override
  public void make(long bytes) throws IOException {
    Files.createDirectories(file.getParent());
    run(sql -> {
      sql.write("CREATE TABLE messages (id INTEGER PRIMARY KEY, conversation INTEGER, role TEXT,"
          + " time INTEGER, content TEXT);\n"
          + "CREATE INDEX messages_of ON messages (conversation);\nBEGIN;\n");
      for (long written = 0; written < bytes; rows++) {
        String text = text();
        sql.write("INSERT INTO messages VALUES (" + (rows + 1) + ','
            + rows / ROWS_OF_A_CONVERSATION + ",'" + (rows % 2 == 0 ? "user" : "assistant") + "',"
            + (1_760_000_000_000L + rows * 1000L) + ",'" + text + "');\n");
        written += text.length() + 40;
      }
      sql.write("COMMIT;\n");
    });
  }

  @Override
  public void edit(int count) throws IOException {
    run(sql -> {
      sql.write("BEGIN;\n");
      for (int i = 0; i < count; i++) {
        sql.write("UPDATE messages SET content = '" + text() + "' WHERE id = "
            + (1 + random.nextInt(rows)) + ";\n");
      }
      sql.write("COMMIT;\n");
    });
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(4); i >= 0; i--) {
      prose.appendSentence(text);
    }
    return text.toString().replace("'", "''");
  }

  /** Writes statements. */
  @FunctionalInterface
  private interface Script {
    void write(BufferedWriter sql) throws IOException;
  }

  private void run(Script script) throws IOException {
    Path statements = Files.createTempFile("benchmark", ".sql");
    try {
      try (BufferedWriter sql = Files.newBufferedWriter(statements)) {
        script.write(sql);
      }
      List<String> command = List.of("sqlite3", "-bail", "-batch", file.toString());
      commands.pipe(file.getParent(), statements, null, List.of(command));
    } finally {
      Files.delete(statements);
    }
  }
}
