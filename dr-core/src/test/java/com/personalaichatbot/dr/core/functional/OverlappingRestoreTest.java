package com.personalaichatbot.dr.core.functional;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.RestorePlan;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One component lies in another one, and both are restored in place immediately. */
@EnabledOnOs(OS.LINUX)
class OverlappingRestoreTest {
  @TempDir
  private Path temp;

  private Path all;
  private Path chats;

  @AutoClose
  private BackupRepository repository;

  @BeforeEach
  void prepare() throws IOException {
    all = Files.createDirectory(temp.resolve("all"));
    chats = Files.createDirectories(all.resolve("chats/new")).getParent();
    Files.writeString(all.resolve("settings"), "one");
    Files.writeString(chats.resolve("a"), "a one");
    Files.writeString(chats.resolve("b"), "b one");
    Files.writeString(chats.resolve("new/c"), "c one");
    try (RootKey root = TestKeys.root()) {
      repository = BackupRepository.builder(new MemoryStorage()).create(root);
    }
  }

  /** The names decide which is restored first. */
  private void backUp(String outer, String inner) throws IOException {
    repository.backUp(
        List.of(
            Component.directory(outer, Kind.STATE, all),
            Component.directory(inner, Kind.CONVERSATIONS, chats)),
        BackupOptions.of(Purpose.MANUAL));
  }

  private void damage() throws IOException {
    Files.writeString(all.resolve("settings"), "two");
    Files.writeString(chats.resolve("a"), "a two, longer");
    Files.delete(chats.resolve("b"));
    Files.delete(chats.resolve("new/c"));
    Files.delete(chats.resolve("new"));
    Files.writeString(chats.resolve("extra"), "extra");
  }

  @ParameterizedTest
  @CsvSource({"outer,xinner,false", "outer,inner,false", "outer,xinner,true", "outer,inner,true"})
  void undo_ofOverlappingComponents_bringsBackWhatWasThere(
      String outer, String inner, boolean deleteExtra) throws IOException {
    Map<String, String> good = RestoreStoryTest.state(all);
    backUp(outer, inner);
    damage();
    Map<String, String> damaged = RestoreStoryTest.state(all);
    RestoreRequest request = RestoreRequest.inPlace(Selector.LATEST);

    RestorePlan plan = repository.planRestore(deleteExtra ? request.withDeleteExtra() : request);
    assertThat(plan.notes()).anyMatch(n -> n.contains("lies in the other"));
    RestoreReport report = repository.restore(plan, List.of());

    assertThat(report.failures()).isEmpty();
    assertThat(report.verified()).isTrue();
    assertThat(report.notes()).anyMatch(n -> n.contains("lies in the other"));
    Map<String, String> restored = RestoreStoryTest.state(all);
    restored.keySet().removeIf(name -> name.contains(".dr-restore"));
    if (deleteExtra) {
      assertThat(restored).isEqualTo(good);
    } else {
      assertThat(restored).containsAllEntriesOf(without(good, "chats", ""));
    }

    RestoreReport undone = repository.undo(List.of());

    assertThat(undone.failures()).isEmpty();
    assertThat(undone.notes()).noneMatch(n -> n.contains("changed since"));
    assertThat(RestoreStoryTest.state(all)).isEqualTo(damaged);
  }

  /** Directories with something more in them have another time. */
  private static Map<String, String> without(Map<String, String> state, String... names) {
    Map<String, String> rest = new TreeMap<>(state);
    rest.keySet().removeAll(List.of(names));
    return rest;
  }
}
