package com.personalaichatbot.dr.examples.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreTest {
  private static final int PAGE = 4096;

  @TempDir
  private Path directory;

  @Test
  void edit_someRows_leavesADatabaseOfWhichFewPagesChanged() throws IOException {
    assumeTrue(SqliteStore.isInstalled());
    Random random = new Random(1);
    Path file = directory.resolve("database/messages.db");
    SqliteStore store = new SqliteStore(file, random, new Prose(random));
    store.make(1_000_000);
    byte[] before = Files.readAllBytes(file);

    store.edit(10);

    byte[] after = Files.readAllBytes(file);
    assertThat(before)
        .hasSizeBetween(800_000, 1_500_000)
        .startsWith("SQLite format 3".getBytes(StandardCharsets.US_ASCII));
    int changed = 0;
    for (int at = 0; at < Math.min(before.length, after.length); at += PAGE) {
      changed += Arrays.equals(before, at, at + PAGE, after, at, at + PAGE) ? 0 : 1;
    }
    assertThat(changed).isBetween(5, 60);
    assertThat(file.getParent()).isDirectoryContaining(path -> path.equals(file));
  }
}
