package com.personalaichatbot.dr.core.arch.planted.ring;

/** One of six classes that know each other in a ring, for the rule that forbids it. */
final class One {
  private One() {}

  static int next(int left) {
    return left == 0 ? 0 : Two.next(left - 1);
  }
}
