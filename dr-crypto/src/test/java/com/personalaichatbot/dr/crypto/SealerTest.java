package com.personalaichatbot.dr.crypto;

import static com.personalaichatbot.dr.crypto.Keys.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealerTest {

  private static final byte[] AAD = "associated".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] PLAIN = "stored bytes".getBytes(StandardCharsets.US_ASCII);

  @Test
  void seal_goldenKeys_givesTheGoldenBytes() {
    Sealer sealer = Keys.sealer();
    byte[] sealed = new byte[PLAIN.length + Sealer.OVERHEAD];
    long tail = sealer.seal(7, AAD, PLAIN, 0, PLAIN.length, sealed, 0);
    assertThat(hex(sealer.commitment()))
        .isEqualTo("ff2eed3d1dcc025e6b46171083ed8d6e8cdb298aff5b42ad290d25ea06bfd50e");
    assertThat(tail).isEqualTo(0x2bd6061c146478a3L);
    assertThat(hex(sealed)).isEqualTo("71c98e64daa2f2a2385a7e6f928a19f6dbf074f454845011c8b751fb");
  }

  /** Test case 16 of McGrew and Viega, The Galois/Counter Mode of Operation. */
  @Test
  void seal_testCaseOfTheGcmPaper_matches() {
    byte[] key = hex("feffe9928665731c6d6a8f9467308308".repeat(2));
    byte[] nonce = hex("cafebabefacedbaddecaf888");
    byte[] aad = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    byte[] plain = hex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
    byte[] sealed = new byte[plain.length + Sealer.OVERHEAD];
    Keys.sealerWithNonce(key, nonce, 5, aad, plain).seal(5, aad, plain, 0, plain.length, sealed, 0);
    assertThat(hex(sealed))
        .isEqualTo("522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
            + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
            + "76fc6ece0f4e1768cddf8853bb2d551b");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 15, 16, 17, 2047, 2048, 2049, 4096, 6145, 100_000, 1 << 20})
  void open_whatWasSealed_givesItBack(int length) throws Exception {
    byte[] plain = random(length);
    byte[] sealed = new byte[length + Sealer.OVERHEAD + 9];
    byte[] back = new byte[length + 4];
    long tail = Keys.sealer().seal(-1, AAD, plain, 0, length, sealed, 5);
    Sealer reader = Keys.sealer();
    int opened = reader.open(-1, tail, AAD, sealed, 5, length + Sealer.OVERHEAD, back, 3);
    assertThat(opened).isEqualTo(length);
    assertThat(Arrays.copyOfRange(back, 3, 3 + length)).isEqualTo(plain);
    assertThat(Arrays.copyOf(sealed, 5)).containsOnly(0);
    assertThat(Arrays.copyOfRange(sealed, sealed.length - 4, sealed.length)).containsOnly(0);
    assertThat(Arrays.copyOf(back, 3)).containsOnly(0);
    assertThat(back[back.length - 1]).isZero();
  }

  @Test
  void sealAndOpen_oneSealerInTurns_keepsNoTrace() throws Exception {
    Sealer sealer = Keys.sealer();
    byte[] back = new byte[5000];
    for (int number = 0; number < 50; number++) {
      byte[] plain = random(number * 100);
      byte[] sealed = new byte[plain.length + Sealer.OVERHEAD];
      long tail = sealer.seal(number, AAD, plain, 0, plain.length, sealed, 0);
      sealed[0] ^= 1;
      int n = number;
      assertThatThrownBy(() -> sealer.open(n, tail, AAD, sealed, 0, sealed.length, back, 0))
          .isInstanceOf(AuthenticationException.class);
      sealed[0] ^= 1;
      assertThat(sealer.open(number, tail, AAD, sealed, 0, sealed.length, back, 0))
          .isEqualTo(plain.length);
      assertThat(Arrays.copyOf(back, plain.length)).isEqualTo(plain);
    }
  }

  @Test
  void open_anyByteChanged_failsAndLeavesZeros() {
    Sealer sealer = Keys.sealer();
    byte[] plain = random(100);
    byte[] sealed = new byte[116];
    long tail = sealer.seal(3, AAD, plain, 0, 100, sealed, 0);
    for (int i = 0; i < sealed.length; i++) {
      byte[] changed = sealed.clone();
      changed[i] ^= (byte) (1 << i % 8);
      assertRefused(sealer, 3, tail, AAD, changed, changed.length);
    }
    for (int i = 0; i < AAD.length; i++) {
      byte[] changed = AAD.clone();
      changed[i] ^= (byte) (1 << i % 8);
      assertRefused(sealer, 3, tail, changed, sealed, sealed.length);
    }
    for (int bit = 0; bit < 64; bit++) {
      assertRefused(sealer, 3, tail ^ 1L << bit, AAD, sealed, sealed.length);
    }
    for (int bit = 0; bit < 32; bit++) {
      assertRefused(sealer, 3 ^ 1 << bit, tail, AAD, sealed, sealed.length);
    }
    for (int length = 0; length < sealed.length; length++) {
      assertRefused(sealer, 3, tail, AAD, sealed, length);
    }
  }

  @Test
  void open_otherContainer_fails() {
    byte[] sealed = new byte[PLAIN.length + Sealer.OVERHEAD];
    Sealer sealer = Keys.sealer();
    long tail = sealer.seal(0, AAD, PLAIN, 0, PLAIN.length, sealed, 0);
    Sealer other = Keys.repository().lookup().newSealer(Keys.SALT, "pack");
    assertRefused(other, 0, tail, AAD, sealed, sealed.length);
    assertThat(other.committedBy(sealer.commitment(), 0)).isFalse();
  }

  @Test
  void committedBy_anyBitChanged_isFalse() {
    Sealer sealer = Keys.sealer();
    byte[] framed = new byte[40];
    System.arraycopy(sealer.commitment(), 0, framed, 8, 32);
    assertThat(Keys.sealer().committedBy(framed, 8)).isTrue();
    for (int bit = 0; bit < 256; bit++) {
      framed[8 + bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(sealer.committedBy(framed, 8)).isFalse();
      framed[8 + bit / 8] ^= (byte) (1 << bit % 8);
    }
    assertThatThrownBy(() -> sealer.committedBy(framed, 9))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  /** Invariant 6: the sealer and its clone see other plaintexts under the same numbers. */
  @Test
  void seal_clonedSealerOtherPlaintext_neverRepeatsANonce() {
    Sealer[] clones = {Keys.sealer(), Keys.sealer(), Keys.sealer()};
    Random random = new Random(7);
    Map<String, String> sealedUnder = new HashMap<>();
    byte[] out = new byte[64];
    int repeated = 0;
    for (int i = 0; i < 60_000; i++) {
      Sealer sealer = clones[i % clones.length];
      int number = i / clones.length % 1000;
      byte[] plain = {(byte) random.nextInt(), (byte) random.nextInt()};
      byte[] aad = {(byte) random.nextInt(4)};
      long tail = sealer.seal(number, aad, plain, 0, plain.length, out, 0);
      String content = number + " " + hex(aad) + " " + hex(plain);
      String before = sealedUnder.put(hex(sealer.nonce(number, tail)), content);
      assertThat(before).isIn(null, content);
      repeated += before == null ? 0 : 1;
    }
    assertThat(repeated)
        .as("the same content came twice, so the map does compare")
        .isPositive();
    assertThat(sealedUnder.size() + repeated).isEqualTo(60_000);
  }

  @Test
  void seal_sameBlobTwiceRunning_givesTheSameBytes() {
    Sealer sealer = Keys.sealer();
    byte[] first = new byte[PLAIN.length + Sealer.OVERHEAD];
    byte[] second = new byte[PLAIN.length + Sealer.OVERHEAD];
    long tail = sealer.seal(1, AAD, PLAIN, 0, PLAIN.length, first, 0);
    assertThat(sealer.seal(1, AAD, PLAIN, 0, PLAIN.length, second, 0)).isEqualTo(tail);
    assertThat(second).isEqualTo(first);
  }

  @Test
  void sealAndOpen_badArguments_areRefusedBeforeAnyEffect() {
    Sealer sealer = Keys.sealer();
    byte[] bytes = new byte[100];
    byte[] out = new byte[100];
    assertThatThrownBy(() -> sealer.seal(0, AAD, bytes, 0, 85, out, 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> sealer.seal(0, AAD, bytes, 50, 51, out, 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> sealer.seal(0, AAD, bytes, 0, 10, out, 75))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> sealer.seal(0, AAD, bytes, 0, -1, out, 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> sealer.open(0, 0, AAD, bytes, 0, 100, out, 17))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> sealer.seal(0, AAD, bytes, 0, 10, bytes, 5))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> sealer.open(0, 0, AAD, bytes, 0, 40, bytes, 10))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> sealer.seal(0, null, bytes, 0, 10, out, 0))
        .isInstanceOf(NullPointerException.class);
    assertThat(bytes).containsOnly(0);
    assertThat(out).containsOnly(0);
  }

  @Test
  void seal_anotherPartOfTheSameArray_isAllowed() throws Exception {
    byte[] bytes = random(100);
    byte[] plain = Arrays.copyOf(bytes, 40);
    long tail = Keys.sealer().seal(0, AAD, bytes, 0, 40, bytes, 40);
    Arrays.fill(bytes, 0, 40, (byte) 0);
    Keys.sealer().open(0, tail, AAD, bytes, 40, 56, bytes, 0);
    assertThat(Arrays.copyOf(bytes, 40)).isEqualTo(plain);
  }

  @Test
  void close_afterwards_keyIsWipedAndUseIsRefused() {
    SealMaterial material = SealMaterial.derive(Keys.ROOT, Keys.SALT, AAD);
    Sealer sealer = new Sealer(material);
    byte[] out = new byte[100];
    sealer.seal(0, AAD, PLAIN, 0, PLAIN.length, out, 0);
    sealer.close();
    sealer.close();
    assertThat(material.nonce).containsOnly(0);
    assertThat(material.tailKey).containsOnly(0);
    assertThat(material.key.isDestroyed()).isTrue();
    assertThat(material.key.view()).containsOnly(0);
    assertThatThrownBy(() -> sealer.seal(0, AAD, PLAIN, 0, 3, out, 0))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> sealer.open(0, 0, AAD, out, 0, 30, new byte[30], 0))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(material.key::getEncoded).isInstanceOf(IllegalStateException.class);
  }

  private static void assertRefused(
      Sealer sealer, int number, long tail, byte[] aad, byte[] sealed, int length) {
    byte[] out = new byte[200];
    Arrays.fill(out, (byte) 0x55);
    assertThatThrownBy(() -> sealer.open(number, tail, aad, sealed, 0, length, out, 10))
        .isInstanceOf(AuthenticationException.class)
        .hasNoCause();
    int end = 10 + Math.max(0, length - Sealer.OVERHEAD);
    for (int i = 0; i < out.length; i++) {
      assertThat(out[i]).isEqualTo(i >= 10 && i < end ? (byte) 0 : (byte) 0x55);
    }
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }
}
