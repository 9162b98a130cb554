package com.personalaichatbot.dr.core.recovery.runbook;

/**
 * Something that the application does in its own recovery. Called from one thread at a time, and
 * again when a run is resumed after a crash: what it does must bear being done twice.
 */
@FunctionalInterface
public interface Hook {
  /**
   * Does it, and returns when it is done.
   *
   * @throws Exception if it cannot be done; the step fails with the message
   */
  void run(HookCall call) throws Exception;

  /**
   * Whether it may be called in a drill too, and then goes by {@link HookCall#mode} and touches
   * nothing but {@link HookCall#data}. Unless it says so it is left out there, so that no drill
   * stops an application that users are talking to.
   */
  default boolean isForDrills() {
    return false;
  }
}
