package com.personalaichatbot.dr.core.functional;

import static com.personalaichatbot.dr.core.testkit.DrAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.DataSize;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.component.Shrinkage;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.operation.ImportOptions;
import com.personalaichatbot.dr.core.operation.PruneOptions;
import com.personalaichatbot.dr.core.operation.RestoreRefusedException;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.operation.ShrunkComponent;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.BackupStatus;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.RetentionPolicy;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyFileSystem;
import com.personalaichatbot.dr.core.testkit.FileCall;
import com.personalaichatbot.dr.core.testkit.SettableClock;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sources that are empty or lost most of their data, as when a volume is not mounted. What is
 * stored of them is never the latest good, is never compared with, and pushes nothing out, until
 * somebody says that the loss is intended.
 */
class ShrunkStoryTest {
  private static final BackupOptions MANUAL = BackupOptions.of(Purpose.MANUAL);
  private static final int FILES = 9;

  @TempDir
  private Path temp;

  @AutoClose
  private final RootKey root = TestKeys.root();

  private final SettableClock clock = SettableClock.at(Instant.parse("2040-03-01T12:00:00Z"));
  private final MemoryStorage storage = new MemoryStorage();

  @AutoClose
  private BackupRepository repository;

  private FaultyFileSystem faulty;
  private Path data;

  @BeforeEach
  void makeSource() throws IOException {
    faulty = new FaultyFileSystem(temp.getFileSystem());
    data = Files.createDirectories(temp.resolve("data"));
    fill(data, FILES);
    repository = BackupRepository.builder(storage)
        .clock(clock)
        .executor(Runnable::run, 1)
        .host("host")
        .create(root);
  }

  private static void fill(Path directory, int count) throws IOException {
    Files.createDirectories(directory);
    for (int i = 0; i < count; i++) {
      Path file = directory.resolve("file-" + i);
      Files.writeString(file, "text of " + i);
      Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
    }
  }

  private static void empty(Path directory) throws IOException {
    delete(directory, Integer.MAX_VALUE);
  }

