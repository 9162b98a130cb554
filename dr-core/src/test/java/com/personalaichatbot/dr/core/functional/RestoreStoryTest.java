package com.personalaichatbot.dr.core.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.component.Quiesce;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.DiffReport;
import com.personalaichatbot.dr.core.operation.ListedEntry;
import com.personalaichatbot.dr.core.operation.PathProblem;
import com.personalaichatbot.dr.core.operation.RestoreCounts;
import com.personalaichatbot.dr.core.operation.RestorePlan;
import com.personalaichatbot.dr.core.operation.RestoreRefusedException;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.operation.SnapshotNotFoundException;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.BackupStatus;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Restores to a directory, in place, undone, seen from outside. */
class RestoreStoryTest {
  private static final BackupOptions MANUAL = BackupOptions.of(Purpose.MANUAL);
  private static final Instant LONG_AGO = Instant.parse("2001-02-03T04:05:06.123456789Z");

  @TempDir
  Path temp;

  @AutoClose
  private final RootKey root = RootKey.of(new byte[32]);

  private Path chats;
  private Path env;
  private Path target;

  @AutoClose
  private BackupRepository repository;

  @BeforeEach
  void openRepository() throws IOException {
    chats = Files.createDirectories(temp.resolve("app/chats"));
    env = temp.resolve("app/.env");
    target = temp.resolve("target");
    repository = BackupRepository.builder(new MemoryStorage()).create(root);
    Files.writeString(env, "KEY=secret\n");
    Files.setPosixFilePermissions(env, PosixFilePermissions.fromString("rw-------"));
    Files.createDirectories(chats.resolve("active/deep"));
    Files.createDirectories(chats.resolve("empty"));
    for (int i = 0; i < 40; i++) {
      Files.writeString(chats.resolve("active/" + i + ".json"), "{\"id\":" + i + "}");
    }
    Files.writeString(chats.resolve("active/deep/note"), "deep");
    byte[] large = new byte[3_000_000];
    new Random(7).nextBytes(large);
    Arrays.fill(large, 1_000_000, 1_400_000, (byte) 0);
    Files.write(chats.resolve("large.bin"), large);
    Files.createFile(chats.resolve("nothing"));
    Files.createSymbolicLink(chats.resolve("link"), Path.of("active/1.json"));
    Files.createLink(chats.resolve("second-name"), chats.resolve("active/2.json"));
    Files.setLastModifiedTime(chats.resolve("active/3.json"), FileTime.from(LONG_AGO));
    Files.setLastModifiedTime(chats.resolve("active"), FileTime.from(LONG_AGO));
  }

  private List<Component> components() {
    return List.of(
        Component.directory("chats", Kind.CONVERSATIONS, chats),
        Component.file("env", Kind.SECRETS, env));
  }

  private SnapshotId backUp() throws IOException {
    return repository.backUp(components(), MANUAL).snapshot().orElseThrow().id();
  }

  private RestoreReport restore(RestoreRequest request) throws IOException {
    return repository.restore(repository.planRestore(request), List.of());
  }

