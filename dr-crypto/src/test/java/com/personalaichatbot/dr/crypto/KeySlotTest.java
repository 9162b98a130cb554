package com.personalaichatbot.dr.crypto;

import static com.personalaichatbot.dr.crypto.Keys.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeySlotTest {

  private static final byte[] FORMAT = "FORMAT".getBytes(StandardCharsets.US_ASCII);
  private static final long CREATED = 1_700_000_000_000L;

  /** Made from the text of the format by another program; its passphrase is "café". */
  private static final byte[] GOLDEN =
      hex("44524b4559534c5400010001404142434445464748494a4b4c4d4e4f60616263"
          + "6465666768696a6b6c6d6e6f010000018bcfe568000100004c00000000020000"
          + "0001c0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdd"
          + "dedf00000006464f524d41541ef4ce705f9aecc084a5597e8ced6ab87a5b9254"
          + "139f5e0cba47071bb06f03a43eef457c94718843f49bd55e89373922dda0e005"
          + "7f43ecb977c3c2923e85a15844709097f86c5fc31632782ffe4a4c95a76de5b6"
          + "12df58d3530473e3bafbf398beca520951fa21d375b678f600c081e9");

  private static final int HEADER = 108;

  private static final Derivation OF_FORMAT = Derivation.of(Keys.CHEAPEST, Keys.SALT);

  @ParameterizedTest
  @ValueSource(strings = {"caf\u00e9", "cafe\u0301"})
  void unwrap_goldenSlotEitherFormOfTheLetter_givesTheRootKey(String typed) throws Exception {
    KeySlot slot = KeySlot.parse(GOLDEN);
    try (Secret passphrase = passphrase(typed);
        RootKey root = unwrap(slot, passphrase)) {
      assertThat(root.copyBytes()).isEqualTo(Keys.ROOT);
    }
  }

  @Test
  void parse_goldenSlot_givesItsFields() throws Exception {
    KeySlot slot = KeySlot.parse(GOLDEN);
    assertThat(slot.bytes()).isEqualTo(GOLDEN);
    assertThat(slot.repositoryId()).isEqualTo(Keys.REPOSITORY_ID);
    assertThat(slot.slotId()).isEqualTo(Keys.SLOT_ID);
    assertThat(slot.createdMillis()).isEqualTo(CREATED);
    assertThat(slot.formatBytes()).isEqualTo(FORMAT);
    assertThat(slot.derivation().orElseThrow().cost()).isEqualTo(Keys.CHEAPEST);
    assertThat(slot.isOfPassphrase()).isTrue();
  }

  @Test
  void create_thenParse_opensWithItsPassphraseOnly() throws Exception {
    try (RootKey root = RootKey.generate(new SecureRandom());
        Secret passphrase = passphrase("correct horse");
        Secret other = passphrase("correct horsf")) {
      KeySlot made = create(root, passphrase, FORMAT);
      assertThat(made.createdMillis()).isEqualTo(CREATED);
      KeySlot read = KeySlot.parse(made.bytes());
      assertThat(unwrap(read, passphrase).copyBytes()).isEqualTo(root.copyBytes());
      assertThatThrownBy(() -> unwrap(read, other)).isInstanceOf(WrongPassphraseException.class);
    }
  }

  @Test
  void create_twiceAlike_drawsAnotherSalt() {
    try (RootKey root = RootKey.of(Keys.ROOT);
        Secret passphrase = passphrase("p")) {
      byte[] first = create(root, passphrase, new byte[0]).bytes();
      byte[] second = create(root, passphrase, new byte[0]).bytes();
      assertThat(Arrays.copyOf(first, 66)).isEqualTo(Arrays.copyOf(second, 66));
      assertThat(Arrays.copyOfRange(first, 66, 98))
          .isNotEqualTo(Arrays.copyOfRange(second, 66, 98));
    }
  }

  @Test
  void parse_anyByteChanged_isDamaged() {
    for (int i = 0; i < GOLDEN.length; i++) {
      byte[] changed = GOLDEN.clone();
      changed[i] ^= (byte) (1 << i % 8);
      assertDamaged(changed);
    }
  }

  @Test
  void parse_anyLengthButItsOwn_isDamaged() {
    for (int length = 0; length < GOLDEN.length; length++) {
      assertDamaged(Arrays.copyOf(GOLDEN, length));
      if (length >= 32) {
        assertDamaged(resealed(Arrays.copyOf(GOLDEN, length), slot -> {}));
      }
    }
    assertDamaged(Arrays.copyOf(GOLDEN, GOLDEN.length + 1));
    assertDamaged(resealed(Arrays.copyOf(GOLDEN, GOLDEN.length + 1), slot -> {}));
    assertDamaged(resealed(new byte[KeySlot.MAX_BYTES + 1], slot -> slot.put(0, GOLDEN, 0, 12)));
    assertDamaged(resealed(GOLDEN, slot -> slot.put(7, (byte) 'X')));
    assertDamaged(resealed(GOLDEN, slot -> slot.putInt(98, 7)));
  }

  /** One derivation opens them all: what a slot costs is what its hashes cost. */
  @Test
  void unwrap_manySlotsOfOneDerivation_deriveOnce() throws Exception {
    try (RootKey root = RootKey.of(Keys.ROOT);
        Secret passphrase = passphrase("p");
        PassphraseKey key = OF_FORMAT.derive(passphrase)) {
      KeySlot.Label label = new KeySlot.Label(Keys.REPOSITORY_ID, Keys.SLOT_ID, CREATED, FORMAT);
      long before = allocated();
      for (int i = 0; i < 300; i++) {
        KeySlot slot = KeySlot.create(root, key, label, new SecureRandom());
        assertThat(slot.unwrap(key).copyBytes()).isEqualTo(Keys.ROOT);
      }
      assertThat(allocated() - before).isLessThan(Keys.CHEAPEST.memoryKiB() * 1024L);
    }
  }

  @Test
  void create_withOwnCost_saysSoAndOpens() throws Exception {
    try (RootKey root = RootKey.of(Keys.ROOT);
        Secret passphrase = passphrase("p")) {
      KdfParameters dearer = new KdfParameters(20 * 1024, 3, 2);
      Derivation own = Derivation.fresh(dearer, new SecureRandom());
      KeySlot.Label label = new KeySlot.Label(Keys.REPOSITORY_ID, Keys.SLOT_ID, CREATED, FORMAT);
      KeySlot slot;
      try (PassphraseKey key = own.derive(passphrase)) {
        slot = KeySlot.parse(KeySlot.createWithOwnCost(root, key, label).bytes());
      }
      assertThat(slot.derivation()).contains(own);
      assertThat(unwrap(slot, passphrase).copyBytes()).isEqualTo(Keys.ROOT);
      assertThat(create(root, passphrase, FORMAT).derivation()).isEmpty();
    }
  }

  /**
   * Recovery codes, recipients, and what nobody thought of yet: whole, known by name, left alone.
   */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 200})
  void parse_anotherKind_isWholeAndNotOpened(int kind) throws Exception {
    for (int length : new int[] {85, GOLDEN.length, 4000}) {
      byte[] bytes = resealed(Arrays.copyOf(GOLDEN, length), slot -> slot.put(44, (byte) kind));
      KeySlot slot = KeySlot.parse(bytes);
      assertThat(slot.kind()).isEqualTo(kind);
      assertThat(slot.isOfPassphrase()).isFalse();
      assertThat(slot.bytes()).isEqualTo(bytes);
      assertThat(slot.slotId()).isEqualTo(Keys.SLOT_ID);
      assertThat(slot.createdMillis()).isEqualTo(CREATED);
      assertThat(slot.formatBytes()).isEmpty();
      try (Secret passphrase = passphrase("caf\u00e9")) {
        assertThatThrownBy(() -> unwrap(slot, passphrase))
            .isInstanceOf(UnsupportedSlotException.class);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "version, 8, 2, 2, 2",
    "version, 8, 2, 65535, 65535",
    "suite, 10, 2, 0, 0",
    "kdf, 53, 1, 255, 255",
    "memoryKiB, 54, 4, -1, 4294967295",
    "memoryKiB, 54, 4, 1048577, 1048577",
    "memoryKiB, 54, 4, 19455, 19455",
    "memoryKiB, 54, 4, 0, 0",
    "iterations, 58, 4, -1, 4294967295",
    "iterations, 58, 4, 17, 17",
    "iterations, 58, 4, 1, 1",
    "parallelism, 62, 4, -2147483648, 2147483648",
    "parallelism, 62, 4, 17, 17",
    "parallelism, 62, 4, 0, 0",
    "formatLength, 98, 4, 4097, 4097",
    "formatLength, 98, 4, -1, 4294967295",
  })
  void parse_wholeSlotWithUnknownValue_isUnsupportedBeforeAnythingIsSpent(
      String field, int offset, int size, int value, String found) {
    byte[] slot = resealed(GOLDEN, bytes -> {
      for (int i = 0; i < size; i++) {
        bytes.put(offset + i, (byte) (value >> 8 * (size - 1 - i)));
      }
    });
    long before = allocated();
    assertThatThrownBy(() -> KeySlot.parse(slot))
        .isInstanceOf(UnsupportedSlotException.class)
        .hasMessageContaining(field)
        .hasMessageContaining(found);
    assertThat(allocated() - before).isLessThan(4 << 20);
  }

  @Test
  void parse_newerVersionOfAnotherLength_isUnsupported() {
    for (int length : new int[] {44, GOLDEN.length - 1, 5000, KeySlot.MAX_BYTES}) {
      byte[] slot = resealed(Arrays.copyOf(GOLDEN, length), bytes -> bytes.putShort(8, (short) 2));
      assertThatThrownBy(() -> KeySlot.parse(slot)).isInstanceOf(UnsupportedSlotException.class);
    }
  }

  /** Who repairs the checksum changes a field that the key depends on: nothing opens. */
  @ParameterizedTest
  @ValueSource(ints = {12, 28, 52, 57, 61, 66, 97, 102, HEADER + 48, HEADER + 79})
  void unwrap_headerOrCommitmentForged_isAWrongPassphrase(int offset) throws Exception {
    KeySlot slot =
        KeySlot.parse(resealed(GOLDEN, bytes -> bytes.put(offset, (byte) (bytes.get(offset) ^ 1))));
    try (Secret passphrase = passphrase("caf\u00e9")) {
      assertThatThrownBy(() -> unwrap(slot, passphrase))
          .isInstanceOf(WrongPassphraseException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {HEADER, HEADER + 31, HEADER + 47})
  void unwrap_wrappedKeyForged_isDamaged(int offset) throws Exception {
    KeySlot slot =
        KeySlot.parse(resealed(GOLDEN, bytes -> bytes.put(offset, (byte) (bytes.get(offset) ^ 1))));
    try (Secret passphrase = passphrase("caf\u00e9")) {
      assertThatThrownBy(() -> unwrap(slot, passphrase)).isInstanceOf(DamagedSlotException.class);
    }
  }

  @Test
  void parseAndAccessors_callersArrays_areCopies() throws Exception {
    byte[] bytes = GOLDEN.clone();
    KeySlot slot = KeySlot.parse(bytes);
    Arrays.fill(bytes, (byte) 0);
    Arrays.fill(slot.bytes(), (byte) 0);
    Arrays.fill(slot.slotId(), (byte) 0);
    Arrays.fill(slot.repositoryId(), (byte) 0);
    Arrays.fill(slot.formatBytes(), (byte) 0);
    assertThat(slot.bytes()).isEqualTo(GOLDEN);
  }

  @Test
  void create_longestFormat_isReadBack() throws Exception {
    try (RootKey root = RootKey.of(Keys.ROOT);
        Secret passphrase = passphrase("p")) {
      KeySlot slot = create(root, passphrase, new byte[KeySlot.MAX_FORMAT_BYTES]);
      assertThat(KeySlot.parse(slot.bytes()).formatBytes()).hasSize(KeySlot.MAX_FORMAT_BYTES);
      assertThatThrownBy(() -> create(root, passphrase, new byte[KeySlot.MAX_FORMAT_BYTES + 1]))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void createAndUnwrap_badArguments_areRefused() throws Exception {
    RootKey root = RootKey.of(Keys.ROOT);
    Secret passphrase = passphrase("p");
    byte[] id = new byte[16];
    assertThatThrownBy(() -> new KeySlot.Label(new byte[15], id, 0, FORMAT))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new KeySlot.Label(id, new byte[17], 0, FORMAT))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> KeySlot.parse(null)).isInstanceOf(NullPointerException.class);
    passphrase.close();
    assertThatThrownBy(() -> create(root, passphrase, FORMAT))
        .isInstanceOf(IllegalStateException.class);
    KeySlot golden = KeySlot.parse(GOLDEN);
    assertThatThrownBy(() -> unwrap(golden, passphrase)).isInstanceOf(IllegalStateException.class);
    root.close();
    assertThatThrownBy(() -> create(root, passphrase("p"), FORMAT))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void kdfParameters_limits_areInclusive() {
    assertThatCode(() -> new KdfParameters(19456, 2, 1)).doesNotThrowAnyException();
    assertThatCode(() -> new KdfParameters(1 << 20, 16, 16)).doesNotThrowAnyException();
    assertThat(KdfParameters.recommended()).isEqualTo(new KdfParameters(65536, 3, 1));
    int[][] outside = {
      {19455, 2, 1},
      {(1 << 20) + 1, 2, 1},
      {-1, 2, 1},
      {19456, 1, 1},
      {19456, 17, 1},
      {19456, 2, 0},
      {19456, 2, 17}
    };
    for (int[] cost : outside) {
      assertThatThrownBy(() -> new KdfParameters(cost[0], cost[1], cost[2]))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  /** An ordinary slot, of the derivation that FORMAT would name. */
  private static KeySlot create(RootKey root, Secret passphrase, byte[] format) {
    try (PassphraseKey key = OF_FORMAT.derive(passphrase)) {
      KeySlot.Label label = new KeySlot.Label(Keys.REPOSITORY_ID, Keys.SLOT_ID, CREATED, format);
      return KeySlot.create(root, key, label, new SecureRandom());
    } catch (TooLittleMemoryException e) {
      throw new AssertionError(e);
    }
  }

  private static RootKey unwrap(KeySlot slot, Secret passphrase) throws CryptoException {
    try (PassphraseKey key = slot.derivation().orElse(OF_FORMAT).derive(passphrase)) {
      return slot.unwrap(key);
    }
  }

  private static Secret passphrase(String text) {
    return Secret.ofPassphrase(text.toCharArray());
  }

  private static void assertDamaged(byte[] slot) {
    assertThatThrownBy(() -> KeySlot.parse(slot)).isInstanceOf(DamagedSlotException.class);
  }

  /** A changed copy with a checksum that is right again, as a forger would make it. */
  private static byte[] resealed(byte[] slot, Consumer<ByteBuffer> change) {
    byte[] changed = slot.clone();
    change.accept(ByteBuffer.wrap(changed));
    MessageDigest sha256 = Jce.sha256();
    sha256.update(changed, 0, changed.length - 32);
    System.arraycopy(sha256.digest(), 0, changed, changed.length - 32, 32);
    return changed;
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getThreadAllocatedBytes(Thread.currentThread().getId());
  }
}
