package com.personalaichatbot.dr.examples.benchmark;

import java.io.IOException;
import java.nio.file.Path;

/** One program in the race. Each gets the same data and a repository of its own. */
interface Contender extends AutoCloseable {

  /** What it is called in the table. */
  String name();

  /** Begins with a new, empty repository at this place, which does not exist; not timed. */
  void create(Path repository) throws IOException;

  /** Saves the data. */
  void backUp(Path data) throws IOException;

  /** Reads and checks everything that was saved. */
  void verify() throws IOException;

  /** Writes what was saved last below {@code target}, an empty directory. */
  void restore(Path target) throws IOException;

  /** The most memory that its processes had at a time, in bytes; 0 if that is not known. */
  default long peakMemory() {
    return 0;
  }

  /** Time that it took on processors so far, in nanoseconds. */
  long cpuNanos();

  /** Releases the repository; not timed. */
  @Override
  default void close() throws IOException {}
}
