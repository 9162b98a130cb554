package com.personalaichatbot.dr.core.arch.planted.ring;

/** One of six classes that know each other in a ring, for the rule that forbids it. */
final class Six {
  private Six() {}

  static int next(int left) {
    return left == 0 ? 0 : One.next(left - 1);
  }
}
