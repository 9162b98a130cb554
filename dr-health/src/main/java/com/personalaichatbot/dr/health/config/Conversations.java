package com.personalaichatbot.dr.health.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.personalaichatbot.dr.health.Severity;
import com.personalaichatbot.dr.health.internal.file.BoundedFile;
import com.personalaichatbot.dr.health.internal.file.Findings;
import com.personalaichatbot.dr.health.internal.file.OwnLocks;
import com.personalaichatbot.dr.health.internal.file.ParallelFiles;
import com.personalaichatbot.dr.health.internal.file.UnicodeText;
import com.personalaichatbot.dr.health.internal.json.CanonicalJson;
import com.personalaichatbot.dr.health.internal.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;

/**
 * Judges conversations, one file at a time and token by token, so that memory does not grow with
 * their number or size. A conversation is an object whose {@code id} is the file's name, with
 * {@code messages} that each have a known role, a content and a readable time; a checksum is
 * verified where there is one.
 */
final class Conversations {

  private static final int MAX_BYTES = 64 << 20;
  private static final int LARGE = 10 << 20;
  private static final String MEND = "restore it from a backup";

  private final Path root;
  private final Set<String> roles;
  private final Findings findings;
  private final OwnLocks locks = new OwnLocks();

  Conversations(Path root, Set<String> roles, Findings findings) {
    this.root = root;
    this.roles = roles;
    this.findings = findings;
  }

  void run(int threads) throws InterruptedException {
    ParallelFiles.visit(
        root,
        threads,
        this::visit,
        (path, failure) -> error(
            "UNREADABLE", path, 0, "cannot be listed: " + failure.getClass().getSimpleName()));
  }

  private void visit(Path file, BasicFileAttributes attributes) {
    String name = file.getFileName().toString();
    if (name.endsWith(".tmp")) {
      findings.add(
          Severity.INFO,
          "CONVERSATION_LEFTOVER",
          file,
          "left by a write that was broken off",
          "delete it when the application is stopped");
    } else if (attributes.isSymbolicLink()) {
      findings.add(
          Severity.WARNING,
          "CONVERSATION_LINK",
          file,
          "is a link, so not looked at",
          "put the file there");
    } else if (name.endsWith(".json")) {
      judge(file, name.substring(0, name.length() - ".json".length()), attributes.size());
    }
  }

  private void judge(Path file, String name, long size) {
    if (size > LARGE) {
      findings.add(
          Severity.WARNING,
          "CONVERSATION_LARGE",
          file,
          "has more than 10 MiB",
          "archive a part of it");
    }
    try {
      byte[] bytes = BoundedFile.read(file, MAX_BYTES, locks);
      try (JsonParser parser = Json.parser(bytes)) {
        new Reading(parser, file, name).conversation();
        if (parser.nextToken() != null) {
          error("CONVERSATION_BROKEN", file, line(parser), "goes on after its end");
        }
      }
    } catch (OwnLocks.InUseException locked) {
      findings.add(Severity.INFO, "IN_USE", file, "was not looked at: " + locked.getReason(), "");
    } catch (BoundedFile.TooLargeException | BoundedFile.NotRegularException other) {
      error("CONVERSATION_BROKEN", file, 0, "is " + other.getReason());
    } catch (UnicodeText.NotUtf8Exception other) {
      error("CONVERSATION_BROKEN", file, 1, "is " + other.getMessage());
    } catch (com.fasterxml.jackson.core.JacksonException broken) {
      error("CONVERSATION_BROKEN", file, Json.line(broken), Json.problem(broken));
    } catch (IOException failure) {
      error("UNREADABLE", file, 0, "cannot be read: " + failure.getClass().getSimpleName());
    }
  }

  private void error(String code, Path file, int line, String message) {
    findings.add(Severity.ERROR, code, file, line, message, MEND);
  }

  private static int line(JsonParser parser) {
    return parser.currentTokenLocation().getLineNr();
  }

