package com.personalaichatbot.dr.health;

/** The weight of one check for the whole. */
public enum Weight {
  /** The whole is as bad as this check. */
  CRITICAL,
  /** Whatever is wrong with this check, the whole is at most DEGRADED by it. */
  IMPORTANT,
  /** Shown, but never counted. */
  INFO;

  Status effect(Status status) {
    return switch (this) {
      case CRITICAL -> status;
      case IMPORTANT -> status == Status.UP ? Status.UP : Status.DEGRADED;
      case INFO -> Status.UP;
    };
  }
}
