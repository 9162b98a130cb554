package com.personalaichatbot.dr.core.recovery.runbook;

/**
 * Whoever can be asked while a run is under way: somebody at a terminal, or on the other end of a
 * chat. Asked one question at a time.
 */
public interface Operator {
  /** Nobody: a run that needs a person ends STOPPED before it has changed anything. */
  Operator NOBODY = new Operator() {
    @Override
    public boolean isThere() {
      return false;
    }

    @Override
    public Confirmation ask(ConfirmationRequest question) {
      return Confirmation.no("");
    }

    @Override
    public String toString() {
      return "Operator.NOBODY";
    }
  };

  /**
   * Nobody, and somebody said beforehand that everything is to be taken as confirmed. The journal
   * says of each step that no person confirmed it.
   */
  Operator ASSUME_YES = new Operator() {
    @Override
    public boolean isThere() {
      return true;
    }

    @Override
    public Confirmation ask(ConfirmationRequest question) {
      return new Confirmation(Confirmation.Choice.ASSUMED, "");
    }

    @Override
    public String toString() {
      return "Operator.ASSUME_YES";
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
  Confirmation ask(ConfirmationRequest question) throws InterruptedException, java.io.IOException;
}
