package com.personalaichatbot.dr.examples.chatbot;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.component.Quiesce;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;

/**
 * The directory in which the chatbot keeps what it must not lose. Thread-safe: whoever writes takes
 * {@link #whileWriting}, so that a restore in place finds the files at rest.
 */
final class DataDirectory {
  private static final String TEMPORARY = ".tmp";

  private final Path root;
  private final ReentrantReadWriteLock stillness = new ReentrantReadWriteLock();

  DataDirectory(Path root) {
    this.root = root;
  }

  Path root() {
    return root;
  }

  Path settings() {
    return root.resolve("config").resolve("app_config.json");
  }

  Path secrets() {
    return root.resolve(".env");
  }

  Path active() {
    return root.resolve("conversations").resolve("active");
  }

  Path archived() {
    return root.resolve("conversations").resolve("archived");
  }

  Path log() {
    return root.resolve("logs").resolve("app.log");
  }

  Path state() {
    return root.resolve("state").resolve("application_state.json");
  }

  /** What is to be backed up, by name. */
  List<Component> components() {
    return List.of(
        component("config", Kind.CONFIG, root.resolve("config")),
        component("env", Kind.SECRETS, secrets()),
        component("conversations", Kind.CONVERSATIONS, root.resolve("conversations")),
        component("logs", Kind.LOGS, root.resolve("logs")),
        component("state", Kind.STATE, root.resolve("state")));
  }

  private Component component(String name, Kind kind, Path path) {
    return Component.at(name, kind, path).withQuiesce(new Stillness());
  }

  /** Holds every writer back while files are replaced. */
  private final class Stillness implements Quiesce {
    @Override
    public void quiesce() {
      stillness.writeLock().lock();
    }

    @Override
    public void resume() {
      stillness.writeLock().unlock();
    }
  }

  /** A change of files. */
  @FunctionalInterface
  interface Change {
    void make() throws IOException;
  }

  /** Makes a change at a time when no restore is under way. */
  void whileWriting(Change change) throws IOException {
    stillness.readLock().lock();
    try {
      change.make();
    } finally {
      stillness.readLock().unlock();
    }
  }

  /** Removes what a {@link #replace} left behind that never came to its end. */
  void removeTemporaries() throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : all.filter(f -> f.toString().endsWith(TEMPORARY)).toList()) {
        whileWriting(() -> Files.deleteIfExists(file));
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Puts a whole file in the place of another: a reader sees the old one or the new one. */
  void replace(Path file, String text) throws IOException {
    whileWriting(() -> {
      Path directory = file.getParent();
      Files.createDirectories(directory);
      Path temporary = Files.createTempFile(directory, file.getFileName() + "_", TEMPORARY);
      try {
        Files.writeString(temporary, text, StandardCharsets.UTF_8);
        Files.move(
            temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(temporary);
      }
    });
  }
}
