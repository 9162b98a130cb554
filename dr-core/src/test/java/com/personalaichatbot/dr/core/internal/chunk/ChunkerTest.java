package com.personalaichatbot.dr.core.internal.chunk;

import static com.personalaichatbot.dr.core.internal.chunk.Chunker.HOLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.personalaichatbot.dr.crypto.RepositoryKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import com.personalaichatbot.dr.crypto.WindowHash;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkerTest {

  private static final int MIN = Chunker.DEFAULT_MIN;
  private static final int AVG = Chunker.DEFAULT_AVG;
  private static final int MAX = Chunker.DEFAULT_MAX;

  private static final WindowHash CUTS = keys(1).cutHash();

  private final Chunker chunker = chunker(1);

  private static RepositoryKeys keys(int number) {
    byte[] key = new byte[32];
    key[0] = (byte) number;
    try (RootKey root = RootKey.of(key)) {
      return root.derive(new byte[16], 1, 1);
    }
  }

  private static Chunker chunker(long seed) {
    return new Chunker(new Random(seed).longs(256).toArray(), CUTS, MIN, AVG, MAX);
  }

  private static byte[] random(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** The pieces of a file that lies whole in memory. */
  private static List<Integer> pieces(Chunker chunker, byte[] file) {
    List<Integer> pieces = new ArrayList<>();
    for (int at = 0; at < file.length; ) {
      int piece = chunker.next(file, at, file.length - at, true);
      add(pieces, piece);
      at += Math.abs(piece);
    }
    return pieces;
  }

  /** The pieces as a reader with a buffer of that size finds them, filling it again before each. */
  private static List<Integer> piecesFedBy(Chunker chunker, byte[] file, int bufferSize) {
    List<Integer> pieces = new ArrayList<>();
    byte[] buffer = new byte[bufferSize];
    for (int at = 0; at < file.length; ) {
      int length = Math.min(bufferSize, file.length - at);
      System.arraycopy(file, at, buffer, 0, length);
      int piece = chunker.next(buffer, 0, length, at + length == file.length);
      assertThat(piece).isNotZero().isBetween(-length, length);
      add(pieces, piece);
      at += Math.abs(piece);
    }
    return pieces;
  }

  /** Holes that touch are one. */
  private static void add(List<Integer> pieces, int piece) {
    int end = pieces.size() - 1;
    if (piece < 0 && end >= 0 && pieces.get(end) < 0) {
      pieces.set(end, pieces.get(end) + piece);
    } else {
      pieces.add(piece);
    }
  }

  private static Set<String> contents(byte[] file, List<Integer> pieces) {
    Set<String> contents = new HashSet<>();
    int at = 0;
    for (int piece : pieces) {
      contents.add(Arrays.hashCode(Arrays.copyOfRange(file, at, at + piece)) + "/" + piece);
      at += piece;
    }
    return contents;
  }

  @ParameterizedTest
  @ValueSource(
      ints = {1, 63, 64, 65_535, 65_536, 65_537, 262_144, 1_048_575, 1_048_576, 1_048_577, 5_000_000
      })
  void next_anySize_piecesAddUpToTheFileAndKeepTheBounds(int size) {
    List<Integer> pieces = pieces(chunker, random(size, size));

    assertThat(pieces.stream().mapToInt(n -> n).sum()).isEqualTo(size);
    assertThat(pieces).allSatisfy(n -> assertThat(n).isBetween(1, MAX));
    assertThat(pieces.subList(0, pieces.size() - 1))
        .allSatisfy(n -> assertThat(n).isGreaterThan(MIN));
  }

  @Test
  void next_randomData_meanSizeIsNearTheNormalSize() {
    List<Integer> pieces = pieces(chunker, random(32 << 20, 7));

    assertThat((32 << 20) / pieces.size()).isBetween(AVG, AVG + AVG / 3);
  }

  @Test
  void next_dataWithoutCutPoints_cutsAtTheMaximum() {
    byte[] constant = new byte[3 * MAX + 5];
    Arrays.fill(constant, (byte) 'x');

    assertThat(pieces(chunker, constant)).containsExactly(MAX, MAX, MAX, 5);
  }

  @Test
  void next_anyBuffer_findsTheSamePieces() {
    byte[] file = random(9_000_000, 3);
    Arrays.fill(file, 1_000_000, 1_000_000 + HOLE, (byte) 0);
    Arrays.fill(file, 3_000_000, 6_500_000, (byte) 0);
    Arrays.fill(file, 8_000_000, 8_000_000 + HOLE - 1, (byte) 0);
    Arrays.fill(file, 9_000_000 - HOLE, 9_000_000, (byte) 0);
    List<Integer> whole = pieces(chunker, file);

    assertThat(whole.stream().filter(n -> n < 0)).containsExactly(-HOLE, -3_500_000, -HOLE);
    int window = chunker.window();
    for (int size : new int[] {window, window + 1, window + HOLE - 1, 2 * window + 12_345}) {
      assertThat(piecesFedBy(chunker, file, size)).as("buffer of %d", size).isEqualTo(whole);
    }
  }

  /** Other cuts would be as good, but then every unchanged file would be stored once more. */
  @Test
  void next_knownFile_isCutWhereItAlwaysWas() {
    byte[] file = random(3_000_000, 42);
    Arrays.fill(file, 1_500_000, 1_600_000, (byte) 0);

    assertThat(pieces(chunker, file))
        .containsExactly(
            319359, 278549, 293645, 279276, 279871, 49300, -100000, 264273, 267898, 453324, 292724,
            121781);
  }

  /** Computed from the text of the format by another program. */
  @Test
  void next_fileOfTheFormatsTestVector_isCutAsItSays() throws GeneralSecurityException {
    byte[] root = new byte[32];
    byte[] repositoryId = new byte[16];
    for (int i = 0; i < 32; i++) {
      root[i] = (byte) i;
      repositoryId[i % 16] = (byte) (0x40 + i % 16);
    }
    ByteBuffer file = ByteBuffer.allocate(2 << 20);
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    for (int i = 0; file.hasRemaining(); i++) {
      file.put(sha256.digest(ByteBuffer.allocate(4).putInt(i).array()));
    }
    try (RootKey key = RootKey.of(root);
        RepositoryKeys keys = key.derive(repositoryId, 1, 1)) {
      Chunker ofVector = new Chunker(keys.gearTable(), keys.cutHash(), MIN, AVG, MAX);
      assertThat(pieces(ofVector, file.array()))
          .containsExactly(101120, 266436, 273660, 265845, 318521, 336783, 348322, 186465);
    }
  }

  /** With the table of the rolling hash alone nobody can tell where a file is cut. */
  @Test
  void next_sameTableOtherKey_otherCuts() {
    byte[] file = random(8 << 20, 4);
    long[] gear = new Random(1).longs(256).toArray();
    List<Integer> ends = ends(pieces(chunker, file));
    List<Integer> others = ends(pieces(new Chunker(gear, keys(2).cutHash(), MIN, AVG, MAX), file));
    others.retainAll(ends);

    assertThat(others).containsExactly(file.length);
  }

  @Test
  void next_sameTable_sameCutsInAnotherChunker() {
    byte[] file = random(8 << 20, 4);

    assertThat(pieces(chunker(1), file)).isEqualTo(pieces(chunker, file));
  }

  @Test
  void next_otherTable_otherCuts() {
    byte[] file = random(8 << 20, 4);
    List<Integer> ends = ends(pieces(chunker, file));
    List<Integer> others = ends(pieces(chunker(2), file));

    assertThat(ends).hasSizeGreaterThan(20);
    others.remove(Integer.valueOf(file.length));
    assertThat(ends).doesNotContainAnyElementsOf(others);
  }

  private static List<Integer> ends(List<Integer> pieces) {
    List<Integer> ends = new ArrayList<>();
    int at = 0;
    for (int piece : pieces) {
      at += piece;
      ends.add(at);
    }
    return ends;
  }

  @Test
  void constructor_tableChangedAfterwards_cutsStay() {
    long[] gear = new Random(1).longs(256).toArray();
    Chunker copied = new Chunker(gear, CUTS, MIN, AVG, MAX);
    Arrays.fill(gear, 0);
    byte[] file = random(2 << 20, 4);

    assertThat(pieces(copied, file)).isEqualTo(pieces(chunker, file));
  }

  /** Normalised sizes fall back into step after a few chunks, wherever the edit is. */
  @Test
  void next_oneByteChangedInsertedOrRemoved_fewChunksAreNew() {
    int size = 8 << 20;
    byte[] file = random(size, 5);
    Set<String> before = contents(file, pieces(chunker, file));
    Random random = new Random(6);
    for (int round = 0; round < 4; round++) {
      int at = random.nextInt(size);
      byte[] changed = file.clone();
      changed[at] ^= 0x10;
      byte[] inserted = new byte[size + 1];
      System.arraycopy(file, 0, inserted, 0, at);
      System.arraycopy(file, at, inserted, at + 1, size - at);
      byte[] removed = new byte[size - 1];
      System.arraycopy(file, 0, removed, 0, at);
      System.arraycopy(file, Math.min(at + 1, size), removed, at, size - at - 1);
      for (byte[] edited : List.of(changed, inserted, removed)) {
        Set<String> after = contents(edited, pieces(chunker, edited));
        after.removeAll(before);
        assertThat(after).as("edit at %d", at).hasSizeBetween(1, 8);
      }
    }
  }

  @Test
  void next_zeroRunOneByteShort_isData() {
    byte[] file = random(600_000, 8);
    file[99_999] = 1;
    Arrays.fill(file, 100_000, 100_000 + HOLE - 1, (byte) 0);
    file[100_000 + HOLE - 1] = 1;

    assertThat(pieces(chunker, file)).allSatisfy(n -> assertThat(n).isPositive());
  }

  /** Runs whose start, length and end lie at and beside every size that the search steps by. */
  @Test
  void next_zeroRunAtEveryBoundary_isExactlyOneHole() {
    List<Integer> around = IntStream.of(0, HOLE, 2 * HOLE, MAX - HOLE, MAX, MAX + HOLE)
        .flatMap(n -> IntStream.rangeClosed(n - 1, n + 1))
        .filter(n -> n >= 0)
        .boxed()
        .toList();
    for (int start : around) {
      for (int length : new int[] {HOLE, HOLE + 1, 2 * HOLE - 1, MAX + HOLE + 1}) {
        for (int tail : new int[] {0, 1, HOLE}) {
          byte[] file = new byte[start + length + tail];
          Arrays.fill(file, 0, start, (byte) 1);
          Arrays.fill(file, start + length, file.length, (byte) 1);

          List<Integer> whole = pieces(chunker, file);

          assertThat(holes(whole))
              .as("%d+%d+%d", start, length, tail)
              .containsExactly(start + "+" + length);
          assertThat(piecesFedBy(chunker, file, chunker.window())).isEqualTo(whole);
        }
      }
    }
  }

  private static List<String> holes(List<Integer> pieces) {
    List<String> holes = new ArrayList<>();
    int at = 0;
    for (int piece : pieces) {
      if (piece < 0) {
        holes.add(at + "+" + -piece);
      }
      at += Math.abs(piece);
    }
    return holes;
  }

  @Test
  void next_dataBesideHoles_doesNotDependOnTheSizeOfTheHole() {
    byte[] data = random(1_500_000, 9);
    data[0] = 1;
    data[data.length - 1] = 1;
    List<Integer> alone = pieces(chunker, data);
    byte[] file = new byte[3_000_000 + data.length + HOLE];
    System.arraycopy(data, 0, file, 3_000_000, data.length);

    List<Integer> pieces = pieces(chunker, file);

    assertThat(pieces.subList(1, pieces.size() - 1)).isEqualTo(alone);
  }

  @Test
  void next_bytesElsewhereInTheBuffer_areNotLookedAt() {
    byte[] file = random(700_000, 10);
    byte[] inside = new byte[2_000_000];
    System.arraycopy(file, 0, inside, 654_321, file.length);

    assertThat(chunker.next(inside, 654_321, file.length, true))
        .isEqualTo(chunker.next(file, 0, file.length, true));
  }

  @Test
  void next_tooFewBytes_isRefused() {
    byte[] buffer = new byte[2 * chunker.window()];

    assertThatIllegalArgumentException().isThrownBy(() -> chunker.next(buffer, 0, 0, true));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> chunker.next(buffer, 0, chunker.window() - 1, false));
    assertThatThrownBy(() -> chunker.next(buffer, 1, buffer.length, true))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void constructor_parametersThatDoNotFit_areRefused() {
    long[] gear = new long[256];

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Chunker(new long[255], CUTS, MIN, AVG, MAX));
    assertThatIllegalArgumentException().isThrownBy(() -> new Chunker(gear, CUTS, 63, AVG, MAX));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Chunker(gear, CUTS, MIN, AVG + 1, MAX));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Chunker(gear, CUTS, AVG * 2, AVG, MAX));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Chunker(gear, CUTS, MIN, AVG, AVG - 1));
  }
}
