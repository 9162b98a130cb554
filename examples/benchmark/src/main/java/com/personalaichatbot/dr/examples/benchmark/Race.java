package com.personalaichatbot.dr.examples.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The contenders, each doing the same work in turn, and the table of what was measured. */
final class Race {
  private final List<Contender> contenders;
  private final Path repositories;
  private final Table table;
  private boolean counts = true;

  Race(List<Contender> contenders, Path repositories) {
    this.contenders = contenders;
    this.repositories = repositories;
    this.table = new Table("median", contenders.stream().map(Contender::name).toList());
  }

  /** Something that each contender does. */
  @FunctionalInterface
  interface Leg {
    void run(Contender contender) throws IOException;
  }

  /** Some that follow one another. */
  @FunctionalInterface
  interface Legs {
    void run() throws IOException;
  }

  /** Those of one round. */
  @FunctionalInterface
  interface Round {
    void run(int number) throws IOException;
  }

  /** Runs rounds that count, with one before them that does not. */
  void rounds(int count, Round round) throws IOException {
    for (int number = 0; number <= count; number++) {
      System.err.printf("round %d of %d%n", number, count);
      counts = number > 0;
      round.run(number);
    }
    counts = true;
  }

  /** Does work with new, empty repositories, which are deleted then. */
  void withNewRepositories(Legs legs) throws IOException {
    Files.createDirectory(repositories);
    try {
      for (int i = 0; i < contenders.size(); i++) {
        contenders.get(i).create(repository(i));
      }
      legs.run();
    } finally {
      for (Contender contender : contenders) {
        contender.close();
      }
      Benchmark.delete(repositories);
    }
  }

  /** Has each contender do it; not timed. */
  void each(Leg leg) throws IOException {
    for (Contender contender : contenders) {
      leg.run(contender);
    }
  }

  private Path repository(int contender) {
    return repositories.resolve(Integer.toString(contender));
  }

  /** Has each contender do it, and takes the time. */
  void time(String what, Leg leg) throws IOException {
    for (int i = 0; i < contenders.size(); i++) {
      time(what, i, leg);
    }
  }

  private void time(String what, int column, Leg leg) throws IOException {
    Contender contender = contenders.get(column);
    long cpu = contender.cpuNanos();
    long begun = System.nanoTime();
    leg.run(contender);
    double seconds = (System.nanoTime() - begun) / 1e9;
    double spent = (contender.cpuNanos() - cpu) / 1e9;
    System.err.printf("%s, %s: %.2f s, %.2f s%n", what, contender.name(), seconds, spent);
    add(what + ", s", column, seconds);
    add(what + ", s on processors", column, spent);
  }

  /** Has each contender restore to a directory of its own, and takes the time. */
  void timeRestore(String what, Path target) throws IOException {
    for (int i = 0; i < contenders.size(); i++) {
      Files.createDirectory(target);
      time(what, i, contender -> contender.restore(target));
      Benchmark.delete(target);
    }
  }

  /** Bytes that the repository of each contender takes now. */
  long[] stored() throws IOException {
    long[] stored = new long[contenders.size()];
    for (int i = 0; i < stored.length; i++) {
      stored[i] = SampleData.bytes(repository(i));
    }
    return stored;
  }

  /** Notes how much each repository takes now. */
  void noteStored(String what) throws IOException {
    noteStored(what, new long[contenders.size()]);
  }

  /** Notes how much more than {@code before} each repository takes now. */
  void noteStored(String what, long[] before) throws IOException {
    long[] now = stored();
    for (int i = 0; i < now.length; i++) {
      add(what + ", MB", i, (now[i] - before[i]) / 1e6);
    }
  }

  private void add(String row, int column, double figure) {
    if (counts) {
      table.add(row, column, figure);
    }
  }

  /** All that was measured, and the most memory that each contender had. */
  String table() {
    for (int i = 0; i < contenders.size(); i++) {
      if (contenders.get(i).peakMemory() > 0) {
        table.add("peak memory, MB", i, contenders.get(i).peakMemory() / 1e6);
      }
    }
    return table.render();
  }
}
