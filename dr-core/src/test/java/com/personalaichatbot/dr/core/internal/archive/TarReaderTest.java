package com.personalaichatbot.dr.core.internal.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.personalaichatbot.dr.core.internal.format.Attributes;
import com.personalaichatbot.dr.core.internal.format.RawName;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives that {@link TarWriter} or other tools write, read by {@link TarReader}. */
class TarReaderTest {

  /** An entry with its content, comparable. */
  private record Whole(
      String path, String type, Attributes attributes, String target, int content) {}

  private static Whole whole(ArchiveEntry entry, byte[] content) {
    return new Whole(
        RawName.display(entry.path()),
        entry.type().name(),
        entry.attributes(),
        entry.target() == null ? "" : RawName.display(entry.target()),
        Arrays.hashCode(content));
  }

  private static List<Whole> read(byte[] archive) throws IOException {
    ArchiveReader reader =
        ArchiveReader.open(new ByteArrayInputStream(archive), Instant.ofEpochSecond(0));
    List<Whole> entries = new ArrayList<>();
    for (ArchiveEntry entry; (entry = reader.next()) != null; ) {
      byte[] content = new byte[(int) entry.attributes().size()];
      assertThat(reader.read(content, 0, content.length)).isEqualTo(content.length);
      assertThat(reader.read(new byte[1], 0, 1)).isZero();
      entries.add(whole(entry, content));
    }
    return entries;
  }

  @RepeatedTest(20)
  void read_whatWasWritten_isTheSame(RepetitionInfo repetition) throws IOException {
    Random random = new Random(repetition.getCurrentRepetition());
    List<Whole> written = new ArrayList<>();
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    try (TarWriter tar = new TarWriter(archive)) {
      tar.comment("anything at all: é");
      for (int i = 0; i < 30; i++) {
        ArchiveEntry.Type type = ArchiveEntry.Type.values()[random.nextInt(4)];
        boolean file = type == ArchiveEntry.Type.FILE;
        boolean link = type == ArchiveEntry.Type.SYMLINK || type == ArchiveEntry.Type.HARD_LINK;
        byte[] content = new byte[file ? random.nextInt(2000) : 0];
        random.nextBytes(content);
        ArchiveEntry entry = new ArchiveEntry(
            name(random), type, attributes(random, content.length), link ? name(random) : null);
        tar.begin(entry);
        tar.content().write(content);
        tar.end();
        byte[] path = entry.path();
        if (type == ArchiveEntry.Type.DIRECTORY) {
          path = Arrays.copyOf(path, path.length + 1);
          path[path.length - 1] = '/';
        }
        written.add(
            whole(new ArchiveEntry(path, type, entry.attributes(), entry.target()), content));
      }
    }
    assertThat(read(archive.toByteArray())).isEqualTo(written);
  }

  /** Any bytes but NUL and the slash, around the lengths at which a header gets too short. */
  private static byte[] name(Random random) {
    int[] lengths = {1, 99, 100, 101, 255, 256, 300, 1 + random.nextInt(4000)};
    byte[] name = new byte[lengths[random.nextInt(lengths.length)]];
    for (int i = 0; i < name.length; i++) {
      do {
        name[i] = (byte) random.nextInt(256);
      } while (name[i] == 0 || name[i] == '/');
    }
    return name;
  }

  private static Attributes attributes(Random random, long size) {
    long[] times = {0, -1, 1, 1L << 33, (1L << 33) - 1, 1L << 40, -(1L << 40), 1_700_000_000};
    return ArchiveEntry.attributes(
        random.nextInt(010000),
        random.nextInt(),
        random.nextInt(3_000_000),
        size,
        times[random.nextInt(times.length)],
        random.nextBoolean() ? 0 : random.nextInt(1_000_000_000));
  }

