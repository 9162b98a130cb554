package com.personalaichatbot.dr.core.recovery.communication;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** A message was not taken by a channel. It stays due. */
public final class DeliveryException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient Duration retryAfter;

  /**
   * Without a wish of the other side when to try again.
   *
   * @param message why; no address and no key
   * @param cause null if none exists
   */
  public DeliveryException(String message, Throwable cause) {
    this(message, cause, null);
  }

  DeliveryException(String message, Throwable cause, Duration retryAfter) {
    super(message, cause);
    this.retryAfter = retryAfter;
  }

  /** How long the other side wants to be left alone, if it said so. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
