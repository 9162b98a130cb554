package com.personalaichatbot.dr.examples.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.Deflater;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleDataTest {
  private static final int BYTES = 4_000_000;

  @TempDir
  private Path directory;

  private SampleData data;

  @BeforeEach
  void make() throws IOException {
    data = new SampleData(directory.resolve("one"), 18_000);
    data.make(BYTES);
  }

  private List<Path> files() throws IOException {
    return SampleData.files(directory.resolve("one"));
  }

  @Test
  void make_twice_givesTheSame() throws IOException {
    new SampleData(directory.resolve("two"), 18_000).make(BYTES);

    for (Path file : files()) {
      Path other = directory.resolve("two").resolve(directory.resolve("one").relativize(file));
      assertThat(other).hasSameBinaryContentAs(file);
    }
    assertThat(SampleData.files(directory.resolve("two"))).hasSameSizeAs(files());
  }

  @Test
  void make_size_isAboutWhatWasAsked() throws IOException {
    assertThat(SampleData.bytes(directory.resolve("one"))).isBetween(BYTES * 9L / 10, BYTES * 2L);
    assertThat(files()).hasSizeGreaterThan(100);
  }

  @Test
  void make_conversation_compressesAsTextDoes() throws IOException {
    for (Path file : files()) {
      if (file.toString().contains("conversations")) {
        byte[] text = Files.readAllBytes(file);
        byte[] out = new byte[text.length];
        Deflater deflater = new Deflater();
        deflater.setInput(text);
        deflater.finish();
        assertThat((double) text.length / deflater.deflate(out)).isBetween(1.8, 6.0);
        deflater.end();
      }
    }
  }

  @Test
  void changeOneIn_hundred_changesOneFileInAHundred() throws IOException {
    long before = SampleData.bytes(directory.resolve("one"));

    data.changeOneIn(100, 0);

    assertThat(SampleData.bytes(directory.resolve("one"))).isBetween(before + 100, before + 10_000);
  }
}
