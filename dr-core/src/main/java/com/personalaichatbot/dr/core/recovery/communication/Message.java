package com.personalaichatbot.dr.core.recovery.communication;

import java.util.Objects;

/**
 * A message to an audience. Immutable.
 *
 * @param id the same for each attempt and each channel, so that a receiver can tell repetitions
 * @param incident name of the incident; empty for a reminder or a channel test
 * @param subject one line; of a breach it gives no details, for mail subjects travel in clear
 * @param text plain text, lines separated by {@code \n}
 */
public record Message(
    String id, String incident, Stage stage, Audience audience, String subject, String text) {
  /** Refuses nulls and a subject of several lines. */
  public Message {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(incident, "incident");
    Objects.requireNonNull(stage, "stage");
    Objects.requireNonNull(audience, "audience");
    Objects.requireNonNull(text, "text");
    if (subject.indexOf('\n') >= 0 || subject.indexOf('\r') >= 0) {
      throw new IllegalArgumentException("a subject is one line");
    }
  }
}
