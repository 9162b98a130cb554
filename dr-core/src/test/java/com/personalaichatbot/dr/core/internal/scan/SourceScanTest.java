package com.personalaichatbot.dr.core.internal.scan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.internal.format.EntryType;
import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyFileSystem;
import com.personalaichatbot.dr.core.testkit.FileCall;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class SourceScanTest {

  @TempDir
  Path temp;

  private final RecordedProblems problems = new RecordedProblems();

  private Path source() throws IOException {
    return Files.createDirectories(temp.resolve("source"));
  }

  private SourceScan scan(Component component) {
    return new SourceScan(component, ScanRules.NONE, problems);
  }

  private SourceScan scan(Path path) {
    return scan(Component.at("data", Kind.CUSTOM, path));
  }

  private static List<String> names(Listing listing) {
    return listing.entries().stream()
        .map(entry -> new String(entry.name(), UTF_8))
        .toList();
  }

  /** Every place below a component, in the order of a walk. */
  private static List<String> walk(SourceScan scan) throws IOException {
    Deque<ScannedEntry> waiting = new ArrayDeque<>(List.of(scan.root()));
    List<String> places = new ArrayList<>();
    while (!waiting.isEmpty()) {
      ScannedEntry entry = waiting.poll();
      places.add(entry.display());
      if (entry.type() == EntryType.DIRECTORY) {
        waiting.addAll(scan.list(entry).entries());
      }
    }
    return places;
  }

  @Test
  void list_filesDirectoriesAndLinks_areDescribed() throws Exception {
    Path source = source();
    Files.writeString(source.resolve("file"), "seven b");
    Files.setPosixFilePermissions(
        source.resolve("file"), PosixFilePermissions.fromString("rw-r-----"));
    Files.setLastModifiedTime(
        source.resolve("file"), FileTime.from(Instant.parse("2021-02-03T04:05:06.123456789Z")));
    Files.createDirectory(source.resolve("dir"));
    Files.createSymbolicLink(source.resolve("link"), Path.of("../not/there"));
    Files.createLink(source.resolve("again"), source.resolve("file"));

    SourceScan scan = scan(source);
    ScannedEntry root = scan.root();
    Listing listing = scan.list(root);

    assertThat(root.display()).isEqualTo("data");
    assertThat(root.type()).isEqualTo(EntryType.DIRECTORY);
    assertThat(listing.complete()).isTrue();
    assertThat(listing.entries())
        .extracting(ScannedEntry::display)
        .containsExactly("data/again", "data/dir", "data/file", "data/link");
    ScannedEntry file = listing.entries().get(2);
    assertThat(file.type()).isEqualTo(EntryType.FILE);
    assertThat(file.attributes().mode()).isEqualTo(0640);
    assertThat(file.attributes().size()).isEqualTo(7);
    assertThat(Instant.ofEpochSecond(
            file.attributes().mtimeSeconds(), file.attributes().mtimeNanos()))
        .isEqualTo("2021-02-03T04:05:06.123456789Z");
    assertThat(file.attributes().links()).isEqualTo(2);
    assertThat(file.attributes().ctimeSeconds()).isGreaterThan(file.attributes().mtimeSeconds());
    assertThat(file.attributes()).isEqualTo(listing.entries().get(0).attributes());
    ScannedEntry link = listing.entries().get(3);
    assertThat(link.type()).isEqualTo(EntryType.SYMLINK);
    assertThat(link.linkTarget()).isEqualTo("../not/there".getBytes(UTF_8));
    assertThat(listing.entries().get(1).attributes().size()).isZero();
    assertThat(problems).hasToString("failed {}, skipped {}");
  }

  @Test
  void list_timeBefore1970_isFloored() throws Exception {
    Path file = Files.createFile(source().resolve("old"));
    Files.setLastModifiedTime(file, FileTime.fromMillis(-5_000));

    ScannedEntry old = scan(file).root();

    assertThat(old.attributes().mtimeSeconds()).isEqualTo(-5);
    assertThat(old.attributes().mtimeNanos()).isZero();
  }

  @Test
  void list_names_ascendByUnsignedBytes() throws Exception {
    Path source = source();
    byte[][] names = {{'a'}, {0x7f}, {(byte) 0xff}, {(byte) 0xc3, (byte) 0xa9}, {'a', 1}, {'A'}};
    for (byte[] name : names) {
      Files.createFile(NativeNames.resolve(source, name));
    }

    SourceScan scan = scan(source);
    Listing listing = scan.list(scan.root());

    assertThat(listing.entries())
        .extracting(ScannedEntry::display)
        .containsExactly("data/A", "data/a", "data/a\u0001", "data/\u007f", "data/é", "data/\\xff");
  }

  @Test
  void root_singleFile_isAnEntryOfTheComponentsName() throws Exception {
    Path file = Files.writeString(source().resolve(".env"), "KEY=1");

    ScannedEntry root = scan(Component.file("settings", Kind.SECRETS, file)).root();

    assertThat(root.type()).isEqualTo(EntryType.FILE);
    assertThat(root.name()).isEqualTo("settings".getBytes(UTF_8));
    assertThat(root.display()).isEqualTo("settings");
    assertThat(root.path()).isEqualTo(file.toRealPath());
  }

  @Test
  void root_symlinkAtThePath_isResolvedOnce() throws Exception {
    Path source = source();
    Files.createFile(source.resolve("inside"));
    Path link = Files.createSymbolicLink(temp.resolve("link"), source);

    SourceScan scan = scan(link);
    ScannedEntry root = scan.root();
    Files.delete(link);

    assertThat(root.type()).isEqualTo(EntryType.DIRECTORY);
    assertThat(names(scan.list(root))).containsExactly("inside");
  }

  @Test
  void root_nothingThere_isNoSuchFile() throws Exception {
    Files.createSymbolicLink(temp.resolve("dangling"), Path.of("nowhere"));

    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> scan(temp.resolve("missing")).root());
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> scan(temp.resolve("dangling")).root());
  }

  @Test
  void root_notWhatTheComponentSays_isRefused() throws Exception {
    Path source = source();
    Path file = Files.createFile(source.resolve("file"));

    assertThatExceptionOfType(NotDirectoryException.class)
        .isThrownBy(() -> scan(Component.directory("d", Kind.LOGS, file)).root());
    assertThatExceptionOfType(FileSystemException.class)
        .isThrownBy(() -> scan(Component.file("f", Kind.LOGS, source)).root())
        .withMessageContaining("is a directory, not a file");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void root_device_isRefused() {
    assertThatExceptionOfType(FileSystemException.class)
        .isThrownBy(() -> scan(Path.of("/dev/null")).root())
        .withMessageContaining("is a device");
  }

  @Test
  @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  @EnabledOnOs(OS.LINUX)
  void list_specialFiles_areSkippedWithAWord() throws Exception {
    Path source = source();
    Files.createFile(source.resolve("plain"));
    Process mkfifo = new ProcessBuilder("mkfifo", source.resolve("pipe").toString()).start();
    assertThat(mkfifo.waitFor()).isZero();
    try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      socket.bind(UnixDomainSocketAddress.of(source.resolve("sock")));
      SourceScan scan = scan(source);
      Listing listing = scan.list(scan.root());

      assertThat(names(listing)).containsExactly("plain");
      assertThat(listing.complete()).isTrue();
    }
    assertThat(problems.skipped)
        .containsOnly(
            Map.entry("data/pipe", "is a named pipe"), Map.entry("data/sock", "is a socket"));
    assertThat(problems.failed).isEmpty();
  }

  @Test
  void list_excludes_leaveOutWithoutAWord() throws Exception {
    Path source = source();
    for (String file :
        List.of("keep.txt", "a.log", "deep/b.log", "deep/keep.txt", "cache/x", "deep/cache/y")) {
      Files.createDirectories(source.resolve(file).getParent());
      Files.createFile(source.resolve(file));
    }
    Component component =
        Component.at("data", Kind.CUSTOM, source).withExcludes(List.of("*.log", "/data/cache"));

    assertThat(walk(scan(component)))
        .containsExactly(
            "data",
            "data/deep",
            "data/keep.txt",
            "data/deep/cache",
            "data/deep/keep.txt",
            "data/deep/cache/y");
    SourceScan stricter = new SourceScan(
        component,
        new ScanRules(List.of(Glob.of("keep.txt"), Glob.of("deep/cache")), Optional.empty()),
        problems);
    assertThat(walk(stricter)).containsExactly("data", "data/deep");
    assertThat(problems).hasToString("failed {}, skipped {}");
  }

  @Test
  void list_patternThatNamesTheComponent_leavesItThere() throws Exception {
    Files.createFile(source().resolve("file"));
    Component component = Component.at("data", Kind.CUSTOM, source()).withExcludes(List.of("data"));

    assertThat(walk(scan(component))).containsExactly("data", "data/file");
  }

  @Test
  void list_stageOfARestore_isNeverThere() throws Exception {
    Path source = source();
    Files.createDirectories(source.resolve("deep/.dr-restore/new"));
    Files.createDirectories(source.resolve(".dr-restore"));
    Files.createDirectories(source.resolve("other"));
    Files.createFile(source.resolve("other/.dr-restore"));

    assertThat(walk(scan(source)))
        .containsExactly("data", "data/deep", "data/other", "data/other/.dr-restore");
  }

  @Test
  void list_repositoryThatShowsUpInside_isSkippedWithAWord() throws Exception {
    Path source = source();
    Path repository = Files.createDirectories(source.resolve("deep/repo"));
    Path link = Files.createSymbolicLink(temp.resolve("other-name"), repository);
    SourceScan scan = new SourceScan(
        Component.at("data", Kind.CUSTOM, source),
        new ScanRules(List.of(), Optional.of(link)),
        problems);

    assertThat(walk(scan)).containsExactly("data", "data/deep");
    assertThat(problems.skipped).containsEntry("data/deep/repo", "is the repository itself");
  }

  /** More names than one part holds, and what is to be told found in the last of them. */
  @Test
  void list_largeDirectory_isLookedAtInParts_andIsTheSame() throws Exception {
    Path source = source();
    for (int i = 0; i < 1500; i++) {
      Files.createFile(source.resolve("file-" + i));
    }
    SourceScan scan =
        scan(Component.at("data", Kind.CUSTOM, source).withExcludes(List.of("file-1??")));
    List<Integer> parts = new ArrayList<>();

    Listing listing = scan.list(scan.root(), all -> {
      parts.add(all.size());
      for (int i = all.size() - 1; i >= 0; i--) {
        all.get(i).run();
      }
    });

    assertThat(parts).containsExactly(3);
    assertThat(listing.complete()).isTrue();
    assertThat(listing.entries()).hasSize(1400);
    assertThat(names(listing)).isSorted();
  }

  @Test
  void list_directoryThatWasReplaced_isAListedFailure() throws Exception {
    Path source = source();
    Files.createDirectories(source.resolve("dir"));
    Files.createDirectories(temp.resolve("outside/secret"));
    SourceScan scan = scan(source);
    ScannedEntry dir = scan.list(scan.root()).entries().get(0);
    Files.delete(source.resolve("dir"));
    Files.createSymbolicLink(source.resolve("dir"), temp.resolve("outside"));

    Listing listing = scan.list(dir);

    assertThat(listing.entries()).isEmpty();
    assertThat(listing.complete()).isFalse();
    assertThat(problems.failed)
        .containsEntry("data/dir", "was replaced while its component was read");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void list_directoryThatAnotherHasReplaced_isAListedFailure() throws Exception {
    Path source = source();
    Files.createDirectories(source.resolve("dir"));
    Files.createDirectories(temp.resolve("other/secret"));
    SourceScan scan = scan(source);
    ScannedEntry dir = scan.list(scan.root()).entries().get(0);
    Files.move(source.resolve("dir"), temp.resolve("aside"));
    Files.move(temp.resolve("other"), source.resolve("dir"));

    assertThat(scan.list(dir)).isEqualTo(new Listing(List.of(), false, List.of()));
    assertThat(problems.failed).containsOnlyKeys("data/dir");
  }

  @Test
  void list_directoryThatIsGone_isAListedFailure() throws Exception {
    Path source = source();
    Files.createDirectories(source.resolve("dir"));
    SourceScan scan = scan(source);
    ScannedEntry dir = scan.list(scan.root()).entries().get(0);
    Files.delete(source.resolve("dir"));

    assertThat(scan.list(dir)).isEqualTo(new Listing(List.of(), false, List.of()));
    assertThat(problems.failed).containsEntry("data/dir", "no such file or directory");
  }

  @Test
  void list_thousandDirectoriesDeep_isWalked() throws Exception {
    Path deep = source();
    for (int i = 0; i < 1_000; i++) {
      deep = deep.resolve("d");
    }
    Files.createDirectories(deep);

    List<String> places = walk(scan(source()));

    for (Path at = deep; !at.equals(source()); at = at.getParent()) {
      Files.delete(at);
    }
    assertThat(places).hasSize(1_001);
    assertThat(places.get(1_000)).isEqualTo("data" + "/d".repeat(1_000));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void list_pathTooLongToOpen_isAListedFailure() throws Exception {
    String name = "n".repeat(200);
    Path upper = source();
    Path lower = temp.resolve("lower");
    for (int i = 0; i < 10; i++) {
      upper = upper.resolve(name);
      lower = lower.resolve(name);
    }
    Files.createDirectories(upper);
    Files.createDirectories(lower);
    Files.createFile(lower.resolve("file"));
    Path joined = upper.resolve("x".repeat(150));
    Files.move(temp.resolve("lower"), joined);
    try {
      List<String> places = walk(scan(source()));

      assertThat(places).hasSizeGreaterThan(15);
      assertThat(problems.failed).hasSize(1);
      assertThat(problems.failed.values().iterator().next()).contains("too long");
    } finally {
      Files.move(joined, temp.resolve("lower"));
    }
  }

  @Test
  void list_fileThatMovesMeanwhile_isFoundUnderItsNewName() throws Exception {
    Files.writeString(source().resolve("b"), "moves");
    Files.writeString(source().resolve("c"), "stays");
    FaultyFileSystem files = new FaultyFileSystem(temp.getFileSystem());
    Fault move = files
        .fail(FileCall.ATTRIBUTES)
        .of(path -> path.endsWith("/b"))
        .once()
        .meanwhile(() -> Files.move(source().resolve("b"), source().resolve("a")));
    SourceScan scan = scan(files.path(source()));

    Listing listing = scan.list(scan.root());

    assertThat(move.fired()).isTrue();
    assertThat(names(listing)).containsExactly("a", "c");
    assertThat(listing.complete()).isTrue();
    assertThat(problems).hasToString("failed {}, skipped {}");
  }

  @Test
  void list_directoryThatNeverKeepsStill_isTakenAtTheThirdTime() throws Exception {
    Files.writeString(source().resolve("stays"), "x");
    FaultyFileSystem files = new FaultyFileSystem(temp.getFileSystem());
    int[] made = {0};
    Fault unrest = files
        .fail(FileCall.LIST)
        .meanwhile(() -> Files.createDirectory(source().resolve("new" + made[0]++)));
    SourceScan scan = scan(files.path(source()));

    Listing listing = scan.list(scan.root());

    assertThat(unrest.count()).isEqualTo(3);
    assertThat(names(listing)).containsExactly("new0", "new1", "new2", "stays");
    assertThat(listing.complete()).isTrue();
  }

  @Test
  void list_entryThatCannotBeLookedAt_isAListedFailure_andTheOthersAreThere() throws Exception {
    Files.writeString(source().resolve("bad"), "x");
    Files.writeString(source().resolve("good"), "x");
    FaultyFileSystem files = new FaultyFileSystem(temp.getFileSystem());
    Fault fault = files.fail(FileCall.ATTRIBUTES).of(path -> path.endsWith("/bad"));
    SourceScan scan = scan(files.path(source()));

    Listing listing = scan.list(scan.root());

    assertThat(fault.fired()).isTrue();
    assertThat(names(listing)).containsExactly("good");
    assertThat(listing.complete()).isFalse();
    assertThat(problems.failed).containsEntry("data/bad", "injected fault in ATTRIBUTES");
  }

  @Test
  void list_directoryThatCannotBeListed_isAListedFailure() throws Exception {
    Files.createDirectories(source().resolve("dir"));
    FaultyFileSystem files = new FaultyFileSystem(temp.getFileSystem());
    Fault fault = files.fail(FileCall.LIST).with(() -> new AccessDeniedException("x"));
    SourceScan scan = scan(files.path(source()));

    assertThat(scan.list(scan.root())).isEqualTo(new Listing(List.of(), false, List.of()));
    assertThat(fault.fired()).isTrue();
    assertThat(problems.failed).containsEntry("data", "permission denied");
  }

  @Test
  void refresh_whatHasTheNameNow_isTold() throws Exception {
    Path source = source();
    Path file = Files.writeString(source.resolve("file"), "1");
    SourceScan scan = scan(source);
    ScannedEntry before = scan.list(scan.root()).entries().get(0);

    Files.writeString(file, "22");
    assertThat(scan.refresh(before).orElseThrow().attributes().size()).isEqualTo(2);
    Files.delete(file);
    assertThat(scan.refresh(before)).isEmpty();
    Files.createSymbolicLink(file, Path.of("x"));
    assertThat(scan.refresh(before).orElseThrow().type()).isEqualTo(EntryType.SYMLINK);
    assertThat(scan.refresh(before).orElseThrow().display()).isEqualTo("data/file");
  }

  @Test
  void walk_otherFileSystems_areScannedAlike() throws Exception {
    for (String view : List.of("basic", "posix", "unix")) {
      Configuration configuration = Configuration.unix().toBuilder()
          .setAttributeViews(view)
          .setWorkingDirectory("/work")
          .build();
      try (FileSystem memory = Jimfs.newFileSystem(configuration)) {
        Path root = Files.createDirectories(memory.getPath("/data/chats"));
        Path file = Files.writeString(root.resolve("naïve.json"), "{}");
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2021-02-03T04:05:06Z")));
        Files.createSymbolicLink(memory.getPath("/data/link"), memory.getPath("chats/naïve.json"));

        SourceScan scan = scan(memory.getPath("/data"));
        List<ScannedEntry> top = scan.list(scan.root()).entries();
        ScannedEntry json = scan.list(top.get(0)).entries().get(0);

        assertThat(top)
            .extracting(ScannedEntry::display)
            .containsExactly("data/chats", "data/link");
        assertThat(top.get(1).linkTarget()).isEqualTo("chats/naïve.json".getBytes(UTF_8));
        assertThat(json.attributes().size()).isEqualTo(2);
        assertThat(json.attributes().mtimeSeconds()).isEqualTo(1_612_325_106L);
        assertThat(json.attributes().mode()).as(view).isEqualTo(view.equals("basic") ? 0 : 0644);
        assertThat(json.attributes().links()).isOne();
        try (ReadBatch batch = scan.begin(List.of(json))) {
          Reading reading = batch.open(json);
          assertThat(reading.read(new byte[10], 0, 10)).isEqualTo(2);
          assertThat(reading.read(new byte[10], 0, 10)).isZero();
          assertThat(reading.finish()).isEqualTo(Outcome.CLEAN);
        }
      }
    }
    assertThat(problems).hasToString("failed {}, skipped {}");
  }
}
