package com.personalaichatbot.dr.examples.chatbot;

/** A step of the story did not come out as it has to. */
final class StepFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  StepFailedException(String step) {
    super(step);
  }

  /** Goes on only if what has to hold holds. */
  static void require(boolean holds, String what) throws StepFailedException {
    if (!holds) {
      throw new StepFailedException(what);
    }
  }
}
