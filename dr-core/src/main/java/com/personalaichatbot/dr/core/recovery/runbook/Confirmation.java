package com.personalaichatbot.dr.core.recovery.runbook;

import java.util.Objects;

/**
 * A person's answer. Immutable.
 *
 * @param choice yes, no, or taken as yes without asking
 * @param by who said it; two voices of one name are one voice. Empty where nobody was asked
 */
public record Confirmation(Choice choice, String by) {
  /** The possible answers. */
  public enum Choice {
    /** It is done; or, go on. */
    YES,

    /** It is not done; or, do not go on. */
    NO,

    /** Nobody was asked, because somebody said beforehand to go on. */
    ASSUMED
  }

  /** Refuses nulls. */
  public Confirmation {
    Objects.requireNonNull(choice, "choice");
    Objects.requireNonNull(by, "by");
  }

  /** A yes. */
  public static Confirmation yes(String by) {
    return new Confirmation(Choice.YES, by);
  }

  /** A no. */
  public static Confirmation no(String by) {
    return new Confirmation(Choice.NO, by);
  }
}
