package com.personalaichatbot.dr.core.recovery.runbook;

/**
 * A listener to a run: what carries its notices to people, or writes a status page. Called from the
 * threads of the run, one call at a time.
 */
public interface RunListener {
  /** Tells nobody; steps that would tell somebody are put before the person instead. */
  RunListener NONE = new RunListener() {
    @Override
    public void changed(RunReport run) {}

    @Override
    public String tell(RunMessage notice) {
      return "";
    }

    @Override
    public String toString() {
      return "RunListener.NONE";
    }
  };

  /**
   * The run or one of its steps has entered another state. Must return quickly: the run waits. What
   * it throws is logged, and changes nothing. Also called in drills, where nothing may be sent.
   *
   * @param run as it is now, from its beginning
   */
  void changed(RunReport run);

  /**
   * Tells an audience, and returns when they were reached. Never called in a drill.
   *
   * @return how they were reached, one sentence
   * @throws Exception if nobody was reached; the step fails with the message
   */
  String tell(RunMessage notice) throws Exception;
}
