package com.personalaichatbot.dr.examples.benchmark;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Measures this library beside what an operator would use instead, on the same data, one after the
 * other in each round, and prints the medians as a table.
 *
 * <p>Arguments, all optional: {@code --data DIR} (a copy of it is used; otherwise data is made),
 * {@code --size MB} of made data (500), {@code --conversation BYTES} of one conversation on average
 * (18000), {@code --rounds N} that count (5; one more goes before them), {@code --heap SIZE} of the
 * processes of "ours, cold", {@code --work DIR} for everything that is written, {@code --no-peers}.
 */
public final class Benchmark {
  private static final int FIRST = 0;
  private static final int UNCHANGED = 1;
  private static final int CHANGED = 2;
  private static final int VERIFY = 3;
  private static final int RESTORE = 4;
  private static final int EDITED = 5;
  private static final int EDITED_ROWS = 312;
  private static final int DATABASE = 211_000_000;
  private static final List<String> WORK = List.of(
      "first backup",
      "unchanged",
      "1 % of small files changed",
      "verify, all data read",
      "restore to an empty directory",
      EDITED_ROWS + " edited rows in a database");

  private Path data;
  private Path work;
  private int megabytes = 500;
  private int conversation = 18_000;
  private int rounds = 5;
  private String heap;
  private boolean peers = true;

  private Benchmark() {}

  /** Runs it; see the class comment for the arguments. */
  public static void main(String[] arguments) throws IOException {
    Benchmark benchmark = new Benchmark();
    benchmark.parse(arguments);
    Path parent =
        benchmark.work == null ? Path.of(System.getProperty("java.io.tmpdir")) : benchmark.work;
    Path work =
        Files.createTempDirectory(Files.createDirectories(parent), "benchmark").toRealPath();
    try {
      benchmark.run(work);
    } finally {
      delete(work);
    }
  }

