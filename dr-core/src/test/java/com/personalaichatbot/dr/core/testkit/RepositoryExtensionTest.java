package com.personalaichatbot.dr.core.testkit;

import static com.personalaichatbot.dr.core.testkit.DrAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

class RepositoryExtensionTest {
  private static final Instant NOON = Instant.parse("2026-01-15T12:00:00Z");
  private static final BackupOptions MANUAL = BackupOptions.of(Purpose.MANUAL);

  private static List<Component> notes(FaultyFileSystem files) {
    return List.of(Component.directory("notes", Kind.CUSTOM, files.getPath("/notes")));
  }

  private static Path write(FaultyFileSystem files, String text) throws IOException {
    Path directory = Files.createDirectories(files.getPath("/notes"));
    return Files.writeString(directory.resolve("note"), text);
  }

  @Nested
  @ExtendWith(RepositoryExtension.class)
  class AsAnAnnotation {
    private final FaultyStorage constructed;

    AsAnAnnotation(FaultyStorage constructed) {
      this.constructed = constructed;
    }

    @Test
    void parameters_ofOneTest_belongTogether(
        BackupRepository repository, FaultyStorage storage, SettableClock clock, Clock same)
        throws IOException {
      assertThat(storage).isSameAs(constructed);
      assertThat(same).isSameAs(clock);
      assertThat(clock.instant()).isEqualTo(NOON);
      assertThat(storage.list("catalog")).isNotEmpty();
      assertThat(repository.snapshots()).isEmpty();
      assertThat(repository.host()).isEqualTo("test");
    }

    @Test
    void storage_withoutARepository_isEmpty(FaultyStorage storage) throws IOException {
      assertThat(storage.list("")).isEmpty();
    }

    @Test
    void restore_inPlace_bringsBackByTheClockAndCanBeUndone(
        BackupRepository repository, FaultyFileSystem files, SettableClock clock)
        throws IOException {
      Path note = write(files, "first");
      assertThat(repository.backUp(notes(files), MANUAL)).isComplete();
      clock.advance(Duration.ofDays(1));
      write(files, "second");

      repository.restore(
          repository.planRestore(RestoreRequest.inPlace(Selector.LATEST)), notes(files));

      assertThat(note).hasContent("first");
      assertThat(Files.getLastModifiedTime(note).toInstant()).isEqualTo(NOON);
      assertThat(repository.snapshots())
          .extracting(Snapshot::started)
          .containsExactly(NOON, NOON.plus(Duration.ofDays(1)));
      repository.undo(notes(files));
      assertThat(note).hasContent("second");
    }

    @Test
    void fault_planted_strikes(BackupRepository repository, FaultyStorage storage) {
      storage.fail(StorageCall.LIST);

      assertThatIOException().isThrownBy(repository::snapshots);
    }

    @Test
    void open_ofASecondRepository_seesWhatTheFirstWrote(
        BackupRepository repository, FaultyStorage storage, FaultyFileSystem files)
        throws IOException {
      write(files, "first");
      repository.backUp(notes(files), MANUAL);

      try (RootKey root = TestKeys.root();
          BackupRepository again = BackupRepository.builder(storage).open(root)) {
        assertThat(again.snapshots()).hasSize(1);
      }
    }
  }

  @Nested
  class AsAField {
    @TempDir
    private Path directory;

    @RegisterExtension
    final RepositoryExtension repositories = new RepositoryExtension()
        .withTime(Instant.EPOCH)
        .withStorage(() -> LocalStorage.at(directory.resolve("repository")));

    @Test
    void repository_timeAndStorageOfOnesOwn_areUsed(BackupRepository repository, Clock clock)
        throws IOException {
      assertThat(clock.instant()).isEqualTo(Instant.EPOCH);
      assertThat(repository.snapshots()).isEmpty();
      assertThat(directory.resolve("repository/FORMAT")).exists();
    }
  }

  @Test
  void fault_thatNeverStrikes_failsTheTest() {
    assertThat(failuresOf(IdleFaults.class))
        .hasSize(3)
        .anySatisfy(failure -> assertThat(failure)
            .isInstanceOf(AssertionError.class)
            .hasMessageContaining("never struck")
            .hasMessageContaining("COMMIT"))
        .anySatisfy(failure ->
            assertThat(failure).hasMessageContaining("never struck").hasMessageContaining("DELETE"))
        .anySatisfy(failure -> assertThat(failure).hasMessage("of its own"));
  }

  @Test
  void parameter_beforeAllTests_isRefused() {
    assertThat(failuresOf(SharedRepository.class))
        .singleElement()
        .satisfies(failure -> assertThat(failure).hasMessageContaining("lives for one test"));
  }

  @Test
  void repository_afterTheTest_isClosed() {
    Leaving.left.clear();

    assertThat(failuresOf(Leaving.class)).isEmpty();

    assertThat(Leaving.left)
        .hasSize(2)
        .doesNotHaveDuplicates()
        .allSatisfy(
            repository -> assertThatIllegalStateException().isThrownBy(repository::snapshots));
  }

  /** What the tests of a class that is no test of this suite fail with. */
  private static List<Throwable> failuresOf(Class<?> tests) {
    List<Throwable> failures = new ArrayList<>();
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request().selectors(selectClass(tests)).build();
    LauncherFactory.create().execute(request, new TestExecutionListener() {
      @Override
      public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        result.getThrowable().ifPresent(failures::add);
      }
    });
    return failures;
  }

  /** Run by the tests above only, for its tests fail. */
  @ExtendWith(RepositoryExtension.class)
  static final class IdleFaults {
    @Test
    void inStorage(FaultyStorage storage) {
      storage.fail(StorageCall.COMMIT);
      storage.heal();
    }

    @Test
    void inFiles(FaultyFileSystem files) {
      files.fail(FileCall.DELETE);
    }

    @Test
    void besidesAFailure(FaultyStorage storage) {
      storage.fullAfter(0);
      throw new IllegalStateException("of its own");
    }
  }

  /** Run by the tests above only, for it fails. */
  @ExtendWith(RepositoryExtension.class)
  static final class SharedRepository {
    @BeforeAll
    static void ask(BackupRepository repository) {
      repository.host();
    }

    @Test
    void test() {}
  }

  /** Run by the tests above only. */
  @ExtendWith(RepositoryExtension.class)
  static final class Leaving {
    private static final List<BackupRepository> left = new ArrayList<>();

    @Test
    void one(BackupRepository repository) {
      left.add(repository);
    }

    @Test
    void another(BackupRepository repository) {
      left.add(repository);
    }
  }
}
