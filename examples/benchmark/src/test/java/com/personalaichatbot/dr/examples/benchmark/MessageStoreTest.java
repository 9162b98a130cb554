package com.personalaichatbot.dr.examples.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MessageStoreTest {
  private static final int PAGE = 4096;

  @TempDir
  private Path directory;

  @Test
  void edit_someRows_changesAtMostAPageForEachAndTheHeader() throws IOException {
    Random random = new Random(1);
    Path file = directory.resolve("state/messages.db");
    MessageStore store = new MessageStore(file, random, new Prose(random));
    store.make(400 * PAGE);
    byte[] before = Files.readAllBytes(file);

    store.edit(20);

    byte[] after = Files.readAllBytes(file);
    assertThat(after).hasSameSizeAs(before).hasSize(400 * PAGE);
    int changed = 0;
    for (int at = 0; at < after.length; at += PAGE) {
      changed += Arrays.equals(before, at, at + PAGE, after, at, at + PAGE) ? 0 : 1;
    }
    assertThat(changed).isBetween(15, 21);
  }
}
