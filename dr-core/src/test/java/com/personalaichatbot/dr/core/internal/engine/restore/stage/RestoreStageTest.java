package com.personalaichatbot.dr.core.internal.engine.restore.stage;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.internal.engine.restore.exchange.TargetFiles;
import com.personalaichatbot.dr.core.internal.store.FileSystemSync;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.PathProblem;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.FaultyFileSystem;
import com.personalaichatbot.dr.core.testkit.FileCall;
import com.personalaichatbot.dr.core.testkit.Trees;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way of new content to the stage and, of what is new as a whole, from there to its place. */
class RestoreStageTest {
  @TempDir
  Path temp;

  @AutoClose
  private final RootKey root = RootKey.of(new byte[32]);

  private final FaultyFileSystem files = new FaultyFileSystem(FileSystems.getDefault());

  @AutoClose
  private BackupRepository repository;

  private Path data;
  private Path target;

  private BackupRepository.Builder builder() {
    return BackupRepository.builder(new MemoryStorage()).executor(Runnable::run, 1);
  }

  @BeforeEach
  void open() throws IOException {
    repository = builder().fileSystem(files).create(root);
    data = Files.createDirectory(temp.resolve("data"));
    target = temp.resolve("target");
    for (String directory : List.of("a", "a/deep", "b", "empty")) {
      Files.createDirectory(data.resolve(directory));
    }
    for (int i = 0; i < 10; i++) {
      Files.writeString(data.resolve("a/" + i), "a " + i);
      Files.writeString(data.resolve("a/deep/" + i), "deep " + i);
      Files.writeString(data.resolve("b/" + i), "b " + i);
    }
    Files.createLink(data.resolve("b/linked"), data.resolve("a/deep/3"));
    Files.createSymbolicLink(data.resolve("a/link"), Path.of("../b/4"));
  }

  private RestoreReport backUpAndRestore() throws IOException {
    return backUpAndRestore(repository);
  }

  private SnapshotId backUp(BackupRepository to) throws IOException {
    return to.backUp(
            List.of(Component.directory("data", Kind.CUSTOM, data)),
            BackupOptions.of(Purpose.MANUAL))
        .snapshot()
        .orElseThrow()
        .id();
  }

  private RestoreReport backUpAndRestore(BackupRepository from) throws IOException {
    backUp(from);
    return from.restore(
        from.planRestore(RestoreRequest.to(Selector.LATEST, files.path(target))), List.of());
  }

  private void requireAllRestored() throws IOException {
    assertThat(Trees.differences(data, target.resolve("data"))).isEmpty();
    assertThat(target.resolve(".dr-restore")).doesNotExist();
  }

  @Test
  void restore_newDirectory_arrivesByOneRename() throws IOException {
    RestoreReport report = backUpAndRestore();
    assertThat(report.failures()).isEmpty();
    requireAllRestored();
    // The journal, the tree, the link, which comes last, and what was staged on its way out.
    assertThat(files.calls(FileCall.MOVE)).isEqualTo(4);
  }

  @Test
  void restore_directoryThatCannotBeRenamed_isMadeAndFilled() throws IOException {
    var otherVolume = files
        .fail(FileCall.MOVE)
        .of(name -> name.equals(target.resolve("data").toString()))
        .with(() -> new AtomicMoveNotSupportedException("", "", "another volume"));
    RestoreReport report = backUpAndRestore();
    assertThat(otherVolume.fired()).isTrue();
    assertThat(report.failures()).isEmpty();
    requireAllRestored();
  }

  @Test
  void restore_nameThatTheTargetRefuses_isListedAndTheRestArrives() throws IOException {
    var inTheTree = files
        .fail(FileCall.OPEN)
        .of(name -> name.endsWith("/deep/7"))
        .with(() -> new FileSystemException("", null, "File name too long"));
    var inItsPlace = files
        .fail(FileCall.MOVE)
        .of(name -> name.endsWith("/deep/7"))
        .with(() -> new FileSystemException("", null, "File name too long"));
    RestoreReport report = backUpAndRestore();
    assertThat(inTheTree.fired() && inItsPlace.fired()).isTrue();
    assertThat(report.failures())
        .containsExactly(new PathProblem("data/a/deep/7", "File name too long"));
    assertThat(target.resolve("data/a/deep/7")).doesNotExist();
    assertThat(target.resolve("data/a/deep/8")).hasContent("deep 8");
  }

  @Test
  void restore_directoryNameThatTheTargetRefuses_isListedAndTheRestArrives() throws IOException {
    var inTheTree = files
        .fail(FileCall.CREATE_DIRECTORY)
        .of(name -> name.endsWith("/deep"))
        .with(() -> new FileSystemException("", null, "File name too long"));
    var inItsPlace = files
        .fail(FileCall.MOVE)
        .of(name -> name.endsWith("/deep"))
        .with(() -> new FileSystemException("", null, "File name too long"));
    RestoreReport report = backUpAndRestore();
    assertThat(inTheTree.count()).isEqualTo(2);
    assertThat(inItsPlace.fired()).isTrue();
    assertThat(report.failures())
        .contains(new PathProblem("data/a/deep", "File name too long"))
        .hasSize(12);
    assertThat(target.resolve("data/a/9")).hasContent("a 9");
    assertThat(target.resolve("data/b/9")).hasContent("b 9");
  }

