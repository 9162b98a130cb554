package com.personalaichatbot.dr.core.functional;

import static com.personalaichatbot.dr.core.testkit.DrAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.component.LiveFile;
import com.personalaichatbot.dr.core.component.Quiesce;
import com.personalaichatbot.dr.core.component.Source;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.PruneOptions;
import com.personalaichatbot.dr.core.operation.RestorePlan;
import com.personalaichatbot.dr.core.operation.RestoreRefusedException;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyStorage;
import com.personalaichatbot.dr.core.testkit.StorageCall;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.core.testkit.Trees;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Errors where nobody expects one: no memory in a thread that works, and code of the application
 * that is broken. Nothing waits for ever, nothing is half done, and the next call succeeds.
 */
@Timeout(60)
class ThrownErrorTest {
  private static final BackupOptions MANUAL = BackupOptions.of(Purpose.MANUAL);

  @TempDir
  private Path temp;

  private final RootKey root = TestKeys.root();
  private final MemoryStorage disk = new MemoryStorage();
  private final FaultyStorage storage = FaultyStorage.over(disk);
  private final List<String> calls = new ArrayList<>();
  private Path chats;
  private Path settings;
  private BackupRepository repository;

  @BeforeEach
  void backUpOnce() throws IOException {
    chats = temp.resolve("app/chats");
    Trees.scatter(chats, 20, 1);
    settings = Files.createDirectories(temp.resolve("app/settings"));
    Files.writeString(settings.resolve("a.json"), "{}");
    repository = BackupRepository.builder(storage).threads(2).host("host").create(root);
    assertThat(repository.backUp(components(Quiesce.NONE, Quiesce.NONE), MANUAL))
        .isComplete();
  }

  @AfterEach
  void close() throws IOException {
    repository.close();
    root.close();
  }

  private List<Component> components(Quiesce ofChats, Quiesce ofSettings) {
    return List.of(
        Component.directory("chats", Kind.CONVERSATIONS, chats).withQuiesce(ofChats),
        Component.directory("settings", Kind.CONFIG, settings).withQuiesce(ofSettings));
  }

  private Fault outOfMemory(StorageCall call, int after) {
    return storage.fail(call).after(after).once().meanwhile(() -> {
      throw new OutOfMemoryError("planted");
    });
  }

  private void requireSound(int snapshots) throws IOException {
    assertThat(repository.snapshots()).hasSize(snapshots);
    assertThat(repository.verify(VerifyOptions.readAll())).isClean();
    assertThat(Readback.of(disk.crash(), root)).doesNotContainValue(Readback.LOST);
  }

  @ParameterizedTest
  @EnumSource(names = {"CREATE", "WRITE", "COMMIT", "READ", "LIST", "SYNC"})
  void backUp_outOfMemoryInAnyCall_endsAndCanBeDoneAgain(StorageCall call) throws IOException {
    int struck = 0;
    for (int after = 0; struck == after; after++) {
      Files.writeString(chats.resolve("new"), "of attempt " + after);
      Fault fault = outOfMemory(call, after);
      try {
        assertThat(repository.backUp(components(Quiesce.NONE, Quiesce.NONE), MANUAL))
            .isComplete();
      } catch (OutOfMemoryError e) {
        assertThat(e).hasMessage("planted");
      }
      struck += fault.count();
      storage.heal();
    }
    assertThat(struck).isPositive();
    int snapshots = repository.snapshots().size();
    assertThat(repository.backUp(components(Quiesce.NONE, Quiesce.NONE), MANUAL))
        .isComplete();
    requireSound(snapshots + 1);
  }

  @Test
  void verify_outOfMemoryInAThread_endsAndMarksNothing() throws IOException {
    Fault fault = outOfMemory(StorageCall.READ, 0).of("packs");
    String head = repository.head();

    assertThatThrownBy(() -> repository.verify(VerifyOptions.readAll()))
        .isInstanceOf(OutOfMemoryError.class);

    assertThat(fault.fired()).isTrue();
    assertThat(repository.head()).isEqualTo(head);
    requireSound(1);
  }

