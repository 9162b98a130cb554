package com.personalaichatbot.dr.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.recovery.communication.Audience;
import com.personalaichatbot.dr.core.recovery.communication.DeliveryException;
import com.personalaichatbot.dr.core.recovery.communication.Message;
import com.personalaichatbot.dr.core.recovery.communication.Stage;
import com.personalaichatbot.dr.core.recovery.runbook.DataValidator;
import com.personalaichatbot.dr.core.recovery.runbook.Drill;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.Trust;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.crypto.RootKey;
import com.personalaichatbot.dr.health.Finding;
import com.personalaichatbot.dr.health.Severity;
import com.personalaichatbot.dr.health.ValidationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

class DrillExtensionTest {
  private static final DataValidator WHOLE = data -> new ValidationReport(List.of());

  @Test
  void drill_asPromised_passesAndIsGivenBack() {
    assertThat(failureOf("asPromised")).isEmpty();
    assertThat(failureOf("everyKindOfDrill")).isEmpty();
  }

  @Test
  void drill_thatTakesTooLong_failsAndNamesTheStep() {
    assertThat(failureOf("tooLong"))
        .singleElement()
        .satisfies(failure -> assertThat(failure)
            .isInstanceOf(AssertionError.class)
            .hasMessageContaining("the drill COMPLETE took PT5H, of which step ")
            .hasMessageContaining("PT4H was promised"));
  }

  @Test
  void drill_whoseDataDoesNotValidate_failsAndSaysWhy() {
    assertThat(failureOf("notValid"))
        .singleElement()
        .satisfies(failure -> assertThat(failure)
            .isInstanceOf(AssertionError.class)
            .hasMessageContaining("the drill RESTORE ended FAILED: step verify-data"));
  }

  @Test
  void drill_ofAnEmptyRepository_failsAndSaysWhy() {
    assertThat(failureOf("nothingBackedUp"))
        .singleElement()
        .satisfies(failure -> assertThat(failure)
            .isInstanceOf(AssertionError.class)
            .hasMessageContaining(
                "ended STOPPED: step choose-snapshot: There is no good snapshot"));
  }

  @Test
  void drill_thatProvesNothing_fails() {
    assertThat(failureOf("notProven"))
        .singleElement()
        .satisfies(failure -> assertThat(failure).hasMessageContaining("SUSPECT, not PROVEN"));
  }

  @Test
  void drill_notHeldOrOfNoDuration_fails() {
    assertThat(failureOf("notHeld"))
        .singleElement()
        .satisfies(failure -> assertThat(failure).hasMessageContaining("no drill was held"));
    for (String test : List.of("noDuration", "noTime")) {
      assertThat(failureOf(test))
          .singleElement()
          .satisfies(failure -> assertThat(failure).hasMessageContaining("PT4H or PT30M"));
    }
  }

  @Test
  void place_afterTheTest_isGone() {
    Drilled.places.clear();
    assertThat(failureOf("asPromised")).isEmpty();
    assertThat(Drilled.places)
        .isNotEmpty()
        .allSatisfy(place -> assertThat(place).doesNotExist());
  }

  @Test
  void channel_brokenAndMended_recordsWhatItTook() throws DeliveryException {
    RecordingChannel channel = new RecordingChannel("chat");
    Message message =
        new Message("1", "incident", Stage.IMMEDIATE, Audience.TEAM, "subject", "text");
    channel.breakDown();
    Assertions.assertThatExceptionOfType(DeliveryException.class)
        .isThrownBy(() -> channel.send(message))
        .withMessageContaining("chat");
    channel.mend();
    channel.send(message);
    assertThat(channel.name()).isEqualTo("chat");
    assertThat(channel.messages()).containsExactly(message);
    assertThat(channel.stages()).containsExactly(Stage.IMMEDIATE);
    assertThat(channel.attempts()).isEqualTo(2);
  }

  @DrillTest(rto = "PT4H")
  @ExtendWith(RepositoryExtension.class)
  void drill_inMemory_restoresThereAndLeavesTheDataAlone(
      Rehearsal rehearsal, BackupRepository repository, FaultyFileSystem files) throws IOException {
    Path data = Files.createDirectories(files.getPath("/data"));
    Path notes = Files.createDirectory(data.resolve("notes"));
    Files.writeString(notes.resolve("a"), "one");
    repository.backUp(
        List.of(Component.directory("notes", Kind.STATE, notes)),
        BackupOptions.of(Purpose.SCHEDULED));
    List<Path> restored = new ArrayList<>();

    rehearsal.hold(
        repository,
        recovery -> recovery.data(data).validator(directory -> {
          restored.add(directory);
          assertThat(directory.resolve("notes/a")).hasContent("one");
          return new ValidationReport(List.of());
        }));

    assertThat(restored).isNotEmpty().doesNotContain(data).allSatisfy(directory -> {
      assertThat(directory.getFileSystem()).isSameAs(data.getFileSystem());
      assertThat(directory).doesNotExist();
    });
  }

