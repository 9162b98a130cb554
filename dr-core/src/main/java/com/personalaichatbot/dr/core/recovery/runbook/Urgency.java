package com.personalaichatbot.dr.core.recovery.runbook;

/** The urgency of a notice. */
public enum Urgency {
  /** To the audience's usual channels. */
  USUAL,

  /** To those only who deal with a breach, past the channels that an intruder may read. */
  RESTRICTED,

  /** To whoever is on call, now: the run has given up. */
  PAGE
}