  @Test
  void restore_pathsAlmostTooLong_needNoMoreRoomInTheStage() throws IOException {
    int longest = 4095 - "/target/file".length();
    Path deepest = data;
    for (int left; (left = longest - deepest.toString().length()) > 1; ) {
      int length = left > 200 ? 100 : left - 1;
      deepest = Files.createDirectory(deepest.resolve("d".repeat(length)));
      Files.writeString(deepest.resolve("file"), "at " + deepest);
    }
    RestoreReport report = backUpAndRestore();
    assertThat(report.failures()).isEmpty();
    requireAllRestored();
  }

  /** 20 MB, with a hole in the middle and one at the end, other bytes everywhere else. */
  private void writeLargeFile() throws IOException {
    byte[] content = new byte[20 << 20];
    new Random(3).nextBytes(content);
    Arrays.fill(content, 5_000_000, 7_000_000, (byte) 0);
    Arrays.fill(content, 20_000_000, content.length, (byte) 0);
    Files.write(data.resolve("large"), content);
  }

  @Test
  void restore_largeFileByManyWorkers_isWhole() throws IOException {
    writeLargeFile();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (RootKey key = RootKey.of(new byte[32]);
        BackupRepository many =
            BackupRepository.builder(new MemoryStorage()).executor(threads, 4).create(key)) {
      RestoreReport report = backUpAndRestore(many);
      assertThat(report.failures()).isEmpty();
      assertThat(report.bytesWritten()).isLessThan(19_000_000);
      requireAllRestored();
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void restore_fileThatReadsBackOtherwise_isListedAndTakenAway() throws IOException {
    writeLargeFile();
    for (String name : List.of("a/5", "large")) {
      var badDisk = files
          .fail(FileCall.READ)
          .of(read -> read.endsWith("/stage/0/" + name))
          .once()
          .meanwhile(() -> flipOneByte(name));
      RestoreReport report = backUpAndRestore();
      assertThat(badDisk.fired()).as(name).isTrue();
      assertThat(report.verified()).isFalse();
      assertThat(report.damaged()).isFalse();
      assertThat(report.failures()).singleElement().satisfies(failure -> {
        assertThat(failure.path()).isEqualTo("data/" + name);
        assertThat(failure.reason()).contains("reads back otherwise");
      });
      assertThat(target.resolve("data").resolve(name)).doesNotExist();
      assertThat(target.resolve("data/b/1")).hasContent("b 1");
      files.heal();
      target = temp.resolve("target-2");
    }
  }

  @Test
  void restore_inPlace_isForcedBeforeTheExchange() throws IOException {
    SnapshotId snapshot = backUp(repository);
    Files.writeString(data.resolve("b/3"), "changed");
    TargetFiles.removeTree(data.resolve("a"));
    List<String> calls = new ArrayList<>();
    for (FileCall call : List.of(FileCall.FORCE, FileCall.MOVE)) {
      files.fail(call).of(name -> {
        calls.add(call + " " + name);
        return false;
      });
    }
    RestoreReport report = repository.restore(
        repository.planRestore(
            RestoreRequest.inPlace(Selector.of(snapshot)).withPlace("data", files.path(data))),
        List.of());
    assertThat(report.failures()).isEmpty();
    Path run = data.resolve(".dr-restore/data/1");
    List<Path> durable =
        new ArrayList<>(List.of(run.resolve("journal.part"), run.resolve("stage")));
    Path tree = run.resolve("stage/0");
    durable.addAll(List.of(tree, tree.resolve("deep")));
    for (int i = 0; i < 10; i++) {
      durable.addAll(List.of(tree.resolve("" + i), tree.resolve("deep/" + i)));
    }
    List<String> before = calls.subList(0, calls.indexOf("MOVE " + data.resolve("a")));
    assertThat(before)
        .containsAll(durable.stream().map(path -> "FORCE " + path).toList())
        .doesNotContain("MOVE " + data.resolve("b/3"));
    assertThat(before.stream().filter(("FORCE " + run.resolve("journal.part"))::equals))
        .as("whose it is is forced, then what is to be done, and then that it begins")
        .hasSize(3);
    assertThat(calls)
        .contains("FORCE " + run.resolve("undo"), "FORCE " + data, "FORCE " + data.resolve("b"));
  }

  @Test
  void restore_inPlaceOfManyFiles_bringsEverythingBack() throws IOException {
    for (int i = 0; i < 2 * FileSystemSync.FEW; i++) {
      Files.writeString(data.resolve("b/more-" + i), "more " + i);
    }
    BackupRepository plain = builder().create(root);
    SnapshotId snapshot = backUp(plain);
    Path lost = Files.move(data, temp.resolve("lost"));
    RestoreReport report =
        plain.restore(plain.planRestore(RestoreRequest.inPlace(Selector.of(snapshot))), List.of());
    assertThat(report.failures()).isEmpty();
    assertThat(report.verified()).isTrue();
    plain.discardUndo();
    assertThat(Trees.differences(lost, data)).isEmpty();
    plain.close();
  }

  private void flipOneByte(String name) throws IOException {
    Path staged = target.resolve(".dr-restore/data/1/stage/0").resolve(name);
    try (FileChannel channel =
        FileChannel.open(staged, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      channel.read(one, 0);
      one.put(0, (byte) (one.get(0) ^ 1)).flip();
      channel.write(one, 0);
    }
  }
}
