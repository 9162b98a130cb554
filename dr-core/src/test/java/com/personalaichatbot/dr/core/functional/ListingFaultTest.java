package com.personalaichatbot.dr.core.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.operation.RestoreRefusedException;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.recovery.runbook.TemporaryFiles;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.BackupStatus;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyFileSystem;
import com.personalaichatbot.dr.core.testkit.FileCall;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import com.personalaichatbot.dr.health.Finding;
import com.personalaichatbot.dr.health.check.SizeCheck;
import com.personalaichatbot.dr.health.security.HardeningPlan;
import com.personalaichatbot.dr.health.security.SecurityValidator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A directory whose listing fails, at its beginning or in the midst. The verb says so with an error
 * of I/O or in its report, and never takes what it got for all there is.
 */
class ListingFaultTest {
  private static final int MOST_CALLS = 400;

  /** Of the entries that are fetched each seventh is tried, since each costs a run of the verb. */
  private static final int STRIDE = 7;

  @TempDir
  private Path temp;

  private final RootKey root = TestKeys.root();
  private FaultyFileSystem files;
  private BackupRepository repository;
  private Path data;

  @BeforeEach
  void make() throws IOException {
    files = new FaultyFileSystem(temp.getFileSystem());
    data = Files.createDirectory(temp.resolve("data"));
    for (String name : List.of("a", "b", "c")) {
      Files.writeString(data.resolve(name), "stored");
      Files.writeString(
          Files.createDirectories(data.resolve("backups")).resolve(name + "1"), "stored");
    }
    repository = BackupRepository.builder(LocalStorage.at(files.path(temp.resolve("repository"))))
        .executor(Runnable::run, 1)
        .fileSystem(files)
        .state(files.path(temp.resolve("state")))
        .create(root);
    backUp();
  }

  @AfterEach
  void close() throws IOException {
    files.heal();
    repository.close();
    root.close();
  }

  private BackupReport backUp() throws IOException {
    return repository.backUp(
        List.of(Component.directory("data", Kind.CUSTOM, files.path(data))),
        BackupOptions.of(Purpose.MANUAL));
  }

  private void restore() throws IOException {
    repository.restore(
        repository.planRestore(RestoreRequest.inPlace(Selector.LATEST).withDeleteExtra()),
        List.of());
  }

  private void change() throws IOException {
    Files.writeString(data.resolve("a"), "changed");
    Files.writeString(data.resolve("extra"), "changed");
  }

  /** A verb, and what holds after it whether it failed or not. */
  private interface Verb {
    void run() throws IOException;
  }

  /** Fails one call of the verb below a directory: in the first run the first, and so on. */
  private int failEach(FileCall call, Path below, Verb before, Verb verb, Verb after)
      throws IOException {
    String chosen = below.toString();
    for (int n = 0; n < MOST_CALLS; n += call == FileCall.LIST ? 1 : STRIDE) {
      before.run();
      Fault fault = files.fail(call).of(chosen).after(n).once();
      try {
        verb.run();
      } catch (IOException e) {
        assertThat(fault.fired()).as("%s %s: %s", call, n, e).isTrue();
      }
      files.heal();
      after.run();
      if (!fault.fired()) {
        return n;
      }
    }
    throw new AssertionError("the verb has more calls than are tried");
  }

  @ParameterizedTest
  @EnumSource(names = {"LIST", "LIST_NEXT"})
  void backup_oneListingFails_isNeverCompleteWithoutTheRest(FileCall call) throws IOException {
    BackupReport[] report = new BackupReport[1];
    int tried = failEach(call, data, () -> report[0] = null, () -> report[0] = backUp(), () -> {
      if (report[0] != null && report[0].status() == BackupStatus.COMPLETE) {
        Path target = temp.resolve("target" + report[0].snapshot().orElseThrow().id());
        repository.restore(
            repository.planRestore(RestoreRequest.to(Selector.LATEST, target)), List.of());
        assertThat(target).isDirectoryRecursivelyContaining(f -> f.endsWith("backups/c1"));
        assertThat(target).isDirectoryRecursivelyContaining(f -> f.endsWith("a"));
      }
    });
    assertThat(tried).isGreaterThan(2);
  }

