package com.personalaichatbot.dr.core.recovery.report;

import java.util.Locale;

/**
 * The meaning of a status word, in a colour and in a sign for who cannot tell the colours apart.
 */
enum StatusColor {
  GOOD("✓"),
  WARNING("▲"),
  BAD("✗"),
  UNKNOWN("?"),
  PLAIN("·");

  private final String sign;

  StatusColor(String sign) {
    this.sign = sign;
  }

  String sign() {
    return sign;
  }

  String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
