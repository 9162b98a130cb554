package com.personalaichatbot.dr.examples.benchmark;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import com.personalaichatbot.dr.core.testkit.FaultyStorage;
import com.personalaichatbot.dr.core.testkit.StorageCall;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.core.testkit.Trees;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures what an application waits for when it stops: backups with a deadline, of some small
 * changed files among many and of a large changed file. They are on a storage that answers
 * immediately and on one of which each call takes 50 to 300 ms. Beside how far a deadline was
 * overrun it prints how late the machine woke a thread that did nothing but sleep.
 *
 * <p>Arguments, all optional: {@code --files N} in the data (20000), {@code --rounds N} (9),
 * {@code --work DIR} for everything that is written.
 */
public final class Shutdown {
  private static final int CHANGED = 20;
  private static final int LARGE = 400_000_000;
  private static final BackupOptions MANUAL = BackupOptions.of(Purpose.MANUAL);
  private static final List<Duration> DEADLINES =
      List.of(Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(3));

  private final Path data;
  private final Path large;
  private final Path repository;
  private final int files;
  private final int rounds;
  private final Random random = new Random(1);
  private final AtomicLong late = new AtomicLong();

  private Shutdown(Path work, int files, int rounds) {
    this.data = work.resolve("data");
    this.large = work.resolve("large");
    this.repository = work.resolve("repository");
    this.files = files;
    this.rounds = rounds;
  }

  /** Runs it; see the class comment for the arguments. */
  public static void main(String[] arguments) throws IOException {
    int files = 20_000;
    int rounds = 9;
    Path parent = Path.of(System.getProperty("java.io.tmpdir"));
    for (int i = 0; i < arguments.length; i += 2) {
      switch (arguments[i]) {
        case "--files" -> files = Integer.parseInt(arguments[i + 1]);
        case "--rounds" -> rounds = Integer.parseInt(arguments[i + 1]);
        case "--work" -> parent = Path.of(arguments[i + 1]);
        default -> throw new IllegalArgumentException("unknown argument " + arguments[i]);
      }
    }
    Path work =
        Files.createTempDirectory(Files.createDirectories(parent), "shutdown").toRealPath();
    try {
      new Shutdown(work, files, rounds).run();
    } finally {
      Benchmark.delete(work);
    }
  }

  private void run() throws IOException {
    Trees.scatter(data, files, 1);
    Files.write(Files.createDirectory(large).resolve("large"), bytes());
    FaultyStorage storage = FaultyStorage.over(LocalStorage.at(repository));
    try (RootKey root = TestKeys.root();
        BackupRepository open = BackupRepository.builder(storage).create(root)) {
      open.backUp(components(), MANUAL);
      watchTheMachine();
      System.out.printf(
          "%-24s %9s %9s %9s %9s  %s%n", "ms", "median", "worst", "over", "machine", "came out as");
      measure(open, "small, 10 s, fast", Duration.ofSeconds(10), this::changeSmall);
      for (Duration deadline : DEADLINES) {
        open.backUp(components(), MANUAL);
        measure(open, "small, " + deadline + ", fast", deadline, this::changeSmall);
        measure(open, "large, " + deadline + ", fast", deadline, this::changeLarge);
      }
      slowDown(storage);
      for (Duration deadline : DEADLINES) {
        measure(open, "small, " + deadline + ", slow", deadline, this::changeSmall);
        measure(open, "large, " + deadline + ", slow", deadline, this::changeLarge);
      }
      storage.heal();
    }
    awaitGivenUpRuns();
  }

  /** Closing does not wait for runs that were given up; deleting what they write has to. */
  private static void awaitGivenUpRuns() throws IOException {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("dr-deadline")) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          throw new InterruptedIOException();
        }
      }
    }
  }

  private void watchTheMachine() {
    Thread sleeper = new Thread(
        () -> {
          while (true) {
            long wanted = System.nanoTime() + 5_000_000;
            LockSupport.parkNanos(5_000_000);
            late.accumulateAndGet(System.nanoTime() - wanted, Math::max);
          }
        },
        "sleeper");
    sleeper.setDaemon(true);
    sleeper.start();
  }

  private List<Component> components() {
    return List.of(
        Component.directory("conversations", Kind.CONVERSATIONS, data),
        Component.directory("large", Kind.CUSTOM, large));
  }

  private static void slowDown(FaultyStorage storage) {
    for (StorageCall call : StorageCall.values()) {
      storage.fail(call).meanwhile(() -> {
        try {
          Thread.sleep(ThreadLocalRandom.current().nextLong(50, 300));
        } catch (InterruptedException e) {
          throw new InterruptedIOException();
        }
      });
    }
  }

  @FunctionalInterface
  private interface Change {
    void make() throws IOException;
  }

  private void measure(BackupRepository open, String what, Duration deadline, Change change)
      throws IOException {
    double[] millis = new double[rounds];
    long machine = 0;
    StringBuilder outcomes = new StringBuilder();
    for (int i = 0; i < rounds; i++) {
      change.make();
      late.set(0);
      long begun = System.nanoTime();
      BackupReport report =
          open.backUp(components(), BackupOptions.of(Purpose.SHUTDOWN).withDeadline(deadline));
      millis[i] = (System.nanoTime() - begun) / 1e6;
      machine = Math.max(machine, late.get());
      outcomes.append(report.status().name().charAt(0));
    }
    Arrays.sort(millis);
    double worst = millis[rounds - 1];
    System.out.printf(
        "%-24s %9.0f %9.0f %9.0f %9.0f  %s%n",
        what,
        millis[rounds / 2],
        worst,
        Math.max(0, worst - deadline.toMillis()),
        machine / 1e6,
        outcomes);
  }

  private void changeSmall() throws IOException {
    for (int i = 0; i < CHANGED; i++) {
      int file = random.nextInt(files);
      Path directory = files <= 20 ? data : data.resolve("d" + file / 20);
      Files.writeString(
          directory.resolve("conversation-" + file + ".json"),
          Trees.text(random, 300),
          StandardOpenOption.APPEND);
    }
  }

  private void changeLarge() throws IOException {
    Files.write(large.resolve("large"), bytes());
  }

  private byte[] bytes() {
    byte[] bytes = new byte[LARGE];
    random.nextBytes(bytes);
    return bytes;
  }
}
