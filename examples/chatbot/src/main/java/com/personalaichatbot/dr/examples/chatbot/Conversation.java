package com.personalaichatbot.dr.examples.chatbot;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * The messages between a user and the chatbot.
 *
 * @param id its name, also of its file
 * @param title its first words
 * @param created when it began
 * @param messages what was said, in order; at least one
 */
record Conversation(UUID id, String title, LocalDateTime created, List<Message> messages) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS", Locale.ROOT);
  private static final int TITLE_LENGTH = 60;
  private static final ObjectMapper JSON = new ObjectMapper();

  Conversation {
    messages = List.copyOf(messages);
  }

  /**
   * One message.
   *
   * @param role user or assistant
   * @param content its text
   * @param time when it was said
   */
  record Message(String role, String content, LocalDateTime time) {}

  /** Begins a conversation with its first message. */
  static Conversation begin(UUID id, Message first) {
    String title = first.content().strip();
    return new Conversation(
        id,
        title.substring(0, Math.min(TITLE_LENGTH, title.length())),
        first.time(),
        List.of(first));
  }

  /** The same with one more message. */
  Conversation with(Message message) {
    List<Message> more = new ArrayList<>(messages);
    more.add(message);
    return new Conversation(id, title, created, more);
  }

  LocalDateTime updated() {
    return messages.get(messages.size() - 1).time();
  }

  /** The text of its file. */
  String toJson() {
    ObjectNode json = JSON.createObjectNode().put("id", id.toString()).put("title", title);
    var list = json.putArray("messages");
    for (Message message : messages) {
      ObjectNode one = list.addObject();
      one.put("role", message.role()).put("content", message.content());
      one.putObject("metadata")
          .put("length", message.content().length())
          .put("word_count", message.content().strip().split("\\s+").length)
          .put("timestamp", TIME.format(message.time()))
          .put("code_blocks", 0)
          .put("urls", 0)
          .put("mentions", 0);
      one.put("timestamp", TIME.format(message.time()));
    }
    json.put("created_at", TIME.format(created)).put("updated_at", TIME.format(updated()));
    ObjectNode metadata = json.putObject("metadata");
    metadata.put("created_by", "system").put("version", "1.0").putArray("tags");
    metadata
        .putObject("stats")
        .put("message_count", messages.size())
        .put("last_message_at", TIME.format(updated()))
        .put("total_tokens", 0);
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }

  /**
   * Reads the text of a file.
   *
   * @throws IOException if it is not a whole conversation; the message says what is wrong
   */
  static Conversation parse(String text) throws IOException {
    JsonNode json = JSON.readTree(text);
    try {
      List<Message> messages = new ArrayList<>();
      for (JsonNode one : required(json, "messages")) {
        messages.add(new Message(
            required(one, "role").textValue(),
            required(one, "content").textValue(),
            time(one, "timestamp")));
      }
      if (messages.isEmpty()) {
        throw new IOException("it has no messages");
      }
      return new Conversation(
          UUID.fromString(required(json, "id").asText()),
          required(json, "title").asText(),
          time(json, "created_at"),
          messages);
    } catch (IllegalArgumentException | DateTimeParseException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static LocalDateTime time(JsonNode json, String field) throws IOException {
    return LocalDateTime.parse(required(json, field).asText());
  }

  private static JsonNode required(JsonNode json, String field) throws IOException {
    JsonNode value = json == null ? null : json.get(field);
    if (value == null || value.isNull()) {
      throw new IOException("it has no " + field);
    }
    return value;
  }
}
