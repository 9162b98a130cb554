package com.personalaichatbot.dr.examples.cli;

import java.io.IOException;

/** A command that came to nothing for a reason that only the command knows. */
final class CommandException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String object;
  private final String action;

  CommandException(String object, String message, String action) {
    super(message);
    this.object = object;
    this.action = action;
  }

  String object() {
    return object;
  }

  String action() {
    return action;
  }
}
