package com.personalaichatbot.dr.examples.cli;

import java.io.IOException;
import java.util.Optional;

/** A person who can be asked for a passphrase, or nobody. */
interface Prompt {
  /** No person. */
  Prompt NOBODY = new Prompt() {
    @Override
    public boolean isThere() {
      return false;
    }

    @Override
    public Optional<char[]> ask(String question) {
      return Optional.empty();
    }
  };

  /** Whether somebody can be asked. */
  boolean isThere();

  /**
   * Asks, and waits for one line, which the terminal does not show.
   *
   * @return the line, which the caller overwrites; empty if there was no answer
   * @throws IOException if the wait was interrupted, or the terminal cannot be read
   */
  Optional<char[]> ask(String question) throws IOException;
}
