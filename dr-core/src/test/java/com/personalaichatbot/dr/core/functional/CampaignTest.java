package com.personalaichatbot.dr.core.functional;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.PruneOptions;
import com.personalaichatbot.dr.core.operation.PrunePlan;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.RetentionPolicy;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StoredFile;
import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyStorage;
import com.personalaichatbot.dr.core.testkit.SettableClock;
import com.personalaichatbot.dr.core.testkit.StorageCall;
import com.personalaichatbot.dr.core.testkit.Tampering;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import com.personalaichatbot.dr.crypto.Secret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The campaign: every byte flipped and every file lost, in a repository that holds every kind of
 * object, and every read and every call that fails once, under every verb. Afterwards the
 * repository is healed from a whole copy, and every snapshot that nobody removed restores equal.
 *
 * <p>A verb may fail or succeed, but it fails by an {@link IOException} only, what it acknowledged
 * is there, and it never deletes what a kept snapshot needs. Of the bytes some are taken; with
 * {@code -Pcampaign} all of them are, but for the interiors of large blobs.
 */
class CampaignTest {
  private static final boolean WHOLE = Boolean.getBoolean("dr.campaign");

  /** Every so manyeth byte, and every so manyeth in the interior of a file above 4 KiB. */
  private static final int STEP = WHOLE ? 1 : 251;

  private static final int INTERIOR_STEP = WHOLE ? 61 : 2003;
  private static final int EDGE = 2048;
  private static final int CALL_STEP = WHOLE ? 1 : 7;

  private static final VerifyOptions ALL = VerifyOptions.readAll();
  private static final BackupOptions SCHEDULED = BackupOptions.of(Purpose.SCHEDULED);

