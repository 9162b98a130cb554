package com.personalaichatbot.dr.health;

/** The weight of a finding. */
public enum Severity {
  /** Worth knowing. */
  INFO,
  /** Should be repaired. */
  WARNING,
  /** Must be repaired. */
  ERROR
}
