package com.personalaichatbot.dr.core.functional;

import static com.personalaichatbot.dr.core.testkit.DrAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.component.LiveFile;
import com.personalaichatbot.dr.core.component.Source;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.RepositoryExistsException;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.operation.VerifyReport;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyStorage;
import com.personalaichatbot.dr.core.testkit.StorageCall;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.core.testkit.Trees;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many at the same time, in one object and in several as processes would have them: nothing is
 * lost.
 */
@Timeout(120)
class ConcurrencyTest {
  private static final BackupOptions MANUAL = BackupOptions.of(Purpose.MANUAL);
  private static final int WRITERS = 4;
  private static final int ROUNDS = 3;

  @TempDir
  private Path temp;

  private final RootKey root = TestKeys.root();
  private final ExecutorService threads = Executors.newFixedThreadPool(WRITERS + 1);

  @BeforeEach
  void makeSources() throws IOException {
    for (int i = 0; i < WRITERS; i++) {
      // Half of the files are the same everywhere, so that writers store the same blobs at the same
      // time.
      Trees.scatter(source(i).resolve("shared"), 15, 1);
      Trees.scatter(source(i).resolve("own"), 15, 100 + i);
    }
  }

  @AfterEach
  void stop() throws InterruptedException {
    threads.shutdownNow();
    assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    root.close();
  }

  private Path source(int number) {
    return temp.resolve("source" + number);
  }

  private List<Component> component(int number) {
    return List.of(Component.directory("c" + number, Kind.CONVERSATIONS, source(number)));
  }

  private BackupRepository.Builder builder(Storage storage) {
    return BackupRepository.builder(storage).host("host").state(temp.resolve("state"));
  }

  /** Runs all at the same moment and gives what each gave. */
  private <T> List<T> together(List<Callable<T>> tasks) throws Exception {
    CyclicBarrier start = new CyclicBarrier(tasks.size());
    List<Future<T>> futures = new ArrayList<>();
    for (Callable<T> task : tasks) {
      futures.add(threads.submit(() -> {
        start.await();
        return task.call();
      }));
    }
    List<T> results = new ArrayList<>();
    for (Future<T> future : futures) {
      results.add(future.get());
    }
    return results;
  }

  private void requireAllThere(Storage storage, List<List<SnapshotId>> acknowledged)
      throws IOException {
    Set<SnapshotId> all = new TreeSet<>((a, b) -> a.toString().compareTo(b.toString()));
    acknowledged.forEach(all::addAll);
    assertThat(all).hasSize(WRITERS * ROUNDS);
    try (BackupRepository repository = builder(storage).open(root)) {
      assertThat(repository.snapshots()).extracting(Snapshot::id).containsAll(all);
      assertThat(repository.snapshots()).hasSize(WRITERS * ROUNDS);
      VerifyReport verify = repository.verify(VerifyOptions.readAll());
      assertThat(verify).isClean();
      // Another writer's sync may have made a temporary durable whose end a power cut takes back.
      assertThat(verify.notes()).allMatch(note -> note.contains("is a temporary"));
      assertThat(Readback.of(storage, root)).doesNotContainValue(Readback.LOST);
    }
  }

