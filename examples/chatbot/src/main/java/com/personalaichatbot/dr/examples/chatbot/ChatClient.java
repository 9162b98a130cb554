package com.personalaichatbot.dr.examples.chatbot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.UUID;

/** A user of the chatbot, at the other end of HTTP. */
final class ChatClient {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI address;

  ChatClient(URI address) {
    this.address = address;
  }

  /**
   * The answer that came back.
   *
   * @param conversation the conversation that it belongs to
   * @param text the answer
   */
  record Reply(UUID conversation, String text) {}

  /** Begins a conversation. */
  Reply say(String message) throws IOException {
    return post(JSON.createObjectNode().put("message", message));
  }

  /** Goes on with a conversation. */
  Reply say(UUID conversation, String message) throws IOException {
    return post(JSON.createObjectNode()
        .put("message", message)
        .put("conversation_id", conversation.toString()));
  }

  /** Asks for all that was said in a conversation. */
  Conversation recall(UUID conversation) throws IOException {
    return Conversation.parse(send(
        HttpRequest.newBuilder(address.resolve("conversations/" + conversation)).build()));
  }

  /** Asks whether the chatbot is ready to answer. */
  String readiness() throws IOException {
    return JSON.readTree(
            send(HttpRequest.newBuilder(address.resolve("health/ready")).build()))
        .path("status")
        .asText();
  }

  private Reply post(ObjectNode request) throws IOException {
    JsonNode reply = JSON.readTree(send(HttpRequest.newBuilder(address.resolve("chat"))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(request.toString()))
        .build()));
    return new Reply(
        UUID.fromString(reply.path("conversation_id").asText()),
        reply.path("reply").asText());
  }

  private String send(HttpRequest request) throws IOException {
    try {
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IOException(
            request.uri() + " answered " + response.statusCode() + ": " + response.body());
      }
      return response.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for an answer");
    }
  }
}
