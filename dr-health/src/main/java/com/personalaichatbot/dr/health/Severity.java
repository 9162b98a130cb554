package com.personalaichatbot.dr.health;

/** The weight of a finding. */
public enum Severity {
  /** Worth knowing. */
  INFO,
  /** Should be mended. */
  WARNING,
  /** Must be mended. */
  ERROR
}
