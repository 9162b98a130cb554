package com.personalaichatbot.dr.core.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.personalaichatbot.dr.core.internal.format.Sha256;
import com.personalaichatbot.dr.core.operation.ListedKey;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.operation.WrongKeyException;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.Tampering;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.KdfParameters;
import com.personalaichatbot.dr.crypto.Secret;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Key slots and copies of FORMAT that somebody without a key adds cost nothing and change nothing.
 */
class SlotsTest {
  /** What one derivation allocates; two are more. */
  private static final long ONE_DERIVATION = TestKeys.cheapKdf().memoryKiB() * 1024L;

  private static final int PLANTED = 300;

  private final Secret one = Secret.ofPassphrase("one".toCharArray());
  private final Secret two = Secret.ofPassphrase("two".toCharArray());
  private final MemoryStorage disk = new MemoryStorage();
  private final Tampering files = Tampering.on(disk);
  private String first;

  @BeforeEach
  void create() throws IOException {
    try (BackupRepository repository = builder().create(one)) {
      first = repository.keys().list().get(0).id();
    }
  }

  @AfterEach
  void close() {
    one.close();
    two.close();
  }

  private BackupRepository.Builder builder() {
    return BackupRepository.builder(ConcurrencyTest.unclosed(disk))
        .executor(Runnable::run, 1)
        .host("host")
        .kdf(TestKeys.cheapKdf());
  }

  private static byte[] resealed(byte[] bytes) {
    byte[] sum = Sha256.of(bytes, 0, bytes.length - 32);
    System.arraycopy(sum, 0, bytes, bytes.length - 32, 32);
    return bytes;
  }

  private static String id(int number) {
    return String.format(Locale.ROOT, "%032x", number);
  }

  /** Files that look like slots in every respect, with all costs at their caps. */
  private void plant(boolean ownCost) throws IOException {
    byte[] slot = files.read("keys/" + first);
    for (int i = 0; i < PLANTED; i++) {
      byte[] planted = slot.clone();
      ByteBuffer bytes = ByteBuffer.wrap(planted);
      bytes.putLong(28, 0).putLong(36, i);
      if (ownCost) {
        bytes.put(53, (byte) 1).putInt(54, 1 << 20).putInt(58, 16).putInt(62, 16);
      } else {
        int format = 102;
        bytes.putInt(format + 92, 1 << 20).putInt(format + 96, 16).putInt(format + 100, 16);
        bytes.putInt(format + 104, i);
        byte[] its = Arrays.copyOfRange(planted, format, planted.length - 112);
        bytes.put(format, resealed(its), 0, its.length);
      }
      files.replace("keys/" + id(i), resealed(planted));
    }
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void open_hundredsOfPlantedSlots_derivesOnce(boolean ownCost) throws IOException {
    plant(ownCost);
    long before = allocated();
    builder().open(one).close();
    assertThat(allocated() - before).isBetween(ONE_DERIVATION, 2 * ONE_DERIVATION);

    before = allocated();
    assertThatExceptionOfType(WrongKeyException.class)
        .isThrownBy(() -> builder().open(two))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(2000));
    assertThat(allocated() - before).isBetween(ONE_DERIVATION, 2 * ONE_DERIVATION);
  }

  @Test
  void open_manyPassphrases_eachOpensAtOneDerivation() throws IOException {
    try (BackupRepository repository = builder().open(one)) {
      for (int i = 0; i < 5; i++) {
        try (Secret more = Secret.ofPassphrase(("more " + i).toCharArray())) {
          repository.keys().add(one, more);
        }
      }
      repository.keys().add(one, two);
    }
    long before = allocated();
    builder().open(two).close();
    assertThat(allocated() - before).isLessThan(2 * ONE_DERIVATION);
  }

  @Test
  void open_slotWithACostOfItsOwn_onlyWhenNamed() throws IOException {
    String own;
    try (BackupRepository repository = builder().open(one)) {
      own = repository.keys().add(one, two, new KdfParameters(20 * 1024, 3, 1));
    }
    assertThatExceptionOfType(WrongKeyException.class)
        .isThrownBy(() -> builder().open(two))
        .withMessageContaining(own)
        .withMessageContaining("named");
    builder().slot(own).open(two).close();
    assertThatExceptionOfType(WrongKeyException.class)
        .isThrownBy(() -> builder().slot(own).open(one));
    assertThatExceptionOfType(WrongKeyException.class)
        .isThrownBy(() -> builder().slot(id(7)).open(one))
        .withMessageContaining(id(7));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 77})
  void open_slotOfAnotherKind_isPassedOverAndKept(int kind) throws IOException {
    byte[] other = Arrays.copyOf(files.read("keys/" + first), 200);
    ByteBuffer.wrap(other).putLong(28, 0).putLong(36, kind).put(44, (byte) kind);
    files.replace("keys/" + id(kind), resealed(other));
    try (BackupRepository repository = builder().open(one)) {
      assertThat(repository.keys().list()).extracting(ListedKey::id).containsExactly(first);
      assertThat(repository.verify(VerifyOptions.readAll()).notes())
          .anyMatch(note -> note.contains(id(kind)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"FORMAT", "FORMAT.copy"})
  void open_oneOfFormatIsDamaged_theOtherStandsIn(String name) throws IOException {
    files.flip(name, 110);
    long before = allocated();
    assertThatCode(() -> builder().open(one).close()).doesNotThrowAnyException();
    assertThat(allocated() - before).isLessThan(2 * ONE_DERIVATION);
  }

  @Test
  void open_bothOfFormatAreDamaged_theSlotsStandIn() throws IOException {
    files.flip("FORMAT", 110);
    files.flip("FORMAT.copy", 20);
    long before = allocated();
    builder().open(one).close();
    assertThat(allocated() - before).isLessThan(2 * ONE_DERIVATION);
  }

  /** Both files are somebody else's: whole, and with another salt. */
  @Test
  void open_formatIsPlanted_theSlotsStandIn_andDerivationsAreFew() throws IOException {
    byte[] planted = files.read("FORMAT");
    new Random(1).nextBytes(planted);
    byte[] real = files.read("FORMAT");
    System.arraycopy(real, 0, planted, 0, 104);
    files.replace("FORMAT", resealed(planted));
    files.replace("FORMAT.copy", resealed(planted.clone()));
    long before = allocated();
    builder().open(one).close();
    assertThat(allocated() - before).isLessThan(3 * ONE_DERIVATION);
    builder().slot(first).open(one).close();

    for (int i = 0; i < 10; i++) {
      byte[] slot = files.read("keys/" + first);
      ByteBuffer.wrap(slot).putLong(28, 0).putLong(36, i).putInt(102 + 110, i);
      byte[] its = Arrays.copyOfRange(slot, 102, slot.length - 112);
      ByteBuffer.wrap(slot).put(102, resealed(its), 0, its.length);
      files.replace("keys/" + id(i), resealed(slot));
    }
    long again = allocated();
    assertThatExceptionOfType(WrongKeyException.class)
        .isThrownBy(() -> builder().open(two));
    assertThat(allocated() - again).isLessThan(4 * ONE_DERIVATION);
  }
}
