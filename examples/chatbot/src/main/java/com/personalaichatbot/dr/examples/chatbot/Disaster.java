package com.personalaichatbot.dr.examples.chatbot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The remains that a failing disk leaves.
 *
 * @param noisy conversations of which a part was overwritten with noise
 * @param cut conversations that end too early
 * @param gone a conversation that is not there any more
 */
record Disaster(List<Path> noisy, List<Path> cut, Path gone) {

  /**
   * Strikes some conversations, and the settings.
   *
   * @param old the files that can be damaged; at least 8
   * @param certain the one of them that is damaged in any case
   */
  static Disaster strike(DataDirectory data, List<Path> old, Path certain, long seed)
      throws IOException {
    Random random = new Random(seed);
    List<Path> files = new ArrayList<>(old);
    files.remove(certain);
    Collections.shuffle(files, random);
    List<Path> noisy = List.of(certain, files.get(0), files.get(1), files.get(2));
    List<Path> cut = List.of(files.get(3), files.get(4), files.get(5));
    for (Path file : noisy) {
      byte[] bytes = Files.readAllBytes(file);
      byte[] noise = new byte[bytes.length / 3];
      random.nextBytes(noise);
      System.arraycopy(noise, 0, bytes, bytes.length / 3, noise.length);
      Files.write(file, bytes);
    }
    for (Path file : cut) {
      cutShort(file);
    }
    Files.delete(files.get(6));
    cutShort(data.settings());
    return new Disaster(noisy, cut, files.get(6));
  }

  private static void cutShort(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
  }

  /** How many files were overwritten or cut short: they are there, and wrong. */
  int damaged() {
    return noisy.size() + cut.size() + 1;
  }
}
