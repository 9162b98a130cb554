package com.personalaichatbot.dr.core.snapshot;

import java.util.Objects;

/**
 * A reason for which retention keeps or removes a snapshot.
 *
 * @param code the reason, for programs
 * @param detail the same for people: which day, which tag, how long; never empty
 */
public record RetentionReason(Code code, String detail) {
  /** Refuses nulls. */
  public RetentionReason {
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(detail, "detail");
  }

  /** Every reason there is. All but the last two keep. */
  public enum Code {
    /** A rule: one of the newest. */
    LAST,
    /** A rule: the newest of its hour. */
    HOURLY,
    /** A rule: the newest of its day. */
    DAILY,
    /** A rule: the newest of its week. */
    WEEKLY,
    /** A rule: the newest of its month. */
    MONTHLY,
    /** A rule: the newest of its year. */
    YEARLY,
    /** A rule: young enough, whatever its purpose. */
    WITHIN,
    /** A rule: SCHEDULED or SHUTDOWN, and young enough. */
    AUTOMATED_AGE,
    /** A rule: MANUAL or PRE_CHANGE, and young enough. */
    MANUAL_AGE,
    /** A rule: it bears a tag that is kept. */
    TAG,
    /** Somebody pinned it. */
    HOLD,
    /** QUARANTINE, and either too young to go or the way back of a restore. */
    QUARANTINE,
    /** CONTINUOUS: no rule of this version removes it. */
    CONTINUOUS,
    /** It is dated after now. */
    FUTURE,
    /** The clock cannot be believed, so that nothing is removed because of its age or date. */
    CLOCK_DOUBTFUL,
    /** The one before a component became SHRUNK, which nobody has accepted yet. */
    BEFORE_SHRUNK,
    /** The newest VERIFIED or PROVEN one of a component. */
    LAST_VERIFIED,
    /** Without it no COMPLETE one that is not SUSPECT would be left of a component. */
    LAST_COMPLETE,
    /** Without it nothing would be left of its host and its components. */
    ONLY_ONE,
    /** Removes: no rule keeps it and nothing else does. */
    NO_RULE_KEEPS,
    /** Removes: QUARANTINE, old enough, and its undo is gone. */
    QUARANTINE_EXPIRED;

    /** Whether it is a rule of the policy that keeps. */
    public boolean isRule() {
      return compareTo(TAG) <= 0;
    }
  }

  /** The code and the detail. */
  @Override
  public String toString() {
    return code + " (" + detail + ")";
  }
}
