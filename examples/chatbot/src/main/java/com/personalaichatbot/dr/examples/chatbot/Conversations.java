package com.personalaichatbot.dr.examples.chatbot;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The conversations, one file each. Thread-safe: changes are made one at a time, and a reader sees
 * a file as it was before a change or after it.
 */
final class Conversations {
  private static final String SUFFIX = ".json";

  private final DataDirectory data;

  Conversations(DataDirectory data) {
    this.data = data;
  }

  /** A conversation, active or archived. */
  Optional<Conversation> find(UUID id) throws IOException {
    for (Path directory : List.of(data.active(), data.archived())) {
      try {
        return Optional.of(read(file(directory, id)));
      } catch (NoSuchFileException e) {
        continue;
      }
    }
    return Optional.empty();
  }

  /** Stores a new conversation, or changes an active one. */
  synchronized void store(Conversation conversation) throws IOException {
    data.replace(file(data.active(), conversation.id()), conversation.toJson());
  }

  /** Changes an active conversation; empty if nothing has that id. */
  synchronized Optional<Conversation> change(UUID id, UnaryOperator<Conversation> change)
      throws IOException {
    Conversation now;
    try {
      now = read(file(data.active(), id));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    Conversation changed = change.apply(now);
    store(changed);
    return Optional.of(changed);
  }

  /** The files of all conversations, sorted. */
  List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path directory : List.of(data.active(), data.archived())) {
      try (Stream<Path> list = Files.list(directory)) {
        list.filter(file -> file.toString().endsWith(SUFFIX)).sorted().forEach(files::add);
      } catch (NoSuchFileException e) {
        continue; // None exist; what cannot be listed is an error.
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }
    return files;
  }

  /**
   * Reads every conversation.
   *
   * @return the files that are not whole conversations under their own name, and why
   */
  Map<Path, String> damaged() throws IOException {
    Map<Path, String> damaged = new TreeMap<>();
    for (Path file : files()) {
      try {
        Conversation conversation = read(file);
        if (!file.getFileName().toString().equals(conversation.id() + SUFFIX)) {
          damaged.put(file, "it holds the conversation " + conversation.id());
        }
      } catch (JsonProcessingException e) {
        damaged.put(file, Files.size(file) == 0 ? "it is empty" : "it is no JSON");
      } catch (CharacterCodingException e) {
        damaged.put(file, "it is no text");
      } catch (IOException e) {
        damaged.put(file, e.getMessage());
      }
    }
    return damaged;
  }

  private static Conversation read(Path file) throws IOException {
    return Conversation.parse(Files.readString(file));
  }

  private static Path file(Path directory, UUID id) {
    return directory.resolve(id + SUFFIX);
  }
}
