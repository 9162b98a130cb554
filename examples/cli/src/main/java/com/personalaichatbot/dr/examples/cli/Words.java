package com.personalaichatbot.dr.examples.cli;

import java.util.Iterator;
import java.util.List;

/** The words that an argument may be, as a shell's completion offers them. */
abstract class Words implements Iterable<String> {
  private final List<String> words;

  Words(List<String> words) {
    this.words = words;
  }

  @Override
  public final Iterator<String> iterator() {
    return words.iterator();
  }
}
