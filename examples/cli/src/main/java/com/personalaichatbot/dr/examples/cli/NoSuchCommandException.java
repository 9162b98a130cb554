package com.personalaichatbot.dr.examples.cli;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** A name was given in place of a command that no command has. */
final class NoSuchCommandException extends ParameterException {
  private static final long serialVersionUID = 1L;

  private final String typed;

  NoSuchCommandException(CommandLine parent, String typed) {
    super(parent, "'" + typed + "' is no command");
    this.typed = typed;
  }

  String typed() {
    return typed;
  }
}