  @ParameterizedTest
  @EnumSource(names = {"LIST", "LIST_NEXT"})
  void restoreAndUndo_oneListingFails_canBeDoneAgain(FileCall call) throws IOException {
    int tried = failEach(call, data, this::change, this::restore, () -> {
      restore();
      assertThat(data.resolve("a")).hasContent("stored");
      assertThat(data.resolve("extra")).doesNotExist();
    });
    tried += failEach(
        call,
        data,
        () -> {
          change();
          restore();
        },
        () -> repository.undo(List.of()),
        () -> {
          try {
            repository.undo(List.of());
          } catch (RestoreRefusedException e) {
            assertThat(e).hasMessageContaining("no restore in place is there");
          }
          assertThat(data.resolve("a")).hasContent("changed");
          assertThat(data.resolve("extra")).hasContent("changed");
        });
    assertThat(tried).isPositive();
  }

  @ParameterizedTest
  @EnumSource(names = {"LIST", "LIST_NEXT"})
  void verify_oneListingFails_findsNoDamage(FileCall call) throws IOException {
    int tried = failEach(
        call,
        temp,
        () -> {},
        () -> assertThat(repository.verify(VerifyOptions.readAll()).damages()).isEmpty(),
        () -> {});
    assertThat(tried).isPositive();
  }

  @ParameterizedTest
  @EnumSource(names = {"LIST", "LIST_NEXT"})
  void openAndList_oneListingFails_isAnError(FileCall call) throws IOException {
    int tried = failEach(
        call,
        temp,
        () -> {},
        () -> {
          try (BackupRepository opened = BackupRepository.builder(
                  LocalStorage.at(files.path(temp.resolve("repository"))))
              .state(files.path(temp.resolve("state")))
              .open(root)) {
            assertThat(opened.snapshots()).hasSize(1);
          }
        },
        () -> {});
    assertThat(tried).isPositive();
  }

  @ParameterizedTest
  @EnumSource(names = {"LIST", "LIST_NEXT"})
  void hardening_oneListingFails_isNamed(FileCall call) throws IOException {
    Path seen = files.path(data);
    for (int n = 0; n < 3; n++) {
      Fault fault = files.fail(call).after(call == FileCall.LIST ? n % 2 : n).once();
      HardeningPlan plan = HardeningPlan.of(seen);
      assertThat(fault.fired()).isTrue();
      assertThat(plan.failures()).hasSize(1);
      files.heal();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"LIST", "LIST_NEXT"})
  void securityValidation_backupsCannotBeListed_isAFinding(FileCall call) {
    Fault fault = files.fail(call).of(data.resolve("backups").toString());

    assertThat(SecurityValidator.of(files.path(data)).validate().findings())
        .extracting(Finding::code)
        .contains("UNREADABLE");

    assertThat(fault.fired()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(names = {"LIST", "LIST_NEXT"})
  void sizeCheck_rootCannotBeListed_isNoSize(FileCall call) {
    Fault fault = files.fail(call).of(data.toString()).after(call == FileCall.LIST ? 0 : 1);
    SizeCheck check = SizeCheck.of(files.path(data));

    assertThatThrownBy(check::check).isInstanceOf(IOException.class);

    assertThat(fault.fired()).isTrue();
  }

  @Test
  void clearingTemporaryFiles_listingBreaksOff_isAnErrorThatNamesTheDirectory() throws IOException {
    Files.createDirectory(temp.resolve("some-one"));
    Files.createDirectory(temp.resolve("some-two"));
    Fault fault = files.fail(FileCall.LIST_NEXT).of(temp.toString()).after(1);

    assertThatThrownBy(() ->
            TemporaryFiles.of(files.path(temp), "some-", Clock.systemUTC()).clear(Duration.ZERO))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(temp.toString());

    assertThat(fault.fired()).isTrue();
  }
}
