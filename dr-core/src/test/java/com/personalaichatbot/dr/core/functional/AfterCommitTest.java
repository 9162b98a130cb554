package com.personalaichatbot.dr.core.functional;

import static com.personalaichatbot.dr.core.testkit.DrAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.ImportOptions;
import com.personalaichatbot.dr.core.operation.OperationCancelledException;
import com.personalaichatbot.dr.core.operation.PruneOptions;
import com.personalaichatbot.dr.core.operation.RepositoryException;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.operation.SnapshotNotFoundException;
import com.personalaichatbot.dr.core.operation.UnfinishedCommitException;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.operation.VerifyReport;
import com.personalaichatbot.dr.core.operation.WrongKeyException;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.storage.ForwardingStorage;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StorageLock;
import com.personalaichatbot.dr.core.storage.StorageWriter;
import com.personalaichatbot.dr.core.storage.StoredFile;
import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyFileSystem;
import com.personalaichatbot.dr.core.testkit.FaultyStorage;
import com.personalaichatbot.dr.core.testkit.FileCall;
import com.personalaichatbot.dr.core.testkit.SettableClock;
import com.personalaichatbot.dr.core.testkit.StorageCall;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.core.testkit.Trees;
import com.personalaichatbot.dr.crypto.RootKey;
import com.personalaichatbot.dr.crypto.Secret;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The storage or the state directory fails when an entry of the history was created. Every call
 * from then on fails once, under every verb that adds an entry: the verb succeeds all the same, or
 * its failure says what became of the entry.
 */
class AfterCommitTest {
  private static final BackupOptions MANUAL = BackupOptions.of(Purpose.MANUAL);
  private static final PruneOptions EAGER = new PruneOptions(0, Long.MAX_VALUE);

  private final FileSystem below = Jimfs.newFileSystem(Configuration.unix());
  private final FaultyFileSystem files = new FaultyFileSystem(below);
  private final Path data = below.getPath("/data");
  private final Path archive = below.getPath("/archive.tar.gz");
  private final SettableClock clock = SettableClock.at(Instant.parse("2024-05-01T00:00:00Z"));
  private final Secret one = Secret.ofPassphrase("one".toCharArray());
  private final Secret two = Secret.ofPassphrase("two".toCharArray());
  private final List<SnapshotId> ids = new ArrayList<>();
  private final MemoryStorage copied = new MemoryStorage();
  private List<String> noted = List.of();
  private int states;
  private RootKey root;
  private String slot;
  private MemoryStorage disk;

  /** A verb that adds an entry. */
  private enum Verb {
    BACKUP,
    VERIFY,
    FORGET,
    FORGET_AND_DELETE,
    PRUNE,
    HOLD,
    UNFORGET,
    ADD_KEY,
    CHANGE_KEY,
    REMOVE_KEY,
    IMPORT,
    COPY
  }

  private static final class Recording extends SecureRandom {
    private static final long serialVersionUID = 1L;
    private byte[] key;

    @Override
    public void nextBytes(byte[] bytes) {
      super.nextBytes(bytes);
      if (key == null) {
        key = bytes.clone();
      }
    }
  }

  /** Notes the newest entry that was created in it. */
  private static final class Watched extends ForwardingStorage {
    private String created;
    private boolean keepsLocks;

    Watched(Storage storage) {
      super(storage);
    }

    @Override
    public StorageWriter create() throws IOException {
      StorageWriter writer = storage().create();
      return new StorageWriter() {
        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          writer.write(bytes, offset, length);
        }

        @Override
        public long length() {
          return writer.length();
        }

        @Override
        public void commit(String name) throws IOException {
          writer.commit(name);
          created = name.startsWith("catalog/") ? name : created;
        }

        @Override
        public void close() {
          writer.close();
        }
      };
    }

