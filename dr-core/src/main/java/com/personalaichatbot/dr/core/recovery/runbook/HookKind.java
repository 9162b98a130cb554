package com.personalaichatbot.dr.core.recovery.runbook;

/** The parts that an application can take in its own recovery. */
public enum HookKind {
  /** Stop to answer and to write. */
  STOP("Stop the application"),

  /** Start to answer. */
  START("Start the application"),

  /** Return only if the application answers as it should. */
  READY("See that the application answers"),

  /** Remove the application's own temporary files, by owner and age. */
  CLEAR_TEMPORARY_FILES("Remove the application's temporary files"),

  /** Make the keys and passwords that were known to others worthless, and give new ones. */
  ROTATE_SECRETS("Change all passwords and API keys"),

  /** Cut the machine off from the network, and end remote access. */
  ISOLATE("Disconnect from the network and disable remote access"),

  /** Put the machine back on the network, behind its firewall. */
  RECONNECT("Reapply the firewall and reconnect"),

  /** Put the program itself in its place. */
  INSTALL("Install the application");

  private final String title;

  HookKind(String title) {
    this.title = title;
  }

  /** What it does, for people: the text of the step that replaces a missing hook. */
  public String title() {
    return title;
  }
}
