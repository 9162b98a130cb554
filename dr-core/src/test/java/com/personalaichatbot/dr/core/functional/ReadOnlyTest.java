package com.personalaichatbot.dr.core.functional;

import static com.personalaichatbot.dr.core.testkit.DrAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.ImportOptions;
import com.personalaichatbot.dr.core.operation.ListedEntry;
import com.personalaichatbot.dr.core.operation.PruneOptions;
import com.personalaichatbot.dr.core.operation.PrunePlan;
import com.personalaichatbot.dr.core.operation.ReadOnlyRepositoryException;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.snapshot.Trust;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.storage.StoredFile;
import com.personalaichatbot.dr.core.testkit.FaultyStorage;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.core.testkit.Trees;
import com.personalaichatbot.dr.crypto.RootKey;
import com.personalaichatbot.dr.crypto.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A repository on a read-only disk: all that reads works, all that writes says why it cannot. */
class ReadOnlyTest {
  @TempDir
  private Path temp;

  private final MemoryStorage disk = new MemoryStorage();
  private BackupRepository repository;
  private Path data;
  private SnapshotId first;
  private SnapshotId second;
  private List<StoredFile> before;

  @BeforeEach
  void backUpTwiceAndLoseTheRightToWrite() throws IOException {
    data = temp.resolve("data");
    Trees.scatter(data, 3, 1);
    FaultyStorage storage = FaultyStorage.over(disk);
    try (RootKey root = TestKeys.root()) {
      repository =
          BackupRepository.builder(storage).state(temp.resolve("state")).create(root);
    }
    first = backUp();
    Files.writeString(data.resolve("new"), "new");
    second = backUp();
    storage.makeReadOnly();
    before = disk.list("");
  }

  @AfterEach
  void nothingChanged() throws IOException {
    assertThat(disk.list("")).isEqualTo(before);
    repository.close();
  }

  private List<Component> components() {
    return List.of(Component.directory("data", Kind.CUSTOM, data));
  }

  private SnapshotId backUp() throws IOException {
    return repository
        .backUp(components(), BackupOptions.of(Purpose.MANUAL))
        .snapshot()
        .orElseThrow()
        .id();
  }

  @Test
  void readingVerbs_work() throws IOException {
    assertThat(repository.snapshots()).hasSize(2).allMatch(s -> s.trust() == Trust.UNVERIFIED);
    assertThat(repository.verify(VerifyOptions.readAll())).isClean().hasNoNotes();
    assertThat(repository.choose(Selector.LATEST, List.of())).containsEntry("data", second);
    assertThat(repository.diff(Selector.of(first), Selector.of(second)).added()).isNotEmpty();
    List<String> listed = new ArrayList<>();
    repository.list(second, "data", (ListedEntry entry) -> listed.add(entry.path()));
    assertThat(listed).contains("data/new");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    assertThat(repository.read(second, "data/new", bytes)).isEqualTo(3);
    assertThat(repository.planForget(Set.of(first), PruneOptions.NOW).removed()).hasSize(1);
    repository.exportTo(Selector.LATEST, List.of(), temp.resolve("archive.tar.gz"));
    assertThat(repository.head()).hasSize(64);
  }

  @Test
  void restore_elsewhereAndInPlace_works() throws IOException {
    Path target = temp.resolve("target");
    RestoreRequest elsewhere = RestoreRequest.to(Selector.of(second), target);
    repository.restore(repository.planRestore(elsewhere), List.of());
    assertThat(Trees.differences(data, target.resolve("data"))).isEmpty();

    Files.writeString(data.resolve("new"), "spoiled");
    RestoreRequest inPlace = RestoreRequest.inPlace(Selector.of(second));
    RestoreReport report = repository.restore(repository.planRestore(inPlace), List.of());
    assertThat(report.safety()).isEmpty();
    assertThat(report.notes()).anyMatch(note -> note.contains("read-only"));
    assertThat(data.resolve("new")).hasContent("new");
    repository.undo(List.of());
    assertThat(data.resolve("new")).hasContent("spoiled");
  }

  @Test
  void writingVerbs_areRefusedPlainly() throws IOException {
    PrunePlan plan = repository.planForget(Set.of(first), PruneOptions.NOW);
    Path archive = temp.resolve("archive.tar.gz");
    repository.exportTo(Selector.LATEST, List.of(), archive);
    try (Secret secret = Secret.ofPassphrase("any".toCharArray())) {
      List<ThrowingCallable> verbs = List.of(
          this::backUp,
          () -> repository.prune(plan),
          () -> repository.hold(first, Optional.empty()),
          () -> repository.markSuspect(first),
          () -> repository.importFrom(archive, ImportOptions.DEFAULT),
          () -> repository.keys().add(secret, secret),
          () -> repository.keys().changePassphrase(secret, secret),
          () -> repository.keys().remove("any"));
      for (ThrowingCallable verb : verbs) {
        assertThatExceptionOfType(ReadOnlyRepositoryException.class)
            .isThrownBy(verb)
            .withMessageContaining("read-only")
            .satisfies(e -> assertThat(e.object()).isEqualTo(disk.location()))
            .satisfies(e -> assertThat(e.action()).contains("restore"));
      }
    }
  }
}