    @Override
    public Optional<StorageLock> tryLock(boolean exclusive) throws IOException {
      Optional<StorageLock> lock = storage().tryLock(exclusive);
      return lock.map(held -> () -> {
        held.close();
        if (keepsLocks) {
          throw new IOException("injected fault: the lock stays");
        }
      });
    }
  }

  /** Four snapshots, the third of them removed, and a copy that has the first two. */
  @BeforeEach
  void make() throws IOException {
    Recording random = new Recording();
    MemoryStorage made = new MemoryStorage();
    Trees.scatter(data, 4, 1);
    try (BackupRepository repository = builder(made, newState()).random(random).create(one)) {
      root = RootKey.of(random.key);
      slot = repository.keys().add(one, two);
      for (int i = 0; i < 4; i++) {
        Files.writeString(data.resolve("state" + i), Trees.text(new Random(i), 20_000));
        Files.deleteIfExists(data.resolve("state" + (i - 1)));
        clock.advance(Duration.ofMinutes(1));
        ids.add(repository.backUp(components(), MANUAL).snapshot().orElseThrow().id());
        if (i == 1) {
          repository.copies().copyTo(copied, VerifyOptions.structure());
        }
      }
      repository.exportTo(Selector.of(ids.get(0)), List.of(), archive);
      repository.prune(repository.planForget(Set.of(ids.get(2)), EAGER));
    }
    disk = made.crash();
    Files.writeString(data.resolve("new"), Trees.text(new Random(9), 20_000));
  }

  @AfterEach
  void close() throws IOException {
    root.close();
    one.close();
    two.close();
    below.close();
  }

  private Path newState() {
    return files.path(below.getPath("/state/" + states++));
  }

  private BackupRepository.Builder builder(Storage storage, Path state) {
    return BackupRepository.builder(storage)
        .executor(Runnable::run, 1)
        .clock(clock)
        .host("host")
        .kdf(TestKeys.cheapKdf())
        .state(state);
  }

  private List<Component> components() {
    return List.of(Component.directory("data", Kind.CUSTOM, data));
  }

  /** Does it; the clock says that the grace of what was removed before is over. */
  private void run(Verb verb, BackupRepository repository, Storage target) throws IOException {
    switch (verb) {
      case BACKUP -> repository.backUp(components(), MANUAL);
      case VERIFY -> noted = repository.verify(VerifyOptions.readAll()).notes();
      case FORGET -> repository.prune(repository.planForget(Set.of(ids.get(0)), EAGER));
      case FORGET_AND_DELETE -> {
        clock.advance(Duration.ofDays(8));
        repository.prune(repository.planForget(Set.of(ids.get(0)), EAGER));
      }
      case PRUNE -> repository.prune(repository.planForget(Set.of(ids.get(0)), EAGER.now()));
      case HOLD -> repository.hold(ids.get(0), Optional.empty());
      case UNFORGET -> repository.unforget(ids.get(2));
      case ADD_KEY -> repository.keys().add(one, two);
      case CHANGE_KEY -> repository.keys().changePassphrase(one, two);
      case REMOVE_KEY -> repository.keys().remove(slot);
      case IMPORT -> repository.importFrom(archive, ImportOptions.DEFAULT);
      case COPY -> repository.copies().copyTo(target, VerifyOptions.structure());
      default -> throw new AssertionError(verb);
    }
  }

  /** Plants one fault among the calls of a kind. */
  @FunctionalInterface
  private interface Planting {
    Fault plant(FaultyStorage storage, Watched watched);
  }

  /** Runs a verb with a fault; false if the fault met no call any more. */
  private boolean strike(Verb verb, String what, Planting planting) throws IOException {
    clock.set(Instant.parse("2024-05-01T01:00:00Z"));
    noted = List.of();
    MemoryStorage own = disk.crash();
    MemoryStorage copy = copied.crash();
    MemoryStorage hit = verb == Verb.COPY ? copy : own;
    Watched watched = new Watched(ConcurrencyTest.unclosed(hit));
    FaultyStorage storage = FaultyStorage.over(watched);
    Storage used = verb == Verb.COPY ? ConcurrencyTest.unclosed(own) : storage;
    Path state = newState();
    Fault fault;
    IOException failure = null;
    try (BackupRepository repository = builder(used, state).open(root)) {
      repository.snapshots();
      fault = planting.plant(storage, watched);
      try {
        run(verb, repository, storage);
      } catch (IOException e) {
        failure = e;
      }
      storage.heal();
      files.heal();
    }
    assertThat(watched.created).as("%s added an entry", verb).isNotNull();
    if (failure == null && noted.stream().anyMatch(note -> note.contains(watched.created))) {
      assertThat(noted).as(what).anyMatch(note -> note.contains("it is not known"));
    } else if (failure == null) {
      assertThat(hit.crash().list("catalog"))
          .as(what)
          .extracting(StoredFile::name)
          .contains(watched.created);
    } else {
      requireSaid(verb, what, failure, hit, watched.created);
    }
    if (!what.contains("state") || what.endsWith(" 0")) {
      requireGoesOn(verb, what, own, copy, state);
    }
    return fault.fired();
  }

  private void requireSaid(
      Verb verb, String what, IOException failure, MemoryStorage hit, String created)
      throws IOException {
    assertThat(failure).as(what).isInstanceOf(RepositoryException.class);
    assertThat(failure).as(what).hasMessageContaining(created);
    assertThat(failure.getMessage()).as(what).containsAnyOf("was written", "it is not known");
    assertThat(((RepositoryException) failure).action()).as(what).isNotBlank();
    if (verb == Verb.BACKUP || verb == Verb.IMPORT) {
      assertThat(failure.getMessage()).as(what).contains("snapshot ");
    }
    if (failure instanceof UnfinishedCommitException unfinished) {
      if (unfinished.isCommitted()) {
        assertThat(created).as(what).endsWith("" + unfinished.position());
        assertThat(hit.crash().list("catalog"))
            .as(what)
            .extracting(StoredFile::name)
            .contains(created);
      }
    }
  }

  /** The verb can be done again, the next one follows, and everything is whole. */
  private void requireGoesOn(
      Verb verb, String what, MemoryStorage own, MemoryStorage copy, Path state)
      throws IOException {
    try (BackupRepository repository =
        builder(ConcurrencyTest.unclosed(own), state).open(root)) {
      try {
        run(verb, repository, ConcurrencyTest.unclosed(copy));
      } catch (SnapshotNotFoundException | WrongKeyException | IllegalArgumentException done) {
        assertThat(done)
            .as(what)
            .hasMessageMatching("(?s).*(was not removed|no such|no key slot|opens no).*");
      }
      repository.backUp(components(), MANUAL);
      assertThat(repository.verify(VerifyOptions.readAll())).as(what).isClean();
      assertThat(repository.snapshots())
          .as(what)
          .extracting(Snapshot::id)
          .contains(ids.get(1), ids.get(3));
      if (verb == Verb.COPY) {
        repository.copies().copyTo(ConcurrencyTest.unclosed(copy), VerifyOptions.readAll());
        assertThat(repository.copies().state(ConcurrencyTest.unclosed(copy)).entriesBehind())
            .isZero();
      }
    }
    assertThat(Readback.of(own.crash(), root)).as(what).doesNotContainValue(Readback.LOST);
  }

  @ParameterizedTest
  @EnumSource
  void anyCallOfTheStorageFailsOnce_afterTheEntry_failureSaysWhatWasWritten(Verb verb)
      throws IOException {
    int struck = 0;
    for (StorageCall call : StorageCall.values()) {
      for (int n = 0; ; n++) {
        int passed = n;
        boolean fired = strike(
            verb,
            verb + ", " + call + " " + n,
            (storage, watched) -> storage
                .fail(call)
                .of(name -> watched.created != null)
                .after(passed)
                .once());
        if (!fired) {
          break;
        }
        struck++;
      }
    }
    assertThat(struck).as("calls that failed under " + verb).isPositive();
  }

  @ParameterizedTest
  @EnumSource
  void anyCallOfTheStateFailsOnce_afterTheEntry_verbSucceeds(Verb verb) throws IOException {
    int struck = 0;
    for (FileCall call : FileCall.values()) {
      for (int n = 0; ; n++) {
        int passed = n;
        boolean fired = strike(
            verb,
            verb + ", state " + call + " " + n,
            (storage, watched) -> files
                .fail(call)
                .of(name -> watched.created != null && name.startsWith("/state"))
                .after(passed)
                .once());
        if (!fired) {
          break;
        }
        struck++;
      }
    }
    assertThat(struck).as("calls that failed under " + verb).isPositive();
  }

  /** The answer to the create is lost, and the storage does not read the entry back either. */
  @ParameterizedTest
  @EnumSource
  void createIsNotAnswered_andCannotBeReadBack_failureSaysThatItIsNotKnown(Verb verb)
      throws IOException {
    boolean fired = strike(verb, verb + " unanswered", (storage, watched) -> {
      storage.fail(StorageCall.READ).of(name -> name.equals(watched.created)).once();
      return storage.fail(StorageCall.COMMIT).of("catalog").once().afterEffect();
    });
    assertThat(fired).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void lockCannotBeReleased_verbSucceeds(Verb verb) throws IOException {
    MemoryStorage own = disk.crash();
    Watched watched = new Watched(verb == Verb.COPY ? copied.crash() : own);
    clock.set(Instant.parse("2024-05-01T01:00:00Z"));
    try (BackupRepository repository =
        builder(verb == Verb.COPY ? own : watched, newState()).open(root)) {
      watched.keepsLocks = true;
      run(verb, repository, watched);
      assertThat(watched.created).isNotNull();
    }
  }

  @Test
  void verify_recordIsDoubtful_reportIsGivenAndSaysSo() throws IOException {
    Watched watched = new Watched(disk.crash());
    FaultyStorage storage = FaultyStorage.over(watched);
    try (BackupRepository repository = builder(storage, newState()).open(root)) {
      storage.fail(StorageCall.SYNC).of(name -> watched.created != null).once();
      VerifyReport report = repository.verify(VerifyOptions.readAll());
      assertThat(report).isClean().hasNote(watched.created);
      assertThat(repository.verify(VerifyOptions.readAll())).isClean().hasNoNotes();
    }
  }

  @Test
  void interrupt_afterTheEntry_saysThatTheSnapshotWasWritten() throws IOException {
    Watched watched = new Watched(disk.crash());
    FaultyStorage storage = FaultyStorage.over(watched);
    try (BackupRepository repository = builder(storage, newState()).open(root)) {
      storage.fail(StorageCall.LIST).of(name -> watched.created != null).once().with(() -> {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("injected fault");
      });
      assertThatExceptionOfType(OperationCancelledException.class)
          .isThrownBy(() -> repository.backUp(components(), MANUAL))
          .withMessageContaining("snapshot ")
          .withMessageContaining("was written")
          .withMessageContaining(watched.created);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(repository.snapshots()).hasSize(4);
    }
  }

  /** The prune releases the mark that follows the snapshot, and keeps the snapshot. */
  @Test
  void pruneByAnotherClient_rightAfterTheEntry_knowsIt_soThatItCounts() throws IOException {
    MemoryStorage own = disk.crash();
    Watched watched = new Watched(ConcurrencyTest.unclosed(own));
    FaultyStorage storage = FaultyStorage.over(watched);
    storage.loseLock();
    try (BackupRepository repository = builder(storage, newState()).open(root);
        BackupRepository other =
            builder(ConcurrencyTest.unclosed(own), newState()).open(root)) {
      Fault meanwhile = storage
          .fail(StorageCall.LIST)
          .of(name -> watched.created != null)
          .once()
          .meanwhile(() -> {
            other.hold(ids.get(1), Optional.empty());
            other.prune(other.planForget(Set.of(ids.get(0)), EAGER.now()));
          });
      SnapshotId made =
          repository.backUp(components(), MANUAL).snapshot().orElseThrow().id();
      assertThat(meanwhile.fired()).isTrue();
      assertThat(repository.snapshots()).extracting(Snapshot::id).contains(made);
      assertThat(repository.verify(VerifyOptions.readAll())).isClean();
    }
  }
}