  /** Backs a source up again and again, with one file more each time. */
  private List<SnapshotId> backUp(BackupRepository repository, int number) throws IOException {
    List<SnapshotId> ids = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      Files.writeString(source(number).resolve("round" + round), "round " + round);
      var report = repository.backUp(component(number), MANUAL);
      assertThat(report).isComplete();
      ids.add(report.snapshot().orElseThrow().id());
    }
    return ids;
  }

  private List<List<SnapshotId>> inOneObject(Storage storage) throws Exception {
    try (BackupRepository repository = builder(storage).create(root)) {
      List<Callable<List<SnapshotId>>> tasks = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        int number = i;
        tasks.add(() -> backUp(repository, number));
      }
      return together(tasks);
    }
  }

  private List<List<SnapshotId>> inSeveralObjects(Callable<Storage> storages) throws Exception {
    builder(storages.call()).create(root).close();
    List<Callable<List<SnapshotId>>> tasks = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      int number = i;
      tasks.add(() -> {
        try (BackupRepository repository = builder(storages.call()).open(root)) {
          return backUp(repository, number);
        }
      });
    }
    return together(tasks);
  }

  @Test
  void backUp_manyThreadsOneObject_inMemory() throws Exception {
    MemoryStorage disk = new MemoryStorage();
    List<List<SnapshotId>> ids = inOneObject(disk);
    requireAllThere(disk.crash(), ids);
  }

  @Test
  void backUp_manyObjects_inMemory() throws Exception {
    MemoryStorage disk = new MemoryStorage();
    List<List<SnapshotId>> ids = inSeveralObjects(() -> unclosed(disk));
    requireAllThere(disk.crash(), ids);
  }

  @Test
  void backUp_manyThreadsOneObject_onDisk() throws Exception {
    Path directory = temp.resolve("repository");
    List<List<SnapshotId>> ids = inOneObject(LocalStorage.at(directory));
    requireAllThere(LocalStorage.at(directory), ids);
  }

  @Test
  void backUp_manyObjects_onDisk() throws Exception {
    Path directory = temp.resolve("repository");
    List<List<SnapshotId>> ids = inSeveralObjects(() -> LocalStorage.at(directory));
    requireAllThere(LocalStorage.at(directory), ids);
  }

  /** The same disk for several users, none of whom closes it for the others. */
  static Storage unclosed(MemoryStorage disk) {
    return (Storage) java.lang.reflect.Proxy.newProxyInstance(
        Storage.class.getClassLoader(), new Class<?>[] {Storage.class}, (proxy, method, args) -> {
          if (method.getName().equals("close")) {
            return null;
          }
          try {
            return method.invoke(disk, args);
          } catch (java.lang.reflect.InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }

  @Test
  void create_manyAtOnce_oneRepositoryIsMade() throws Exception {
    for (int attempt = 0; attempt < 20; attempt++) {
      MemoryStorage disk = new MemoryStorage();
      List<Callable<Boolean>> tasks = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        tasks.add(() -> {
          try {
            BackupRepository.builder(unclosed(disk)).create(root).close();
            return true;
          } catch (RepositoryExistsException e) {
            return false;
          }
        });
      }
      together(tasks);
      try (BackupRepository repository = BackupRepository.builder(disk).open(root)) {
        assertThat(repository.verify(VerifyOptions.readAll())).isClean().hasNoNotes();
      }
    }
  }

  @Test
  void verify_whileOthersBackUp_isClean() throws Exception {
    MemoryStorage disk = new MemoryStorage();
    try (BackupRepository repository = builder(disk).create(root)) {
      List<Callable<Boolean>> tasks = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        int number = i;
        tasks.add(() -> backUp(repository, number).size() == ROUNDS);
        tasks.add(() -> {
          for (int round = 0; round < ROUNDS; round++) {
            assertThat(repository.verify(VerifyOptions.readAll())).isClean();
          }
          return true;
        });
      }
      assertThat(together(tasks)).doesNotContain(false);
      assertThat(repository.verify(VerifyOptions.readAll())).isClean().hasNoNotes();
      assertThat(repository.snapshots()).hasSize(2 * ROUNDS);
    }
  }

  @Test
  void close_whileABackupRuns_waitsForIt() throws Exception {
    MemoryStorage disk = new MemoryStorage();
    FaultyStorage storage = FaultyStorage.over(disk);
    BackupRepository repository = builder(storage).create(root);
    CountDownLatch committing = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    storage.fail(StorageCall.COMMIT).of("catalog").once().meanwhile(() -> {
      committing.countDown();
      await(go);
    });
    Future<SnapshotId> backup = threads.submit(
        () -> repository.backUp(component(0), MANUAL).snapshot().orElseThrow().id());
    assertThat(committing.await(1, TimeUnit.MINUTES)).isTrue();
    Thread closing = new Thread(() -> {
      try {
        repository.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
    closing.start();
    while (closing.getState() != Thread.State.WAITING && closing.isAlive()) {
      Thread.onSpinWait();
    }
    assertThat(closing.isAlive()).as("close waits").isTrue();
    go.countDown();
    SnapshotId id = backup.get();
    closing.join();
    repository.close();
    try (BackupRepository again = builder(disk.crash()).open(root)) {
      assertThat(again.snapshots()).extracting(Snapshot::id).containsExactly(id);
    }
  }

  @Test
  void close_fromWithinACall_isRefusedAndDoesNotHang() throws IOException {
    FaultyStorage storage = FaultyStorage.over(new MemoryStorage());
    try (BackupRepository repository =
        builder(storage).executor(Runnable::run, 1).create(root)) {
      Fault meanwhile = storage
          .fail(StorageCall.COMMIT)
          .of("catalog")
          .once()
          .meanwhile(() -> assertThatIllegalStateException().isThrownBy(repository::close));
      assertThat(repository.backUp(component(0), MANUAL)).isComplete();
      assertThat(meanwhile.fired()).isTrue();
    }
  }

  @Test
  void close_fromAWorkersThread_isRefusedAndDoesNotHang() throws IOException {
    Path live = source(0).resolve("live");
    Files.writeString(live, "x");
    List<Throwable> refusals = new ArrayList<>();
    try (BackupRepository repository = builder(new MemoryStorage()).create(root)) {
      Closeable opened = repository;
      LiveFile closing = new LiveFile() {
        @Override
        public long size() {
          return 1;
        }

        @Override
        public int read(ByteBuffer buffer, long position) throws IOException {
          try {
            opened.close();
          } catch (IllegalStateException e) {
            refusals.add(e);
          }
          if (position > 0) {
            return -1;
          }
          buffer.put((byte) 'x');
          return 1;
        }
      };
      Component component =
          Component.of("c", Kind.STATE, Source.at(source(0)).withLiveFile(live, closing));
      assertThat(repository.backUp(List.of(component), MANUAL)).isComplete();
      assertThat(refusals).isNotEmpty();
      assertThat(repository.snapshots()).hasSize(1);
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void everyVerb_afterClose_isRefused() throws IOException {
    BackupRepository repository = builder(new MemoryStorage()).create(root);
    repository.close();
    repository.close();
    List<Executable> verbs = List.of(
        () -> repository.backUp(component(0), MANUAL),
        () -> repository.verify(VerifyOptions.readAll()),
        repository::snapshots,
        repository::head,
        () -> repository.acceptHead(""));
    for (Executable verb : verbs) {
      assertThatIllegalStateException().isThrownBy(verb::run).withMessageContaining("closed");
    }
  }

  private interface Executable {
    void run() throws Exception;
  }

  @Test
  void interrupt_ofABackup_endsItWithoutASnapshot() throws Exception {
    MemoryStorage disk = new MemoryStorage();
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Path live = source(0).resolve("live");
    Files.writeString(live, "x".repeat(100));
    LiveFile slow = new LiveFile() {
      @Override
      public long size() {
        return 100;
      }

      @Override
      public int read(ByteBuffer buffer, long position) throws IOException {
        reading.countDown();
        ConcurrencyTest.await(go);
        int count = (int) Math.min(buffer.remaining(), 100 - position);
        if (count <= 0) {
          return -1;
        }
        buffer.put(new byte[count]);
        return count;
      }
    };
    Component component =
        Component.of("c", Kind.STATE, Source.at(source(0)).withLiveFile(live, slow));
    try (Closeable release = go::countDown;
        BackupRepository repository = builder(disk).create(root)) {
      assertThat(release).isNotNull();
      Thread[] caller = new Thread[1];
      Future<Throwable> backup = threads.submit(() -> {
        caller[0] = Thread.currentThread();
        try {
          repository.backUp(List.of(component), MANUAL);
          return null;
        } catch (IOException e) {
          return e;
        } finally {
          Thread.interrupted();
        }
      });
      assertThat(reading.await(1, TimeUnit.MINUTES)).isTrue();
      caller[0].interrupt();
      go.countDown();
      assertThat(backup.get()).isInstanceOf(IOException.class);
      assertThat(repository.snapshots()).isEmpty();
      assertThat(repository.backUp(component(0), MANUAL).snapshot()).isPresent();
    }
  }
}