  @AutoClose
  private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());

  @AutoClose
  private final RootKey root = TestKeys.root();

  private final SettableClock clock = SettableClock.at(Instant.parse("2026-03-01T00:00:00Z"));
  private final Path data = files.getPath("/data");
  private final Map<Long, SnapshotId> positions = new HashMap<>();
  private MemoryStorage original;
  private MemoryStorage copy;
  private Map<String, String> stored;
  private int clients;

  /** An operation while the fault is there. */
  private enum Verb {
    BACKUP,
    VERIFY,
    PRUNE,
    FORGET,
    COPY,
    HEAL
  }

  @BeforeEach
  void fill() throws IOException {
    Files.createDirectories(data.resolve("sub/deep"));
    Files.writeString(data.resolve("sub/first"), "only in the first snapshot".repeat(3));
    Files.writeString(data.resolve("sub/deep/always"), "in all of them".repeat(20));
    writeWithHoles(data.resolve("holes"));
    original = new MemoryStorage();
    copy = new MemoryStorage();
    try (BackupRepository repository =
        builder(original).state(files.getPath("/state")).create(root)) {
      backUp(repository);
      Files.delete(data.resolve("sub/first"));
      for (int i = 0; i < 3; i++) {
        Files.writeString(data.resolve("sub/f" + i), "new in the second " + i);
      }
      backUp(repository);
      repository.verify(ALL);
      Files.writeString(data.resolve("sub/f0"), "changed in the third");
      backUp(repository);
      assertThat(repository.copies().copyTo(copy, ALL).isWhole()).isTrue();
      List<Snapshot> snapshots = repository.snapshots();
      assertThat(snapshots).hasSize(3);
    }
    original = clone(original);
    copy = clone(copy);
    stored = Readback.of(original, root);
    assertThat(stored).doesNotContainValue(Readback.LOST).hasSizeGreaterThan(12);
    List<Long> at =
        stored.keySet().stream().map(CampaignTest::position).distinct().sorted().toList();
    try (BackupRepository repository = builder(clone(original)).open(root)) {
      for (int i = 0; i < at.size(); i++) {
        positions.put(at.get(i), repository.snapshots().get(i).id());
      }
    }
  }

  /** More extents than are in an entry, so that there is a content map. */
  private static void writeWithHoles(Path file) throws IOException {
    try (var channel =
        Files.newByteChannel(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (int i = 0; i < 18; i++) {
        channel.write(ByteBuffer.allocate(1 << 17));
        channel.write(ByteBuffer.wrap(new byte[] {1, 2, (byte) i, 4}));
      }
    }
  }

  private BackupRepository.Builder builder(Storage storage) {
    return BackupRepository.builder(storage).clock(clock).host("here").executor(Runnable::run, 1);
  }

  /** A client that remembers the history as it was: nobody else can miss its newest entry. */
  private BackupRepository.Builder client(Storage storage) throws IOException {
    Path state = files.getPath("/state" + clients++);
    try (Stream<Path> all = Files.walk(files.getPath("/state"))) {
      for (Path from : (Iterable<Path>) all::iterator) {
        Files.copy(from, state.resolve(files.getPath("/state").relativize(from).toString()));
      }
    }
    return builder(storage).state(state);
  }

  private List<Component> components() {
    return List.of(Component.directory("data", Kind.CUSTOM, data));
  }

  private SnapshotId backUp(BackupRepository repository) throws IOException {
    clock.advance(Duration.ofHours(1));
    return repository.backUp(components(), SCHEDULED).snapshot().orElseThrow().id();
  }

  private static MemoryStorage clone(MemoryStorage storage) {
    return storage.crash(name -> true);
  }

  private static long position(String key) {
    return Long.parseLong(key.substring(0, key.indexOf(':')));
  }

  /** The promises that a run of a verb acknowledged, or may have made without saying so. */
  private final class Outcome {
    private final Set<SnapshotId> removed = new HashSet<>();
    private final List<SnapshotId> added = new ArrayList<>();
    private IOException failure;
  }

  /** Runs a verb on a storage; whatever it throws but an IOException fails the test. */
  private Outcome run(Verb verb, Storage storage, MemoryStorage target) {
    Outcome outcome = new Outcome();
    try (BackupRepository repository = client(storage).open(root)) {
      switch (verb) {
        case BACKUP -> outcome.added.add(backUp(repository));
        case VERIFY -> repository.verify(ALL);
        case PRUNE ->
          remove(
              repository,
              repository.planPrune(RetentionPolicy.none().keepLast(1), true, NOW),
              outcome);
        case FORGET ->
          remove(
              repository,
              repository.planForget(Set.of(repository.snapshots().get(0).id()), NOW),
              outcome);
        case COPY -> repository.copies().copyTo(target, ALL);
        case HEAL -> healFrom(target, storage);
      }
    } catch (IOException e) {
      outcome.failure = e;
    } catch (IndexOutOfBoundsException e) {
      // Forget found no snapshot: the history was damaged, and says so elsewhere.
      assertThat(verb).isEqualTo(Verb.FORGET);
    }
    return outcome;
  }

  private static final PruneOptions NOW = PruneOptions.NOW;

  private static void remove(BackupRepository repository, PrunePlan plan, Outcome outcome)
      throws IOException {
    plan.removed().forEach(decision -> outcome.removed.add(decision.id()));
    repository.prune(plan);
  }

  private void healFrom(MemoryStorage whole, Storage damaged) throws IOException {
    try (BackupRepository repository = builder(clone(whole)).open(root)) {
      repository.copies().heal(damaged, ALL);
    }
  }

  /** All snapshots but those that were removed restore equal. */
  private void requireKept(String what, MemoryStorage storage, Outcome outcome) throws IOException {
    Map<String, String> now = Readback.of(storage, root);
    Map<String, String> wanted = new TreeMap<>(stored);
    wanted.keySet().removeIf(key -> outcome.removed.contains(positions.get(position(key))));
    assertThat(now).as(what).doesNotContainValue(Readback.LOST).containsAllEntriesOf(wanted);
    if (!outcome.added.isEmpty()) {
      try (BackupRepository repository = builder(clone(storage)).open(root)) {
        assertThat(repository.snapshots())
            .as(what)
            .extracting(Snapshot::id)
            .containsAll(outcome.added);
      }
    }
  }

  private void requireHealed(String what, MemoryStorage disk, Outcome outcome) throws IOException {
    try {
      healFrom(copy, disk);
      requireKept(what, clone(disk), outcome);
    } catch (IOException e) {
      throw new AssertionError(what + " cannot be healed", e);
    }
  }

  /** Positions of a file whose bytes are flipped. */
  private static List<Integer> bytes(int length, Random random) {
    List<Integer> all = new ArrayList<>();
    for (int at = WHOLE ? 0 : random.nextInt(Math.min(STEP, length)); at < length; ) {
      all.add(at);
      at += at > EDGE && at < length - EDGE ? INTERIOR_STEP : STEP;
    }
    return all;
  }

  @ParameterizedTest
  @EnumSource(Verb.class)
  void damage_underEveryVerb_losesNothingThatACopyHas(Verb verb) throws IOException {
    int flips = 0;
    int losses = 0;
    Random random = new Random(verb.ordinal());
    for (StoredFile file : original.list("")) {
      MemoryStorage lost = clone(original);
      lost.delete(file.name());
      lost.sync("");
      damaged(verb, "loss of " + file.name(), lost);
      losses++;
      for (int at : bytes((int) file.length(), random)) {
        MemoryStorage flipped = clone(original);
        Tampering.on(flipped).flip(file.name(), at);
        damaged(verb, "flip of byte " + at + " of " + file.name(), flipped);
        flips++;
      }
    }
    System.getLogger("campaign")
        .log(System.Logger.Level.INFO, "{0}: {1} flips, {2} losses", verb, flips, losses);
    assertThat(flips).isGreaterThan(20);
    assertThat(losses).isGreaterThan(12);
  }

  private void damaged(Verb verb, String what, MemoryStorage disk) throws IOException {
    MemoryStorage target = clone(copy);
    Outcome outcome = run(verb, disk, target);
    String told = verb + " beside " + what
        + (outcome.failure == null ? ", which succeeded" : ", which failed: " + outcome.failure);
    requireHealed(told, clone(disk), outcome);
    if (verb == Verb.COPY) {
      requireKept(told + ", in the copy", clone(target), new Outcome());
    }
  }

  /** A fault that strikes one call and is gone. */
  private enum Transient {
    FLIPPED_READ(StorageCall.READ),
    FAILED_READ(StorageCall.READ),
    FAILED_LENGTH(StorageCall.LENGTH),
    FAILED_LIST(StorageCall.LIST),
    FAILED_WRITE(StorageCall.WRITE),
    FAILED_COMMIT(StorageCall.COMMIT),
    FAILED_SYNC(StorageCall.SYNC),
    FAILED_DELETE(StorageCall.DELETE);

    private final StorageCall call;

    Transient(StorageCall call) {
      this.call = call;
    }

    Fault plant(FaultyStorage storage) {
      return this == FLIPPED_READ ? storage.flipReads() : storage.fail(call);
    }
  }

  @ParameterizedTest
  @EnumSource(Verb.class)
  void transientFault_underEveryVerb_losesNothing(Verb verb) throws IOException {
    int struck = 0;
    for (Transient kind : Transient.values()) {
      for (int call = 0; ; call += CALL_STEP) {
        MemoryStorage disk = clone(original);
        FaultyStorage storage = FaultyStorage.over(disk);
        Fault fault = kind.plant(storage).after(call).once();
        MemoryStorage target = clone(copy);
        Outcome outcome = run(verb, storage, target);
        if (!fault.fired()) {
          break;
        }
        struck++;
        String told = verb + " with " + kind + " at call " + call
            + (outcome.failure == null ? ", which succeeded" : ": " + outcome.failure);
        requireKept(told, clone(disk), outcome);
        if (verb == Verb.COPY) {
          requireKept(told + ", in the copy", clone(target), new Outcome());
        }
      }
    }
    System.getLogger("campaign").log(System.Logger.Level.INFO, "{0}: {1} faults", verb, struck);
    assertThat(struck).isGreaterThan(4);
  }

  @Test
  void damage_underAChangeOfKeys_leavesAWayIn() throws IOException {
    try (Secret first = Secret.ofPassphrase("first passphrase".toCharArray());
        Secret second = Secret.ofPassphrase("second passphrase".toCharArray())) {
      MemoryStorage disk = new MemoryStorage();
      MemoryStorage whole = new MemoryStorage();
      try (BackupRepository repository =
          builder(disk).state(files.getPath("/state")).kdf(TestKeys.cheapKdf()).create(first)) {
        backUp(repository);
        assertThat(repository.copies().copyTo(whole, ALL).isWhole()).isTrue();
      }
      int runs = 0;
      for (StoredFile file : clone(disk).list("")) {
        int length = (int) file.length();
        int step = Math.max(1, length / (WHOLE ? 40 : 1));
        for (int at = -1; at < length; at += at < 0 ? 1 + length / 3 : step) {
          MemoryStorage damaged = clone(disk);
          if (at < 0) {
            damaged.delete(file.name());
            damaged.sync("");
          } else {
            Tampering.on(damaged).flip(file.name(), at);
          }
          changeKeys(file.name() + " at " + at, damaged, whole, first, second);
          runs++;
        }
      }
      assertThat(runs).isGreaterThan(12);
    }
  }

  private void changeKeys(
      String what, MemoryStorage damaged, MemoryStorage whole, Secret first, Secret second)
      throws IOException {
    boolean changed = false;
    try (BackupRepository repository = client(damaged).kdf(TestKeys.cheapKdf()).open(first)) {
      repository.keys().changePassphrase(first, second);
      changed = true;
    } catch (IOException e) {
      assertThat(e).as(what).hasMessageNotContaining("null");
    }
    damaged = clone(damaged);
    try (BackupRepository repository = builder(clone(whole)).open(first)) {
      repository.copies().heal(damaged, ALL);
    }
    damaged = clone(damaged);
    try (BackupRepository repository = builder(damaged).open(changed ? second : first)) {
      assertThat(repository.verify(ALL).damages()).as(what).isEmpty();
    }
  }
}
