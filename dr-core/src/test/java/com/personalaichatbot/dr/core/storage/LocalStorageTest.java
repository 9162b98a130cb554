package com.personalaichatbot.dr.core.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyFileSystem;
import com.personalaichatbot.dr.core.testkit.FileCall;
import com.personalaichatbot.dr.core.testkit.StorageContract;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class LocalStorageTest extends StorageContract {

  @TempDir
  private Path temp;

  private FaultyFileSystem files;

  @BeforeEach
  void makeFilesFaulty() {
    files = new FaultyFileSystem(temp.getFileSystem());
  }

  @Override
  protected Storage newStorage() {
    return LocalStorage.at(root());
  }

  @Override
  protected Storage reopen(Storage closed) {
    return newStorage();
  }

  @Test
  void at_absentDirectory_isNotCreatedAndNotEmpty() {
    LocalStorage storage = LocalStorage.at(root());

    assertThatThrownBy(() -> storage.list("")).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> storage.list("packs")).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> storage.sync("packs")).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> storage.tryLock(false)).isInstanceOf(NoSuchFileException.class);
    assertThat(storage.isWritable()).isTrue();
    assertThat(storage.localPath()).contains(root());
    assertThat(storage.location()).isEqualTo(root().toString());
    assertThat(root()).doesNotExist();
  }

  @Test
  void create_absentDirectory_makesItForItsOwnerAlone() throws IOException {
    assumeThat(temp.getFileSystem().supportedFileAttributeViews()).contains("posix");
    LocalStorage storage = LocalStorage.at(temp.resolve("not/yet/there"));
    put(storage, "packs/0a/one", 1);
    storage.tryLock(true).orElseThrow().close();

    try (Stream<Path> all = Files.walk(temp.resolve("not"))) {
      assertThat(all)
          .hasSize(8)
          .allSatisfy(
              path -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                  .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------"));
    }
  }

  @Test
  void at_file_isAnError() throws IOException {
    Files.writeString(root(), "not a directory");
    LocalStorage storage = LocalStorage.at(root());

    assertThatThrownBy(() -> storage.list("")).isInstanceOf(NotDirectoryException.class);
    assertThatIOException().isThrownBy(storage::create);
    assertThat(root()).hasContent("not a directory");
  }

  @Test
  void commit_failedForce_condemnsTheFile() throws IOException {
    LocalStorage storage = LocalStorage.at(files.path(root()));
    put(storage, "catalog/0", 1);
    Fault failed =
        files.fail(FileCall.FORCE).once().with(() -> new IOException("Input/output error"));
    int before = files.calls(FileCall.FORCE);

    try (StorageWriter writer = storage.create()) {
      writer.write(new byte[10], 0, 10);
      assertThatIOException()
          .isThrownBy(() -> writer.commit("catalog/1"))
          .withMessageContaining("Input/output error")
          .withMessageContaining("tmp");
      assertThatIllegalStateException().isThrownBy(() -> writer.commit("catalog/1"));
    }

    assertThat(failed.fired()).isTrue();
    assertThat(files.calls(FileCall.FORCE)).as("never forced again").isEqualTo(before + 1);
    assertThat(names(storage)).containsExactly("catalog/0");
    put(storage, "catalog/1", 1);
    assertThat(names(storage)).containsExactly("catalog/0", "catalog/1");
  }

  @Test
  void commit_failedClose_isNotCommitted() throws IOException {
    LocalStorage storage = LocalStorage.at(files.path(root()));
    put(storage, "catalog/0", 1);
    Fault failed = files.fail(FileCall.CLOSE).once();

    assertThatIOException().isThrownBy(() -> put(storage, "catalog/1", 1));

    assertThat(failed.fired()).isTrue();
    assertThat(names(storage)).containsExactly("catalog/0");
  }

  @Test
  void write_diskFull_leavesNoTemporary() throws IOException {
    LocalStorage storage = LocalStorage.at(files.path(root()));
    Fault full = files.fail(FileCall.WRITE).after(1).with(() -> new IOException("No space left"));

    assertThatIOException()
        .isThrownBy(() -> put(storage, "packs/0a/one", 300_000))
        .withMessageContaining("No space left")
        .withMessageContaining("tmp");

    assertThat(full.count()).isEqualTo(1);
    assertThat(names(storage)).isEmpty();
  }

  @Test
  void sync_prefix_forcesItsDirectoriesAndThoseAbove() throws IOException {
    LocalStorage storage = LocalStorage.at(files.path(temp.resolve("a/b")));
    Set<String> forced = new ConcurrentSkipListSet<>();
    files.fail(FileCall.FORCE).of(forced::add).meanwhile(() -> {});

    put(storage, "packs/0a/one", 1);
    assertThat(forced)
        .as("what lies above the repository, and the file")
        .contains(temp.toString(), temp.resolve("a").toString())
        .hasSize(3);
    put(storage, "packs/0b/two", 1);
    put(storage, "catalog/1", 1);
    forced.clear();
    storage.sync("packs");

    assertThat(forced)
        .containsExactly(
            under("a/b"), under("a/b/packs"), under("a/b/packs/0a"), under("a/b/packs/0b"));
  }

  @Test
  void sync_failedForce_isAnErrorThatNamesTheDirectory() throws IOException {
    LocalStorage storage = LocalStorage.at(files.path(root()));
    put(storage, "packs/0a/one", 1);
    Fault failed = files.fail(FileCall.FORCE).of(under("repository/packs/0a"));

    assertThatIOException()
        .isThrownBy(() -> storage.sync("packs"))
        .withMessageContaining("repository/packs/0a");

    assertThat(failed.fired()).isTrue();
  }

  @Test
  void force_directoryCannotBeOpened_isAnErrorOnlyWhereDirectoriesCanBe() throws IOException {
    Fault closed = files.fail(FileCall.OPEN);
    Path directory = files.path(temp);
    FileAttribute<?>[] mode = {};

    assertThatIOException()
        .isThrownBy(() -> new DirectoryTree(directory, mode, true).force(directory));
    assertThatCode(() -> new DirectoryTree(directory, mode, false).force(directory))
        .doesNotThrowAnyException();

    assertThat(closed.count()).isEqualTo(2);
  }

  @Test
  void list_foreignFiles_areListedAndLinksNotFollowed() throws IOException {
    LocalStorage storage = LocalStorage.at(root());
    put(storage, "packs/0a/one", 1);
    Files.writeString(root().resolve("Foreign File.txt"), "1234");
    Files.createDirectory(root().resolve("packs/empty"));
    Files.createSymbolicLink(root().resolve("link"), root().resolve("packs"));
    Files.createSymbolicLink(root().resolve("dangling"), Path.of("nowhere"));

    assertThat(storage.list(""))
        .extracting(StoredFile::name)
        .containsExactly("Foreign File.txt", "dangling", "link", "packs/0a/one");
    assertThatThrownBy(() -> storage.list("link")).isInstanceOf(NotDirectoryException.class);
    assertThatThrownBy(() -> storage.sync("link")).isInstanceOf(NotDirectoryException.class);
    assertThatThrownBy(() -> put(storage, "link/two", 1)).isInstanceOf(NotDirectoryException.class);
    assertThatIOException().isThrownBy(() -> storage.length("link"));
  }

  /** Also where the link is not the last directory on the way to the file. */
  @Test
  void everyCall_belowALinkedDirectory_followsNothing() throws IOException {
    Path outside = Files.createDirectories(temp.resolve("outside/0a"));
    Files.write(outside.resolve("one"), new byte[] {1});
    LocalStorage storage = LocalStorage.at(root());
    put(storage, "index/one", 1);
    Files.createSymbolicLink(root().resolve("packs"), temp.resolve("outside"));

    String name = "packs/0a/one";
    assertThatThrownBy(() -> storage.read(name, 0, new byte[1], 0, 1))
        .isInstanceOf(NotDirectoryException.class)
        .hasMessageEndingWith("packs");
    assertThatThrownBy(() -> storage.length(name)).isInstanceOf(NotDirectoryException.class);
    assertThatThrownBy(() -> storage.delete(name)).isInstanceOf(NotDirectoryException.class);
    assertThatThrownBy(() -> storage.list("packs/0a")).isInstanceOf(NotDirectoryException.class);
    assertThatThrownBy(() -> storage.sync("packs/0a")).isInstanceOf(NotDirectoryException.class);
    assertThatThrownBy(() -> put(storage, "packs/0a/two", 1))
        .isInstanceOf(NotDirectoryException.class);
    assertThat(outside.resolve("one")).exists();
    assertThat(outside.resolve("two")).doesNotExist();
  }

  @Test
  void list_throughALinkedRoot_works() throws IOException {
    put(LocalStorage.at(root()), "packs/0a/one", 1);
    Path link = Files.createSymbolicLink(temp.resolve("link"), root());

    LocalStorage storage = LocalStorage.at(link);

    put(storage, "packs/0a/two", 1);
    storage.sync("");
    assertThat(names(storage)).containsExactly("packs/0a/one", "packs/0a/two");
  }

  @Test
  void list_directoryThatCannotBeListed_isAnErrorThatNamesIt() throws IOException {
    LocalStorage storage = LocalStorage.at(files.path(root()));
    put(storage, "packs/0a/one", 1);
    String directory = under("repository/packs/0a");
    Fault unreadable = files
        .fail(FileCall.LIST)
        .of(directory)
        .with(() -> new FileSystemException(directory, null, "Input/output error"));

    assertThatIOException().isThrownBy(() -> storage.list("")).withMessageContaining(directory);
    assertThatIOException().isThrownBy(() -> storage.sync("packs"));

    assertThat(unreadable.count()).isEqualTo(2);
  }

  @Test
  void list_breaksOffInTheMidst_isAnErrorThatNamesTheDirectory() throws IOException {
    LocalStorage storage = LocalStorage.at(files.path(root()));
    put(storage, "packs/0a/one", 1);
    put(storage, "packs/0a/two", 1);
    String directory = under("repository/packs/0a");
    Fault broken = files.fail(FileCall.LIST_NEXT).of(directory).after(1);

    assertThatIOException()
        .isThrownBy(() -> storage.list("packs"))
        .withMessageContaining(directory);

    assertThat(broken.fired()).isTrue();
  }

  @Test
  void list_fileOfUnknownKind_isAnError() throws IOException {
    LocalStorage storage = LocalStorage.at(files.path(root()));
    put(storage, "packs/0a/one", 1);
    Fault unknown = files.fail(FileCall.ATTRIBUTES).of(under("repository/packs/0a/one"));

    assertThatIOException().isThrownBy(() -> storage.list("packs"));
    assertThatIOException().isThrownBy(() -> storage.sync("packs"));

    assertThat(unknown.count()).isEqualTo(2);
  }

  @Test
  void list_directoryReplacedMeanwhile_isListedAgain() throws IOException {
    LocalStorage storage = LocalStorage.at(files.path(root()));
    put(storage, "packs/0a/one", 1);
    put(storage, "other/two", 1);
    Fault replaced = files
        .fail(FileCall.LIST)
        .of(under("repository/packs/0a"))
        .once()
        .meanwhile(() -> swap("packs/0a", "other"));

    assertThat(storage.list("packs")).containsExactly(new StoredFile("packs/0a/two", 1));

    assertThat(replaced.fired()).isTrue();
  }

  @Test
  void list_directoryReplacedAgainAndAgain_isAnError() throws IOException {
    LocalStorage storage = LocalStorage.at(files.path(root()));
    put(storage, "packs/0a/one", 1);
    put(storage, "other/two", 1);
    Fault replaced = files
        .fail(FileCall.LIST)
        .of(under("repository/packs/0a"))
        .meanwhile(() -> swap("packs/0a", "other"));

    assertThatIOException()
        .isThrownBy(() -> storage.list("packs"))
        .withMessageContaining("packs/0a")
        .withMessageContaining("try again");

    assertThat(replaced.count()).isEqualTo(2);
  }

  @Test
  void list_rootGoneMeanwhile_isAnErrorAndNotEmpty() throws IOException {
    LocalStorage storage = LocalStorage.at(files.path(root()));
    put(storage, "catalog/1", 1);
    Fault unmounted = files
        .fail(FileCall.LIST)
        .once()
        .meanwhile(() -> Files.move(root(), temp.resolve("elsewhere")));

    assertThatIOException().isThrownBy(() -> storage.list(""));

    assertThat(unmounted.fired()).isTrue();
  }

  @Test
  @Timeout(10)
  void read_notARegularFile_isRefusedWithoutWaiting() throws Exception {
    LocalStorage storage = LocalStorage.at(root());
    put(storage, "packs/0a/one", 1);
    Files.createSymbolicLink(root().resolve("packs/0a/link"), Path.of("one"));
    Process mkfifo =
        new ProcessBuilder("mkfifo", root().resolve("packs/0a/pipe").toString()).start();
    assumeThat(mkfifo.waitFor()).isZero();

    for (String name : List.of("packs/0a/link", "packs/0a/pipe")) {
      assertThatIOException()
          .isThrownBy(() -> storage.read(name, 0, new byte[1], 0, 1))
          .withMessageContaining("not a regular file");
    }
    assertThat(names(storage)).contains("packs/0a/pipe");
  }

  @Test
  void read_interruptedInTheMidst_isDoneAllTheSame() throws IOException {
    LocalStorage storage = LocalStorage.at(files.path(root()));
    put(storage, "packs/0a/one", 10);
    Fault interrupt =
        files.fail(FileCall.READ).once().meanwhile(() -> Thread.currentThread().interrupt());

    int count = storage.read("packs/0a/one", 0, new byte[20], 0, 20);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(count).isEqualTo(10);
    assertThat(interrupt.fired()).isTrue();
  }

  @Test
  void commit_interruptedInTheMidst_condemnsTheFile() throws IOException {
    LocalStorage storage = LocalStorage.at(files.path(root()));
    put(storage, "catalog/0", 1);
    Fault interrupt =
        files.fail(FileCall.FORCE).once().meanwhile(() -> Thread.currentThread().interrupt());

    assertThatThrownBy(() -> put(storage, "catalog/1", 1))
        .isInstanceOf(ClosedByInterruptException.class);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(interrupt.fired()).isTrue();
    assertThat(names(storage)).containsExactly("catalog/0");
  }

  @Test
  void read_otherThreadInterrupted_isNotDisturbed() throws Exception {
    LocalStorage storage = LocalStorage.at(root());
    put(storage, "packs/0a/one", 100_000);
    Set<String> failures = new ConcurrentSkipListSet<>();
    Runnable reader = () -> {
      byte[] buffer = new byte[100_000];
      for (int i = 0; i < 300; i++) {
        try {
          if (storage.read("packs/0a/one", 0, buffer, 0, buffer.length) != buffer.length) {
            failures.add("short read");
          }
        } catch (IOException e) {
          failures.add(e.toString());
        }
      }
    };
    Thread quiet = new Thread(reader, "quiet");
    Thread interrupted = new Thread(reader, "interrupted");
    quiet.start();
    interrupted.start();
    while (interrupted.isAlive()) {
      interrupted.interrupt();
    }
    quiet.join();

    assertThat(failures).isEmpty();
  }

  @Test
  void tryLock_twoStoragesOnOneDirectory_shareOneChannel() throws IOException {
    put(LocalStorage.at(root()), "FORMAT", 1);
    Path link = Files.createSymbolicLink(temp.resolve("link"), root());
    LocalStorage one = LocalStorage.at(root());
    LocalStorage other = LocalStorage.at(link);

    StorageLock shared = one.tryLock(false).orElseThrow();
    assertThat(other.tryLock(true)).isEmpty();
    StorageLock second = other.tryLock(false).orElseThrow();
    shared.close();
    assertThat(one.tryLock(true)).isEmpty();
    second.close();

    StorageLock alone = one.tryLock(true).orElseThrow();
    assertThat(other.tryLock(false)).isEmpty();
    alone.close();
    other.tryLock(true).orElseThrow().close();
  }

  @Test
  void tryLock_lockHeldOutsideTheRegistry_isHeldAndNotDropped() throws IOException {
    LocalStorage storage = LocalStorage.at(root());
    put(storage, "FORMAT", 1);
    storage.tryLock(true).orElseThrow().close();
    Path file = root().resolve("lock");
    try (FileChannel foreign = FileChannel.open(file, StandardOpenOption.WRITE)) {
      foreign.tryLock();

      assertThat(storage.tryLock(false)).isEmpty();
      assertThat(storage.tryLock(true)).isEmpty();
      assumeThat(Path.of("/proc/locks")).exists();
      assertThat(isLocked(file)).isTrue();
    }
    storage.tryLock(true).orElseThrow().close();
  }

  @Test
  void tryLock_otherFilesReadAndWritten_isStillKnownToTheSystem() throws IOException {
    assumeThat(Path.of("/proc/locks")).exists();
    LocalStorage storage = LocalStorage.at(root());
    put(storage, "packs/0a/one", 1);
    Path file = root().resolve("lock");

    StorageLock lock = storage.tryLock(true).orElseThrow();
    put(storage, "packs/0a/two", 1);
    LocalStorage.at(root()).tryLock(false);
    for (String name : names(storage)) {
      storage.read(name, 0, new byte[1], 0, 1);
    }
    assertThat(storage.list("")).contains(new StoredFile("lock", 0));
    storage.delete("packs/0a/one");
    storage.sync("");

    assertThat(isLocked(file)).isTrue();
    lock.close();
    assertThat(isLocked(file)).isFalse();
  }

  @Test
  void tryLock_heldByAnotherProcess_isEmpty() throws Exception {
    LocalStorage storage = LocalStorage.at(root());
    put(storage, "FORMAT", 1);
    try (OtherProcess other = OtherProcess.start(root())) {
      assertThat(other.tryLock("exclusive")).isTrue();
      assertThat(storage.tryLock(false)).isEmpty();
      assertThat(storage.tryLock(true)).isEmpty();

      assertThat(other.tryLock("release")).isTrue();
      StorageLock shared = storage.tryLock(false).orElseThrow();
      assertThat(other.tryLock("exclusive")).isFalse();
      assertThat(other.tryLock("shared")).isTrue();
      assertThat(storage.tryLock(true)).isEmpty();
      shared.close();
      assertThat(storage.tryLock(true)).as("the other process still shares it").isEmpty();

      other.kill();
      storage.tryLock(true).orElseThrow().close();
    }
  }

  @Test
  void tryLock_readOnlyMedia_isSharedOnly() throws IOException {
    LocalStorage storage = LocalStorage.at(files.path(root()));
    put(storage, "FORMAT", 1);
    files.fail(FileCall.ACCESS);
    Fault readOnly = files
        .fail(FileCall.OPEN)
        .of(under("repository"))
        .with(() -> new FileSystemException("lock", null, "Read-only file system"));

    assertThat(storage.isWritable()).isFalse();
    assertThat(storage.singleWriter()).isFalse();
    storage.tryLock(false).orElseThrow().close();
    assertThatIOException().isThrownBy(() -> storage.tryLock(true));

    assertThat(readOnly.fired()).isTrue();
    assertThat(root().resolve("lock")).doesNotExist();
  }

  private boolean isLocked(Path file) throws IOException {
    String suffix = ":" + Files.getAttribute(file, "unix:ino") + " 0 EOF";
    String process = " " + ProcessHandle.current().pid() + " ";
    return Files.readAllLines(Path.of("/proc/locks")).stream()
        .anyMatch(line -> line.endsWith(suffix) && line.contains(process));
  }

  private void swap(String one, String other) throws IOException {
    Path aside = temp.resolve("aside");
    Files.move(root().resolve(one), aside);
    Files.move(root().resolve(other), root().resolve(one));
    Files.move(aside, root().resolve(other));
  }

  private Path root() {
    return temp.resolve("repository");
  }

  private String under(String path) {
    return temp.resolve(path).toString();
  }

  private static void put(Storage storage, String name, int length) throws IOException {
    try (StorageWriter writer = storage.create()) {
      writer.write(new byte[length], 0, length);
      writer.commit(name);
    }
  }

  private static List<String> names(Storage storage) throws IOException {
    return storage.list("").stream()
        .map(StoredFile::name)
        .filter(name -> !name.equals("lock"))
        .toList();
  }

  /** Another JVM that tries for the lock when it is told to. */
  private record OtherProcess(Process process) implements AutoCloseable {

    static OtherProcess start(Path root) throws IOException {
      ProcessBuilder command = new ProcessBuilder(
          Path.of(System.getProperty("java.home"), "bin", "java").toString(),
          "-XX:TieredStopAtLevel=1",
          "-cp",
          System.getProperty("java.class.path"),
          LockProcess.class.getName(),
          root.toString());
      command.environment().clear();
      return new OtherProcess(
          command.redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    boolean tryLock(String what) throws IOException {
      process.outputWriter().write(what + "\n");
      process.outputWriter().flush();
      String answer = process.inputReader().readLine();
      assertThat(answer).isIn("true", "false");
      return Boolean.parseBoolean(answer);
    }

    void kill() throws InterruptedException {
      process.destroyForcibly();
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }
}
