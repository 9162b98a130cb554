package com.personalaichatbot.dr.core.recovery.communication;

/**
 * A way to reach people. Called from several threads, and again with the same message after a
 * failure.
 */
public interface Channel {
  /**
   * What it is called in records and findings, such as {@code slack}; never an address or a key.
   */
  String name();

  /**
   * Sends a message, and returns when the other side has taken it. Bounded in time by itself.
   *
   * @throws DeliveryException if it was not taken; says when to try again
   */
  void send(Message message) throws DeliveryException;
}
