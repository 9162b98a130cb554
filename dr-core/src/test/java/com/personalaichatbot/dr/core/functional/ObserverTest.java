package com.personalaichatbot.dr.core.functional;

import static com.personalaichatbot.dr.core.testkit.DrAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.internal.format.Sha256;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.storage.StoredFile;
import com.personalaichatbot.dr.core.testkit.Tampering;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A storage that reads all stored bytes, knows the format, and has a guess of what they hold. It
 * learns lengths as far as they are padded, and nothing else.
 */
class ObserverTest {
  /** Lengths of one file that the padding does not tell apart. */
  private static final int SHORTEST = 40_000;

  private static final int CANDIDATES = 200;
  private static final int BACKUPS = 5;

  private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());
  private final RootKey root = TestKeys.root();
  private final MemoryStorage disk = new MemoryStorage();

  @BeforeEach
  void create() throws IOException {
    Files.createDirectory(files.getPath("/data"));
    builder(disk).create(root).close();
  }

  @AfterEach
  void close() throws IOException {
    root.close();
    files.close();
  }

  private BackupRepository.Builder builder(MemoryStorage storage) {
    return BackupRepository.builder(ConcurrencyTest.unclosed(storage))
        .executor(Runnable::run, 1)
        .host("host");
  }

  /** Backs one file up, and gives the stored bytes of what is new. */
  private Map<String, byte[]> backUp(MemoryStorage storage, byte[] content) throws IOException {
    Path file = files.getPath("/data/file");
    Set<String> before = stored(storage).keySet();
    Files.write(file, content);
    try (BackupRepository repository = builder(storage).open(root)) {
      assertThat(repository.backUp(
              List.of(Component.file("file", Kind.CUSTOM, file)), BackupOptions.of(Purpose.MANUAL)))
          .isComplete();
    }
    Map<String, byte[]> after = stored(storage);
    after.keySet().removeAll(before);
    return after;
  }

  private static Map<String, byte[]> stored(MemoryStorage storage) throws IOException {
    Map<String, byte[]> bytes = new TreeMap<>();
    Tampering tampering = Tampering.on(storage);
    for (StoredFile file : storage.list("")) {
      bytes.put(file.name(), tampering.read(file.name()));
    }
    return bytes;
  }

  private static byte[] random(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @Test
  void sizes_guessed_areNotToldApartWithinThePadding() throws IOException {
    int exact = 0;
    int packs = 0;
    for (int i = 0; i < BACKUPS; i++) {
      int length = SHORTEST + new Random(i).nextInt(CANDIDATES);
      Map<String, byte[]> added = backUp(disk, random(i, length));
      for (byte[] pack : packsOf(added)) {
        packs++;
        exact += Observer.ends(pack).isEmpty() ? 0 : 1;
      }
    }
    assertThat(packs).isEqualTo(2 * BACKUPS);
    assertThat(exact)
        .as("packs whose blobs' exact length was proven by a guess, of " + packs)
        .isZero();
  }

  /** One chunk of a large file is stored alone when only it changed: its length is a cut. */
  @Test
  void cuts_ofOneChangedChunk_areNotProven() throws IOException {
    byte[] content = random(99, 2 << 20);
    backUp(disk, content);
    int exact = 0;
    int changes = 4;
    for (int i = 0; i < changes; i++) {
      content[(content.length / changes) * i + 1000] ^= 1;
      for (byte[] pack : packsOf(backUp(disk, content))) {
        exact += pack.length > 64 << 10 && !Observer.ends(pack).isEmpty() ? 1 : 0;
      }
    }
    assertThat(exact).as("cuts found, of at least " + changes).isZero();
  }

  /** What two backups of one content under one set of keys have in common is no function of it. */
  @Test
  void storedBytes_ofTheSameContentTwice_haveNothingInCommon() throws IOException {
    byte[] content = random(5, SHORTEST);
    MemoryStorage other = disk.crash();
    Map<String, byte[]> one = backUp(disk, content);
    Files.delete(files.getPath("/data/file"));
    Map<String, byte[]> two = backUp(other, content);
    Set<Long> windows = new HashSet<>();
    one.values().forEach(file -> windows.addAll(windows(file)));
    List<String> repeated = new ArrayList<>();
    two.forEach((name, file) -> {
      Set<Long> common = new HashSet<>(windows(file));
      common.retainAll(windows);
      if (!common.isEmpty()) {
        repeated.add(name + " " + common.size());
      }
    });
    assertThat(one).hasSameSizeAs(two).hasSizeGreaterThan(3);
    assertThat(repeated)
        .as("files that share eight bytes that are not constant")
        .isEmpty();
  }

  /** Any two contents of one padded length give files of the same lengths. */
  @Test
  void lengths_ofOtherContentWithinThePadding_areTheSame() throws IOException {
    List<List<Integer>> lengths = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      MemoryStorage storage = disk.crash();
      Map<String, byte[]> added = backUp(storage, random(i, SHORTEST + 7 * i));
      lengths.add(packsOf(added).stream().map(p -> p.length).sorted().toList());
    }
    assertThat(lengths).allMatch(l -> l.equals(lengths.get(0)));
  }

  private static List<byte[]> packsOf(Map<String, byte[]> added) {
    return added.entrySet().stream()
        .filter(e -> e.getKey().startsWith("packs/"))
        .map(Map.Entry::getValue)
        .toList();
  }

  /**
   * All runs of eight bytes but those that every file begins with, and those of zeros and of the
   * position, previous hash, snapshot and writer of an entry, which are no function of content.
   */
  private static Set<Long> windows(byte[] file) {
    int begin = new String(file, 0, 8, StandardCharsets.US_ASCII).equals("DRENTRY1") ? 107 : 35;
    Set<Long> windows = new HashSet<>();
    for (int i = begin; i + 8 <= file.length; i++) {
      windows.add(ByteBuffer.wrap(file, i, 8).getLong());
    }
    windows.removeIf(w -> w >>> 24 == 0);
    return windows;
  }

  /** The facts about a pack that can be computed without a key. */
  private static final class Observer {
    private static final int TRAILER = 64;

    /**
     * Where the blobs of a pack may end, so far as the bytes of its trailer prove it: its text is
     * two numbers of which one follows from the other, and there are not many to try. Tried are a
     * plain hash as the tail, wherever it may be, with the object's id in clear, or left out.
     */
    static List<Integer> ends(byte[] pack) {
      byte[] trailer = Arrays.copyOfRange(pack, pack.length - TRAILER, pack.length);
      Set<Long> clear = new HashSet<>();
      for (int i = 0; i + 8 <= TRAILER; i++) {
        clear.add(ByteBuffer.wrap(trailer, i, 8).getLong());
      }
      Map<String, byte[]> frames = new HashMap<>();
      for (int header : new int[] {163, 164}) {
        for (byte[] id : List.of(new byte[32], Arrays.copyOf(trailer, 32))) {
          for (int length : new int[] {8, 40}) {
            ByteBuffer frame = ByteBuffer.allocate(14 + header + 78);
            frame.put("pack-contents\0".getBytes(StandardCharsets.US_ASCII)).put(pack, 0, header);
            frame.putInt(-1).put((byte) 17).put(id).putInt(length).putInt(length);
            frames.put(header + " " + id[0] + " " + length, frame.array());
          }
        }
      }
      List<Integer> ends = new ArrayList<>();
      for (byte[] frame : frames.values()) {
        MessageDigest framed = Sha256.newDigest();
        framed.update(frame);
        for (int end = pack.length / 10 * 8; end < pack.length - TRAILER; end++) {
          byte[] text = ByteBuffer.allocate(8)
              .putInt(end)
              .putInt(pack.length - TRAILER - end)
              .array();
          if (clear.contains(ByteBuffer.wrap(hash(framed, text)).getLong())) {
            ends.add(end);
          }
        }
      }
      return ends;
    }

    private static byte[] hash(MessageDigest begun, byte[] text) {
      try {
        MessageDigest digest = (MessageDigest) begun.clone();
        return digest.digest(text);
      } catch (CloneNotSupportedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
