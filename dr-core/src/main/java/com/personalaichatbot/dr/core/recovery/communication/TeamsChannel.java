package com.personalaichatbot.dr.core.recovery.communication;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.Duration;

/** A Microsoft Teams channel, through a workflow that takes Adaptive Cards. Thread-safe. */
public final class TeamsChannel implements Channel {
  private final Webhook webhook;

  /**
   * Creates the channel.
   *
   * @param address address of the workflow, beginning with {@code https://}; a secret
   * @param timeout deadline for the whole exchange of one attempt; positive
   * @throws IllegalArgumentException if the address does not begin with {@code https://}
   */
  public TeamsChannel(URI address, Duration timeout) {
    this(address, timeout, false);
  }

  private TeamsChannel(URI address, Duration timeout, boolean http) {
    this.webhook = new Webhook(name(), address, timeout, http);
  }

  /**
   * Creates a channel whose address may begin with {@code http://}. Everybody on the way can read
   * and change its messages and learns its address: for a relay on this machine, and for tests.
   *
   * @param address address of the workflow; a secret
   * @param timeout deadline for the whole exchange of one attempt; positive
   * @return the channel
   * @throws IllegalArgumentException if the address is not one of HTTP
   */
  public static TeamsChannel allowingHttp(URI address, Duration timeout) {
    return new TeamsChannel(address, timeout, true);
  }

  @Override
  public String name() {
    return "teams";
  }

  @Override
  public void send(Message message) throws DeliveryException {
    ObjectNode root = JsonNodeFactory.instance.objectNode().put("type", "message");
    ObjectNode card = root.putArray("attachments")
        .addObject()
        .put("contentType", "application/vnd.microsoft.card.adaptive")
        .putObject("content");
    card.put("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
    card.put("type", "AdaptiveCard").put("version", "1.4");
    ArrayNode body = card.putArray("body");
    plain(body, message.subject()).put("weight", "Bolder").put("size", "Medium");
    message.text().lines().filter(line -> !line.isBlank()).forEach(line -> plain(body, line));
    webhook.post(root, message.id());
  }

  /** A block of runs: the text of a run is taken as it is, that of a block would be Markdown. */
  private static ObjectNode plain(ArrayNode body, String text) {
    ObjectNode block = body.addObject().put("type", "RichTextBlock");
    return block.putArray("inlines").addObject().put("type", "TextRun").put("text", text);
  }
}
