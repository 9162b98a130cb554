package com.personalaichatbot.dr.health;

/** How much a finding matters. */
public enum Severity {
  /** Worth knowing. */
  INFO,
  /** Should be mended. */
  WARNING,
  /** Must be mended. */
  ERROR
}
