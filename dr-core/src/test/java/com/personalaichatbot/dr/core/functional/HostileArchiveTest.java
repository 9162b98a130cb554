package com.personalaichatbot.dr.core.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.github.luben.zstd.ZstdOutputStream;
import com.personalaichatbot.dr.core.operation.ExchangeRefusedException;
import com.personalaichatbot.dr.core.operation.ImportOptions;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Archives that somebody made to do harm, or that broke on the way: refused, and nothing stays. */
class HostileArchiveTest {
  private static final ImportOptions SMALL = new ImportOptions(1000, 1 << 20, ZoneOffset.UTC);

  @TempDir
  Path temp;

  @AutoClose
  private final RootKey root = RootKey.of(new byte[32]);

  @AutoClose
  private BackupRepository repository;

  @BeforeEach
  void openRepository() throws IOException {
    repository = BackupRepository.builder(new MemoryStorage()).create(root);
  }

  /** Writes entries of an archive. */
  @FunctionalInterface
  private interface Entries {
    void write(TarArchiveOutputStream tar) throws IOException;
  }

  private static byte[] tar(Entries entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
      entries.write(tar);
    }
    return bytes.toByteArray();
  }

  private static void file(TarArchiveOutputStream tar, String name, int size) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setSize(size);
    tar.putArchiveEntry(entry);
    tar.write(new byte[size]);
    tar.closeArchiveEntry();
  }

  private static void special(TarArchiveOutputStream tar, String name, byte type, String target)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
    entry.setLinkName(target);
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(compressed)) {
      out.write(bytes);
    }
    return compressed.toByteArray();
  }

  private void assertRefused(byte[] archive, String message) throws IOException {
    Path file = Files.write(temp.resolve("archive.tar.gz"), archive);
    assertThatThrownBy(() -> repository.importFrom(file, SMALL))
        .isInstanceOfSatisfying(ExchangeRefusedException.class, e -> {
          assertThat(e.object()).isEqualTo(file.toString());
          assertThat(e.action()).isNotBlank();
        })
        .hasMessageContaining(message);
    assertThat(repository.snapshots()).isEmpty();
  }

  static Stream<Arguments> names() {
    byte link = TarConstants.LF_SYMLINK;
    byte hard = TarConstants.LF_LINK;
    return Stream.of(
        entries("has an absolute name", t -> file(t, "/etc/passwd", 1)),
        entries("leads out", t -> file(t, "../outside", 1)),
        entries("leads out", t -> file(t, "a/../../outside", 1)),
        entries("leads out", t -> special(t, "a/..", TarConstants.LF_DIR, "")),
        entries("has no name", t -> file(t, ".", 1)),
        entries("more than 4096 bytes", t -> file(t, "d/".repeat(3000) + "x", 1)),
        entries("more than 4096 bytes", t -> special(t, "a/x", link, "y".repeat(5000))),
        entries("lies below an entry that is no directory", t -> {
          special(t, "a/link", link, "/etc");
          file(t, "a/link/passwd", 1);
        }),
        entries("is there twice", t -> {
          file(t, "a/link/passwd", 1);
          special(t, "a/link", link, "/etc");
        }),
        entries("is there twice", t -> {
          file(t, "a/x", 1);
          file(t, "./a//x", 2);
        }),
        entries("is there twice", t -> {
          file(t, "a/x", 1);
          special(t, "a/x", TarConstants.LF_DIR, "");
        }),
        entries("is a link to nothing", t -> special(t, "a/x", link, "")),
        entries("is no file of the archive", t -> special(t, "a/x", hard, "/etc/passwd")),
        entries("is no file of the archive", t -> special(t, "a/x", hard, "../passwd")),
        entries("is no file of the archive", t -> special(t, "a/x", hard, "a/x")),
        entries("is no file of the archive", t -> {
          special(t, "a/x", hard, "a/y");
          special(t, "a/y", hard, "a/x");
        }),
        entries("is a FIFO", t -> special(t, "a/x", TarConstants.LF_FIFO, "")),
        entries("is a device", t -> special(t, "a/x", TarConstants.LF_CHR, "")),
        entries("is a device", t -> special(t, "a/x", TarConstants.LF_BLK, "")),
        entries("is of the unknown type", t -> special(t, "a/x", (byte) 'M', "")),
        entries("sparse", t -> special(t, "a/x", TarConstants.LF_GNUTYPE_SPARSE, "")),
        entries("sparse", t -> pax(t, record("GNU.sparse.realsize", "10000"))),
        entries("in no known form", t -> pax(t, record("GNU.sparse.major", "2"))),
        entries("in no known form", t -> pax(t, record("GNU.sparse.map", "0,1"))),
        entries("unknown record", t -> pax(t, record("GNU.sparse.other", "1"))),
        entries("more than the 1048576", t -> pax(t, sparse("1099511627776", "0,1"))),
        entries("overlap", t -> pax(t, sparse("100", "5,1,3,1"))),
        entries("overlap", t -> pax(t, sparse("100", "5,9223372036854775807"))),
        entries("behind its end", t -> pax(t, sparse("100", "100,1"))),
        entries("stores 1 bytes", t -> pax(t, sparse("100", "0,2"))),
        entries(
            "malformed map",
            t -> pax(
                t,
                record("GNU.sparse.major", "1")
                    + record("GNU.sparse.minor", "0")
                    + record("GNU.sparse.realsize", "100"),
                512)),
        entries(
            "does not end",
            t -> pax(
                t,
                record("GNU.sparse.major", "1")
                    + record("GNU.sparse.minor", "0")
                    + record("GNU.sparse.realsize", "100"),
                1)),
        entries("Solaris", t -> pax(t, record("SUN.holesdata", " 0 1"))),
        // Records that end before their own equals sign, so that a reader goes back or is
        // still.
        entries("pax header is malformed", t -> pax(t, record("comment", "x") + "\0")),
        entries("pax header is malformed", t -> pax(t, "6 a=b\n\0")),
        entries("pax header is malformed", t -> pax(t, "6 a=b\n1 c=d\n")),
        entries("pax header is malformed", t -> pax(t, "6 a=b\n3 c=\n")),
        entries("pax header is malformed", t -> pax(t, "6 a=b\n9223372036854775807 c=d\n")),
        entries("pax header is malformed", t -> pax(t, "999 path=x\n")),
        entries("pax header is malformed", t -> pax(t, "11 path=x")),
        entries("pax header is malformed", t -> pax(t, "0 path=x\n")),
        entries("names what cannot be", t -> pax(t, record("path", "x\0yz"))),
        entries("malformed number", t -> pax(t, record("mtime", "1e99999999"))),
        entries("malformed number", t -> pax(t, record("mtime", "99999999999999999999"))),
        entries("a length that cannot be", t -> pax(t, record("size", "9223372036854775807"))),
        entries("more than the 1000 entries", t -> {
          for (int i = 0; i <= 1000; i++) {
            file(t, "a/" + i, 0);
          }
        }),
        entries("more than the 1000 entries", t -> {
          for (int i = 0; i < 10; i++) {
            file(t, i + "/d".repeat(500) + "/x", 0);
          }
        }),
        entries("more than the 1048576 bytes", t -> file(t, "a/bomb", 1 << 21)),
        entries("it holds nothing", t -> special(t, "./", TarConstants.LF_DIR, "")),
        entries("a symbolic link where a component belongs", t -> {
          special(t, "personal-ai-chatbot-data-20250102_030405-data/config", link, "/etc");
        }),
        entries("do not end", t -> {
          for (int i = 0; i < 10; i++) {
            extension(t, (byte) 'x', record("a", "b").getBytes(StandardCharsets.US_ASCII));
          }
          file(t, "a", 1);
        }),
        entries(
            "belongs to no entry",
            t -> extension(t, (byte) 'x', record("a", "b").getBytes(StandardCharsets.US_ASCII))));
  }

  private static Arguments entries(String message, Entries entries) {
    return arguments(message, entries);
  }

  private static String record(String key, String value) {
    int length = key.length() + value.length() + 3;
    int digits = length + 1 < 10 ? 1 : 2;
    return (length + digits) + " " + key + "=" + value + "\n";
  }

  private static String sparse(String size, String map) {
    return record("GNU.sparse.size", size) + record("GNU.sparse.map", map);
  }

  private static void pax(TarArchiveOutputStream tar, String records) throws IOException {
    pax(tar, records, 1);
  }

  private static void pax(TarArchiveOutputStream tar, String records, int size) throws IOException {
    extension(tar, (byte) 'x', records.getBytes(StandardCharsets.US_ASCII));
    file(tar, "a/x", size);
  }

  private static void extension(TarArchiveOutputStream tar, byte type, byte[] content)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry("header", type, true);
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  @ParameterizedTest
  @MethodSource("names")
  void importFrom_hostileEntries_isRefused(String message, Entries entries) throws IOException {
    assertRefused(gzip(tar(entries)), message);
  }

  @Test
  void importFrom_lengthsThatLie_readNoMoreThanThereIs() throws IOException {
    byte[] whole = tar(t -> file(t, "a/x", 10));
    assertRefused(gzip(withSize(whole, 1 << 19)), "cut short");
    assertRefused(gzip(withSize(whole, 1L << 40)), "more than the 1048576 bytes");
    assertRefused(gzip(withSize(whole, -5)), "a length that cannot be");
    assertRefused(gzip(withSize(whole, Long.MAX_VALUE)), "a length that cannot be");
    byte[] name = tar(t -> file(t, "n".repeat(200), 1));
    assertRefused(gzip(withSize(name, 1L << 31)), "at most 65536 are read");
  }

  @Test
  void importFrom_globalHeaderOfASingleEntry_isRefused() throws IOException {
    byte[] tar = tar(t -> pax(t, sparse("9", "0,1")));
    tar[156] = 'g';
    sum(tar);
    assertRefused(gzip(tar), "names or measures a single entry");
    byte[] later = tar(t -> {
      extension(t, (byte) 'x', record("a", "b").getBytes(StandardCharsets.US_ASCII));
      pax(t, record("uid", "5"));
    });
    byte[] second = Arrays.copyOfRange(later, 1024, 1536);
    second[156] = 'g';
    sum(second);
    System.arraycopy(second, 0, later, 1024, 512);
    assertRefused(gzip(later), "between an entry and its own");
  }

  /** The same archive with another length in its first header, in two's complement. */
  private static byte[] withSize(byte[] tar, long size) {
    byte[] changed = tar.clone();
    for (int i = 0; i < 12; i++) {
      int shift = 8 * (11 - i);
      changed[124 + i] = (byte) (shift > 56 ? size >> 63 : size >> shift);
    }
    changed[124] = (byte) (size < 0 ? 0xff : 0x80);
    sum(changed);
    return changed;
  }

  private static void sum(byte[] header) {
    Arrays.fill(header, 148, 156, (byte) ' ');
    int sum = 0;
    for (int i = 0; i < 512; i++) {
      sum += header[i] & 0xff;
    }
    byte[] digits = String.format("%06o\0", sum).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(digits, 0, header, 148, digits.length);
  }

  @Test
  void importFrom_cutAnywhere_isRefused() throws IOException {
    byte[] tar = tar(t -> {
      file(t, "a/" + "n".repeat(120), 700);
      file(t, "a/y", 0);
    });
    int end = tar.length;
    while (tar[end - 1] == 0) {
      end--;
    }
    int endMark = (end + 511) / 512 * 512;
    for (int length = 1; length <= endMark; length += 97) {
      assertRefused(gzip(Arrays.copyOf(tar, length)), "");
    }
    assertRefused(gzip(Arrays.copyOf(tar, endMark)), "cut short");
    byte[] gzip = gzip(tar);
    for (int length = 0; length < gzip.length; length += 7) {
      assertRefused(Arrays.copyOf(gzip, length), "");
    }
    ByteArrayOutputStream zst = new ByteArrayOutputStream();
    try (OutputStream out = new ZstdOutputStream(zst)) {
      out.write(tar);
    }
    byte[] zstd = zst.toByteArray();
    for (int length = 0; length < zstd.length; length += 7) {
      assertRefused(Arrays.copyOf(zstd, length), "");
    }
  }

  @Test
  void importFrom_anyBitFlipped_isRefusedOrReadAsItIs() throws IOException {
    byte[] gzip = gzip(tar(t -> file(t, "a/x", 700)));
    int refused = 0;
    for (int i = 0; i < gzip.length; i++) {
      byte[] changed = gzip.clone();
      changed[i] ^= 4;
      Path file = Files.write(temp.resolve("archive.tar.gz"), changed);
      try {
        repository.importFrom(file, SMALL);
      } catch (ExchangeRefusedException e) {
        refused++;
      }
    }
    // But for the flags, time and system that are in the header of gzip, and nobody checks.
    assertThat(refused).isBetween(gzip.length - 10, gzip.length);
  }

  @Test
  void importFrom_moreBehindTheEndMark_isRefused() throws IOException {
    byte[] one = tar(t -> file(t, "a/x", 1));
    byte[] two = Arrays.copyOf(one, 2 * one.length);
    System.arraycopy(one, 0, two, one.length, one.length);
    assertRefused(gzip(two), "goes on behind its end mark");
  }

  @Test
  void importFrom_bytesBehindTheCompressedData_isRefused() throws IOException {
    byte[] tar = tar(t -> file(t, "a/x", 1));
    byte[] gzip = gzip(tar);
    ByteArrayOutputStream zst = new ByteArrayOutputStream();
    try (OutputStream out = new ZstdOutputStream(zst)) {
      out.write(tar);
    }
    for (byte[] whole : List.of(gzip, zst.toByteArray())) {
      for (int more : new int[] {1, 3, 4, 8, 9, 18, 26, 27, 1000, 1 << 16, 1 << 17}) {
        for (byte filling : new byte[] {0, 'x', 0x1f}) {
          byte[] longer = Arrays.copyOf(whole, whole.length + more);
          Arrays.fill(longer, whole.length, longer.length, filling);
          assertRefused(longer, "");
        }
      }
    }
  }

  @Test
  void importFrom_gzipHeaderWithoutEnd_isRefusedInLittleMemory() throws IOException {
    byte[] header = Arrays.copyOf(new byte[] {0x1f, (byte) 0x8b, 8, 8}, 1 << 20);
    Arrays.fill(header, 10, header.length, (byte) 'n');
    assertRefused(header, "gzip header is longer than");
  }

  @Test
  void importFrom_severalMembersOfGzip_isTheirWhole() throws IOException {
    byte[] tar = tar(t -> file(t, "a/x", 5000));
    ByteArrayOutputStream members = new ByteArrayOutputStream();
    for (int from = 0; from < tar.length; from += 700) {
      members.write(gzip(Arrays.copyOfRange(tar, from, Math.min(tar.length, from + 700))));
    }
    members.write(gzip(new byte[0]));
    Path file = Files.write(temp.resolve("members.tar.gz"), members.toByteArray());
    assertThat(repository.importFrom(file, SMALL).files()).isEqualTo(1);
  }

  @Test
  void importFrom_bombs_areRefusedAtTheLimit() throws IOException {
    Path file = temp.resolve("bomb.tar.gz");
    byte[] zeros = new byte[1 << 20];
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(tar(t -> file(t, "a/x", 1)));
      for (int i = 0; i < 64; i++) {
        out.write(zeros);
      }
    }
    assertThat(Files.size(file)).isLessThan(100_000);
    assertThatThrownBy(() -> repository.importFrom(file, SMALL))
        .isInstanceOf(ExchangeRefusedException.class)
        .hasMessageContaining("more than the 1048576 bytes that are allowed");
    assertThat(repository.snapshots()).isEmpty();
  }

  @Test
  void importFrom_whatIsNoArchive_isRefused() throws IOException {
    assertRefused("hello".getBytes(StandardCharsets.US_ASCII), "neither compressed by gzip");
    assertRefused(new byte[0], "neither compressed by gzip");
    assertRefused(gzip("hello".getBytes(StandardCharsets.US_ASCII)), "not a tar archive");
    assertRefused(gzip(new byte[10240]), "not a tar archive");
    assertThatThrownBy(() -> repository.importFrom(temp, SMALL))
        .isInstanceOf(ExchangeRefusedException.class)
        .hasMessageContaining("it is no file");
    assertThatThrownBy(() -> repository.importFrom(temp.resolve("missing.tar.gz"), SMALL))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void importFrom_streamThatLies_isRefused() throws IOException {
    for (String stream : List.of(
        "FILE:a\nSIZE:10\nshort",
        "FILE:a\nSIZE:-1\n",
        "FILE:a\nSIZE:99999999999999999999\n",
        "FILE:a\nSIZE:",
        "FILE:a",
        "FILE:../../escaped.txt\nSIZE:1\nx",
        "FILE:/etc/passwd\nSIZE:1\nx",
        "FILE:a\nSIZE:1\nxFILE:a\nSIZE:1\ny",
        "FILE:a\nSIZE:1\nx and more",
        "FILE:" + "a".repeat(100_000) + "\nSIZE:1\nx")) {
      assertRefused(gzip(stream.getBytes(StandardCharsets.US_ASCII)), "");
    }
  }
}
