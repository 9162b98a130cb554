package com.personalaichatbot.dr.core.recovery.communication;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.URI;
import java.time.Duration;

/** A Slack channel, through an incoming webhook. Thread-safe. */
public final class SlackChannel implements Channel {
  private final Webhook webhook;

  /**
   * Creates the channel.
   *
   * @param address address of the webhook, beginning with {@code https://}; a secret
   * @param timeout deadline for the whole exchange of one attempt; positive
   * @throws IllegalArgumentException if the address does not begin with {@code https://}
   */
  public SlackChannel(URI address, Duration timeout) {
    this(address, timeout, false);
  }

  private SlackChannel(URI address, Duration timeout, boolean http) {
    this.webhook = new Webhook(name(), address, timeout, http);
  }

  /**
   * Creates a channel whose address may begin with {@code http://}. Everybody on the way can read
   * and change its messages and learns its address: for a relay on this machine, and for tests.
   *
   * @param address address of the webhook; a secret
   * @param timeout deadline for the whole exchange of one attempt; positive
   * @return the channel
   * @throws IllegalArgumentException if the address is not one of HTTP
   */
  public static SlackChannel allowingHttp(URI address, Duration timeout) {
    return new SlackChannel(address, timeout, true);
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
