package com.personalaichatbot.dr.core.functional;

import static com.personalaichatbot.dr.core.testkit.DrAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.component.LiveFile;
import com.personalaichatbot.dr.core.component.Source;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.OperationCancelledException;
import com.personalaichatbot.dr.core.operation.RestorePlan;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyFileSystem;
import com.personalaichatbot.dr.core.testkit.FileCall;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.core.testkit.Trees;
import com.personalaichatbot.dr.crypto.RootKey;
import com.personalaichatbot.dr.crypto.Secret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An interrupt of the calling thread ends an operation soon; a limit is kept. */
@Timeout(25)
class CancellationStoryTest {
  private static final BackupOptions MANUAL = BackupOptions.of(Purpose.MANUAL);

  /** By this limit the data takes half a minute; an interrupt must not wait for that. */
  private static final long SLOW = 100_000;

  private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());
  private final Path data = files.getPath("/data");
  private final RootKey root = TestKeys.root();
  private MemoryStorage storage = new MemoryStorage();

  @BeforeEach
  void makeData() throws IOException {
    Files.createDirectory(data);
    byte[] large = new byte[3_000_000];
    new Random(3).nextBytes(large);
    Files.write(data.resolve("large"), large);
  }

  @AfterEach
  void close() throws IOException {
    Thread.interrupted();
    root.close();
    files.close();
  }

  private BackupRepository.Builder builder() {
    return BackupRepository.builder(storage).fileSystem(files).host("host");
  }

  private List<Component> components() {
    return List.of(Component.directory("data", Kind.CUSTOM, data));
  }

  private void backUpFast() throws IOException {
    try (BackupRepository fast = builder().create(root)) {
      assertThat(fast.backUp(components(), MANUAL)).isComplete();
    }
    storage = storage.crash();
  }

  @FunctionalInterface
  private interface Call {
    void run() throws IOException;
  }

  /** Runs a call and interrupts it when it waits for its workers, or for a limit itself. */
  private static void interruptWhileItWaits(Call call) {
    Thread caller = Thread.currentThread();
    Thread interrupter = new Thread(() -> {
      while (!isWaiting(caller)) {
        Thread.onSpinWait();
      }
      caller.interrupt();
    });
    interrupter.setDaemon(true);
    interrupter.start();
    assertThatThrownBy(call::run).isInstanceOf(OperationCancelledException.class);
    assertThat(Thread.interrupted()).as("still interrupted").isTrue();
  }

  private static boolean isWaiting(Thread thread) {
    Thread.State state = thread.getState();
    boolean onWorkers = state == Thread.State.WAITING;
    boolean onLimit = state == Thread.State.TIMED_WAITING
        && Stream.of(thread.getStackTrace()).anyMatch(f -> f.getClassName().endsWith(".Pace"));
    return onWorkers || onLimit;
  }

  @Test
  void backUp_interruptedWhileItsWorkersWait_endsWithoutASnapshot() throws IOException {
    try (BackupRepository slow = builder().threads(2).bytesPerSecond(SLOW).create(root)) {
      interruptWhileItWaits(() -> slow.backUp(components(), MANUAL));
      assertThat(slow.snapshots()).isEmpty();
    }
    storage = storage.crash();
    try (BackupRepository fast = builder().open(root)) {
      assertThat(fast.backUp(components(), MANUAL)).isComplete();
      assertThat(fast.verify(VerifyOptions.readAll())).isClean();
    }
  }

  @Test
  void verify_interruptedWhileItsWorkersWait_endsAndMarksNothing() throws IOException {
    backUpFast();
    try (BackupRepository slow = builder().bytesPerSecond(SLOW).open(root)) {
      String head = slow.head();
      interruptWhileItWaits(() -> slow.verify(VerifyOptions.readAll()));
      assertThat(slow.head()).isEqualTo(head);
    }
  }

  @Test
  void restore_interruptedWhileItsWorkersWait_endsWithNoFileInPart() throws IOException {
    backUpFast();
    Path target = files.getPath("/target");
    try (BackupRepository slow = builder().bytesPerSecond(SLOW).open(root)) {
      RestorePlan plan = slow.planRestore(RestoreRequest.to(Selector.LATEST, target));
      interruptWhileItWaits(() -> slow.restore(plan, List.of()));
    }
    // Neither a file in part nor what restores keep beside the data.
    if (Files.exists(target)) {
      assertThat(target).isEmptyDirectory();
    }
  }

  @Test
  void backUp_interruptedInTheOneThreadThatDoesAll_readsNoFurtherFile() throws IOException {
    AtomicInteger read = new AtomicInteger();
    Source source = Source.directory(data);
    for (int i = 0; i < 300; i++) {
      Path file = Files.write(data.resolve("file" + i), new byte[] {(byte) i});
      source = source.withLiveFile(file, interrupting(Thread.currentThread(), read));
    }
    Component component = component(source);
    try (BackupRepository repository = builder().executor(Runnable::run, 1).create(root)) {
      assertThatThrownBy(() -> repository.backUp(List.of(component), MANUAL))
          .isInstanceOf(OperationCancelledException.class)
          .hasMessageContaining("interrupted");
      assertThat(Thread.interrupted()).isTrue();
      assertThat(repository.snapshots()).isEmpty();
    }
    assertThat(read).hasValue(1);
  }

  private static Component component(Source source) {
    return Component.of("data", Kind.CUSTOM, source);
  }

  private static LiveFile interrupting(Thread caller, AtomicInteger read) {
    return new LiveFile() {
      @Override
      public long size() {
        return 1;
      }

      @Override
      public int read(ByteBuffer buffer, long position) {
        read.incrementAndGet();
        caller.interrupt();
        buffer.put((byte) 1);
        return 1;
      }
    };
  }

  @Test
  void backUp_interruptedWhereNothingChanged_endsInTheWalk() throws IOException {
    backUpFast();
    try (BackupRepository repository = builder().open(root)) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> repository.backUp(components(), MANUAL))
          .isInstanceOf(OperationCancelledException.class);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(repository.snapshots()).hasSize(1);
    }
  }

  @Test
  void createAndOpen_interrupted_endAndCanBeDoneAgain() throws IOException {
    requireCancelled(() -> builder().create(root));
    assertThat(storage.list("")).isEmpty();
    backUpFast();
    requireCancelled(() -> builder().open(root));
    try (Secret passphrase = Secret.ofPassphrase("correct horse".toCharArray())) {
      requireCancelled(() -> builder().create(passphrase));
      requireCancelled(() -> builder().open(passphrase));
      requireCancelled(() -> builder().openOrCreate(passphrase));
    }
    try (BackupRepository repository = builder().open(root)) {
      assertThat(repository.verify(VerifyOptions.readAll())).isClean();
    }
  }

  /** The state directory is read by a channel, which an interrupt closes. */
  @Test
  void open_interruptedLater_isCancelledToo(@TempDir Path state) throws IOException {
    backUpFast();
    FaultyFileSystem slow = new FaultyFileSystem(state.getFileSystem());
    builder().state(state).open(root).close();
    storage = storage.crash();
    Fault interrupt =
        slow.fail(FileCall.READ).once().meanwhile(() -> Thread.currentThread().interrupt());

    assertThatThrownBy(() -> builder().state(slow.path(state)).open(root))
        .isInstanceOf(OperationCancelledException.class);

    assertThat(interrupt.fired()).isTrue();
    assertThat(Thread.interrupted()).isTrue();
  }

  private static void requireCancelled(Call call) {
    Thread.currentThread().interrupt();
    assertThatThrownBy(call::run)
        .isInstanceOf(OperationCancelledException.class)
        .hasMessageContaining("interrupted");
    assertThat(Thread.interrupted()).as("still interrupted").isTrue();
  }

  @Test
  void backUpVerifyRestore_limited_doTheSame() throws IOException {
    Trees.scatter(data.resolve("many"), 50, 1);
    Path target = files.getPath("/target");
    try (BackupRepository limited =
        builder().threads(1).bytesPerSecond(Long.MAX_VALUE).create(root)) {
      assertThat(limited.backUp(components(), MANUAL)).isComplete();
      assertThat(limited.verify(VerifyOptions.readAll())).isClean();
      RestorePlan plan = limited.planRestore(RestoreRequest.to(Selector.LATEST, target));
      assertThat(limited.restore(plan, List.of()).status())
          .isEqualTo(RestoreReport.Status.COMPLETE);
    }
    assertThat(Trees.differences(data, target.resolve("data"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void limits_lessThanOne_areRefused(int limit) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().threads(limit))
        .withMessage("threads must be at least 1: " + limit);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().bytesPerSecond(limit))
        .withMessage("a limit of bytes per second must be at least 1: " + limit);
  }
}