  /** What one test of a class that is no test of this suite fails with. */
  private static List<Throwable> failureOf(String test) {
    List<Throwable> failures = new ArrayList<>();
    String parameters = test.equals("notHeld") ? "" : Rehearsal.class.getName();
    LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
        .selectors(selectMethod(Drilled.class, test, parameters))
        .build();
    LauncherFactory.create().execute(request, new TestExecutionListener() {
      @Override
      public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
        result.getThrowable().ifPresent(failures::add);
      }
    });
    return failures;
  }

  /** Run by the tests above only, for most of its tests fail. */
  static final class Drilled {
    private static final List<Path> places = new ArrayList<>();

    @TempDir
    Path place;

    private final SettableClock clock = SettableClock.at(Instant.parse("2026-05-01T00:00:00Z"));
    private Path data;
    private BackupRepository repository;

    @BeforeEach
    void backUp() throws IOException {
      data = Files.createDirectory(place.resolve("data"));
      Files.writeString(Files.createDirectory(data.resolve("config")).resolve("a.json"), "{}");
      try (RootKey root = TestKeys.root()) {
        repository = BackupRepository.builder(new MemoryStorage())
            .clock(clock)
            .executor(Runnable::run, 1)
            .create(root);
      }
      repository.backUp(
          List.of(Component.directory("config", Kind.CONFIG, data.resolve("config"))),
          BackupOptions.of(Purpose.SCHEDULED));
    }

    @AfterEach
    void close() throws IOException {
      repository.close();
    }

    private RunReport hold(Rehearsal rehearsal, DataValidator validator) throws IOException {
      return rehearsal.hold(
          repository,
          recovery -> recovery
              .components(
                  List.of(Component.directory("config", Kind.CONFIG, data.resolve("config"))))
              .data(data)
              .validator(validator));
    }

    @DrillTest(rto = "PT4H")
    void asPromised(Rehearsal rehearsal) throws IOException {
      RunReport report = hold(rehearsal, restored -> {
        places.add(restored);
        assertThat(restored).isNotEqualTo(data);
        return new ValidationReport(List.of());
      });
      assertThat(report.runbook()).isEqualTo("drill-complete");
      assertThat(repository.snapshots()).extracting(Snapshot::trust).containsExactly(Trust.PROVEN);
    }

    @DrillTest(rto = "PT4H", drill = Drill.SIMULATION)
    void everyKindOfDrill(Rehearsal rehearsal) throws IOException {
      DataValidator json = restored -> new ValidationReport(
          Files.readString(restored.resolve("config/a.json")).equals("{}")
              ? List.of()
              : List.of(broken(restored.resolve("config/a.json"))));
      assertThat(hold(rehearsal, json).runbook()).isEqualTo("drill-simulation");
    }

    private static Finding broken(Path file) {
      return new Finding(Severity.ERROR, "BROKEN", file, 0, "is broken", "restore it");
    }

    @DrillTest(rto = "PT4H")
    void tooLong(Rehearsal rehearsal) throws IOException {
      hold(rehearsal, restored -> {
        clock.advance(Duration.ofHours(5));
        return new ValidationReport(List.of());
      });
    }

    @DrillTest(rto = "PT4H", drill = Drill.RESTORE)
    void notValid(Rehearsal rehearsal) throws IOException {
      hold(
          rehearsal,
          restored -> new ValidationReport(List.of(broken(restored.resolve("config/a.json")))));
    }

    @DrillTest(rto = "PT4H")
    void nothingBackedUp(Rehearsal rehearsal) throws IOException {
      try (RootKey root = TestKeys.root();
          BackupRepository empty = BackupRepository.builder(new MemoryStorage()).create(root)) {
        rehearsal.hold(empty, recovery -> recovery.data(data));
      }
    }

    @DrillTest(rto = "PT4H")
    void notProven(Rehearsal rehearsal) throws IOException {
      hold(rehearsal, restored -> {
        repository.markSuspect(repository.snapshots().get(0).id());
        return new ValidationReport(List.of());
      });
    }

    @DrillTest(rto = "PT4H")
    void notHeld() {}

    @DrillTest(rto = "4 hours")
    void noDuration(Rehearsal rehearsal) throws IOException {
      hold(rehearsal, WHOLE);
    }

    @DrillTest(rto = "PT0S")
    void noTime(Rehearsal rehearsal) throws IOException {
      hold(rehearsal, WHOLE);
    }
  }
}
