package com.personalaichatbot.dr.core.recovery.communication;

import java.util.Locale;

/** Those who are to know. */
public enum Audience {
  /** Who works on the recovery. */
  TEAM,

  /** Who answers for the application. */
  STAKEHOLDERS,

  /** Who deals with a breach; nobody else is told of one until they say so. */
  SECURITY,

  /** Who is woken when a run has given up. */
  ON_CALL,

  /** The users who are affected. */
  USERS,

  /** Everybody who looks at the status page. */
  STATUS_PAGE;

  /** The name in texts, and in the steps of a runbook: {@code on-call}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The audience of that name; {@link #TEAM} for a name that is not one of these. */
  static Audience of(String id) {
    for (Audience audience : values()) {
      if (audience.id().equals(id)) {
        return audience;
      }
    }
    return TEAM;
  }
}