  private void parse(String[] arguments) {
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--data" -> data = Path.of(arguments[++i]);
        case "--size" -> megabytes = Integer.parseInt(arguments[++i]);
        case "--conversation" -> conversation = Integer.parseInt(arguments[++i]);
        case "--rounds" -> rounds = Integer.parseInt(arguments[++i]);
        case "--heap" -> heap = arguments[++i];
        case "--work" -> work = Path.of(arguments[++i]);
        case "--no-peers" -> peers = false;
        default -> throw new IllegalArgumentException("unknown argument " + arguments[i]);
      }
    }
  }

  private void run(Path work) throws IOException {
    Path source = Files.createDirectory(work.resolve("data"));
    SampleData sample = new SampleData(source, conversation);
    if (data != null) {
      copy(data, source);
    } else {
      sample.make(megabytes * 1_000_000L);
    }
    List<Path> files = SampleData.files(source);
    long bytes = SampleData.bytes(source);
    FileStore store = Files.getFileStore(work);
    System.out.printf(
        "%d files, %.1f MB; %d cores; %s; Java %s; %s; medians of %d rounds%n%n",
        files.size(),
        bytes / 1e6,
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name"),
        System.getProperty("java.version"),
        store.type(),
        rounds);
    new Stages(source, work).print();

    List<Contender> contenders = new ArrayList<>(List.of(new Ours(), new OursCold(heap)));
    if (peers) {
      contenders.addAll(Peers.installed(work));
    }
    Random random = new Random(1);
    MessageStore messages =
        new MessageStore(work.resolve("database/messages.db"), random, new Prose(random));
    messages.make(DATABASE);
    Results warmUp = new Results(contenders);
    Results results = new Results(contenders);
    for (int round = 0; round <= rounds; round++) {
      System.err.printf("round %d of %d%n", round, rounds);
      Results own = round == 0 ? warmUp : results;
      round(contenders, sample, source, work, round, own);
      editRows(contenders, messages, work, own);
    }
    for (int i = 0; i < contenders.size(); i++) {
      if (contenders.get(i).peakMemory() > 0) {
        results.sizes.add(2, i, contenders.get(i).peakMemory() / 1e6);
      }
    }
    System.out.println(results.seconds.render());
    System.out.println(results.cpu.render());
    System.out.println(results.sizes.render());
  }

  /** What is measured in the rounds. */
  private static final class Results {
    private final Table seconds;
    private final Table cpu;
    private final Table sizes;

    Results(List<Contender> contenders) {
      List<String> names = contenders.stream().map(Contender::name).toList();
      seconds = new Table("seconds", names, WORK);
      cpu = new Table("seconds on processors", names, WORK);
      sizes = new Table(
          "MB",
          names,
          List.of("stored after all three", "stored more for the edited rows", "peak memory"));
    }
  }

  /** Something of a contender that is timed. */
  @FunctionalInterface
  private interface Work {
    void run(Contender contender, int number) throws IOException;
  }

  private static void round(
      List<Contender> contenders,
      SampleData sample,
      Path source,
      Path work,
      int round,
      Results results)
      throws IOException {
    Path repositories = Files.createDirectory(work.resolve("repositories"));
    try {
      for (int i = 0; i < contenders.size(); i++) {
        contenders.get(i).create(repositories.resolve(Integer.toString(i)));
      }
      time(contenders, FIRST, results, (c, i) -> c.backUp(source));
      time(contenders, UNCHANGED, results, (c, i) -> c.backUp(source));
      sample.changeSome(round);
      time(contenders, CHANGED, results, (c, i) -> c.backUp(source));
      time(contenders, VERIFY, results, (c, i) -> c.verify());
      for (int i = 0; i < contenders.size(); i++) {
        Path target = Files.createDirectory(work.resolve("restored"));
        time(contenders.subList(i, i + 1), RESTORE, i, results, (c, n) -> c.restore(target));
        delete(target);
        long stored = SampleData.bytes(repositories.resolve(Integer.toString(i)));
        results.sizes.add(0, i, stored / 1e6);
      }
    } finally {
      for (Contender contender : contenders) {
        contender.close();
      }
      delete(repositories);
    }
  }

  /** A database of which few rows change: what that costs, and how much more is stored then. */
  private static void editRows(
      List<Contender> contenders, MessageStore messages, Path work, Results results)
      throws IOException {
    Path repositories = Files.createDirectory(work.resolve("repositories"));
    Path database = work.resolve("database");
    try {
      List<Long> before = new ArrayList<>();
      for (int i = 0; i < contenders.size(); i++) {
        Path repository = repositories.resolve(Integer.toString(i));
        contenders.get(i).create(repository);
        contenders.get(i).backUp(database);
        before.add(SampleData.bytes(repository));
      }
      messages.edit(EDITED_ROWS);
      time(contenders, EDITED, results, (c, i) -> c.backUp(database));
      for (int i = 0; i < contenders.size(); i++) {
        long stored = SampleData.bytes(repositories.resolve(Integer.toString(i))) - before.get(i);
        results.sizes.add(1, i, stored / 1e6);
      }
    } finally {
      for (Contender contender : contenders) {
        contender.close();
      }
      delete(repositories);
    }
  }

  private static void time(List<Contender> contenders, int row, Results results, Work work)
      throws IOException {
    time(contenders, row, 0, results, work);
  }

  private static void time(
      List<Contender> contenders, int row, int column, Results results, Work work)
      throws IOException {
    for (int i = 0; i < contenders.size(); i++) {
      Contender contender = contenders.get(i);
      long cpu = contender.cpuNanos();
      long begun = System.nanoTime();
      work.run(contender, i);
      double seconds = (System.nanoTime() - begun) / 1e9;
      System.err.printf("%s, %s: %.2f s%n", WORK.get(row), contender.name(), seconds);
      results.seconds.add(row, column + i, seconds);
      results.cpu.add(row, column + i, (contender.cpuNanos() - cpu) / 1e9);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(from, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes a)
          throws IOException {
        Files.createDirectories(to.resolve(from.relativize(directory)));
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes a) throws IOException {
        if (a.isRegularFile()) {
          Files.copy(file, to.resolve(from.relativize(file)));
        }
        return FileVisitResult.CONTINUE;
      }
    });
  }

  static void delete(Path directory) throws IOException {
    Files.walkFileTree(directory, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes a) throws IOException {
        Files.delete(file);
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult postVisitDirectory(Path visited, IOException e) throws IOException {
        if (e != null) {
          throw e;
        }
        Files.delete(visited);
        return FileVisitResult.CONTINUE;
      }
    });
  }
}
