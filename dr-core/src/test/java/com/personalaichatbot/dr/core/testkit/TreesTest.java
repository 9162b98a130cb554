package com.personalaichatbot.dr.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreesTest {
  private static final Instant LONG_AGO = Instant.parse("2001-02-03T04:05:06.123456789Z");

  @TempDir
  private Path temp;

  private Path one;
  private Path other;

  @BeforeEach
  void makeTwoEqualTrees() throws IOException {
    one = temp.resolve("one");
    other = temp.resolve("other");
    for (Path root : new Path[] {one, other}) {
      Trees.scatter(root, 25, 7);
      Files.createSymbolicLink(root.resolve("link"), Path.of("d0/conversation-1.json"));
      Files.createLink(root.resolve("hard"), root.resolve("d0/conversation-2.json"));
      Files.writeString(root.resolve("d0/conversation-3.json"), "same");
      try (Stream<Path> all = Files.walk(root)) {
        for (Path path : (Iterable<Path>) all.filter(p -> !Files.isSymbolicLink(p))::iterator) {
          Trees.touch(path, LONG_AGO);
        }
      }
    }
  }

  @Test
  void differences_equalTrees_none() throws IOException {
    assertThat(Trees.differences(one, other)).isEmpty();
  }

  @Test
  void differences_oneOfEachKind_allNamed() throws IOException {
    Path file = other.resolve("d0/conversation-4.json");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    Trees.touch(other.resolve("d0/conversation-5.json"), LONG_AGO.plusNanos(2));
    Files.writeString(other.resolve("d0/conversation-3.json"), "sane");
    Trees.touch(other.resolve("d0/conversation-3.json"), LONG_AGO);
    Files.delete(other.resolve("link"));
    Files.createSymbolicLink(other.resolve("link"), Path.of("d0/conversation-2.json"));
    Files.delete(other.resolve("hard"));
    Files.copy(other.resolve("d0/conversation-2.json"), other.resolve("hard"));
    Trees.touch(other.resolve("hard"), LONG_AGO);
    Files.delete(other.resolve("d1/conversation-20.json"));
    Files.delete(other.resolve("d1/conversation-21.json"));
    Files.createDirectory(other.resolve("d1/conversation-21.json"));
    Files.writeString(other.resolve("d1/new\u00e9"), "");
    for (Path directory : new Path[] {other, other.resolve("d1")}) {
      Trees.touch(directory, LONG_AGO);
    }

    assertThat(Trees.differences(one, other))
        .containsExactlyInAnyOrder(
            "d0/conversation-4.json has mode 700, not "
                + Integer.toOctalString(
                    (int) Files.getAttribute(one.resolve("d0/conversation-4.json"), "unix:mode")
                        & 07777),
            "d0/conversation-5.json was modified at " + LONG_AGO.plusNanos(2) + ", not at "
                + LONG_AGO,
            "d0/conversation-3.json has other content from byte 2",
            "link points to d0/conversation-2.json, not to d0/conversation-1.json",
            "hard is one file with hard, not with d0/conversation-2.json",
            "d1/conversation-20.json is missing",
            "d1/conversation-21.json is a directory, not a file",
            "d1/new%C3%A9 is too many");
  }
}