  /** Everything that comes back: type, mode, time, content or target; links by their first name. */
  static Map<String, String> state(Path root) throws IOException {
    Map<String, String> state = new TreeMap<>();
    Map<Object, String> firstNames = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.sorted().toList()) {
        String name = root.relativize(path).toString();
        if (name.startsWith(".dr-restore")) {
          continue;
        }
        Map<String, Object> a =
            Files.readAttributes(path, "unix:mode,lastModifiedTime,ino", LinkOption.NOFOLLOW_LINKS);
        String what = a.get("mode") + " ";
        if (Files.isSymbolicLink(path)) {
          what += "-> " + Files.readSymbolicLink(path);
        } else {
          what += a.get("lastModifiedTime");
          if (Files.isRegularFile(path)) {
            what += " " + Arrays.hashCode(Files.readAllBytes(path));
            String first = firstNames.putIfAbsent(a.get("ino"), name);
            what += first == null ? "" : " = " + first;
          }
        }
        state.put(name, what);
      }
    }
    return state;
  }

  private static List<Path> leftovers(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      return paths
          .filter(p -> p.getFileName().toString().contains(".dr-restore"))
          .toList();
    }
  }

  @Test
  void restore_toDirectory_bringsEverythingBack() throws IOException {
    backUp();
    RestorePlan plan = repository.planRestore(RestoreRequest.to(Selector.LATEST, target));
    assertThat(target).doesNotExist();
    assertThat(plan.files()).isEqualTo(new RestoreCounts(46, 0, 0, 0, 0));
    assertThat(plan.toString()).contains("46 to create");

    RestoreReport report = repository.restore(plan, List.of());

    assertThat(report.failures()).isEmpty();
    assertThat(report.status()).isEqualTo(RestoreReport.Status.COMPLETE);
    assertThat(report.verified()).isTrue();
    assertThat(report.damaged()).isFalse();
    assertThat(report.files()).isEqualTo(plan.files());
    assertThat(report.bytesToWrite()).isEqualTo(plan.bytesToWrite());
    assertThat(state(target.resolve("chats"))).isEqualTo(state(chats));
    assertThat(state(target.resolve("env"))).isEqualTo(state(env));
    assertThat(leftovers(target)).isEmpty();
  }

  @Test
  void restore_zeroRuns_areHoles() throws IOException {
    byte[] file = new byte[8 << 20];
    file[0] = 1;
    Files.write(chats.resolve("sparse"), file);
    backUp();
    restore(RestoreRequest.to(Selector.LATEST, target).withIncludes(List.of("sparse")));
    Path restored = target.resolve("chats/sparse");
    assertThat(restored).hasBinaryContent(file);
    ProcessBuilder command = new ProcessBuilder("du", "-k", restored.toString());
    command.environment().clear();
    Process du = command.start();
    String kilobytes = new String(du.getInputStream().readAllBytes()).split("\t", 2)[0];
    assertThat(Integer.parseInt(kilobytes)).isLessThan(1024);
  }

  @Test
  void restore_toNonEmptyDirectory_isRefusedUnlessSaid() throws IOException {
    backUp();
    Files.createDirectories(target.resolve("chats/active"));
    Files.writeString(target.resolve("chats/active/mine"), "mine");
    Files.copy(chats.resolve("active/1.json"), target.resolve("chats/active/1.json"));
    Files.writeString(target.resolve("chats/active/4.json"), "other");
    RestoreRequest request =
        RestoreRequest.to(Selector.LATEST, target).withComponents(List.of("chats"));

    assertThatThrownBy(() -> repository.planRestore(request))
        .isInstanceOf(RestoreRefusedException.class)
        .hasMessageContaining("not empty");

    RestoreReport merged = restore(request.withOverwrite());
    assertThat(merged.files()).isEqualTo(new RestoreCounts(43, 1, 1, 0, 0));
    assertThat(target.resolve("chats/active/mine")).hasContent("mine");
    assertThat(target.resolve("chats/active/4.json")).hasContent("{\"id\":4}");

    RestoreReport mirrored = restore(request.withDeleteExtra());
    assertThat(mirrored.files()).isEqualTo(new RestoreCounts(0, 0, 45, 1, 0));
    assertThat(state(target.resolve("chats"))).isEqualTo(state(chats));
    assertThat(leftovers(target)).isEmpty();
  }

  @Test
  void restore_withIncludes_bringsWhatMatchesOnly() throws IOException {
    backUp();
    RestoreReport report = restore(
        RestoreRequest.to(Selector.LATEST, target).withIncludes(List.of("deep", "1?.json")));
    assertThat(report.files().create()).isEqualTo(11);
    assertThat(target.resolve("chats/active/deep/note")).hasContent("deep");
    assertThat(target.resolve("chats/active/10.json")).exists();
    assertThat(target.resolve("chats/active/1.json")).doesNotExist();
    assertThat(target.resolve("env")).doesNotExist();
    RestoreRequest nothing =
        RestoreRequest.to(Selector.LATEST, target.resolve("x")).withIncludes(List.of("nowhere"));
    assertThatThrownBy(() -> restore(nothing))
        .isInstanceOf(RestoreRefusedException.class)
        .hasMessageContaining("nothing in the snapshot matches");
  }

  @Test
  void restore_inPlace_andUndo() throws IOException {
    Map<String, String> before = state(chats);
    SnapshotId good = backUp();
    Files.writeString(chats.resolve("active/0.json"), "corrupt");
    Files.delete(chats.resolve("active/1.json"));
    Files.writeString(chats.resolve("active/new.json"), "new");
    Files.delete(chats.resolve("link"));
    Files.createDirectory(chats.resolve("link"));
    Files.delete(chats.resolve("active/deep/note"));
    Files.delete(chats.resolve("active/deep"));
    Files.writeString(chats.resolve("active/deep"), "a file in a directory's place");
    Files.setPosixFilePermissions(
        chats.resolve("active/5.json"), PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.writeString(env, "KEY=stolen\n");
    Map<String, String> after = state(chats);

    RestoreRequest request = RestoreRequest.inPlace(Selector.of(good)).withDeleteExtra();
    RestorePlan plan = repository.planRestore(request);
    assertThat(state(chats)).isEqualTo(after);
    assertThat(plan.files()).isEqualTo(new RestoreCounts(3, 2, 41, 1, 0));
    RestoreReport report = repository.restore(plan, List.of());

    assertThat(report.failures()).isEmpty();
    assertThat(report.files()).isEqualTo(plan.files());
    assertThat(report.verified()).isTrue();
    assertThat(state(chats)).isEqualTo(before);
    assertThat(env).hasContent("KEY=secret");
    SnapshotId safety = report.safety().orElseThrow();
    assertThat(repository.snapshots())
        .filteredOn(s -> s.id().equals(safety))
        .singleElement()
        .matches(s -> s.purpose() == Purpose.QUARANTINE);

    RestoreReport undone = repository.undo(List.of());

    assertThat(undone.failures()).isEmpty();
    assertThat(undone.notes()).isEmpty();
    assertThat(state(chats)).isEqualTo(after);
    assertThat(env).hasContent("KEY=stolen");
    assertThat(leftovers(temp.resolve("app"))).isEmpty();
    assertThatThrownBy(() -> repository.undo(List.of()))
        .isInstanceOf(RestoreRefusedException.class)
        .hasMessageContaining("no restore in place");
  }

  @Test
  void restore_endsTheUndoOfTheOneBefore_isSaidInPlanAndReport() throws IOException {
    backUp();
    RestoreRequest both = RestoreRequest.inPlace(Selector.LATEST);
    Files.writeString(chats.resolve("active/0.json"), "corrupt");
    Files.writeString(env, "KEY=stolen");
    assertThat(repository.planRestore(both).notes()).isEmpty();
    assertThat(restore(both).notes()).isEmpty();
    Files.writeString(env, "KEY=stolen again");
    RestoreRequest one = both.withComponents(List.of("env"));

    RestorePlan plan = repository.planRestore(one);
    assertThat(plan.notes())
        .singleElement()
        .asString()
        .contains("the earlier restore of chats, env can no longer be undone: env is restored");
    assertThat(repository.restore(plan, List.of()).notes())
        .singleElement()
        .asString()
        .startsWith("the earlier restore of chats, env can no longer be undone: env is restored");

    Files.writeString(env, "KEY=stolen thrice");
    assertThat(restore(one).notes())
        .singleElement()
        .asString()
        .startsWith("the earlier restore of env can no longer be undone");
    repository.undo(List.of());
    assertThat(env).hasContent("KEY=stolen thrice");
    assertThat(repository.planRestore(both).notes()).isEmpty();
  }

  @Test
  void undo_whatChangedSince_isMovedAside() throws IOException {
    backUp();
    Files.writeString(chats.resolve("active/0.json"), "old");
    Files.delete(chats.resolve("active/1.json"));
    restore(RestoreRequest.inPlace(Selector.LATEST));
    Files.writeString(chats.resolve("active/0.json"), "since");
    Files.writeString(chats.resolve("active/1.json"), "since too");

    RestoreReport report = repository.undo(List.of());

    assertThat(report.status()).isEqualTo(RestoreReport.Status.COMPLETE);
    assertThat(report.notes()).hasSize(2).allMatch(n -> n.contains("changed since"));
    assertThat(chats.resolve("active/0.json")).hasContent("old");
    assertThat(chats.resolve("active/0.json.after-restore")).hasContent("since");
    assertThat(chats.resolve("active/1.json")).doesNotExist();
    assertThat(chats.resolve("active/1.json.after-restore")).hasContent("since too");
  }

  @Test
  void restore_inPlace_whereEverythingIsGone_andUndo() throws IOException {
    Map<String, String> before = state(chats);
    backUp();
    try (Stream<Path> paths = Files.walk(temp.resolve("app"))) {
      for (Path path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(path);
      }
    }
    RestoreReport report = restore(RestoreRequest.inPlace(Selector.LATEST));
    assertThat(report.failures()).isEmpty();
    assertThat(state(chats)).isEqualTo(before);
    assertThat(env).hasContent("KEY=secret");

    assertThat(repository.undo(List.of()).failures()).isEmpty();
    assertThat(chats).doesNotExist();
    assertThat(env).doesNotExist();
  }

  @Test
  void restore_inPlace_unchanged_changesNothing() throws IOException {
    backUp();
    Map<String, String> before = state(temp.resolve("app"));
    RestoreReport report = restore(RestoreRequest.inPlace(Selector.LATEST).withDeleteExtra());
    assertThat(report.files()).isEqualTo(new RestoreCounts(0, 0, 46, 0, 0));
    assertThat(report.safety()).isEmpty();
    assertThat(state(temp.resolve("app"))).isEqualTo(before);
    assertThat(leftovers(temp.resolve("app"))).isEmpty();
  }

  @Test
  void restore_database_movesItsLogAwayFirst() throws IOException {
    Path database = chats.resolve("chat.db");
    Files.writeString(database, "state one");
    backUp();
    Files.writeString(database, "state two");
    Files.writeString(chats.resolve("chat.db-wal"), "log of state two");
    Files.writeString(chats.resolve("chat.db-shm"), "index of that log");

    RestoreReport report = restore(RestoreRequest.inPlace(Selector.LATEST));
    assertThat(report.files().remove()).isEqualTo(2);
    assertThat(database).hasContent("state one");
    assertThat(chats.resolve("chat.db-wal")).doesNotExist();
    assertThat(chats.resolve("chat.db-shm")).doesNotExist();

    repository.undo(List.of());
    assertThat(database).hasContent("state two");
    assertThat(chats.resolve("chat.db-wal")).hasContent("log of state two");
    assertThat(chats.resolve("chat.db-shm")).hasContent("index of that log");
  }

  @Test
  void restore_databaseWithItsLog_replacesBoth() throws IOException {
    Path database = chats.resolve("chat.db");
    Path log = chats.resolve("chat.db-wal");
    Files.writeString(database, "state one");
    Files.writeString(log, "log of state one");
    backUp();
    Files.writeString(database, "state two");
    Files.writeString(log, "log of state two");

    RestoreReport report = restore(RestoreRequest.inPlace(Selector.LATEST));
    assertThat(report.failures()).isEmpty();
    assertThat(database).hasContent("state one");
    assertThat(log).hasContent("log of state one");

    RestoreReport undone = repository.undo(List.of());
    assertThat(undone.notes()).isEmpty();
    assertThat(database).hasContent("state two");
    assertThat(log).hasContent("log of state two");

    Files.createDirectories(target.resolve("chats"));
    Files.writeString(target.resolve("chats/chat.db"), "other");
    Files.writeString(target.resolve("chats/chat.db-wal"), "other log");
    Files.writeString(target.resolve("chats/chat.db-shm"), "other index");
    restore(RestoreRequest.to(Selector.LATEST, target)
        .withComponents(List.of("chats"))
        .withOverwrite());
    assertThat(target.resolve("chats/chat.db")).hasContent("state one");
    assertThat(target.resolve("chats/chat.db-wal")).hasContent("log of state one");
    assertThat(target.resolve("chats/chat.db-shm")).doesNotExist();
  }

  @Test
  void restore_directoryInAFilesPlace_isAFailureUnlessExtrasGo() throws IOException {
    backUp();
    Files.delete(chats.resolve("active/1.json"));
    Files.createDirectory(chats.resolve("active/1.json"));
    Files.writeString(chats.resolve("active/1.json/inner"), "inner");

    RestoreReport report = restore(RestoreRequest.inPlace(Selector.LATEST));
    assertThat(report.status()).isEqualTo(RestoreReport.Status.INCOMPLETE);
    assertThat(report.damaged()).isFalse();
    assertThat(report.failures())
        .singleElement()
        .matches(f -> f.path().equals("chats/active/1.json"));
    assertThat(chats.resolve("active/1.json/inner")).hasContent("inner");

    RestoreReport forced = restore(RestoreRequest.inPlace(Selector.LATEST).withDeleteExtra());
    assertThat(forced.failures()).isEmpty();
    assertThat(chats.resolve("active/1.json")).hasContent("{\"id\":1}");
    repository.undo(List.of());
    assertThat(chats.resolve("active/1.json/inner")).hasContent("inner");
  }

  @Test
  void restore_linkAbove_isNeverFollowed() throws IOException {
    backUp();
    Path outside = Files.createDirectories(temp.resolve("outside"));
    Files.createDirectories(target.resolve("chats"));
    Files.createSymbolicLink(target.resolve("chats/active"), outside);

    RestoreReport report = restore(RestoreRequest.to(Selector.LATEST, target)
        .withComponents(List.of("chats"))
        .withOverwrite());
    assertThat(report.failures()).extracting(PathProblem::path).containsExactly("chats/active");
    assertThat(outside).isEmptyDirectory();
    assertThat(target.resolve("chats/large.bin")).exists();

    Files.delete(chats.resolve("active/deep/note"));
    RestoreReport one = restore(RestoreRequest.to(Selector.LATEST, target)
        .withIncludes(List.of("/chats/active/deep/note"))
        .withOverwrite());
    assertThat(one.failures())
        .extracting(PathProblem::path)
        .containsExactly("chats/active/deep/note");
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void restore_hardLinkLeadingOutside_isBrokenNotWrittenThrough() throws IOException {
    Files.writeString(chats.resolve("alone"), "alone");
    backUp();
    Path outside = temp.resolve("outside");
    Files.delete(chats.resolve("alone"));
    Files.writeString(outside, "theirs");
    Files.createLink(chats.resolve("alone"), outside);

    RestoreReport report = restore(RestoreRequest.inPlace(Selector.LATEST));
    assertThat(report.notes()).anyMatch(n -> n.startsWith("chats/alone had another name"));
    assertThat(outside).hasContent("theirs");
    assertThat(chats.resolve("alone")).hasContent("alone");
    repository.undo(List.of());
    assertThat(Files.isSameFile(outside, chats.resolve("alone"))).isTrue();
  }

  @Test
  void restore_hooks_areCalledAround() throws IOException {
    backUp();
    Files.writeString(chats.resolve("active/0.json"), "corrupt");
    List<String> calls = new ArrayList<>();
    Component live = Component.directory("chats", Kind.CONVERSATIONS, chats)
        .withQuiesce(new Quiesce() {
          @Override
          public void quiesce() throws IOException {
            calls.add("quiesce " + Files.readString(chats.resolve("active/0.json")));
          }

          @Override
          public void resume() {
            try {
              calls.add("resume " + Files.readString(chats.resolve("active/0.json")));
            } catch (IOException e) {
              throw new AssertionError(e);
            }
          }
        });
    repository.restore(
        repository.planRestore(RestoreRequest.inPlace(Selector.LATEST)), List.of(live));
    assertThat(calls).containsExactly("quiesce corrupt", "resume {\"id\":0}");
  }

  @Test
  void restore_applicationNotAtRest_isRefused() throws IOException {
    backUp();
    AtomicBoolean resumed = new AtomicBoolean();
    Files.writeString(chats.resolve("active/0.json"), "corrupt");
    Component live = Component.directory("chats", Kind.CONVERSATIONS, chats)
        .withQuiesce(new Quiesce() {
          @Override
          public void quiesce() {
            throw new IllegalStateException("busy");
          }

          @Override
          public void resume() {
            resumed.set(true);
          }
        });
    RestorePlan plan = repository.planRestore(RestoreRequest.inPlace(Selector.LATEST));
    assertThatThrownBy(() -> repository.restore(plan, List.of(live)))
        .isInstanceOf(RestoreRefusedException.class)
        .hasMessageContaining("busy");
    assertThat(resumed).as("was not quiesced").isFalse();
    assertThat(chats.resolve("active/0.json")).hasContent("corrupt");
    assertThat(leftovers(temp.resolve("app"))).isEmpty();
  }

  @Test
  void restore_again_replacesTheUndo() throws IOException {
    SnapshotId first = backUp();
    Files.writeString(chats.resolve("active/0.json"), "two");
    SnapshotId second = backUp();
    restore(RestoreRequest.inPlace(Selector.of(first)));
    restore(RestoreRequest.inPlace(Selector.of(second)));
    assertThat(chats.resolve("active/0.json")).hasContent("two");
    repository.undo(List.of());
    assertThat(chats.resolve("active/0.json")).hasContent("{\"id\":0}");
    assertThatThrownBy(() -> repository.undo(List.of()))
        .isInstanceOf(RestoreRefusedException.class);
  }

  @Test
  void discardUndo_removesWhatWasKept() throws IOException {
    backUp();
    Files.writeString(chats.resolve("active/0.json"), "corrupt");
    restore(RestoreRequest.inPlace(Selector.LATEST));
    assertThat(leftovers(chats)).isNotEmpty();
    repository.discardUndo();
    assertThat(leftovers(chats)).isEmpty();
    assertThat(chats.resolve("active/0.json")).hasContent("{\"id\":0}");
    assertThatThrownBy(() -> repository.discardUndo()).isInstanceOf(RestoreRefusedException.class);
  }

  @Test
  void latestGood_needsAVerifiedSnapshot() throws IOException {
    SnapshotId first = backUp();
    RestoreRequest good = RestoreRequest.to(Selector.LATEST_GOOD, target);
    assertThatThrownBy(() -> repository.planRestore(good))
        .isInstanceOf(SnapshotNotFoundException.class)
        .hasMessageContaining("verified");
    repository.verify(VerifyOptions.readAll());
    backUp();
    assertThat(repository.planRestore(good).parts())
        .allMatch(part -> part.snapshot().equals(first));
    assertThat(
            repository.planRestore(RestoreRequest.to(Selector.LATEST, target)).parts())
        .noneMatch(part -> part.snapshot().equals(first));
  }

  @Test
  void listReadDiff_lookInside() throws IOException {
    SnapshotId first = backUp();
    Files.writeString(chats.resolve("active/0.json"), "two");
    Files.delete(chats.resolve("active/1.json"));
    Files.writeString(chats.resolve("active/new.json"), "new");
    SnapshotId second = backUp();

    List<ListedEntry> all = new ArrayList<>();
    repository.list(first, "", all::add);
    assertThat(all).hasSize(46 + 4);
    assertThat(all.get(0).path()).isEqualTo("chats");
    List<ListedEntry> deep = new ArrayList<>();
    repository.list(first, "/chats/active/deep/", deep::add);
    assertThat(deep)
        .extracting(ListedEntry::path)
        .containsExactly("chats/active/deep", "chats/active/deep/note");
    assertThatThrownBy(() -> repository.list(first, "chats/nowhere", deep::add))
        .isInstanceOf(SnapshotNotFoundException.class);

    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(repository.read(first, "chats/large.bin", out)).isEqualTo(3_000_000);
    assertThat(out.toByteArray()).isEqualTo(Files.readAllBytes(chats.resolve("large.bin")));
    assertThatThrownBy(() -> repository.read(first, "chats/active", out))
        .isInstanceOf(SnapshotNotFoundException.class);

    assertThat(repository.diff(Selector.of(first), Selector.of(second)))
        .isEqualTo(new DiffReport(
            List.of("chats/active/new.json"),
            List.of("chats/active/1.json"),
            List.of("chats/active/0.json")));
    assertThat(repository.diff(Selector.of(second), Selector.of(second)))
        .isEqualTo(new DiffReport(List.of(), List.of(), List.of()));
  }

  /** A file that both hold is restored twice, and an undo of both cannot tell. */
  @Test
  void planRestore_inPlaceOfComponentsInEachOther_saysWhoseFilesStay() throws IOException {
    Files.writeString(chats.resolve("a"), "one");
    List<Component> both = List.of(
        Component.directory("all", Kind.CUSTOM, temp.resolve("app")),
        Component.directory("chats", Kind.CONVERSATIONS, chats));
    assertThat(repository.backUp(both, MANUAL).status()).isEqualTo(BackupStatus.COMPLETE);

    RestoreRequest request = RestoreRequest.inPlace(Selector.LATEST);
    assertThat(repository.planRestore(request).notes())
        .anySatisfy(note -> assertThat(note).contains("all", "chats", "ends as chats has it"));
    assertThat(repository.planRestore(request.withComponents(List.of("all"))).notes())
        .noneMatch(note -> note.contains("ends as chats has it"));
  }
}
