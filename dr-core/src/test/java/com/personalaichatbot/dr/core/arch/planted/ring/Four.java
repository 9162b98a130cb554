package com.personalaichatbot.dr.core.arch.planted.ring;

/** One of six classes that know each other in a ring, for the rule that forbids it. */
final class Four {
  private Four() {}

  static int next(int left) {
    return left == 0 ? 0 : Five.next(left - 1);
  }
}
