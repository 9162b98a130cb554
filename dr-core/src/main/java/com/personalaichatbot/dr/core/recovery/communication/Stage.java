package com.personalaichatbot.dr.core.recovery.communication;

import java.time.Duration;
import java.util.Optional;

/**
 * The stages of the communication plan in the user's disaster recovery document, with their
 * deadlines.
 */
public enum Stage {
  /** A chat message to the team, immediately. */
  IMMEDIATE(Audience.TEAM, Duration.ZERO),

  /** The users who are affected are told, immediately. */
  AFFECTED_USERS(Audience.USERS, Duration.ofMinutes(15)),

  /** The status page says what is going on. */
  STATUS_PAGE(Audience.STATUS_PAGE, Duration.ofMinutes(15)),

  /** An update to the stakeholders by mail, after an hour. */
  UPDATE(Audience.STAKEHOLDERS, Duration.ofHours(1)),

  /** A detailed incident report, after four hours. */
  REPORT(Audience.STAKEHOLDERS, Duration.ofHours(4)),

  /** The state of the recovery and how it went, after a day. */
  TIMELINE(Audience.STAKEHOLDERS, Duration.ofHours(24)),

  /** It is over: everybody who was told of the incident is told so. */
  RESOLVED(Audience.USERS, null),

  /** What a step of a runbook has to say. */
  NOTICE(Audience.TEAM, null),

  /** Something that is to be done regularly, and by a person. Belongs to no incident. */
  REMINDER(Audience.TEAM, null),

  /** A test of the channels themselves. */
  CHANNEL_TEST(Audience.TEAM, null);

  private final Audience audience;
  private final Duration due;

  Stage(Audience audience, Duration due) {
    this.audience = audience;
    this.due = due;
  }

  /** Who is told. */
  public Audience audience() {
    return audience;
  }

  /** How long after the detection at the latest; empty for what does not depend on the clock. */
  public Optional<Duration> due() {
    return Optional.ofNullable(due);
  }
}
