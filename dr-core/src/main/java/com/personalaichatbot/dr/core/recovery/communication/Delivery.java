package com.personalaichatbot.dr.core.recovery.communication;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * The fate of a message on one channel. Immutable.
 *
 * @param incident name of the incident; empty for a channel test
 * @param due until when it had to be out
 * @param attempts how often it was tried
 * @param sent when the channel took it; empty if it did not yet
 * @param next when it is tried again; meaningless once it is sent
 * @param problem why the last attempt failed, or empty
 */
public record Delivery(
    String incident,
    Stage stage,
    Audience audience,
    String channel,
    Instant due,
    int attempts,
    Optional<Instant> sent,
    Instant next,
    String problem) {

  private static final Duration FIRST_WAIT = Duration.ofSeconds(5);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

  /** Refuses nulls. */
  public Delivery {
    Objects.requireNonNull(incident, "incident");
    Objects.requireNonNull(stage, "stage");
    Objects.requireNonNull(audience, "audience");
    Objects.requireNonNull(channel, "channel");
    Objects.requireNonNull(due, "due");
    Objects.requireNonNull(sent, "sent");
    Objects.requireNonNull(next, "next");
    Objects.requireNonNull(problem, "problem");
  }

  static Delivery planned(
      String incident, Stage stage, Audience audience, String channel, Instant due) {
    return new Delivery(
        incident, stage, audience, channel, due, 0, Optional.empty(), Instant.MIN, "");
  }

  Delivery taken(Instant now) {
    return new Delivery(
        incident, stage, audience, channel, due, attempts + 1, Optional.of(now), next, "");
  }

  /** Not taken: it is tried again after what the other side asked for, or twice the wait before. */
  Delivery refused(Instant now, DeliveryException why) {
    Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(attempts, 10));
    wait = why.retryAfter().orElse(wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT);
    return new Delivery(
        incident,
        stage,
        audience,
        channel,
        due,
        attempts + 1,
        sent,
        now.plus(wait),
        String.valueOf(why.getMessage()));
  }

  /** The name of the message for a receiver, the same for each attempt. */
  String messageId() {
    return (incident.isEmpty() ? "test-" + due.getEpochSecond() : incident) + "-"
        + stage.name().toLowerCase(Locale.ROOT) + "-" + audience.id();
  }
}
