package com.personalaichatbot.dr.core.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StorageLock;
import com.personalaichatbot.dr.core.storage.StorageWriter;
import com.personalaichatbot.dr.core.storage.StoredFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The contract of every {@link Storage}. A test class for an implementation extends it and says how
 * to make one.
 */
public abstract class StorageContract {

  private static final int RACERS = 8;

  private Storage storage;

  /** Creates the contract's tests. */
  protected StorageContract() {}

  /**
   * Returns a new, empty storage, whose place exists as soon as one file was created.
   *
   * @return the storage; the contract closes it
   * @throws IOException if it cannot be made
   */
  protected abstract Storage newStorage() throws IOException;

  /**
   * Returns a storage on what another one keeps through a power cut.
   *
   * @param closed the other storage, closed
   * @return the storage
   * @throws IOException if it cannot be made
   */
  protected abstract Storage reopen(Storage closed) throws IOException;

  @BeforeEach
  void open() throws IOException {
    storage = newStorage();
  }

  @AfterEach
  void close() throws IOException {
    storage.close();
  }

  @Test
  void commit_newName_readsBack() throws IOException {
    put("packs/0a/first", "some bytes");

    assertThat(text("packs/0a/first")).isEqualTo("some bytes");
    assertThat(storage.length("packs/0a/first")).isEqualTo(10);
  }

  @Test
  void commit_nothingWritten_isEmptyFile() throws IOException {
    put("empty", "");

    assertThat(storage.length("empty")).isZero();
    assertThat(storage.read("empty", 0, new byte[1], 0, 1)).isZero();
  }

  @Test
  void commit_takenName_failsAndChangesNothing() throws IOException {
    put("catalog/1", "winner");

    assertThatThrownBy(() -> put("catalog/1", "loser"))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessageContaining("catalog/1");

    assertThat(text("catalog/1")).isEqualTo("winner");
    assertThat(names("")).doesNotContain("catalog/1.tmp").allMatch(name -> !isTemporary(name));
  }

  @Test
  void commit_manyThreadsOneName_exactlyOneWins() throws Exception {
    assumeThat(storage.singleWriter()).isFalse();
    CyclicBarrier together = new CyclicBarrier(RACERS);
    ExecutorService threads = Executors.newFixedThreadPool(RACERS);
    try {
      for (int round = 0; round < 5; round++) {
        String name = "catalog/" + round;
        List<Callable<Boolean>> racers = new ArrayList<>();
        for (int i = 0; i < RACERS; i++) {
          String content = "racer " + i;
          racers.add(() -> wins(name, content, together));
        }
        List<String> winners = new ArrayList<>();
        List<Future<Boolean>> results = threads.invokeAll(racers);
        for (int i = 0; i < RACERS; i++) {
          if (results.get(i).get()) {
            winners.add("racer " + i);
          }
        }
        assertThat(winners).containsExactly(text(name));
      }
    } finally {
      threads.shutdown();
    }
  }

