package com.personalaichatbot.dr.examples.chatbot;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;

/** The settings of the chatbot, read from and written to its configuration file. */
final class Settings {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ObjectNode json;

  private Settings(ObjectNode json) {
    this.json = json;
  }

  /** The settings of a new chatbot. */
  static Settings initial() {
    ObjectNode json = JSON.createObjectNode();
    json.putObject("app")
        .put("name", "Chatbot")
        .put("version", "1.0.0")
        .put("port", 7860)
        .put("host", "127.0.0.1")
        .put("debug", false);
    json.putObject("data")
        .put("data_dir", ".")
        .put("config_dir", "config")
        .put("conversations_dir", "conversations")
        .put("logs_dir", "logs");
    json.putObject("security")
        .put("max_memory_mb", 500)
        .put("max_requests_per_minute", 50)
        .put("request_timeout_seconds", 30)
        .put("log_level", "INFO");
    return new Settings(json);
  }

  /**
   * Reads the settings.
   *
   * @throws IOException if the file is not there, or is not whole
   */
  static Settings read(DataDirectory data) throws IOException {
    try {
      JsonNode json = JSON.readTree(Files.readAllBytes(data.settings()));
      if (json instanceof ObjectNode object
          && object.get("app") instanceof ObjectNode
          && object.has("data")
          && object.has("security")) {
        return new Settings(object);
      }
      throw new IOException("it lacks one of app, data and security");
    } catch (JsonProcessingException e) {
      throw new IOException("it is no JSON", e);
    }
  }

  void write(DataDirectory data) throws IOException {
    data.replace(data.settings(), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json));
  }

  String name() {
    return json.path("app").path("name").asText();
  }

  Settings withName(String name) {
    return with("name", name);
  }

  String version() {
    return json.path("app").path("version").asText();
  }

  Settings withVersion(String version) {
    return with("version", version);
  }

  private Settings with(String field, String value) {
    ObjectNode copy = json.deepCopy();
    copy.withObject("/app").put(field, value);
    return new Settings(copy);
  }
}
