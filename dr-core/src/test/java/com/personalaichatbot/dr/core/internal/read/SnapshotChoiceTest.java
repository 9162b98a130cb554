package com.personalaichatbot.dr.core.internal.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.HeadChangedException;
import com.personalaichatbot.dr.core.operation.RepositoryException;
import com.personalaichatbot.dr.core.operation.RestorePlan;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.operation.SnapshotNotFoundException;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The choice of the snapshot {@code latest}, and when none exists. */
class SnapshotChoiceTest {
  @TempDir
  Path temp;

  private Path stored;
  private Path file;

  @BeforeEach
  void makeRepository() throws IOException {
    stored = temp.resolve("repository");
    file = Files.writeString(temp.resolve("file"), "content");
    try (RootKey root = TestKeys.root()) {
      BackupRepository.builder(LocalStorage.at(stored)).create(root).close();
    }
  }

  private BackupRepository open(String host, String state) throws IOException {
    try (RootKey root = TestKeys.root()) {
      return BackupRepository.builder(LocalStorage.at(stored))
          .host(host)
          .state(temp.resolve(state))
          .open(root);
    }
  }

  private SnapshotId backUp(String host, String component, Purpose purpose) throws IOException {
    try (BackupRepository repository = open(host, "state-" + host)) {
      return repository
          .backUp(List.of(Component.file(component, Kind.CUSTOM, file)), BackupOptions.of(purpose))
          .snapshot()
          .orElseThrow()
          .id();
    }
  }

  private RestorePlan plan(String host, String state, RestoreRequest request) throws IOException {
    try (BackupRepository repository = open(host, state)) {
      return repository.planRestore(request);
    }
  }

  private RestoreRequest latest() {
    return RestoreRequest.to(Selector.LATEST, temp.resolve("target"));
  }

  @Test
  void latest_isChosenForEachComponent_andNeverQuarantine() throws IOException {
    SnapshotId a = backUp("one", "a", Purpose.SCHEDULED);
    SnapshotId b = backUp("one", "b", Purpose.MANUAL);
    backUp("one", "b", Purpose.QUARANTINE);
    backUp("two", "a", Purpose.MANUAL);
    RestorePlan plan = plan("one", "state-one", latest());
    assertThat(plan.parts()).extracting(RestorePlan.Part::component).containsExactly("a", "b");
    assertThat(plan.parts()).extracting(RestorePlan.Part::snapshot).containsExactly(a, b);
  }

  @Test
  void latest_ofAnotherHost_isTakenIfThereIsOnlyOne() throws IOException {
    backUp("one", "a", Purpose.MANUAL);
    assertThat(plan("new", "fresh", latest()).notes())
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains("only other host, one");
    backUp("two", "a", Purpose.MANUAL);
    assertThatThrownBy(() -> plan("new", "fresh", latest()))
        .isInstanceOf(SnapshotNotFoundException.class)
        .hasMessageContaining("one, two");
    assertThat(plan("new", "fresh", latest().withHost("two")).parts()).hasSize(1);
  }

  @Test
  void latest_whereTheNewestEntryIsDamaged_isRefusedByName() throws IOException {
    SnapshotId intact = backUp("one", "a", Purpose.MANUAL);
    backUp("one", "a", Purpose.MANUAL);
    Path newest = stored.resolve("catalog/00000000000000000002");
    byte[] bytes = Files.readAllBytes(newest);
    bytes[bytes.length / 2] ^= 1;
    makeWritable(newest);
    Files.write(newest, bytes);

    assertThatThrownBy(() -> plan("one", "fresh", latest()))
        .isInstanceOf(CorruptRepositoryException.class)
        .hasMessageContaining("catalog/00000000000000000002")
        .asInstanceOf(InstanceOfAssertFactories.type(RepositoryException.class))
        .extracting(RepositoryException::action, InstanceOfAssertFactories.STRING)
        .contains(intact.toString());
    RestoreRequest named = RestoreRequest.to(Selector.of(intact), temp.resolve("target"));
    assertThat(plan("one", "fresh", named).parts()).hasSize(1);
  }

  @Test
  void latest_whereTheNewestEntryIsGone_isRefusedByWhoHasSeenIt() throws IOException {
    SnapshotId intact = backUp("one", "a", Purpose.MANUAL);
    backUp("one", "a", Purpose.MANUAL);
    Files.delete(stored.resolve("catalog/00000000000000000002"));
    assertThatThrownBy(() -> plan("one", "state-one", latest()))
        .isInstanceOf(HeadChangedException.class);
    RestoreRequest named = RestoreRequest.to(Selector.of(intact), temp.resolve("target"));
    assertThat(plan("one", "state-one", named).notes()).anyMatch(n -> n.contains("ROLLED_BACK"));
    assertThat(plan("one", "fresh", latest()).parts())
        .extracting(RestorePlan.Part::snapshot)
        .containsExactly(intact);
  }

  @Test
  void unknownNames_areRefused() throws IOException {
    SnapshotId id = backUp("one", "a", Purpose.MANUAL);
    assertThatThrownBy(() ->
            plan("one", "fresh", RestoreRequest.to(Selector.of(new SnapshotId(1, 2)), temp)))
        .isInstanceOf(SnapshotNotFoundException.class);
    assertThatThrownBy(() -> plan(
            "one",
            "fresh",
            RestoreRequest.to(Selector.of(id), temp).withComponents(List.of("nobody"))))
        .isInstanceOf(SnapshotNotFoundException.class)
        .hasMessageContaining("nobody");
    assertThatThrownBy(() -> plan("one", "fresh", latest().withComponents(List.of("nobody"))))
        .isInstanceOf(SnapshotNotFoundException.class)
        .hasMessageContaining("nobody");
  }

  private static void makeWritable(Path file) {
    assertThat(file.toFile().setWritable(true)).isTrue();
  }
}
