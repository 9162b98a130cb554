package com.personalaichatbot.dr.core.internal.compress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class CompressorTest {

  private static final byte GUARD = 0x5a;

  private static Dictionary dictionary;
  private static Dictionary other;

  @AutoClose
  private final Compressor zstd = new Compressor(Codec.ZSTD);

  @AutoClose
  private final Compressor deflate = new Compressor(Codec.DEFLATE);

  @BeforeAll
  static void train() throws CorruptDataException {
    dictionary = Conversations.dictionary(1);
    other = Conversations.dictionary(2);
  }

  @AfterAll
  static void freeDictionaries() {
    dictionary.close();
    other.close();
  }

  /** A way to compress. */
  private record Way(Codec codec, boolean withDictionary) {
    Dictionary with() {
      return withDictionary ? dictionary : null;
    }
  }

  static Stream<Way> ways() {
    return Stream.of(
        new Way(Codec.ZSTD, false), new Way(Codec.ZSTD, true), new Way(Codec.DEFLATE, false));
  }

  static Stream<Arguments> waysAndSizes() {
    return ways()
        .flatMap(way -> Stream.of(
                1, 3, 100, 2_000, 65_535, 65_536, 65_537, 1_048_575, 1_048_576, 1_048_577)
            .map(size -> Arguments.of(way, size)));
  }

  private Compressor compressor(Codec codec) {
    return codec == Codec.ZSTD ? zstd : deflate;
  }

  private static byte[] text(int length, long seed) {
    Random random = new Random(seed);
    byte[] text = new byte[length];
    for (int at = 0; at < length; ) {
      byte[] next = Conversations.conversation(random);
      int n = Math.min(next.length, length - at);
      System.arraycopy(next, 0, text, at, n);
      at += n;
    }
    return text;
  }

  /** The stored bytes; fails if the compressor wants them raw. */
  private byte[] compress(byte[] plain, Way way) {
    byte[] out = new byte[Compressor.bound(plain.length)];
    int stored = compressor(way.codec).compress(plain, 0, plain.length, way.with(), out, 0);
    assertThat(stored).as("stored length").isPositive();
    return Arrays.copyOf(out, stored);
  }

  private byte[] decompress(byte[] stored, Way way, int plainLength) throws CorruptDataException {
    return decompress(stored, way.codec, way.with(), plainLength);
  }

  /**
   * Decompresses between guard bytes and sees that none of them was touched, whatever the outcome.
   */
  private byte[] decompress(byte[] stored, Codec codec, Dictionary with, int plainLength)
      throws CorruptDataException {
    byte[] out = new byte[plainLength + 32];
    Arrays.fill(out, GUARD);
    try {
      compressor(codec).decompress(stored, 0, stored.length, codec, with, out, 16, plainLength);
    } finally {
      for (int i = 0; i < 16; i++) {
        if (out[i] != GUARD || out[16 + plainLength + i] != GUARD) {
          throw new AssertionError("wrote outside of the plaintext");
        }
      }
    }
    return Arrays.copyOfRange(out, 16, 16 + plainLength);
  }

  private void assertCorrupt(byte[] stored, Way way, int plainLength) {
    assertThatThrownBy(() -> decompress(stored, way, plainLength))
        .isInstanceOf(CorruptDataException.class);
  }

  @ParameterizedTest
  @MethodSource("waysAndSizes")
  void compress_anySize_comesBackOrIsStoredRaw(Way way, int size) throws CorruptDataException {
    byte[] plain = text(size, size);
    byte[] in = new byte[size + 20];
    System.arraycopy(plain, 0, in, 7, size);
    byte[] out = new byte[Compressor.bound(size) + 11];

    int stored = compressor(way.codec).compress(in, 7, size, way.with(), out, 11);

    if (size < 10) {
      assertThat(stored).isEqualTo(-1);
    } else {
      assertThat(stored).isBetween(1, size - size * 3 / 100);
      assertThat(decompress(Arrays.copyOfRange(out, 11, 11 + stored), way, size))
          .isEqualTo(plain);
    }
  }

  @ParameterizedTest
  @EnumSource(Codec.class)
  void compress_nothing_isStoredRaw(Codec codec) throws CorruptDataException {
    try (Compressor compressor = new Compressor(codec)) {
      byte[] out = new byte[Compressor.bound(0)];
      assertThat(compressor.compress(new byte[0], 0, 0, null, out, 0)).isEqualTo(-1);
      compressor.decompress(new byte[0], 0, 0, Codec.NONE, null, new byte[0], 0, 0);
    }
  }

  @ParameterizedTest
  @EnumSource(Codec.class)
  void compress_randomBytes_isStoredRaw(Codec codec) throws CorruptDataException {
    byte[] random = new byte[300_000];
    new Random(3).nextBytes(random);
    try (Compressor compressor = new Compressor(codec)) {
      byte[] out = new byte[Compressor.bound(random.length)];
      for (int size : new int[] {1, 5, 1_000, 131_072, 300_000}) {
        assertThat(compressor.compress(random, 0, size, null, out, 0)).isEqualTo(-1);
      }
      byte[] back = new byte[random.length];
      compressor.decompress(random, 0, random.length, Codec.NONE, null, back, 0, random.length);
      assertThat(back).isEqualTo(random);
    }
  }

  /** Random bytes with zeros behind, so that what is saved is known. */
  @ParameterizedTest
  @MethodSource("ways")
  void compress_gain_isWorthwhileFromThreePercent(Way way) {
    byte[] plain = new byte[100_000];
    new Random(4).nextBytes(plain);
    byte[] out = new byte[Compressor.bound(plain.length)];
    Compressor compressor = compressor(way.codec);
    Arrays.fill(plain, 97_700, 100_000, (byte) 0);
    assertThat(compressor.compress(plain, 0, plain.length, way.with(), out, 0)).isEqualTo(-1);

    Arrays.fill(plain, 96_500, 100_000, (byte) 0);
    assertThat(compressor.compress(plain, 0, plain.length, way.with(), out, 0))
        .isBetween(96_000, 97_000);
  }

  @Test
  void compress_withDictionary_smallTextTakesLessThanHalf() {
    byte[] plain = Conversations.conversation(new Random(5));

    int without = compress(plain, new Way(Codec.ZSTD, false)).length;
    int with = compress(plain, new Way(Codec.ZSTD, true)).length;

    assertThat(with).isLessThan(without / 2);
  }

  @Test
  void compress_dictionariesInTurn_eachBlobUsesItsOwn() throws CorruptDataException {
    List<byte[]> texts = Conversations.conversations(12, 6);
    Dictionary[] dictionaries = {null, dictionary, other};
    List<byte[]> stored = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      byte[] plain = texts.get(i);
      byte[] out = new byte[Compressor.bound(plain.length)];
      int length = zstd.compress(plain, 0, plain.length, dictionaries[i % 3], out, 0);
      stored.add(Arrays.copyOf(out, length));
    }
    for (int i = texts.size() - 1; i >= 0; i--) {
      byte[] plain = texts.get(i);
      assertThat(decompress(stored.get(i), Codec.ZSTD, dictionaries[i % 3], plain.length))
          .isEqualTo(plain);
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void compress_sameBytesAgain_sameStoredBytes(Way way) {
    byte[] plain = text(5_000, 7);
    byte[] first = compress(plain, way);
    compress(text(90_000, 8), way);

    assertThat(compress(plain, way)).isEqualTo(first);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void decompress_everyTruncation_isCorrupt(Way way) {
    byte[] plain = text(3_000, 10);
    byte[] stored = compress(plain, way);
    for (int length = 0; length < stored.length; length++) {
      assertCorrupt(Arrays.copyOf(stored, length), way, plain.length);
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void decompress_severalBlocksTruncated_isCorrupt(Way way) {
    byte[] plain = text(400_000, 11);
    byte[] stored = compress(plain, way);
    Random random = new Random(12);
    for (int round = 0; round < 200; round++) {
      assertCorrupt(Arrays.copyOf(stored, random.nextInt(stored.length)), way, plain.length);
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void decompress_bytesBehind_isCorrupt(Way way) {
    byte[] plain = text(3_000, 13);
    byte[] stored = compress(plain, way);
    byte[] twice = Arrays.copyOf(stored, 2 * stored.length);
    System.arraycopy(stored, 0, twice, stored.length, stored.length);

    assertCorrupt(Arrays.copyOf(stored, stored.length + 1), way, plain.length);
    assertCorrupt(twice, way, plain.length);
    assertCorrupt(twice, way, 2 * plain.length);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void decompress_otherLength_isCorrupt(Way way) {
    byte[] stored = compress(text(3_000, 14), way);
    for (int length : new int[] {0, 1, 2_999, 3_001, 100_000}) {
      assertCorrupt(stored, way, length);
    }
  }

  /** A flip may go unseen here, where nothing is authenticated; it may not do anything else. */
  @ParameterizedTest
  @MethodSource("ways")
  void decompress_flippedBits_isCorruptOrOfTheRightLength(Way way) throws CorruptDataException {
    Random random = new Random(15);
    int seen = 0;
    for (int size : new int[] {300, 3_000, 200_000}) {
      byte[] plain = text(size, size);
      byte[] stored = compress(plain, way);
      for (int round = 0; round < 500; round++) {
        byte[] damaged = stored.clone();
        for (int flips = 1 + round % 3; flips > 0; flips--) {
          damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
        }
        try {
          assertThat(decompress(damaged, way, size)).hasSize(size);
        } catch (CorruptDataException e) {
          seen++;
        }
      }
      assertThat(decompress(stored, way, size)).as("afterwards").isEqualTo(plain);
    }
    assertThat(seen).as("damages seen").isGreaterThan(150);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void decompress_anyBytes_isCorruptOrOfTheRightLength(Way way) {
    Random random = new Random(16);
    int seen = 0;
    for (int round = 0; round < 5_000; round++) {
      byte[] bytes = new byte[5 + random.nextInt(200)];
      random.nextBytes(bytes);
      if (way.codec == Codec.ZSTD) {
        // One compressed block of just that length in a small window: native code sees what
        // follows.
        bytes[0] = 0;
        bytes[1] = 0;
        int header = (bytes.length - 5) << 3 | 2 << 1 | 1;
        bytes[2] = (byte) header;
        bytes[3] = (byte) (header >>> 8);
        bytes[4] = 0;
      }
      try {
        decompress(bytes, way, 1_000);
      } catch (CorruptDataException e) {
        seen++;
      }
    }
    assertThat(seen).as("damages seen").isGreaterThan(4_500);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void decompress_bomb_isCorruptAfterTheLengthThatIsClaimed(Way way) {
    byte[] bomb = way.codec == Codec.ZSTD ? zstdBomb() : compress(new byte[32 << 20], way);

    assertThat(bomb.length).isLessThan(40_000);
    assertCorrupt(bomb, way, 100 << 10);
  }

  /** One GiB in 32 KiB: a frame of run-length blocks. */
  private static byte[] zstdBomb() {
    int blocks = 1 << 13;
    byte[] bomb = new byte[2 + 4 * blocks];
    for (int i = 0; i < blocks; i++) {
      int header = (1 << 10) << 3 | 1 << 1 | (i == blocks - 1 ? 1 : 0);
      bomb[2 + 4 * i] = (byte) header;
      bomb[3 + 4 * i] = (byte) (header >>> 8);
      bomb[4 + 4 * i] = (byte) (header >>> 16);
    }
    return bomb;
  }

  @Test
  void decompress_windowLargerThanThePlaintext_isCorrupt() throws CorruptDataException {
    byte[] plain = text(3_000, 17);
    Way way = new Way(Codec.ZSTD, false);
    byte[] stored = compress(plain, way);
    assertThat(stored[0]).as("frame header descriptor").isZero();
    assertThat(stored[1]).as("window of 4 KiB").isEqualTo((byte) (2 << 3));
    for (int window : new int[] {2 << 3 | 1, 3 << 3, 10 << 3, 31 << 3 | 7}) {
      stored[1] = (byte) window;
      assertCorrupt(stored, way, plain.length);
    }
    stored[1] = 2 << 3;
    assertThat(decompress(stored, way, plain.length)).isEqualTo(plain);
  }

  @Test
  void decompress_blockOfTheReservedTypeOrTooLarge_isCorrupt() {
    Way way = new Way(Codec.ZSTD, false);
    byte[] reserved = {0, 0, 3 << 1 | 1, 0, 0};
    byte[] large = new byte[5 + (128 << 10) + 1];
    int header = ((128 << 10) + 1) << 3 | 1;
    large[2] = (byte) header;
    large[3] = (byte) (header >>> 8);
    large[4] = (byte) (header >>> 16);

    assertCorrupt(reserved, way, 0);
    assertCorrupt(large, way, (128 << 10) + 1);
  }

  @Test
  void decompress_anyOtherDescriptor_isCorrupt() throws CorruptDataException {
    byte[] plain = text(3_000, 22);
    Way way = new Way(Codec.ZSTD, false);
    byte[] stored = compress(plain, way);
    for (int descriptor = 1; descriptor < 256; descriptor++) {
      stored[0] = (byte) descriptor;
      assertCorrupt(stored, way, plain.length);
    }
    stored[0] = 0;
    assertThat(decompress(stored, way, plain.length)).isEqualTo(plain);
  }

  @Test
  void decompress_framesOfAnotherForm_areCorrupt() {
    byte[] plain = text(3_000, 18);
    Way way = new Way(Codec.ZSTD, false);
    assertCorrupt(Zstd.compress(plain), way, plain.length);
    try (ZstdCompressCtx context = new ZstdCompressCtx()) {
      context.setMagicless(true).setContentSize(false).setChecksum(true);
      assertCorrupt(context.compress(plain), way, plain.length);
      context.setChecksum(false).setContentSize(true);
      assertCorrupt(context.compress(plain), way, plain.length);
    }
    byte[] skippable = {0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0};
    assertCorrupt(skippable, way, 0);
  }

  @Test
  void decompress_otherOrNoDictionary_neverGivesThePlaintext() throws CorruptDataException {
    byte[] plain = Conversations.conversation(new Random(19));
    byte[] stored = compress(plain, new Way(Codec.ZSTD, true));
    assertThat(decompress(stored, Codec.ZSTD, dictionary, plain.length)).isEqualTo(plain);
    for (Dictionary wrong : new Dictionary[] {null, other}) {
      byte[] got;
      try {
        got = decompress(stored, Codec.ZSTD, wrong, plain.length);
      } catch (CorruptDataException e) {
        continue;
      }
      assertThat(got).isNotEqualTo(plain);
    }
  }

  @Test
  void decompress_rawOfAnotherLength_isCorrupt() {
    byte[] stored = "abc".getBytes(UTF_8);

    for (int length : new int[] {0, 2, 4}) {
      assertThatThrownBy(
              () -> zstd.decompress(stored, 0, 3, Codec.NONE, null, new byte[9], 0, length))
          .isInstanceOf(CorruptDataException.class);
    }
  }

  @Test
  void decompress_otherCodecThanTheRepositorys_works() throws CorruptDataException {
    byte[] plain = text(3_000, 20);
    byte[] stored = compress(plain, new Way(Codec.DEFLATE, false));
    byte[] out = new byte[plain.length];

    zstd.decompress(stored, 0, stored.length, Codec.DEFLATE, null, out, 0, out.length);

    assertThat(out).isEqualTo(plain);
  }

  @Test
  void arguments_thatDoNotFit_areRefusedBeforeAnyEffect() {
    byte[] bytes = new byte[100];

    assertThatIllegalArgumentException()
        .isThrownBy(() -> deflate.compress(bytes, 0, 10, dictionary, bytes, 0));
    assertThatThrownBy(() -> zstd.compress(bytes, 0, 37, null, bytes, 0))
        .as("out is smaller than the bound")
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> zstd.compress(bytes, 91, 10, null, new byte[200], 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> zstd.decompress(bytes, 0, 10, Codec.ZSTD, null, bytes, 50, 51))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> zstd.decompress(bytes, 0, 10, Codec.ZSTD, null, bytes, 0, -1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(bytes).containsOnly(0);
  }

  @Test
  void close_twice_isQuiet() {
    compress(text(3_000, 21), new Way(Codec.ZSTD, true));
    compress(text(3_000, 21), new Way(Codec.DEFLATE, false));
    for (Compressor compressor : List.of(zstd, deflate)) {
      compressor.close();
      compressor.close();
    }
  }

  @Test
  void dictionary_usedByEightThreadsAtOnce_servesAll() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8, r -> new Thread(r, "compress"));
    try {
      List<Callable<Integer>> work = new ArrayList<>();
      for (int worker = 0; worker < 8; worker++) {
        long seed = 100 + worker;
        work.add(() -> roundTrips(seed));
      }
      int done = 0;
      for (Future<Integer> worker : threads.invokeAll(work)) {
        done += worker.get();
      }
      assertThat(done).isEqualTo(8 * 300);
    } finally {
      threads.shutdownNow();
    }
  }

  private static int roundTrips(long seed) throws CorruptDataException {
    int done = 0;
    try (Compressor compressor = new Compressor(Codec.ZSTD)) {
      for (byte[] plain : Conversations.conversations(300, seed)) {
        byte[] out = new byte[Compressor.bound(plain.length)];
        int stored = compressor.compress(plain, 0, plain.length, dictionary, out, 0);
        byte[] back = new byte[plain.length];
        compressor.decompress(out, 0, stored, Codec.ZSTD, dictionary, back, 0, back.length);
        assertThat(back).isEqualTo(plain);
        done++;
      }
    }
    return done;
  }
}
