package com.personalaichatbot.dr.core.functional;

import static com.personalaichatbot.dr.core.testkit.DrAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.operation.PruneOptions;
import com.personalaichatbot.dr.core.operation.PrunePlan;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.RetentionPolicy;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.testkit.FaultyStorage;
import com.personalaichatbot.dr.core.testkit.StorageCall;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.core.testkit.Trees;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Four applications back up into one repository while a prune runs again and again, and any of them
 * may be killed at any call, or pause before its commit until the prune is over. The lock keeps
 * nobody away: everybody is given it, as if it had been lost. The applications go back and forth
 * between a few states, so that a backup often relies on what a prune is about to condemn.
 */
@Timeout(120)
class WritersAndPruneTest {
  private static final int WRITERS = 4;
  private static final int ROUNDS = 12;
  private static final int STATES = 3;
  private static final RetentionPolicy TWO = RetentionPolicy.none().keepLast(2);

  /** Rewrites every pack of which anything is dead. */
  private static final PruneOptions EAGER = new PruneOptions(0, Long.MAX_VALUE).now();

  private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());
  private final RootKey root = TestKeys.root();
  private final ExecutorService threads = Executors.newFixedThreadPool(WRITERS + 1);
  private final MemoryStorage disk = new MemoryStorage();

  /** What each snapshot that was acknowledged holds in its file. */
  private final Map<SnapshotId, String> acknowledged = new ConcurrentHashMap<>();

  /** Snapshots that a prune was told to remove, whether it came to that or not. */
  private final Set<SnapshotId> given = ConcurrentHashMap.newKeySet();

  /** Snapshots that a prune said it had removed. */
  private final Set<SnapshotId> gone = ConcurrentHashMap.newKeySet();

  private final AtomicInteger writersKilled = new AtomicInteger();
  private final AtomicInteger prunesKilled = new AtomicInteger();
  private final CyclicBarrier round =
      new CyclicBarrier(WRITERS + 1, () -> pruned = new CountDownLatch(1));

  /** Opens when the prune of this round has come to its end. */
  private volatile CountDownLatch pruned;

  @AfterEach
  void stop() throws Exception {
    threads.shutdownNow();
    assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    files.close();
    root.close();
  }

  private BackupRepository open(Storage storage, String client) throws IOException {
    return BackupRepository.builder(storage)
        .executor(Runnable::run, 1)
        .host(client)
        .state(files.getPath("/state", client))
        .open(root);
  }

  private FaultyStorage process() {
    FaultyStorage storage = FaultyStorage.over(ConcurrencyTest.unclosed(disk));
    storage.loseLock();
    return storage;
  }

  /** The storage as a process sees it that will be killed in one of its calls. */
  private Storage mortalProcess(Random random, AtomicInteger kills, StorageCall... lastCalls) {
    FaultyStorage storage = process();
    AtomicBoolean dead = new AtomicBoolean();
    StorageCall last = lastCalls[random.nextInt(lastCalls.length)];
    var kill = storage.fail(last).after(random.nextInt(4)).once().with(() -> {
      dead.set(true);
      kills.incrementAndGet();
      return new IOException("killed");
    });
    if (random.nextBoolean()) {
      kill.afterEffect();
    }
    for (StorageCall call : StorageCall.values()) {
      storage.fail(call).of(name -> dead.get());
    }
    return storage;
  }

  /** The storage as a process sees it that is stopped before its commit until the prune is over. */
  private Storage frozenProcess() {
    FaultyStorage storage = process();
    storage.fail(StorageCall.COMMIT).of("catalog").once().meanwhile(() -> {
      try {
        pruned.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    });
    return storage;
  }

  private Storage writingProcess(Random random) {
    return switch (random.nextInt(4)) {
      case 0 ->
        mortalProcess(
            random, writersKilled, StorageCall.CREATE, StorageCall.COMMIT, StorageCall.SYNC);
      case 1 -> frozenProcess();
      default -> process();
    };
  }

  private Void backUpInEachRound(int writer) throws Exception {
    Random random = new Random(writer);
    Path source = Files.createDirectories(files.getPath("/source" + writer));
    Trees.scatter(source.resolve("shared"), 10, 1);
    List<Component> components = List.of(Component.directory("c", Kind.CONVERSATIONS, source));
    for (int i = 0; i < ROUNDS; i++) {
      String state = Trees.text(new Random(10L * writer + random.nextInt(STATES)), 5_000);
      Files.writeString(source.resolve("state.json"), state);
      Storage storage = writingProcess(random);
      round.await();
      try (BackupRepository repository = open(storage, "host" + writer)) {
        BackupReport report = repository.backUp(components, BackupOptions.of(Purpose.SCHEDULED));
        assertThat(report).isComplete();
        acknowledged.put(report.snapshot().orElseThrow().id(), state);
      } catch (IOException e) {
        // Killed, or pruned meanwhile: nothing was acknowledged.
        continue;
      }
    }
    return null;
  }

  /**
   * Prunes until it is killed or comes through, which it does when the writers are done at last.
   */
  private Void pruneInEachRound() throws Exception {
    Random random = new Random(99);
    for (int i = 0; i < ROUNDS; i++) {
      int killed = prunesKilled.get();
      Storage storage = random.nextBoolean()
          ? process()
          : mortalProcess(
              random, prunesKilled, StorageCall.COMMIT, StorageCall.SYNC, StorageCall.DELETE);
      round.await();
      try (BackupRepository repository = open(storage, "pruner")) {
        while (prunesKilled.get() == killed && !prune(repository)) {
          Thread.onSpinWait();
        }
      } finally {
        pruned.countDown();
      }
    }
    return null;
  }

  private boolean prune(BackupRepository repository) {
    try {
      PrunePlan plan = repository.planPrune(TWO, true, EAGER);
      plan.removed().forEach(d -> given.add(d.id()));
      gone.addAll(repository.prune(plan).removed());
      return true;
    } catch (IOException e) {
      // Killed, or somebody committed since the plan was made.
      return false;
    }
  }

  @Test
  void fourWritersAndAPrune_killedAgainAndAgain_everyAcknowledgedSnapshotIsWhole()
      throws Exception {
    BackupRepository.builder(ConcurrencyTest.unclosed(disk)).create(root).close();
    List<Callable<Void>> actors = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      int writer = i;
      actors.add(() -> backUpInEachRound(writer));
    }
    actors.add(this::pruneInEachRound);
    for (Future<Void> actor : threads.invokeAll(actors)) {
      actor.get();
    }
    assertThat(writersKilled.get()).isPositive();
    assertThat(prunesKilled.get()).isPositive();
    assertThat(gone).isNotEmpty();

    MemoryStorage survivor = disk.crash();
    try (BackupRepository repository = open(survivor, "reader")) {
      assertThat(repository.verify(VerifyOptions.readAll())).isClean();
      List<SnapshotId> there = repository.snapshots().stream().map(Snapshot::id).toList();
      acknowledged.keySet().removeAll(given);
      assertThat(acknowledged).isNotEmpty();
      assertThat(there).containsAll(acknowledged.keySet()).doesNotContainAnyElementsOf(gone);
      for (Map.Entry<SnapshotId, String> one : acknowledged.entrySet()) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        repository.read(one.getKey(), "c/state.json", bytes);
        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo(one.getValue());
      }
      repository.prune(repository.planPrune(TWO, true, EAGER));
      assertThat(repository.verify(VerifyOptions.readAll())).isClean();
    }
    assertThat(Readback.of(survivor.crash(), root)).doesNotContainValue(Readback.LOST);
  }
}