  private static void delete(Path directory, int most) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(directory)) {
      files = all.filter(Files::isRegularFile).sorted().limit(most).toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
  }

  private Component component() {
    return Component.directory("data", Kind.STATE, data);
  }

  /** Read through a file system in which faults can be planted. */
  private Component faultyComponent() {
    return Component.directory("data", Kind.STATE, faulty.path(data));
  }

  private BackupReport backUp(Component... components) throws IOException {
    return backUp(MANUAL, components);
  }

  private BackupReport backUp(BackupOptions options, Component... components) throws IOException {
    clock.advance(Duration.ofHours(1));
    return repository.backUp(List.of(components), options);
  }

  private Snapshot newest() throws IOException {
    List<Snapshot> all = repository.snapshots();
    return all.get(all.size() - 1);
  }

  private static SnapshotId id(BackupReport report) {
    return report.snapshot().orElseThrow().id();
  }

  private SnapshotId latestGood() throws IOException {
    return repository.choose(Selector.LATEST_GOOD, List.of("data")).get("data");
  }

  private void verify() throws IOException {
    assertThat(repository.verify(VerifyOptions.readAll())).isClean();
  }

  private static int count(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return (int) files.filter(Files::isRegularFile).count();
    }
  }

  @Test
  void backUp_emptiedDirectory_isShrunkAndNeverGood() throws IOException {
    BackupReport full = backUp(component());
    long bytes = full.snapshot().orElseThrow().bytes();
    verify();
    empty(data);

    BackupReport report = backUp(component());

    assertThat(report).isShrunk("data");
    assertThat(report.shrunk())
        .containsExactly(
            new ShrunkComponent("data", new DataSize(FILES, bytes), DataSize.NONE, false));
    verify();
    assertThat(newest()).isShrunkFor("data");
    assertThat(newest().status()).isEqualTo(BackupStatus.SHRUNK);
    assertThat(newest().trust().isGood()).isTrue();
    assertThat(latestGood()).isEqualTo(id(full));
  }

  @Test
  void backUp_emptyTwiceAndThenBack_isComparedWithWhatWasBefore() throws IOException {
    backUp(component());
    Path away = temp.resolve("away");
    Files.move(data, away);
    Files.createDirectory(data);
    assertThat(backUp(component())).isShrunk("data");
    assertThat(backUp(component())).isShrunk("data");

    Files.delete(data);
    Files.move(away, data);
    BackupReport back = backUp(component());

    assertThat(back).isComplete();
    assertThat(back.shrunk()).isEmpty();
    assertThat(back.files().unchanged()).isEqualTo(FILES);
    assertThat(back.bytesRead()).as("nothing is read again").isZero();
  }

  @Test
  void backUp_afterAcceptance_isComparedWithTheAcceptedOne() throws IOException {
    backUp(component());
    empty(data);
    BackupReport shrunk = backUp(component());
    verify();

    repository.markAccepted(id(shrunk));

    assertThat(newest()).isComplete().isGoodFor("data");
    assertThat(latestGood()).isEqualTo(id(shrunk));
    BackupReport next = backUp(component());
    assertThat(next).isComplete();
    assertThat(next.shrunk()).isEmpty();
  }

  @Test
  void backUp_toldToAccept_isCompleteAndSaysWhatItAccepted() throws IOException {
    backUp(component());
    empty(data);

    BackupReport report = backUp(MANUAL.withShrunkAccepted(), component());

    assertThat(report).isComplete().hasShrunk();
    assertThat(report.shrunk()).singleElement().matches(ShrunkComponent::accepted);
    assertThat(backUp(component())).isComplete();
  }

  @Test
  void backUp_mostIsGone_isShrunkAndHalfIsNot() throws IOException {
    backUp(component());
    delete(data, 4);
    assertThat(backUp(component())).isComplete();
    fill(data, FILES);
    backUp(component());
    delete(data, 5);
    assertThat(backUp(component())).isShrunk("data");
  }

  @Test
  void backUp_ordinaryDeletionDayByDay_isNeverShrunk() throws IOException {
    fill(data, 200);
    backUp(component());
    while (count(data) > 1) {
      delete(data, Math.max(1, count(data) / 3));
      assertThat(backUp(component())).isComplete();
    }
  }

  @Test
  void backUp_othersInTheirPlace_isNoLoss() throws IOException {
    backUp(component());
    empty(data);
    fill(Files.createDirectory(data.resolve("renamed")), FILES);
    assertThat(backUp(component())).isComplete();
  }

  @Test
  void backUp_mountPointWithAFileOfItsOwn_isShrunk() throws IOException {
    backUp(component());
    empty(data);
    Files.writeString(data.resolve("NOT-MOUNTED"), "mount the volume here");
    assertThat(backUp(component())).isShrunk("data");
  }

  @Test
  void backUp_directoryBelowIsNotMounted_isShrunk() throws IOException {
    fill(data.resolve("volume"), 100);
    backUp(component());
    empty(data.resolve("volume"));
    assertThat(backUp(component())).isShrunk("data");
  }

  @Test
  void backUp_symlinkToAnEmptyDirectory_isShrunk() throws IOException {
    Path elsewhere = temp.resolve("elsewhere");
    Files.move(data, elsewhere);
    Files.createSymbolicLink(data, elsewhere);
    backUp(component());
    Files.delete(data);
    Files.createSymbolicLink(data, Files.createDirectory(temp.resolve("none")));
    assertThat(backUp(component())).isShrunk("data");
  }

  @Test
  void backUp_directoryBecomesASymlinkToAnEmptyOne_isShrunk() throws IOException {
    backUp(component());
    Files.move(data, temp.resolve("moved"));
    Files.createSymbolicLink(data, Files.createDirectory(temp.resolve("none")));
    assertThat(backUp(component())).isShrunk("data");
  }

  @Test
  void backUp_singleFileTruncatedToNothing_isShrunk() throws IOException {
    Path file = Files.writeString(temp.resolve("settings"), "key=value\n");
    Component settings = Component.file("settings", Kind.CONFIG, file);
    backUp(settings);
    Files.writeString(file, "");
    assertThat(backUp(settings)).isShrunk("settings");
    Files.writeString(file, "key=other\n");
    assertThat(backUp(settings)).isComplete();
  }

  @Test
  void backUp_databaseVanishesBesideSmallFiles_isShrunkByBytes() throws IOException {
    Files.write(data.resolve("db"), new byte[3_000_000]);
    backUp(component());
    Files.delete(data.resolve("db"));
    assertThat(backUp(component())).isShrunk("data");
  }

  @Test
  void backUp_severalComponentsOfOneVolume_eachIsShrunkAndTheRestIsGood() throws IOException {
    Path config = Files.createDirectory(temp.resolve("config"));
    fill(config, 3);
    Component[] components = {
      Component.directory("a", Kind.STATE, data.resolve("a")),
      Component.directory("b", Kind.CONVERSATIONS, data.resolve("b")),
      Component.directory("config", Kind.CONFIG, config)
    };
    fill(data.resolve("a"), 7);
    fill(data.resolve("b"), 8);
    backUp(components);
    empty(data.resolve("a"));
    empty(data.resolve("b"));

    assertThat(backUp(components)).isShrunk("a", "b");

    verify();
    assertThat(newest()).isShrunkFor("a").isShrunkFor("b").isGoodFor("config");
  }

  @Test
  void backUp_logs_areExemptUnlessSaid() throws IOException {
    Component logs = Component.directory("logs", Kind.LOGS, data);
    backUp(logs);
    empty(data);
    assertThat(backUp(logs)).isComplete();
    fill(data, FILES);
    backUp(logs);
    empty(data);
    assertThat(backUp(logs.withShrinkage(Shrinkage.DEFAULT))).isShrunk("logs");
  }

  @Test
  void backUp_ownLimits_goByThem() throws IOException {
    backUp(component());
    delete(data, 2);
    assertThat(backUp(component().withShrinkage(Shrinkage.DEFAULT.withFiles(0.1, 1))))
        .isShrunk("data");
    empty(data);
    assertThat(backUp(component().withShrinkage(Shrinkage.IGNORED))).isComplete();
  }

  @Test
  void backUp_deadlinePasses_isUnseenAndNotGone() throws IOException {
    fill(Files.createDirectories(data.resolve("sub")), 20);
    backUp(component());
    BackupOptions hasty = BackupOptions.of(Purpose.SHUTDOWN).withDeadline(Duration.ZERO);
    for (int i = 0; i < 3; i++) {
      BackupReport report = backUp(hasty, component());
      if (report.snapshot().isPresent()) {
        assertThat(report).isIncomplete().hasShrunk();
      }
    }
    empty(data);
    empty(data.resolve("sub"));
    assertThat(backUp(component())).isShrunk("data");
  }

  @Test
  void backUp_unreadableDirectory_isIncompleteAndNotShrunk() throws IOException {
    fill(Files.createDirectories(data.resolve("sub")), 100);
    backUp(faultyComponent());
    Fault denied = faulty
        .fail(FileCall.LIST)
        .of(data.resolve("sub").toString())
        .with(() -> new AccessDeniedException("sub"));
    assertThat(backUp(faultyComponent())).isIncomplete().hasShrunk();
    assertThat(denied.fired()).isTrue();

    faulty.heal();
    empty(data.resolve("sub"));
    assertThat(backUp(faultyComponent())).isShrunk("data");
  }

  @Test
  void backUp_lossBesideAnUnreadableFile_isShrunkAndAcceptedOnlyIncomplete() throws IOException {
    fill(Files.createDirectories(data.resolve("sub")), 100);
    Files.writeString(data.resolve("locked"), "x");
    backUp(faultyComponent());
    empty(data.resolve("sub"));
    Fault denied = faulty
        .fail(FileCall.OPEN)
        .of(data.resolve("locked").toString())
        .with(() -> new AccessDeniedException("locked"));
    Files.writeString(data.resolve("locked"), "changed");

    BackupReport report = backUp(faultyComponent());
    assertThat(denied.fired()).isTrue();
    assertThat(report).isIncomplete().hasFailures("data/locked").hasShrunk("data");
    assertThat(newest()).isShrunkFor("data");
    assertThat(backUp(faultyComponent())).isIncomplete().hasShrunk("data");

    repository.markAccepted(newest().id());
    verify();
    assertThat(newest()).isNotGoodFor("data");
    assertThat(newest().component("data").orElseThrow().status())
        .isEqualTo(BackupStatus.INCOMPLETE);
    assertThat(backUp(faultyComponent())).isIncomplete().hasShrunk();
    faulty.heal();
    assertThat(backUp(faultyComponent())).isComplete();
  }

  @Test
  void backUp_neverWasComplete_isComparedWithTheIncompleteOne() throws IOException {
    faulty
        .fail(FileCall.OPEN)
        .of(data.resolve("file-0").toString())
        .with(() -> new AccessDeniedException("file-0"));
    assertThat(backUp(faultyComponent())).isIncomplete();
    faulty.heal();
    empty(data);
    assertThat(backUp(faultyComponent())).isShrunk("data");
  }

  @Test
  void backUp_newExcludes_areIntentAndNoLoss() throws IOException {
    fill(Files.createDirectories(data.resolve("cache")), 100);
    backUp(component());
    assertThat(backUp(MANUAL.withExcludes(List.of("/data/cache")), component())).isComplete();
    fill(Files.createDirectories(data.resolve("old")), 100);
    backUp(component());
    assertThat(backUp(component().withExcludes(List.of("file-*")))).isComplete();
  }

  @Test
  void backUp_newExcludesAndALoss_isShrunkByWhatIsNotExcluded() throws IOException {
    fill(Files.createDirectories(data.resolve("cache")), 5);
    fill(Files.createDirectories(data.resolve("kept")), 100);
    backUp(component());
    empty(data.resolve("kept"));
    assertThat(backUp(MANUAL.withExcludes(List.of("/data/cache")), component())).isShrunk("data");
  }

  @Test
  void backUp_quarantine_isNeitherShrunkNorComparedWith() throws IOException {
    backUp(component());
    empty(data);
    assertThat(backUp(BackupOptions.of(Purpose.QUARANTINE), component())).isComplete();
    assertThat(backUp(component())).isShrunk("data");
  }

  @Test
  void backUp_sourceIsMissing_isAFailureAndNextTimeShrunk() throws IOException {
    Component other =
        Component.directory("other", Kind.STATE, Files.createDirectory(temp.resolve("other")));
    backUp(component(), other);
    empty(data);
    Files.delete(data);
    assertThat(backUp(component(), other)).isIncomplete().hasFailures("data");
    Files.createDirectory(data);
    assertThat(backUp(component(), other)).isShrunk("data");
  }

  @Test
  void restore_latestIsShrunk_bringsItAndSaysSo() throws IOException {
    BackupReport full = backUp(component());
    delete(data, 8);
    BackupReport shrunk = backUp(component());
    Path to = temp.resolve("to");

    RestoreReport report = repository.restore(
        repository.planRestore(RestoreRequest.to(Selector.LATEST, to)), List.of());

    assertThat(report.snapshots()).containsEntry("data", id(shrunk));
    assertThat(count(to.resolve("data"))).isEqualTo(1);
    assertThat(report.notes())
        .anySatisfy(note ->
            assertThat(note).contains("SHRUNK", id(shrunk).toString(), id(full).toString(), "9"));
  }

  @Test
  void restore_mirrorOfAShrunkOne_isRefusedUntilAccepted() throws IOException {
    backUp(component());
    empty(data);
    SnapshotId shrunk = id(backUp(component()));
    fill(data, FILES);
    List<RestoreRequest> mirrors = new ArrayList<>();
    for (Selector selector : List.of(Selector.LATEST, Selector.of(shrunk))) {
      mirrors.add(RestoreRequest.inPlace(selector).withDeleteExtra());
      mirrors.add(RestoreRequest.to(selector, temp).withDeleteExtra());
    }
    for (RestoreRequest mirror : mirrors) {
      assertThatThrownBy(() -> repository.planRestore(mirror))
          .isInstanceOf(RestoreRefusedException.class)
          .hasMessageContainingAll("component data", "SHRUNK")
          .extracting(refused -> ((RestoreRefusedException) refused).action())
          .asString()
          .contains("dr mark " + shrunk + " accepted");
    }
    RestoreReport merged = repository.restore(
        repository.planRestore(RestoreRequest.inPlace(Selector.LATEST)), List.of());
    assertThat(merged.notes()).anySatisfy(note -> assertThat(note).contains("SHRUNK"));
    assertThat(count(data)).isEqualTo(FILES);

    repository.markAccepted(shrunk);
    repository.restore(repository.planRestore(mirrors.get(0)), List.of());
    assertThat(count(data)).isZero();
  }

  @Test
  void prune_shrunkOnesCome_keepsWhatWasBefore() throws IOException {
    SnapshotId full = id(backUp(component()));
    empty(data);
    for (int i = 0; i < 3; i++) {
      backUp(component());
    }
    SnapshotId last = newest().id();
    RetentionPolicy one = RetentionPolicy.none().keepLast(1);

    repository.prune(repository.planPrune(one, false, PruneOptions.DEFAULT));
    assertThat(repository.snapshots()).extracting(Snapshot::id).contains(full, last);
    assertThat(backUp(component())).isShrunk("data");

    repository.markAccepted(newest().id());
    repository.prune(repository.planPrune(one, false, PruneOptions.DEFAULT));
    assertThat(newest()).isComplete();
    assertThat(backUp(component())).as("the acceptance survives a prune").isComplete();
  }

  @Test
  void importArchive_emptyOne_isNeverShrunk() throws IOException {
    SnapshotId full = id(backUp(component()));
    Path archive = temp.resolve("full.tar.gz");
    repository.exportTo(Selector.of(full), List.of(), archive);
    empty(data);
    SnapshotId shrunk = id(backUp(component()));
    Path small = temp.resolve("empty.tar.gz");
    repository.exportTo(Selector.of(shrunk), List.of(), small);

    repository.importFrom(archive, ImportOptions.DEFAULT);
    repository.importFrom(small, ImportOptions.DEFAULT);

    assertThat(newest()).isComplete();
  }
}
