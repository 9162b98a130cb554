package com.personalaichatbot.dr.core.functional;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;

/** The ways in which applications keep data that they change all the time. */
enum LiveData {
  /** A database with a write-ahead log, its connection open. */
  SQLITE_WAL {
    @Override
    Writer open(Path dir) throws SQLException {
      return new Database(dir, "WAL");
    }

    @Override
    long check(Path dir) throws Exception {
      return Database.check(dir);
    }
  },

  /** A database with a rollback journal, its connection open. */
  SQLITE_JOURNAL {
    @Override
    Writer open(Path dir) throws SQLException {
      return new Database(dir, "DELETE");
    }

    @Override
    long check(Path dir) throws Exception {
      return Database.check(dir);
    }
  },

  /** A JSON document that is truncated and written. */
  JSON_IN_PLACE {
    @Override
    Writer open(Path dir) {
      return n -> Files.write(dir.resolve("state.json"), json(n));
    }

    @Override
    long check(Path dir) throws IOException {
      return checkJson(dir);
    }
  },

  /** A JSON document that is written beside the old one and renamed over it. */
  JSON_BY_RENAME {
    @Override
    Writer open(Path dir) {
      return n -> Files.move(
          Files.write(dir.resolve("state.json.tmp"), json(n)),
          dir.resolve("state.json"),
          StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    long check(Path dir) throws IOException {
      return checkJson(dir);
    }
  },

  /** Properties that are truncated and written. */
  PROPERTIES_IN_PLACE {
    @Override
    Writer open(Path dir) {
      return n -> storeProperties(dir.resolve("app.properties"), n);
    }

    @Override
    long check(Path dir) throws IOException {
      return checkProperties(dir);
    }
  },

  /** Properties of which the old file is renamed away before the new one is written. */
  PROPERTIES_RENAMED_AWAY {
    @Override
    Writer open(Path dir) {
      return n -> {
        Path file = dir.resolve("app.properties");
        if (Files.exists(file)) {
          Files.move(file, dir.resolve("app.properties.bak"), StandardCopyOption.REPLACE_EXISTING);
        }
        storeProperties(file, n);
      };
    }

    @Override
    long check(Path dir) throws IOException {
      return checkProperties(dir);
    }
  },

  /** JSON lines, the file opened for each. */
  JSON_LINES {
    @Override
    Writer open(Path dir) {
      return n -> Files.writeString(dir.resolve("chat.jsonl"), line(n), CREATE, APPEND);
    }

    @Override
    long check(Path dir) throws IOException {
      return checkLines(List.of(dir.resolve("chat.jsonl")));
    }
  },

  /** JSON lines that the component declares as only appended to. */
  JSON_LINES_DECLARED {
    @Override
    Writer open(Path dir) throws Exception {
      return JSON_LINES.open(dir);
    }

    @Override
    long check(Path dir) throws Exception {
      return JSON_LINES.check(dir);
    }

    @Override
    List<String> appendOnly() {
      return List.of("*.jsonl");
    }
  },

  /** A log of which the old files are renamed, each a number further. */
  ROLLING_LOG {
    @Override
    Writer open(Path dir) {
      return n -> {
        Path log = dir.resolve("app.log");
        if (Files.exists(log) && Files.size(log) > LOG_LENGTH) {
          for (int i = LOGS - 1; i > 0; i--) {
            moveIfThere(dir.resolve("app.log." + i), dir.resolve("app.log." + (i + 1)));
          }
          Files.move(log, dir.resolve("app.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
        Files.writeString(log, line(n), CREATE, APPEND);
      };
    }

    @Override
    long check(Path dir) throws IOException {
      try (var files = Files.list(dir)) {
        return checkLines(files.toList());
      }
    }
  },

  /** A rolling log that the component declares as only appended to. */
  ROLLING_LOG_DECLARED {
    @Override
    Writer open(Path dir) throws Exception {
      return ROLLING_LOG.open(dir);
    }

    @Override
    long check(Path dir) throws Exception {
      return ROLLING_LOG.check(dir);
    }

    @Override
    List<String> appendOnly() {
      return List.of("app.log");
    }
  },

  /** A file that is mapped into memory, its channel closed. */
  MAPPED {
    @Override
    Writer open(Path dir) throws IOException {
      ByteBuffer memory;
      try (FileChannel channel = FileChannel.open(dir.resolve("table"), CREATE, READ, WRITE)) {
        memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, NUMBERS * Long.BYTES);
      }
      return n -> {
        for (int i = 0; i < NUMBERS; i++) {
          memory.putLong(i * Long.BYTES, n);
        }
      };
    }

    @Override
    long check(Path dir) throws IOException {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(dir.resolve("table")));
      long n = bytes.getLong(0);
      require(bytes.capacity() == NUMBERS * Long.BYTES, "the table has all its numbers");
      for (int i = 0; i < NUMBERS; i++) {
        require(bytes.getLong(i * Long.BYTES) == n, "the table is of one write");
      }
      return n;
    }

    @Override
    boolean isSeenInOtherProcesses() {
      return false;
    }
  };

  private static final int NUMBERS = 4096;
  private static final int LOGS = 4;
  private static final long LOG_LENGTH = 6000;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Writes data, one version after the other. */
  @FunctionalInterface
  interface Writer extends Closeable {
    /** Writes a version; the first is 1. */
    void write(long n) throws Exception;

    @Override
    default void close() throws IOException {}
  }

  /** Begins to write in an empty directory. */
  abstract Writer open(Path dir) throws Exception;

  /**
   * Opens what was restored as its application does.
   *
   * @return the newest version that is in it
   * @throws Exception if it is not whole
   */
  abstract long check(Path dir) throws Exception;

  /** The files that a component declares as only appended to. */
  List<String> appendOnly() {
    return List.of();
  }

  /** Whether a backup can notice that another process changes it. */
  boolean isSeenInOtherProcesses() {
    return true;
  }

  private static byte[] json(long n) throws IOException {
    ObjectNode state = MAPPER.createObjectNode().put("first", n);
    ArrayNode messages = state.putArray("messages");
    for (int i = 0; i < 300; i++) {
      messages.addObject().put("n", n).put("text", "message " + i + " of many");
    }
    return MAPPER.writeValueAsBytes(state.put("last", n));
  }

  private static long checkJson(Path dir) throws IOException {
    JsonNode state = MAPPER.readTree(dir.resolve("state.json").toFile());
    long n = state.path("first").asLong(-1);
    require(n == state.path("last").asLong(-2), "the document is of one write");
    for (JsonNode message : state.path("messages")) {
      require(message.path("n").asLong() == n, "the document is of one write");
    }
    return n;
  }

  private static void storeProperties(Path file, long n) throws IOException {
    Properties properties = new Properties();
    for (int i = 0; i < 300; i++) {
      properties.setProperty("setting." + i, "" + n);
    }
    try (OutputStream out = Files.newOutputStream(file)) {
      properties.store(out, null);
    }
  }

  private static long checkProperties(Path dir) throws IOException {
    Properties properties = new Properties();
    try (InputStream in = Files.newInputStream(dir.resolve("app.properties"))) {
      properties.load(in);
    }
    require(properties.size() == 300, "there are 300 settings, not " + properties.size());
    require(properties.values().stream().distinct().count() == 1, "the settings are of one write");
    return Long.parseLong(properties.getProperty("setting.0"));
  }

  private static String line(long n) {
    return "{\"n\":" + n + ",\"text\":\"" + "x".repeat(60) + "\"}\n";
  }

  private static void moveIfThere(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    } catch (NoSuchFileException e) {
      return;
    }
  }

  /** All versions up to the newest are there, from the first or from where a log was dropped. */
  private static long checkLines(List<Path> files) throws IOException {
    TreeSet<Long> numbers = new TreeSet<>();
    for (Path file : files) {
      String text = Files.readString(file);
      require(text.isEmpty() || text.endsWith("\n"), "the last line is whole");
      for (String line : text.lines().toList()) {
        numbers.add(MAPPER.readTree(line).path("n").asLong(-1));
      }
    }
    require(!numbers.isEmpty(), "there are lines");
    require(numbers.last() - numbers.first() + 1 == numbers.size(), "no line is missing");
    require(files.size() > 1 || numbers.first() == 1, "the first line is there");
    return numbers.last();
  }

  private static void require(boolean condition, String what) throws IOException {
    if (!condition) {
      throw new IOException("not so: " + what);
    }
  }

  /** A chat in a SQLite database, with a count that must agree with its rows. */
  private static final class Database implements Writer {
    private final Connection connection;

    Database(Path dir, String journal) throws SQLException {
      connection = connect(dir);
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA journal_mode=" + journal);
        statement.execute("PRAGMA wal_autocheckpoint=20");
        statement.execute("PRAGMA synchronous=OFF");
        statement.execute("CREATE TABLE chat (n INTEGER, text TEXT)");
        statement.execute("CREATE INDEX chat_text ON chat (text)");
        statement.execute("CREATE TABLE total (n INTEGER)");
        statement.execute("INSERT INTO total VALUES (0)");
      }
      connection.setAutoCommit(false);
    }

    private static Connection connect(Path dir) throws SQLException {
      return DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("chat.db"));
    }

    @Override
    public void write(long n) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        String text = (n * 0x9E3779B97F4A7C15L) + "x".repeat(200);
        statement.execute("INSERT INTO chat VALUES (" + n + ", '" + text + "')");
        statement.execute("UPDATE total SET n = n + 1");
      }
      connection.commit();
    }

    @Override
    public void close() throws IOException {
      try {
        connection.close();
      } catch (SQLException e) {
        throw new IOException(e);
      }
    }

    static long check(Path dir) throws Exception {
      require(Files.size(dir.resolve("chat.db")) > 0, "the database is not empty");
      try (Connection connection = connect(dir);
          Statement statement = connection.createStatement()) {
        try (ResultSet result = statement.executeQuery("PRAGMA integrity_check")) {
          require("ok".equals(result.getString(1)), "ok: " + result.getString(1));
        }
        try (ResultSet result = statement.executeQuery(
            "SELECT (SELECT count(*) FROM chat), (SELECT max(n) FROM chat), n FROM total")) {
          require(result.getLong(1) == result.getLong(3), "the count agrees with the rows");
          return result.getLong(3);
        }
      }
    }
  }
}