  private boolean wins(String name, String content, CyclicBarrier together) throws Exception {
    try (StorageWriter writer = storage.create()) {
      write(writer, content);
      together.await();
      writer.commit(name);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  @Test
  void commit_belowAFile_isAnErrorThatIsNotATakenName() throws IOException {
    put("catalog", "a file where a directory belongs");

    assertThatThrownBy(() -> put("catalog/1", "x"))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void create_notCommitted_hasNoName() throws IOException {
    try (StorageWriter writer = storage.create()) {
      write(writer, "never finished");

      assertThat(names("")).allMatch(StorageContract::isTemporary);
      assertThat(writer.length()).isEqualTo(14);
    }

    assertThat(names("")).isEmpty();
  }

  @Test
  void write_arrayReusedAfterwards_keepsWhatWasWritten() throws IOException {
    byte[] bytes = "xx first".getBytes(UTF_8);
    try (StorageWriter writer = storage.create()) {
      writer.write(bytes, 3, 5);
      bytes[3] = 'X';
      writer.write(bytes, 0, 0);
      writer.commit("a");
    }

    assertThat(text("a")).isEqualTo("first");
  }

  @Test
  void writer_afterCommit_isSpent() throws IOException {
    StorageWriter writer = storage.create();
    writer.commit("a");

    assertThatIllegalStateException().isThrownBy(() -> writer.commit("b"));
    assertThatIllegalStateException().isThrownBy(() -> write(writer, "x"));
    writer.close();
    writer.close();
    assertThat(names("")).containsExactly("a");
  }

  @Test
  void writer_afterFailedCommit_isSpent() throws IOException {
    put("a", "x");
    StorageWriter writer = storage.create();
    assertThatIOException().isThrownBy(() -> writer.commit("a"));

    assertThatIllegalStateException().isThrownBy(() -> writer.commit("b"));
  }

  @Test
  void read_anyRange_givesWhatIsThere() throws IOException {
    byte[] content = new byte[300_000];
    new Random(1).nextBytes(content);
    try (StorageWriter writer = storage.create()) {
      writer.write(content, 0, content.length);
      writer.commit("large");
    }
    int[] edges = {0, 1, 4095, 131_071, 131_072, 131_073, 299_999, 300_000, 300_001};

    for (int from : edges) {
      for (int length : edges) {
        byte[] buffer = new byte[length + 2];
        int expected = Math.max(0, Math.min(length, content.length - from));

        assertThat(storage.read("large", from, buffer, 1, length)).isEqualTo(expected);

        byte[] wanted = new byte[length + 2];
        System.arraycopy(content, Math.min(from, content.length), wanted, 1, expected);
        assertThat(buffer).as("%d bytes from %d", length, from).isEqualTo(wanted);
      }
    }
  }

  @Test
  void read_wrongArguments_areRefused() throws IOException {
    put("a", "x");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> storage.read("a", -1, new byte[1], 0, 1))
        .withMessageContaining("-1");
    assertThatThrownBy(() -> storage.read("a", 0, new byte[1], 0, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> storage.read("a", 0, new byte[1], 1, -1))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void absentFile_isNoSuchFile() throws IOException {
    put("packs/0a/other", "x");

    for (ThrowingCallable call : List.<ThrowingCallable>of(
        () -> storage.read("packs/0a/one", 0, new byte[1], 0, 1),
        () -> storage.length("packs/0a/one"),
        () -> storage.delete("packs/0a/one"),
        () -> storage.delete("packs/0b/one"))) {
      assertThatThrownBy(call)
          .isInstanceOf(NoSuchFileException.class)
          .hasMessageContaining("packs/0");
    }
  }

  @Test
  void directory_isNoFile() throws IOException {
    put("packs/0a/one", "x");

    assertThatIOException().isThrownBy(() -> storage.read("packs/0a", 0, new byte[1], 0, 1));
    assertThatIOException().isThrownBy(() -> storage.length("packs"));
    assertThatIOException().isThrownBy(() -> storage.delete("packs/0a"));
    assertThat(names("packs")).containsExactly("packs/0a/one");
  }

  @Test
  void list_prefix_givesAllBelowItSorted() throws IOException {
    for (String name : List.of(
        "packs/0b/two",
        "FORMAT",
        "packs/0a/one",
        "packs-old",
        "index/1",
        "packs/0a.x",
        "FORMAT.copy")) {
      put(name, name);
    }

    assertThat(storage.list("packs"))
        .containsExactly(
            new StoredFile("packs/0a.x", 10),
            new StoredFile("packs/0a/one", 12),
            new StoredFile("packs/0b/two", 12));
    assertThat(names("packs/0a")).containsExactly("packs/0a/one");
    assertThat(names(""))
        .containsExactly(
            "FORMAT",
            "FORMAT.copy",
            "index/1",
            "packs-old",
            "packs/0a.x",
            "packs/0a/one",
            "packs/0b/two");
  }

  @Test
  void list_absentDirectory_isEmpty() throws IOException {
    put("FORMAT", "x");

    assertThat(storage.list("catalog")).isEmpty();
    assertThat(storage.list("packs/0a")).isEmpty();
  }

  @Test
  void list_file_isAnError() throws IOException {
    put("catalog", "x");

    assertThatIOException()
        .isThrownBy(() -> storage.list("catalog"))
        .withMessageContaining("catalog");
  }

  @Test
  void delete_file_isGoneAndItsNameFree() throws IOException {
    put("tmp/old", "x");
    storage.delete("tmp/old");

    assertThat(names("")).isEmpty();
    put("tmp/old", "y");
    assertThat(text("tmp/old")).isEqualTo("y");
  }

  @Test
  void sync_thenPowerCut_keepsNamesAndDeletions() throws IOException {
    put("packs/0a/one", "x");
    put("packs/0a/two", "y");
    storage.sync("packs");
    storage.delete("packs/0a/two");
    put("FORMAT", "f");
    storage.sync("packs/0a");
    storage.sync("");
    storage.sync("index");
    storage.close();

    storage = reopen(storage);

    assertThat(names("")).containsExactly("FORMAT", "packs/0a/one");
    assertThat(text("packs/0a/one")).isEqualTo("x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "..",
        ".",
        "../a",
        "a/..",
        "a/../b",
        "./a",
        "a/.",
        "/a",
        "/",
        "a//b",
        "a/",
        "A",
        "packs/0A/one",
        "Format",
        "FORMAT/a",
        "a\\b",
        "a\0b",
        "a b",
        "a\n",
        "é",
        "a:b"
      })
  void name_notAccepted_isRefusedBeforeAnyEffect(String name) throws IOException {
    assertRefused(name);
    assertThatIllegalArgumentException().isThrownBy(() -> storage.list(name));
    assertThatIllegalArgumentException().isThrownBy(() -> storage.sync(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "lock"})
  void name_notOfAFile_isRefusedBeforeAnyEffect(String name) throws IOException {
    assertRefused(name);
  }

  @Test
  void name_longest_isAcceptedAndNoLonger() throws IOException {
    put("a".repeat(255), "x");

    assertThat(names("")).containsExactly("a".repeat(255));
    assertRefused("a".repeat(256));
  }

  private void assertRefused(String name) throws IOException {
    assertThatIllegalArgumentException().isThrownBy(() -> storage.read(name, 0, new byte[1], 0, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> storage.length(name));
    assertThatIllegalArgumentException().isThrownBy(() -> storage.delete(name));
    try (StorageWriter writer = storage.create()) {
      assertThatIllegalArgumentException().isThrownBy(() -> writer.commit(name));
      writer.commit("still-usable");
    }
    storage.delete("still-usable");
  }

  @Test
  void null_isRefused() throws IOException {
    put("a", "x");

    assertThatThrownBy(() -> storage.read(null, 0, new byte[1], 0, 1))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> storage.read("a", 0, null, 0, 1))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> storage.list(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> storage.sync(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> storage.delete(null)).isInstanceOf(NullPointerException.class);
  }

  @Test
  void tryLock_shared_isShared() throws IOException {
    put("FORMAT", "x");

    StorageLock first = storage.tryLock(false).orElseThrow();
    StorageLock second = storage.tryLock(false).orElseThrow();
    assertThat(storage.tryLock(true)).isEmpty();
    first.close();
    first.close();
    assertThat(storage.tryLock(true)).as("second still holds it").isEmpty();
    second.close();

    storage.tryLock(true).orElseThrow().close();
  }

  @Test
  void tryLock_exclusive_isAlone() throws IOException {
    put("FORMAT", "x");

    StorageLock alone = storage.tryLock(true).orElseThrow();
    assertThat(storage.tryLock(true)).isEmpty();
    assertThat(storage.tryLock(false)).isEmpty();
    alone.close();

    storage.tryLock(false).orElseThrow().close();
  }

  @Test
  void interruptedThread_doesItsWorkAndStaysInterrupted() throws IOException {
    put("before", "x");

    Thread.currentThread().interrupt();
    try {
      put("packs/0a/one", "some bytes");
      assertThat(text("packs/0a/one")).isEqualTo("some bytes");
      storage.sync("packs");
      assertThat(names("packs")).hasSize(1);
      storage.tryLock(true).orElseThrow().close();
      storage.delete("before");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void close_twice_andUseAfterwardsIsRefused() throws IOException {
    put("a", "x");
    StorageWriter writer = storage.create();

    storage.close();
    storage.close();

    for (ThrowingCallable call : List.<ThrowingCallable>of(
        () -> storage.create(),
        () -> storage.read("a", 0, new byte[1], 0, 1),
        () -> storage.length("a"),
        () -> storage.list(""),
        () -> storage.sync(""),
        () -> storage.delete("a"),
        () -> storage.tryLock(false),
        () -> writer.commit("b"))) {
      assertThatIllegalStateException().isThrownBy(call).withMessageContaining("closed");
    }
    writer.close();
  }

  @Test
  void location_isTold() {
    assertThat(storage.location()).isNotBlank();
    assertThat(storage.isWritable()).isTrue();
  }

  private void put(String name, String content) throws IOException {
    try (StorageWriter writer = storage.create()) {
      write(writer, content);
      writer.commit(name);
    }
  }

  private static void write(StorageWriter writer, String content) throws IOException {
    byte[] bytes = content.getBytes(UTF_8);
    writer.write(bytes, 0, bytes.length);
  }

  private String text(String name) throws IOException {
    byte[] bytes = new byte[Math.toIntExact(storage.length(name)) + 1];
    int length = storage.read(name, 0, bytes, 0, bytes.length);
    return new String(bytes, 0, length, UTF_8);
  }

  /** The names below a directory, without the lock file that a storage may have. */
  private List<String> names(String prefix) throws IOException {
    List<String> names = new ArrayList<>();
    for (StoredFile file : storage.list(prefix)) {
      if (!file.name().equals("lock")) {
        names.add(file.name());
      }
    }
    return names;
  }

  private static boolean isTemporary(String name) {
    return name.startsWith("tmp/");
  }
}
