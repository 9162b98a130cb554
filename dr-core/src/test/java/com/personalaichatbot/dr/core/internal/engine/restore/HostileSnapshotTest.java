package com.personalaichatbot.dr.core.internal.engine.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.personalaichatbot.dr.core.internal.engine.restore.plan.NameFolding;
import com.personalaichatbot.dr.core.internal.format.Attributes;
import com.personalaichatbot.dr.core.internal.format.Capture;
import com.personalaichatbot.dr.core.internal.format.Content;
import com.personalaichatbot.dr.core.internal.format.Extent;
import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import com.personalaichatbot.dr.core.internal.read.CatRun;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.PathProblem;
import com.personalaichatbot.dr.core.operation.RestoreRefusedException;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Restores snapshots such as no backup would write, and such as are damaged. */
class HostileSnapshotTest {
  @TempDir
  Path temp;

  @AutoClose
  private HandmadeSnapshots made;

  private Path target;

  @BeforeEach
  void open() throws IOException {
    made = new HandmadeSnapshots();
    target = temp.resolve("target");
  }

  private RestoreReport restore(SnapshotId snapshot) throws IOException {
    return made.restore(RestoreRequest.to(Selector.of(snapshot), target));
  }

  private List<String> everythingBelow(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      return paths.skip(1).map(p -> root.relativize(p).toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", ".", "a/b", "/etc", "a\0b", ""})
  void restore_nameThatIsNoElement_isRefusedWithAllOfItsNode(String name) throws IOException {
    SnapshotId snapshot = made.commit(made.directory(
        "data",
        made.directory("fine", made.file("good", "good")),
        made.directory("rotten", made.file(name, "evil"), made.file("z", "z"))));

    RestoreReport report = restore(snapshot);

    assertThat(report.damaged()).isTrue();
    assertThat(report.status()).isEqualTo(RestoreReport.Status.INCOMPLETE);
    assertThat(report.failures()).extracting(PathProblem::path).containsExactly("data/rotten");
    assertThat(everythingBelow(temp))
        .containsExactly(
            "target",
            "target/data",
            "target/data/fine",
            "target/data/fine/good",
            "target/data/rotten");
  }

  @Test
  void restore_sameNameTwice_isRefusedWithAllOfItsNode() throws IOException {
    SnapshotId snapshot =
        made.commit(made.directory("data", made.file("a", "one"), made.file("a", "two")));
    RestoreReport report = restore(snapshot);
    assertThat(report.damaged()).isTrue();
    assertThat(target.resolve("data")).isEmptyDirectory();
  }

  @Test
  void restore_linkAndThenEntriesBelowIt_neverLeavesTheTarget() throws IOException {
    Path outside = Files.createDirectory(temp.resolve("outside"));
    byte[] to = HandmadeSnapshots.name(outside.toString());
    TreeEntry link = TreeEntry.symlink(HandmadeSnapshots.name("a"), HandmadeSnapshots.PLAIN, to);
    SnapshotId first = made.commit(made.directory("data", link));
    restore(first);
    SnapshotId second =
        made.commit(made.directory("data", made.directory("a", made.file("x", "escaped"))));

    RestoreReport report =
        made.restore(RestoreRequest.to(Selector.of(second), target).withOverwrite());
    assertThat(report.failures()).extracting(PathProblem::path).containsExactly("data/a");
    assertThat(outside).isEmptyDirectory();

    made.restore(
        RestoreRequest.inPlace(Selector.of(second)).withPlace("data", target.resolve("data")));
    assertThat(outside).isEmptyDirectory();
    assertThat(target.resolve("data/a")).isDirectory();
    assertThat(Files.isSymbolicLink(target.resolve("data/a"))).isFalse();
    assertThat(target.resolve("data/a/x")).hasContent("escaped");
  }

  @Test
  void restore_linkAtTheTarget_isRefused() throws IOException {
    Path outside = Files.createDirectory(temp.resolve("outside"));
    SnapshotId snapshot = made.commit(made.directory("data", made.file("x", "x")));
    Files.createDirectory(target);
    Files.createSymbolicLink(target.resolve("data"), outside);
    assertThatThrownBy(
            () -> made.restore(RestoreRequest.to(Selector.of(snapshot), target).withDeleteExtra()))
        .isInstanceOf(RestoreRefusedException.class)
        .hasMessageContaining("symbolic link");
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void restore_stageThatIsALink_isRefused() throws IOException {
    Path outside = Files.createDirectory(temp.resolve("outside"));
    SnapshotId snapshot = made.commit(made.directory("data", made.file("x", "x")));
    Files.createDirectory(target);
    Files.createSymbolicLink(target.resolve(".dr-restore"), outside);
    assertThatThrownBy(() -> restore(snapshot)).isInstanceOf(RestoreRefusedException.class);
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void restore_entriesThatWouldReachTheJournal_areNotWritten() throws IOException {
    SnapshotId snapshot = made.commit(made.directory(
        "data",
        made.directory(".dr-restore", made.directory("data", made.file("lock", "evil"))),
        made.file("good", "good")));
    Path data = Files.createDirectories(target.resolve("data"));
    RestoreReport report =
        made.restore(RestoreRequest.inPlace(Selector.of(snapshot)).withPlace("data", data));
    assertThat(report.failures()).extracting(PathProblem::path).containsExactly("data/.dr-restore");
    assertThat(data.resolve("good")).hasContent("good");
    assertThat(new UndoRun(made.session).undo(List.of()).failures()).isEmpty();
    assertThat(data).isEmptyDirectory();
  }

  @Test
  void restore_lostContent_isListed_andTheRestComes() throws IOException {
    SnapshotId snapshot = made.commit(
        made.directory("data", made.file("a", "a"), made.lostFile("b"), made.file("c", "c")));
    Files.createDirectories(target.resolve("data"));
    Files.writeString(target.resolve("data/b"), "what was there");

    RestoreReport report =
        made.restore(RestoreRequest.to(Selector.of(snapshot), target).withOverwrite());

    assertThat(report.damaged()).isTrue();
    assertThat(report.failures()).extracting(PathProblem::path).containsExactly("data/b");
    assertThat(target.resolve("data/a")).hasContent("a");
    assertThat(target.resolve("data/b")).hasContent("what was there");
    assertThat(target.resolve("data/c")).hasContent("c");
    assertThat(everythingBelow(target)).containsExactly("data", "data/a", "data/b", "data/c");

    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThatThrownBy(() -> new CatRun(made.session).read(snapshot, "data/b", out))
        .isInstanceOf(CorruptRepositoryException.class);
    assertThat(out.size()).isZero();
  }

  @Test
  void restore_partsThatDoNotMakeUpTheFile_neverStandUnderItsName() throws IOException {
    TreeEntry whole = made.file("part", "0123456789");
    Extent extent = whole.content().extents().get(0);
    Content twice = new Content(List.of(extent, extent), List.of(), "00".repeat(32));
    TreeEntry file = TreeEntry.file(
        HandmadeSnapshots.name("wrong"),
        HandmadeSnapshots.withSize(HandmadeSnapshots.PLAIN, 20),
        Capture.CLEAN,
        twice);
    Content tooLong = new Content(List.of(Extent.whole(extent.blob(), 11)), List.of(), "");
    TreeEntry beyond = TreeEntry.file(
        HandmadeSnapshots.name("z-beyond"),
        HandmadeSnapshots.withSize(HandmadeSnapshots.PLAIN, 11),
        Capture.CLEAN,
        tooLong);
    RestoreReport report = restore(made.commit(made.directory("data", file, beyond)));
    assertThat(report.damaged()).isTrue();
    assertThat(report.failures())
        .extracting(PathProblem::path)
        .containsExactlyInAnyOrder("data/wrong", "data/z-beyond");
    assertThat(target.resolve("data")).isEmptyDirectory();
  }

  @Test
  void restore_partOfABlob_isRestoredAndFoundUnchanged() throws IOException {
    TreeEntry whole = made.file("whole", "0123456789");
    Content part = new Content(
        List.of(new Extent(4, whole.content().extents().get(0).blob(), 3)), List.of(), "");
    TreeEntry file = TreeEntry.file(
        HandmadeSnapshots.name("part"),
        HandmadeSnapshots.withSize(HandmadeSnapshots.PLAIN, 4),
        Capture.CLEAN,
        part);
    SnapshotId snapshot = made.commit(made.directory("data", file, whole));
    assertThat(restore(snapshot).failures()).isEmpty();
    assertThat(target.resolve("data/part")).hasContent("3456");
    RestoreRequest again = RestoreRequest.to(Selector.of(snapshot), target).withOverwrite();
    assertThat(made.restore(again).files().unchanged()).isEqualTo(2);
  }

  @Test
  void restore_extrasBesideAListingThatIsDamaged_areKept() throws IOException {
    SnapshotId snapshot = made.commit(made.directory(
        "data", made.directory("rotten", made.file("..", "evil"), made.file("z", "z"))));
    Files.createDirectories(target.resolve("data/rotten"));
    Files.writeString(target.resolve("data/rotten/mine"), "mine");
    Files.writeString(target.resolve("data/extra"), "extra");
    made.restore(RestoreRequest.to(Selector.of(snapshot), target).withDeleteExtra());
    assertThat(everythingBelow(target)).containsExactly("data", "data/rotten", "data/rotten/mine");
  }

  @Test
  void restore_namesThatAreNoText_comeBack() throws IOException {
    byte[] raw = {'x', (byte) 0xff, (byte) 0xc3};
    SnapshotId snapshot = made.commit(made.directory("data", made.file(raw, "raw")));
    RestoreReport report = restore(snapshot);
    assertThat(report.failures()).isEmpty();
    try (Stream<Path> files = Files.list(target.resolve("data"))) {
      assertThat(files.toList())
          .singleElement()
          .satisfies(f -> assertThat(f.toUri().getRawPath()).endsWith("/x%FF%C3"));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new CatRun(made.session).read(snapshot, "data/x\\xff\\xc3", out);
    assertThat(out.toString()).isEqualTo("raw");
  }

  @Test
  void restore_namesThatTheTargetTakesForOne_areListed() {
    NameFolding folding = new NameFolding(true, true, false);
    assertThat(folding.key(HandmadeSnapshots.name("Readme")))
        .isEqualTo(folding.key(HandmadeSnapshots.name("README")));
    assertThat(folding.key(HandmadeSnapshots.name("\u00e9")))
        .isEqualTo(folding.key(HandmadeSnapshots.name("E\u0301")));
    assertThat(NameFolding.NONE.key(HandmadeSnapshots.name("Readme")))
        .isNotEqualTo(NameFolding.NONE.key(HandmadeSnapshots.name("README")));
    assertThat(NameFolding.NONE.key(new byte[] {(byte) 0xff}))
        .isNotEqualTo(NameFolding.NONE.key(new byte[] {(byte) 0xfe}));
  }

  private TreeEntry dated(String name, long seconds, int nanos) {
    TreeEntry file = made.file(name, name);
    Attributes a = file.attributes();
    return TreeEntry.file(
        file.name(),
        new Attributes(0640, 0, 0, a.size(), seconds, nanos, 0, 0, 0, 0, 1),
        Capture.CLEAN,
        file.content());
  }

  @Test
  void restore_timesAroundTheLimits_areSetOrNoted() throws IOException {
    SnapshotId snapshot = made.commit(made.directory(
        "data",
        dated("a", -1_000_000_000L, 500_000_000),
        dated("b", -1_000_000_000L, 0),
        dated("c", 1_700_000_000L, 123_456_789),
        dated("d", 9_999_999_999_999L, 0)));
    RestoreReport report = restore(snapshot);
    assertThat(report.failures()).isEmpty();
    assertThat(report.notes())
        .anyMatch(n -> n.startsWith("1 times before 1970"))
        .anyMatch(n -> n.startsWith("1 times lie outside"));
    for (String name : List.of("a", "b")) {
      assertThat(Files.getLastModifiedTime(target.resolve("data").resolve(name)))
          .isEqualTo(FileTime.from(Instant.ofEpochSecond(-1_000_000_000L)));
    }
    assertThat(Files.getLastModifiedTime(target.resolve("data/c")))
        .isEqualTo(FileTime.from(Instant.ofEpochSecond(1_700_000_000L, 123_456_789)));
    RestoreRequest again = RestoreRequest.to(Selector.of(snapshot), target).withOverwrite();
    assertThat(made.restore(again).files().unchanged()).isEqualTo(4);
  }

  @Test
  void restore_groupOfHardLinks_isOneFileAgain() throws IOException {
    TreeEntry content = made.file("x", "shared");
    Attributes linked = new Attributes(0600, 0, 0, 6, 7, 0, 0, 0, 42, 4711, 3);
    SnapshotId snapshot = made.commit(made.directory(
        "data",
        TreeEntry.file(HandmadeSnapshots.name("a"), linked, Capture.CLEAN, content.content()),
        TreeEntry.file(HandmadeSnapshots.name("b"), linked, Capture.CLEAN, content.content())));
    RestoreReport report = restore(snapshot);
    assertThat(report.failures()).isEmpty();
    Path a = target.resolve("data/a");
    assertThat(Files.isSameFile(a, target.resolve("data/b"))).isTrue();

    Files.delete(target.resolve("data/b"));
    Files.writeString(target.resolve("data/b"), "torn away");
    RestoreRequest again = RestoreRequest.to(Selector.of(snapshot), target).withOverwrite();
    RestoreReport repaired = made.restore(again);
    assertThat(repaired.files().replace()).isEqualTo(1);
    assertThat(repaired.files().unchanged()).isEqualTo(1);
    assertThat(Files.isSameFile(a, target.resolve("data/b"))).isTrue();
    assertThat(a).hasContent("shared");
  }

  @Test
  void restore_setUserId_isKeptWithItsOwner() throws IOException {
    TreeEntry file = made.file("tool", "tool");
    int user = (Integer) Files.getAttribute(temp, "unix:uid");
    int group = (Integer) Files.getAttribute(temp, "unix:gid");
    TreeEntry tool = TreeEntry.file(
        file.name(),
        new Attributes(04755, user, group, 4, 7, 0, 0, 0, 0, 1, 1),
        Capture.CLEAN,
        file.content());
    restore(made.commit(made.directory("data", tool)));
    Object mode =
        Files.getAttribute(target.resolve("data/tool"), "unix:mode", LinkOption.NOFOLLOW_LINKS);
    assertThat((Integer) mode & 07777).isEqualTo(04755);
  }
}