  /** One pass over one file. */
  private final class Reading {
    private final JsonParser parser;
    private final Path file;
    private final String name;
    private boolean id;
    private boolean messages;
    private Optional<Instant> created = Optional.empty();
    private Optional<Instant> updated = Optional.empty();

    Reading(JsonParser parser, Path file, String name) {
      this.parser = parser;
      this.file = file;
      this.name = name;
    }

    void conversation() throws IOException {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        error("CONVERSATION_BROKEN", file, 0, "is not a JSON object");
        parser.skipChildren();
        return;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        field(field);
      }
      if (!id) {
        error("CONVERSATION_ID", file, 0, "has no id");
      }
      if (!messages) {
        error("CONVERSATION_MESSAGES", file, 0, "has no messages");
      }
      if (created.isPresent() && updated.isPresent() && created.get().isAfter(updated.get())) {
        findings.add(
            Severity.WARNING, "CONVERSATION_TIME", file, "was updated before it was created", "");
      }
    }

    private void field(String field) throws IOException {
      switch (field) {
        case "id" -> {
          id = true;
          if (!name.equals(text())) {
            error("CONVERSATION_ID", file, line(parser), "its id is not the name of the file");
          }
          parser.skipChildren();
        }
        case "messages" -> messages();
        case "created_at" -> created = time("created_at");
        case "updated_at" -> updated = time("updated_at");
        case "_metadata" -> metadata();
        default -> parser.skipChildren();
      }
    }

    private void messages() throws IOException {
      messages = true;
      if (parser.currentToken() != JsonToken.START_ARRAY) {
        error("CONVERSATION_MESSAGES", file, line(parser), "messages is not a list");
        parser.skipChildren();
        return;
      }
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        message();
      }
    }

    private void message() throws IOException {
      int line = line(parser);
      boolean role = false;
      boolean content = false;
      if (parser.currentToken() == JsonToken.START_OBJECT) {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String field = parser.currentName();
          parser.nextToken();
          switch (field) {
            case "role" -> role = roles.contains(text());
            case "content" -> content = parser.currentToken() == JsonToken.VALUE_STRING;
            case "timestamp" -> time("timestamp");
            default -> {
              // Everything else is the application's own.
            }
          }
          parser.skipChildren();
        }
      } else {
        parser.skipChildren();
      }
      if (!role) {
        error("CONVERSATION_ROLE", file, line, "a message has no known role");
      }
      if (!content) {
        error("CONVERSATION_CONTENT", file, line, "a message has no text as its content");
      }
    }

    private String text() throws IOException {
      return parser.currentToken() == JsonToken.VALUE_STRING ? parser.getText() : "";
    }

    /** ISO-8601, with a zone or, as the original application writes it, without. */
    private Optional<Instant> time(String field) throws IOException {
      String text = text();
      parser.skipChildren();
      try {
        boolean zoned =
            text.endsWith("Z") || text.lastIndexOf('+') > 10 || text.lastIndexOf('-') > 10;
        return Optional.of(
            zoned
                ? OffsetDateTime.parse(text).toInstant()
                : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC));
      } catch (DateTimeException unreadable) {
        error("CONVERSATION_TIME", file, line(parser), field + " is not a time");
        return Optional.empty();
      }
    }

    private void metadata() throws IOException {
      int line = line(parser);
      String expected = "";
      if (parser.currentToken() == JsonToken.START_OBJECT) {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String field = parser.currentName();
          parser.nextToken();
          if (field.equals("checksum")) {
            expected = text();
          }
          parser.skipChildren();
        }
      }
      parser.skipChildren();
      if (!expected.isEmpty()) {
        verify(expected, line);
      }
    }

    private void verify(String expected, int line) throws IOException {
      JsonNode tree = Json.tree(BoundedFile.read(file, MAX_BYTES, locks));
      ((ObjectNode) tree).remove("_metadata");
      if (!CanonicalJson.sha256(tree).contains(expected)) {
        error("CONVERSATION_CHECKSUM", file, line, "its checksum does not fit its content");
      }
    }
  }
}
