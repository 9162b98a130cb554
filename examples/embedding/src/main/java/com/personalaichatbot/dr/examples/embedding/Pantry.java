package com.personalaichatbot.dr.examples.embedding;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A list of the food at home: a file for each item, which says how many there are of it. */
record Pantry(Path shelf) {
  void put(String item, int count) throws IOException {
    Files.writeString(shelf.resolve(item), Integer.toString(count));
  }

  int count(String item) throws IOException {
    return Integer.parseInt(Files.readString(shelf.resolve(item)));
  }

  /** The items whose files do not say how many there are. */
  List<String> damaged() throws IOException {
    try (Stream<Path> files = Files.list(shelf).filter(Files::isRegularFile)) {
      return files.map(f -> f.getFileName().toString()).filter(f -> !isWhole(f)).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private boolean isWhole(String item) {
    try {
      return count(item) >= 0;
    } catch (IOException | NumberFormatException e) {
      return false;
    }
  }
}
