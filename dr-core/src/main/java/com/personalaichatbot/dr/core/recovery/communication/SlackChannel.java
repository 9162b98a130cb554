package com.personalaichatbot.dr.core.recovery.communication;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.URI;
import java.time.Duration;

/** A Slack channel, through an incoming webhook. Thread-safe. */
public final class SlackChannel implements Channel {
  private final Webhook webhook;

  /**
   * @param address the webhook's; a secret
   * @param timeout for one attempt; positive
   * @throws IllegalArgumentException if the address is not one of HTTP
   */
  public SlackChannel(URI address, Duration timeout) {
    this.webhook = new Webhook(name(), address, timeout);
  }

  @Override
  public String name() {
    return "slack";
  }

  @Override
  public void send(Message message) throws DeliveryException {
    String text = "*" + escape(message.subject()) + "*\n" + escape(message.text());
    webhook.post(JsonNodeFactory.instance.objectNode().put("text", text), message.id());
  }

  /** Slack reads three characters as markup; a file name must not become a link or a mention. */
  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
