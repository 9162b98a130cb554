package com.personalaichatbot.dr.examples.benchmark;

import java.io.IOException;
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
 * (18000), {@code --files N} of many small ones (200000); {@code --database MB} of messages of
 * which rows are edited (211); 0 leaves those rows out; {@code --rounds N} that count (5; one more
 * goes before them), {@code --heap SIZE} of the processes of "ours, cold", {@code --work DIR} for
 * everything that is written, {@code --no-peers}.
 */
public final class Benchmark {
  private static final int EDITED_ROWS = 312;
  private static final int CHANGED_FILES = 10;

  private Path data;
  private Path work;
  private int megabytes = 500;
  private int conversation = 18_000;
  private int smallFiles = 200_000;
  private int database = 211;
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
    benchmark.work =
        Files.createTempDirectory(Files.createDirectories(parent), "benchmark").toRealPath();
    try {
      benchmark.run();
    } finally {
      delete(benchmark.work);
    }
  }

  private void parse(String[] arguments) {
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--data" -> data = Path.of(arguments[++i]);
        case "--size" -> megabytes = Integer.parseInt(arguments[++i]);
        case "--conversation" -> conversation = Integer.parseInt(arguments[++i]);
        case "--files" -> smallFiles = Integer.parseInt(arguments[++i]);
        case "--database" -> database = Integer.parseInt(arguments[++i]);
        case "--rounds" -> rounds = Integer.parseInt(arguments[++i]);
        case "--heap" -> heap = arguments[++i];
        case "--work" -> work = Path.of(arguments[++i]);
        case "--no-peers" -> peers = false;
        default -> throw new IllegalArgumentException("unknown argument " + arguments[i]);
      }
    }
  }

  private void run() throws IOException {
    Path source = Files.createDirectory(work.resolve("data"));
    SampleData sample = new SampleData(source, conversation);
    if (data != null) {
      copy(data, source);
    } else {
      sample.make(megabytes * 1_000_000L);
    }
    System.out.printf(
        "%d files, %.1f MB; %d cores; %s; Java %s; %s; medians of %d rounds%n%n",
        SampleData.files(source).size(),
        SampleData.bytes(source) / 1e6,
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name"),
        System.getProperty("java.version"),
        Files.getFileStore(work).type(),
        rounds);
    new Stages(source, work).print();

    List<Contender> contenders = new ArrayList<>(List.of(new Ours(), new OursCold(heap)));
    if (peers) {
      contenders.addAll(Peers.installed(work));
    }
    Race race = new Race(contenders, work.resolve("repositories"));
    storeConversations(race, source.resolve("conversations"));
    race.rounds(
        rounds, round -> race.withNewRepositories(() -> wholeLife(race, sample, source, round)));
    delete(source);
    if (smallFiles > 0) {
      race.withNewRepositories(() -> manyFiles(race));
    }
    if (database > 0) {
      race.withNewRepositories(() -> editedRows(race));
    }
    System.out.println(race.table());
  }

  /** What the small files alone take. */
  private static void storeConversations(Race race, Path conversations) throws IOException {
    if (Files.isDirectory(conversations)) {
      race.withNewRepositories(() -> {
        race.each(contender -> contender.backUp(conversations));
        race.noteStored(String.format(
            "stored of %d conversation files with %.1f MB",
            SampleData.files(conversations).size(), SampleData.bytes(conversations) / 1e6));
      });
    }
  }

  private void wholeLife(Race race, SampleData sample, Path source, int round) throws IOException {
    race.time("first backup", contender -> contender.backUp(source));
    race.noteStored("stored by the first backup");
    race.time("unchanged", contender -> contender.backUp(source));
    sample.changeOneIn(100, round);
    race.time("1 % of small files changed", contender -> contender.backUp(source));
    race.time("verify, all data read", Contender::verify);
    race.timeRestore("restore to an empty directory", work.resolve("restored"));
    race.noteStored("stored after all three");
  }

  /** Small files of which none change, and then few: what a backup costs that finds little. */
  private void manyFiles(Race race) throws IOException {
    Path source = Files.createDirectory(work.resolve("files"));
    SampleData sample = new SampleData(source, 1);
    sample.makeConversations(smallFiles);
    race.each(contender -> contender.backUp(source));
    race.rounds(rounds, round -> {
      race.time(smallFiles + " small files, unchanged", contender -> contender.backUp(source));
      sample.changeOneIn(Math.max(1, smallFiles / CHANGED_FILES), round);
      long[] before = race.stored();
      String changed = CHANGED_FILES + " of " + smallFiles + " small files changed";
      race.time(changed, contender -> contender.backUp(source));
      race.noteStored(changed + ", stored", before);
    });
    delete(source);
  }

  /** A database of which few rows change: what that costs, and how much more is stored then. */
  private void editedRows(Race race) throws IOException {
    Path file = work.resolve("database/messages.db");
    Random random = new Random(1);
    Prose prose = new Prose(random);
    Database messages = SqliteStore.isInstalled()
        ? new SqliteStore(file, random, prose)
        : new MessageStore(file, random, prose);
    messages.make(database * 1_000_000L);
    race.each(contender -> contender.backUp(file.getParent()));
    race.rounds(rounds, round -> {
      messages.edit(EDITED_ROWS);
      long[] before = race.stored();
      String edited = String.format(
          "%d edited rows in %.0f MB of %s", EDITED_ROWS, Files.size(file) / 1e6, messages.kind());
      race.time(edited, contender -> contender.backUp(file.getParent()));
      race.noteStored(edited + ", stored", before);
    });
    delete(file.getParent());
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
