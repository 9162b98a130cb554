package com.personalaichatbot.dr.core.functional;

import static com.personalaichatbot.dr.core.testkit.DrAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.internal.catalog.Catalog;
import com.personalaichatbot.dr.core.internal.opening.RepositoryOpener;
import com.personalaichatbot.dr.core.internal.seal.Seals;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.PruneOptions;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.operation.UnsupportedFormatException;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.core.testkit.Trees;
import com.personalaichatbot.dr.crypto.RepositoryKeys;
import com.personalaichatbot.dr.crypto.Secret;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A history that holds what a newer version wrote: it is read and restored, and not added to. */
class NewerEntryTest {
  private static final String ENTRY = "catalog/00000000000000000002";

  @AutoClose
  private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());

  @AutoClose
  private final Secret passphrase = Secret.ofPassphrase("newer".toCharArray());

  @AutoClose
  private final Secret other = Secret.ofPassphrase("other".toCharArray());

  private final Path data = files.getPath("/data");
  private final MemoryStorage disk = new MemoryStorage();
  private SnapshotId snapshot;

  @BeforeEach
  void backUpOnce() throws IOException {
    Files.createDirectory(data);
    Files.writeString(data.resolve("a"), "first");
    try (BackupRepository repository = builder(shared()).create(passphrase)) {
      snapshot = backUp(repository);
    }
  }

  private static BackupRepository.Builder builder(Storage storage) {
    return BackupRepository.builder(storage)
        .executor(Runnable::run, 1)
        .host("host")
        .kdf(TestKeys.cheapKdf());
  }

  /** A repository closes its storage with itself. */
  private Storage shared() {
    return ConcurrencyTest.unclosed(disk);
  }

  private SnapshotId backUp(BackupRepository repository) throws IOException {
    return repository
        .backUp(
            List.of(Component.directory("data", Kind.CUSTOM, data)),
            BackupOptions.of(Purpose.MANUAL))
        .snapshot()
        .orElseThrow()
        .id();
  }

  /** Adds an entry of which version 1 knows that it is authentic, and no more. */
  private void add(byte[] sectionA) throws IOException {
    SecureRandom random = new SecureRandom();
    RepositoryOpener.Opened opened =
        new RepositoryOpener(disk, random, Clock.systemUTC()).open(passphrase);
    try (RepositoryKeys keys = opened.keys()) {
      Seals seals = new Seals(opened.format().repositoryId(), keys, random);
      Catalog catalog = new Catalog(disk, seals, seals.newBytes16());
      catalog.commitNext(catalog.read(), seals.newBytes16(), sectionA, new byte[0]);
    }
  }

  @FunctionalInterface
  private interface Deed {
    void doTo(BackupRepository repository) throws IOException;
  }

  private void assertIsReadAndNotWritten() throws IOException {
    List<?> before = disk.list("");
    try (BackupRepository repository = builder(shared()).open(passphrase)) {
      assertThat(repository.snapshots()).extracting(s -> s.id()).containsExactly(snapshot);
      assertThat(repository.verify(VerifyOptions.readAll()))
          .isClean()
          .hasNote(ENTRY + " was written by a newer version");
      Path target = files.getPath("/target");
      repository.restore(
          repository.planRestore(RestoreRequest.to(Selector.LATEST, target)), List.of());
      assertThat(Trees.differences(data, target.resolve("data"))).isEmpty();
      for (Deed deed : List.<Deed>of(
          this::backUp,
          to -> to.hold(snapshot, Optional.empty()),
          to -> to.markSuspect(snapshot),
          to -> to.planForget(Set.of(snapshot), PruneOptions.DEFAULT),
          to -> to.keys().add(passphrase, other),
          to -> to.keys().changePassphrase(passphrase, other),
          to -> to.keys().remove(to.keys().list().get(0).id()))) {
        assertThatExceptionOfType(UnsupportedFormatException.class)
            .isThrownBy(() -> deed.doTo(repository))
            .withMessageContaining("written by a newer version")
            .satisfies(e -> assertThat(e.object()).isEqualTo(ENTRY));
      }
      MemoryStorage copy = new MemoryStorage();
      assertThat(repository.copies().copyTo(copy, VerifyOptions.structure()).isWhole())
          .isTrue();
      assertThat(copy.length(ENTRY)).isEqualTo(disk.length(ENTRY));
    }
    assertThat(disk.list("")).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 7, 8, 9, 200})
  void entryOfAKindOfANewerVersion_isReadAndNotWritten(int kind) throws IOException {
    byte[] sectionA = new byte[256];
    sectionA[0] = (byte) kind;
    add(sectionA);
    assertIsReadAndNotWritten();
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4})
  void knownKindWithAPartThatChangesItsMeaning_isReadAndNotWritten(int kind) throws IOException {
    byte[] sectionA = new byte[256];
    sectionA[0] = (byte) kind;
    sectionA[1] = 2; // The length of the extension,
    sectionA[2] = 101; // of part 101, which is odd,
    sectionA[3] = 0; // and empty.
    add(sectionA);
    assertIsReadAndNotWritten();
  }

  @Test
  void newerEntryThatMayHaveAddedASlot_locksNobodyOut() throws IOException {
    byte[] sectionA = new byte[256];
    sectionA[0] = 7;
    add(sectionA);
    try (BackupRepository repository = builder(shared()).open(passphrase)) {
      assertThat(repository.snapshots()).hasSize(1);
    }
  }
}
