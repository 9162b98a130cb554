package com.personalaichatbot.dr.core.arch.planted.ring;

/** One of six classes that know each other in a ring, for the rule that forbids it. */
final class Three {
  private Three() {}

  static int next(int left) {
    return left == 0 ? 0 : Four.next(left - 1);
  }
}