  @Test
  void read_flippedBytes_isRefusedOrSomethingElse() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarWriter tar = new TarWriter(bytes)) {
      tar.comment("a");
      tar.begin(new ArchiveEntry(
          "n".repeat(150).getBytes(StandardCharsets.US_ASCII),
          ArchiveEntry.Type.FILE,
          ArchiveEntry.attributes(0600, 1, 2, 3, 4, 5),
          null));
      tar.content().write(new byte[3]);
      tar.end();
    }
    byte[] archive = bytes.toByteArray();
    int refused = 0;
    for (int i = 0; i < archive.length; i++) {
      byte[] changed = archive.clone();
      changed[i] ^= 0x81;
      try {
        read(changed);
      } catch (BadArchiveException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(4 * 512); // All headers, and the end.
  }

  @ParameterizedTest
  @CsvSource({
    "5, 5, 0",
    "-5, -5, 0",
    "0.5, 0, 500000000",
    "-0.5, -1, 500000000",
    "-1.25, -2, 750000000",
    "1.0000000019, 1, 1",
    "12345678901.123456789, 12345678901, 123456789",
    "7., 7, 0"
  })
  void paxTime_asOthersWriteIt_isFlooredToNanoseconds(String text, long seconds, int nanos)
      throws IOException {
    PaxHeader header = new PaxHeader();
    header.add(record("mtime", text));
    assertThat(header.seconds()).isEqualTo(seconds);
    assertThat(header.nanos()).isEqualTo(nanos);
  }

  private static byte[] record(String key, String value) {
    int length = (key + value).getBytes(StandardCharsets.UTF_8).length + 3;
    int digits = length + 1 < 10 ? 1 : 2;
    return ((length + digits) + " " + key + "=" + value + "\n").getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource({"-", "''", "1-2", ".5", "0x5", "'1 '", "-.5", "1.5e3"})
  void paxTime_thatIsNone_isRefused(String text) {
    assertThatThrownBy(() -> new PaxHeader().add(record("mtime", text)))
        .isInstanceOf(BadArchiveException.class);
  }

  @Test
  void paxHeader_laterRecords_win() throws IOException {
    PaxHeader global = new PaxHeader();
    global.add(record("uid", "1"));
    PaxHeader own = new PaxHeader(global);
    own.add(record("path", "first"));
    own.add(record("path", "second=é"));
    assertThat(own.uid()).isEqualTo(1);
    assertThat(own.path()).isEqualTo("second=é".getBytes(StandardCharsets.UTF_8));
    assertThat(global.path()).isNull();
  }

  /** Which segments of 4,096 bytes the sparse files in the archives of other tools hold. */
  private static byte[] sparse(int size, int... offsets) {
    byte[] content = new byte[size];
    for (int offset : offsets) {
      for (int i = 0; i < 4096; i++) {
        content[offset + i] = (byte) ((offset / 4096 + i * 7) % 251 + 1);
      }
    }
    return content;
  }

  @ParameterizedTest
  @ValueSource(strings = {"gnu", "pax00", "pax01", "pax10", "bsdtar"})
  void read_sparseFilesOfOtherTools_areWhole(String tool) throws IOException {
    byte[] end = sparse(28749, 4096);
    Arrays.fill(end, 20557, end.length, (byte) 'z');
    Arrays.fill(end, 20480, 20557, (byte) 0);
    Map<String, byte[]> expected = Map.of(
        "src/hole",
        new byte[1_000_000],
        "src/holes",
        sparse(300_000, 8192, 65536),
        "src/many",
        sparse(40 * 65536, IntStream.range(0, 40).map(i -> i * 65536).toArray()),
        "src/ends-with-data",
        Arrays.copyOf(end, 24653),
        "src/" + "n".repeat(120),
        sparse(200_000, 4096),
        "src/plain",
        "plain".getBytes(StandardCharsets.US_ASCII));
    Map<String, byte[]> found = new TreeMap<>();
    try (InputStream in = Compression.GZIP.reading(
        getClass().getResourceAsStream("/archives/sparse-" + tool + ".tar.gz"), 1 << 20)) {
      ArchiveReader reader = ArchiveReader.open(in, Instant.EPOCH);
      for (ArchiveEntry entry; (entry = reader.next()) != null; ) {
        if (entry.type() == ArchiveEntry.Type.FILE) {
          found.put(
              RawName.display(entry.path()), inPieces(reader, entry.attributes().size()));
        }
      }
    }
    assertThat(found.keySet()).isEqualTo(new TreeSet<>(expected.keySet()));
    expected.forEach((name, content) -> assertThat(found.get(name)).as(name).isEqualTo(content));
  }

  /** Reads content in pieces that begin and end anywhere, and one that is passed over half. */
  private static byte[] inPieces(ArchiveReader reader, long size) throws IOException {
    byte[] content = new byte[(int) size];
    for (int at = 0, length = 1; at < content.length; length = length * 3 % 5003) {
      int count = reader.read(content, at, Math.min(length, content.length - at));
      assertThat(count).isEqualTo(Math.min(length, content.length - at));
      at += count;
    }
    assertThat(reader.read(new byte[1], 0, 1)).isZero();
    return content;
  }
}
