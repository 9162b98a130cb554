package com.personalaichatbot.dr.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.commons.io.file.PathUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Under a name of the state directory is something that the tool never put there. Whatever the name
 * is, no command hangs, and each that cannot go on says what is there.
 */
@EnabledOnOs(OS.LINUX)
class StrangeStateTest {
  private static final long MOST_SECONDS = 20;

  @TempDir
  private Path directory;

  private Tool tool;
  private Installation bot;
  private Path state;
  private Path saved;
  private Path remembered;

  /** The things that can be there. */
  enum Strange {
    PIPE {
      @Override
      void put(Path place, boolean wasDirectory) throws IOException {
        try {
          assertThat(new ProcessBuilder("mkfifo", place.toString()).start().waitFor())
              .isZero();
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
    },
    WRONG_ONE {
      @Override
      void put(Path place, boolean wasDirectory) throws IOException {
        if (wasDirectory) {
          Files.writeString(place, "a file");
        } else {
          Files.writeString(Files.createDirectory(place).resolve("inner"), "of somebody");
        }
      }
    },
    LINK {
      @Override
      void put(Path place, boolean wasDirectory) throws IOException {
        Files.createSymbolicLink(place, Path.of("/dev/zero"));
      }
    };

    abstract void put(Path place, boolean wasDirectory) throws IOException;
  }

  @BeforeEach
  void useEverything() throws IOException {
    tool = new Tool(Files.createDirectory(directory.resolve("tool"))).init();
    bot = new Installation(directory.resolve("bot"));
    state = directory.resolve("tool/state/dr");
    backUp().exits(0);
    tool.run("drill", "restore", "--data", bot.path()).exits(0);
    recover();
    bot.mode(".env", "rw-r--r--");
    tool.run("harden", "--data", bot.path()).exits(0);
    tool.run("health", "--data", bot.path(), "--url", bot.url());
    Files.writeString(bot.data.resolve("config/app_config.json"), "{}");
    tool.run("restore", "latest", "--in-place", "--component", "config").exits(0);
    remembered = state.relativize(rememberedOf(state));
    saved = directory.resolve("saved");
    PathUtils.copyDirectory(state, saved);
  }

  @AfterEach
  void close() {
    bot.close();
  }

  private static Path rememberedOf(Path state) throws IOException {
    try (Stream<Path> all = Files.list(state)) {
      return all.filter(p -> p.getFileName().toString().startsWith("data-"))
          .findFirst()
          .orElseThrow();
    }
  }

  private Tool.Result backUp() {
    return tool.run(
        "backup",
        "--component",
        "config=" + bot.data.resolve("config"),
        "--component",
        "secrets:env=" + bot.data.resolve(".env"),
        "--component",
        "conversations=" + bot.data.resolve("conversations"),
        "--component",
        "logs=" + bot.data.resolve("logs"));
  }

  private Tool.Result recover() {
    return tool.run(
        "recover", "process-failure", "--data", bot.path(), "--start-command", "true", "--yes");
  }

  /** The places in the state, of several whose names differ by a number only one. */
  private List<Path> places() throws IOException {
    try (Stream<Path> all = Files.walk(saved)) {
      Set<String> kinds = new HashSet<>();
      return all.map(saved::relativize)
          .sorted()
          .filter(place -> kinds.add(place.toString().replaceAll("[0-9a-f]", "")))
          .toList();
    }
  }

  /** Everything that reads or writes the state there. */
  private List<Supplier<Tool.Result>> commands(Path place) {
    if (place.startsWith(remembered)) {
      return List.of(
          this::recover,
          () -> tool.run("health", "--data", bot.path(), "--url", bot.url()),
          () -> tool.run("harden", "--data", bot.path()),
          () -> tool.run("harden", "--undo", "--data", bot.path()));
    }
    return List.of(
        () -> tool.run("snapshots"),
        this::backUp,
        this::recover,
        () -> tool.run("restore", "latest", "--in-place", "--component", "config"),
        () -> tool.run("undo", "--without-repository"),
        () -> tool.run("undo"));
  }

  @ParameterizedTest
  @EnumSource(Strange.class)
  void anyCommand_whateverStandsInTheState_endsAndIsTold(Strange strange) throws Exception {
    List<Path> places = places();
    assertThat(places).as("places that are known").hasSizeGreaterThan(12);
    List<String> wrong = new ArrayList<>();
    for (Path place : places) {
      boolean wasDirectory = Files.isDirectory(saved.resolve(place));
      int number = 0;
      for (Supplier<Tool.Result> command : commands(place)) {
        PathUtils.delete(state);
        PathUtils.copyDirectory(saved, state);
        Path there = place.toString().isEmpty() ? state : state.resolve(place);
        PathUtils.delete(there);
        strange.put(there, wasDirectory);
        String what = strange + " at " + place + ", command " + number++ + ": ";
        FutureTask<Tool.Result> run = new FutureTask<>(command::get);
        Thread thread = new Thread(run, "test-command");
        thread.setDaemon(true);
        thread.start();
        thread.join(TimeUnit.SECONDS.toMillis(MOST_SECONDS));
        if (thread.isAlive()) {
          wrong.add(what + "hangs");
          release(there, thread);
        } else {
          judge(run.get(), what, wrong);
        }
      }
    }
    assertThat(String.join("\n", wrong)).isEmpty();
  }

  private static void judge(Tool.Result result, String what, List<String> wrong) {
    String said = result.out() + result.err();
    boolean isUntyped = said.contains("--debug shows"); // What no failure with an object ends with.
    if (isUntyped || said.contains("unexpected") || said.contains("Exception")) {
      wrong.add(what + said);
    }
  }

  /** Lets go whoever waits for the other end of a pipe, each time that it is opened. */
  private static void release(Path pipe, Thread thread) throws Exception {
    while (thread.isAlive() && isPipe(pipe)) {
      try (RandomAccessFile both = new RandomAccessFile(pipe.toFile(), "rw")) {
        assertThat(both.getFD().valid()).isTrue();
        thread.join(50);
      }
      thread.join(50);
    }
    thread.join(TimeUnit.SECONDS.toMillis(MOST_SECONDS));
    assertThat(thread.isAlive()).as("it hangs at %s", pipe).isFalse();
  }

  private static boolean isPipe(Path path) throws IOException {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS)
        && Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
            .isOther();
  }
}