  @Test
  void prune_outOfMemory_removesNothingOrAll() throws IOException {
    SnapshotId first = repository.snapshots().get(0).id();
    Trees.scatter(chats, 20, 2);
    repository.backUp(components(Quiesce.NONE, Quiesce.NONE), MANUAL);
    for (StorageCall call : List.of(StorageCall.COMMIT, StorageCall.DELETE, StorageCall.SYNC)) {
      var plan = repository.planForget(
          repository.snapshots().size() == 2 ? Set.of(first) : Set.of(), PruneOptions.NOW);
      Fault fault = outOfMemory(call, 0);
      try {
        repository.prune(plan);
      } catch (OutOfMemoryError e) {
        assertThat(e).hasMessage("planted");
      }
      assertThat(fault.fired()).as(call.toString()).isTrue();
      storage.heal();
      requireSound(repository.snapshots().size());
    }
  }

  @Test
  void restoreInPlace_outOfMemoryWhileStaging_changesNothingAndLeavesNothing() throws IOException {
    Files.writeString(chats.resolve("conversation-0.json"), "corrupt");
    Files.delete(settings.resolve("a.json"));
    RestorePlan plan = repository.planRestore(RestoreRequest.inPlace(Selector.LATEST));
    int struck = 0;
    for (Fault fault = outOfMemory(StorageCall.READ, 0); ; struck++) {
      fault.of("packs");
      try {
        repository.restore(plan, List.of());
        break;
      } catch (OutOfMemoryError e) {
        assertThat(fault.fired()).isTrue();
      }
      assertThat(chats.resolve("conversation-0.json")).hasContent("corrupt");
      assertThat(leftovers()).isEmpty();
      storage.heal();
      fault = outOfMemory(StorageCall.READ, struck + 1);
    }
    assertThat(struck).isGreaterThan(1);
    assertThat(settings.resolve("a.json")).hasContent("{}");
  }

  private List<Path> leftovers() throws IOException {
    try (Stream<Path> paths = Files.walk(temp)) {
      return paths
          .filter(path -> path.getFileName().toString().startsWith(".dr-restore"))
          .toList();
    }
  }

  private Quiesce hooks(String name, boolean brokenAtRest, boolean brokenAfter) {
    return new Quiesce() {
      @Override
      public void quiesce() {
        calls.add("quiesce " + name);
        if (brokenAtRest) {
          throw new StackOverflowError();
        }
      }

      @Override
      public void resume() {
        calls.add("resume " + name);
        if (brokenAfter) {
          throw new NoClassDefFoundError("gone");
        }
      }
    };
  }

  @Test
  void restore_hookThrowsAnError_isRefusedAndTheOthersGoOn() throws IOException {
    Files.delete(settings.resolve("a.json"));
    RestorePlan plan = repository.planRestore(RestoreRequest.inPlace(Selector.LATEST));
    List<Component> live = components(hooks("chats", false, false), hooks("settings", true, false));

    assertThatThrownBy(() -> repository.restore(plan, live))
        .isInstanceOf(RestoreRefusedException.class)
        .hasMessageContaining("settings")
        .hasRootCauseInstanceOf(StackOverflowError.class);

    assertThat(calls).containsExactly("quiesce chats", "quiesce settings", "resume chats");
    assertThat(settings.resolve("a.json")).doesNotExist();
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void restore_resumeThrowsAnError_isNotedAndTheOthersGoOn() throws IOException {
    Files.delete(settings.resolve("a.json"));
    RestorePlan plan = repository.planRestore(RestoreRequest.inPlace(Selector.LATEST));
    List<Component> live = components(hooks("chats", false, false), hooks("settings", false, true));

    RestoreReport report = repository.restore(plan, live);

    assertThat(report.status()).isEqualTo(RestoreReport.Status.COMPLETE);
    assertThat(report.notes()).anyMatch(note -> note.contains("settings did not resume"));
    assertThat(calls).endsWith("resume settings", "resume chats");
    repository.undo(List.of());
    assertThat(settings.resolve("a.json")).doesNotExist();
  }

  @Test
  void backUp_liveFileThrowsAnError_isListedAndTheRestIsThere() throws IOException {
    LiveFile broken = new LiveFile() {
      @Override
      public long size() {
        return 5;
      }

      @Override
      public int read(ByteBuffer buffer, long position) {
        throw new NoClassDefFoundError("gone");
      }
    };
    Source source = Source.directory(settings).withLiveFile(settings.resolve("a.json"), broken);
    Files.writeString(settings.resolve("b.json"), "{}");

    assertThat(repository.backUp(List.of(Component.of("live", Kind.CONFIG, source)), MANUAL))
        .isIncomplete()
        .hasFailures("live/a.json");
    requireSound(2);
  }
}
