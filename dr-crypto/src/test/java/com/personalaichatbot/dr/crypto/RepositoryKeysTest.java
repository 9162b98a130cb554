package com.personalaichatbot.dr.crypto;

import static com.personalaichatbot.dr.crypto.Keys.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.personalaichatbot.dr.crypto.RepositoryKeys.Purpose;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class RepositoryKeysTest {

  private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);

  @Test
  void derive_goldenRoot_givesTheGoldenKeys() {
    Map<Purpose, String> golden = new EnumMap<>(Purpose.class);
    golden.put(Purpose.ID, "1240c1f62ee0686109a50fd0589bff88a24e85843f3cb3892567a3d2c11dc2de");
    golden.put(Purpose.CHUNK, "b911b124534cb6a261974dea2087a39f4d803398dbc1c5d1df689766f903072b");
    golden.put(Purpose.TREE, "6fd105372036068ff2fadc0d13422a5231bb57d836e821fa0db3bd09ed2df5c1");
    golden.put(Purpose.FORMAT, "d2b9a6361d724eff78cbc3a41cbc56f6457b2872d7069743b5387d90817f56e5");
    golden.put(Purpose.CLIENT, "ec038f766b9f2879dc916fbf0db120e21ce2f05d70b78960671d2fc38d47c739");
    golden.put(Purpose.TAG, "17bf34d35a6ef3ff166417998cbb0d1dd5a170b7ede356fe94f19cf466f37bf6");
    golden.put(Purpose.ENTRY, "b341597bf5e3c320739fe4551873f4fedf89b49b492c44140a7c666c3970c20f");
    golden.put(Purpose.DATA, "9ff95b06a10cec095d1ea1aa93297e12def682d232ea653675bd9cb90f1f7cee");
    golden.put(Purpose.LOOKUP, "e168c1fbf2f19050198940a670d84e31742febd846e5b26226a81f73d142e394");
    RepositoryKeys keys = Keys.repository();
    assertThat(golden).hasSameSizeAs(Purpose.values());
    golden.forEach((purpose, expected) ->
        assertThat(hex(keys.key(purpose).copyBytes())).as("%s", purpose).isEqualTo(expected));
  }

  @Test
  void hashersAndMacs_goldenRoot_giveTheGoldenValues() {
    RepositoryKeys keys = Keys.repository();
    assertThat(keys.newIdHasher().id(1, HELLO))
        .hasToString("424463dc6be2b7034f85c3c7bde817d3a573a0cee9196c6c1e537967ae3f921c");
    NameHasher names = keys.newNameHasher();
    assertThat(names.hash(HELLO)).isEqualTo(0xdf404705539f66c3L).isEqualTo(names.hash(HELLO));
    assertThat(hex(keys.formatMac(("<hello>").getBytes(StandardCharsets.US_ASCII), 1, 5)))
        .isEqualTo("b798670011b5a413d4281be7fb43e3d384218c8305f943423a126a59101b5a06");
    assertThat(hex(keys.clientTag(HELLO)))
        .isEqualTo("fa18887bbe6c0f4f8d0c68ce686db8440e268d90c7a8dbdad1b8eb21e0852f47");
    assertThat(hex(keys.entryMac(HELLO)))
        .isEqualTo("fac1030973d00fc1953e8d12e12d32f7000bb0e243c11e323f3b149f75506fcc");
    assertThat(keys.cutHash().hash(Keys.counting(0, 64), 0, 64)).isEqualTo(0xd3fce3cfd1aad722L);
    long[] gears = keys.gearTable();
    assertThat(gears).hasSize(256).doesNotHaveDuplicates();
    assertThat(gears[0]).isEqualTo(0xaa7c2b125e9163d1L);
    assertThat(gears[255]).isEqualTo(0x7b2562dbb3232459L);
    ByteBuffer bytes = ByteBuffer.allocate(2048);
    bytes.asLongBuffer().put(gears);
    assertThat(hex(Jce.sha256().digest(bytes.array())))
        .isEqualTo("432e08b3f47b599f3f41fc8b5461329eeeaef5dfd61b1acfb7c0004ad032c5fb");
  }

  @Test
  void info_allPurposes_noneBeginsAnother() {
    List<byte[]> infos = new ArrayList<>();
    List<byte[]> labels = new ArrayList<>();
    for (Purpose purpose : Purpose.values()) {
      byte[] info = purpose.info(0, 0);
      infos.add(info);
      labels.add(Arrays.copyOf(info, new String(info, StandardCharsets.ISO_8859_1).indexOf(0)));
    }
    infos.add("dr1/gear\0".getBytes(StandardCharsets.US_ASCII));
    infos.add("dr1/slot\0".getBytes(StandardCharsets.US_ASCII));
    infos.add("dr1/cut\0".getBytes(StandardCharsets.US_ASCII));
    assertPrefixFree(infos);
    assertPrefixFree(labels);
  }

  @Test
  void derive_anyChangedInput_changesExactlyTheKeysItShould() {
    Set<String> all = new HashSet<>();
    byte[] otherRoot = Keys.ROOT.clone();
    otherRoot[31] ^= 1;
    byte[] otherId = Keys.REPOSITORY_ID.clone();
    otherId[0] ^= 1;
    RepositoryKeys keys = Keys.repository();
    RepositoryKeys otherEpoch = RootKey.of(Keys.ROOT).derive(Keys.REPOSITORY_ID, 1, 2);
    List<RepositoryKeys> unrelated = List.of(
        keys,
        RootKey.of(otherRoot).derive(Keys.REPOSITORY_ID, 1, 1),
        RootKey.of(Keys.ROOT).derive(otherId, 1, 1),
        RootKey.of(Keys.ROOT).derive(Keys.REPOSITORY_ID, 2, 1));
    for (RepositoryKeys each : unrelated) {
      for (Purpose purpose : Purpose.values()) {
        assertThat(all.add(hex(each.key(purpose).copyBytes())))
            .as("%s", purpose)
            .isTrue();
      }
    }
    for (Purpose purpose : Purpose.values()) {
      boolean same = keys.key(purpose).matches(otherEpoch.key(purpose));
      assertThat(same)
          .as("%s", purpose)
          .isEqualTo(purpose != Purpose.DATA && purpose != Purpose.LOOKUP);
    }
  }

  @Test
  void newSealer_anyChangedInput_givesAnotherKey() {
    RepositoryKeys keys = Keys.repository();
    byte[] otherSalt = Keys.SALT.clone();
    otherSalt[31] ^= 1;
    List<Sealer> sealers = List.of(
        keys.data().newSealer(Keys.SALT, "pack"),
        keys.data().newSealer(otherSalt, "pack"),
        keys.data().newSealer(Keys.SALT, "pack2"),
        keys.lookup().newSealer(Keys.SALT, "pack"),
        keys.client().newSealer(Keys.SALT, "pack"));
    Set<String> commitments = new HashSet<>();
    Set<String> nonces = new HashSet<>();
    for (Sealer sealer : sealers) {
      commitments.add(hex(sealer.commitment()));
      nonces.add(hex(sealer.nonce(0, 0)));
    }
    assertThat(commitments).hasSameSizeAs(sealers);
    assertThat(nonces).hasSameSizeAs(sealers);
  }

  @Test
  void derive_eightThreadsAtOnce_givesEachTheSameKeys() throws Exception {
    RootKey root = RootKey.of(Keys.ROOT);
    RepositoryKeys shared = Keys.repository();
    String expected = describe(Keys.repository(), Keys.repository());
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<Set<String>>> tasks = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        tasks.add(() -> {
          Set<String> seen = new HashSet<>();
          for (int round = 0; round < 20; round++) {
            seen.add(describe(root.derive(Keys.REPOSITORY_ID, 1, 1), shared));
          }
          return seen;
        });
      }
      for (Future<Set<String>> seen : threads.invokeAll(tasks)) {
        assertThat(seen.get()).containsExactly(expected);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void close_afterwards_keysAreZeroAndUseIsRefused() {
    RootKey root = RootKey.of(Keys.ROOT);
    RepositoryKeys keys = root.derive(Keys.REPOSITORY_ID, 1, 1);
    SealKey data = keys.data();
    IdHasher ids = keys.newIdHasher();
    KeyedId before = ids.id(1, HELLO);
    root.close();
    assertThatThrownBy(() -> root.derive(Keys.REPOSITORY_ID, 1, 1))
        .isInstanceOf(IllegalStateException.class);
    assertThat(keys.formatMac(HELLO, 0, 5)).hasSize(32);
    keys.close();
    keys.close();
    for (Purpose purpose : Purpose.values()) {
      assertThat(keys.key(purpose).view()).containsOnly(0);
    }
    List<Runnable> uses = List.of(
        keys::newIdHasher,
        keys::newNameHasher,
        keys::gearTable,
        keys::cutHash,
        () -> keys.formatMac(HELLO, 0, 5),
        () -> keys.clientTag(HELLO),
        () -> data.newSealer(Keys.SALT, "pack"));
    for (Runnable use : uses) {
      assertThatThrownBy(use::run).isInstanceOf(IllegalStateException.class);
    }
    assertThat(ids.id(1, HELLO)).isEqualTo(before);
  }

  @Test
  void deriveAndNewSealer_badArguments_areRefused() {
    RootKey root = RootKey.of(Keys.ROOT);
    SealKey data = Keys.repository().data();
    List<Runnable> uses = List.of(
        () -> RootKey.of(new byte[31]),
        () -> root.derive(new byte[15], 1, 1),
        () -> root.derive(new byte[16], -1, 1),
        () -> root.derive(new byte[16], 0x10000, 1),
        () -> root.derive(new byte[16], 1, -1),
        () -> data.newSealer(new byte[31], "pack"),
        () -> data.newSealer(new byte[32], ""),
        () -> data.newSealer(new byte[32], "a b"),
        () -> data.newSealer(new byte[32], "a\0b"),
        () -> data.newSealer(new byte[32], "caf\u00e9"),
        () -> data.newSealer(new byte[32], "x".repeat(65)));
    for (Runnable use : uses) {
      assertThatThrownBy(use::run).isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static String describe(RepositoryKeys fresh, RepositoryKeys shared) {
    StringBuilder text = new StringBuilder();
    for (Purpose purpose : Purpose.values()) {
      text.append(hex(fresh.key(purpose).copyBytes()));
    }
    text.append(Arrays.hashCode(shared.gearTable()));
    text.append(hex(shared.clientTag(HELLO))).append(shared.newIdHasher().id(1, HELLO));
    text.append(hex(shared.lookup().newSealer(Keys.SALT, "index").commitment()));
    return text.toString();
  }

  private static void assertPrefixFree(List<byte[]> all) {
    for (byte[] a : all) {
      for (byte[] b : all) {
        boolean prefix = a.length <= b.length && Arrays.equals(a, Arrays.copyOf(b, a.length));
        assertThat(prefix).as("%s begins %s", hex(a), hex(b)).isEqualTo(a == b);
      }
    }
  }
}
