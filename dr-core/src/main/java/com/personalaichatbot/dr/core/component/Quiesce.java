package com.personalaichatbot.dr.core.component;

/**
 * Brings the part of an application that works on a component's files to rest, and lets it go on.
 * Used around a restore in place, which must not run against a program that writes meanwhile.
 *
 * <p>Both methods are called on the thread that runs the operation, never at the same time for one
 * component. They should return quickly: the application is paused between them.
 */
public interface Quiesce {

  /**
   * Does nothing: for a component whose files the application reads once or never while it runs.
   */
  Quiesce NONE = new Quiesce() {
    @Override
    public void quiesce() {}

    @Override
    public void resume() {}

    @Override
    public String toString() {
      return "Quiesce.NONE";
    }
  };

  /**
   * Finishes what is under way, closes the component's files, and keeps them closed until
   * {@link #resume()}.
   *
   * @throws Exception if the application cannot be brought to rest; the operation then fails before
   *     it has changed anything, and {@link #resume()} is not called for this component
   */
  void quiesce() throws Exception;

  /**
   * Lets the application use the component again; files may have been replaced since. Called once
   * after each {@link #quiesce()} that returned, also when the work between the two failed.
   */
  void resume();
}
