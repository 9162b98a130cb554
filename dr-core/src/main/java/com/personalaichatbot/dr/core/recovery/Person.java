package com.personalaichatbot.dr.core.recovery;

/**
 * Whoever can be asked while a run is under way: somebody at a terminal, or on the other end of a
 * chat. Asked one question at a time.
 */
public interface Person {
  /** Nobody: a run that needs a person ends STOPPED before it has changed anything. */
  Person NOBODY = new Person() {
    @Override
    public boolean isThere() {
      return false;
    }

    @Override
    public Answer ask(Question question) {
      return Answer.no("");
    }

    @Override
    public String toString() {
      return "Person.NOBODY";
    }
  };

  /**
   * Nobody, and somebody said beforehand that everything is to be taken as confirmed. The journal
   * says of each step that no person confirmed it.
   */
  Person ASSUME_YES = new Person() {
    @Override
    public boolean isThere() {
      return true;
    }

    @Override
    public Answer ask(Question question) {
      return new Answer(Answer.Choice.ASSUMED, "");
    }

    @Override
    public String toString() {
      return "Person.ASSUME_YES";
    }
  };

  /** Whether questions will be answered. */
  boolean isThere();

  /**
   * Asks, and waits for the answer.
   *
   * @return the answer; for a second voice, with another name than the first
   * @throws InterruptedException if the step's time is over; the question is then void
   * @throws java.io.IOException if nobody can be reached; counts as a no
   */
  Answer ask(Question question) throws InterruptedException, java.io.IOException;
}
