package com.personalaichatbot.dr.core.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.personalaichatbot.dr.core.recovery.objective.ObjectiveState;
import com.personalaichatbot.dr.core.recovery.objective.Objectives;
import com.personalaichatbot.dr.core.recovery.runbook.ApplicationHooks;
import com.personalaichatbot.dr.core.recovery.runbook.Drill;
import com.personalaichatbot.dr.core.recovery.runbook.Hook;
import com.personalaichatbot.dr.core.recovery.runbook.HookCall;
import com.personalaichatbot.dr.core.recovery.runbook.HookKind;
import com.personalaichatbot.dr.core.recovery.runbook.Operator;
import com.personalaichatbot.dr.core.recovery.runbook.RunListener;
import com.personalaichatbot.dr.core.recovery.runbook.RunMessage;
import com.personalaichatbot.dr.core.recovery.runbook.RunMode;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.recovery.runbook.StepStatus;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.Trust;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DrillsTest {

  @TempDir
  Path temp;

  @AutoClose
  private LivingApplication application;

  @BeforeEach
  void live() throws Exception {
    application = new LivingApplication(temp);
    application.start();
  }

  private final List<RunMessage> told = Collections.synchronizedList(new ArrayList<>());

  private final RunListener forbidden = new RunListener() {
    @Override
    public void changed(RunReport run) {}

    @Override
    public String tell(RunMessage notice) {
      told.add(notice);
      return "told";
    }
  };

  private List<Path> scratch() throws IOException {
    try (Stream<Path> all = Files.list(temp)) {
      return all.filter(p -> p.getFileName().toString().startsWith("personal-ai-chatbot-"))
          .toList();
    }
  }

  @ParameterizedTest
  @EnumSource(Drill.class)
  void drill_goodBackup_isProvenAndNothingElseIsTouched(Drill drill) throws Exception {
    application.backUp();
    Map<String, String> before = application.content();
    try (Recovery recovery =
        application.recovery().listener(forbidden).operator(Operator.NOBODY).build()) {
      RunReport report = recovery.drill(drill);

      assertThat(report.status())
          .as(LivingApplication.failures(report))
          .isEqualTo(RunStatus.RECOVERED);
      assertThat(report.mode()).isEqualTo(RunMode.DRILL);
      assertThat(report.recoveryTime()).isPresent();
      assertThat(report.planHash()).isEqualTo(recovery.plan(drill).hash());
      assertThat(recovery.history()).containsExactly(report);
    }
    assertThat(told).isEmpty();
    assertThat(application.content()).isEqualTo(before);
    assertThat(application.isRunning()).isTrue();
    assertThat(application.calls).isEmpty();
    assertThat(application.repository.snapshots().get(0).trust()).isEqualTo(Trust.PROVEN);
    assertThat(scratch()).isEmpty();
  }

  @Test
  void drill_hookThatIsForDrills_isToldSoAndGetsTheScratchDirectory() throws Exception {
    application.backUp();
    List<HookCall> calls = new ArrayList<>();
    Hook hook = new Hook() {
      @Override
      public void run(HookCall call) {
        calls.add(call);
      }

      @Override
      public boolean isForDrills() {
        return true;
      }
    };
    try (Recovery recovery = application
        .recovery()
        .hooks(ApplicationHooks.none()
            .with(HookKind.STOP, Duration.ofSeconds(5), hook)
            .with(HookKind.START, Duration.ofSeconds(5), hook))
        .build()) {
      RunReport report = recovery.drill(Drill.SIMULATION);

      assertThat(report.step("start").orElseThrow().status()).isEqualTo(StepStatus.SKIPPED);
    }
    assertThat(calls).singleElement().satisfies(call -> {
      assertThat(call.mode()).isEqualTo(RunMode.DRILL);
      assertThat(call.data()).isNotEqualTo(application.data);
    });
  }

  @Test
  void drill_dataThatDoesNotValidate_failsAndTakesTheTrustAway() throws Exception {
    Files.writeString(application.data.resolve("config/app_config.json"), "not json");
    application.backUpAndVerify();
    try (Recovery recovery = application.recovery().build()) {
      RunReport report = recovery.drill(Drill.RESTORE);

      assertThat(report.status()).isEqualTo(RunStatus.FAILED);
    }
    assertThat(application.repository.snapshots())
        .extracting(Snapshot::trust)
        .containsOnly(Trust.UNVERIFIED);
    assertThat(scratch()).isEmpty();
  }

  @Test
  void drill_hookHangs_endsAndTheScratchDirectoryGoesWithTheHook() throws Exception {
    application.backUp();
    CountDownLatch release = new CountDownLatch(1);
    Hook hanging = new Hook() {
      @Override
      public void run(HookCall call) {
        while (release.getCount() > 0) {
          try {
            release.await();
          } catch (InterruptedException e) {
            continue; // As a hook that hangs does.
          }
        }
      }

      @Override
      public boolean isForDrills() {
        return true;
      }
    };
    ExecutorService threads = Executors.newCachedThreadPool();
    try (Recovery recovery = application
        .recovery()
        .executor(threads)
        .hooks(ApplicationHooks.none().with(HookKind.STOP, Duration.ofMillis(50), hanging))
        .build()) {
      RunReport report = recovery.drill(Drill.SIMULATION);

      assertThat(report.step("stop").orElseThrow().status()).isEqualTo(StepStatus.FAILED);
      assertThat(scratch()).hasSize(1);

      release.countDown();
      threads.shutdown();
      assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
      assertThat(scratch()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Drill.class)
  void drill_diskIsNearlyFull_stopsBeforeItFillsIt(Drill drill) throws Exception {
    application.backUp();
    Configuration small = Configuration.unix().toBuilder()
        .setAttributeViews("basic", "owner", "posix")
        .setBlockSize(512)
        .setMaxSize(6 * 512)
        .build();
    try (FileSystem volume = Jimfs.newFileSystem(small);
        RootKey key = TestKeys.root();
        BackupRepository repository = BackupRepository.builder(application.storage)
            .fileSystem(volume)
            .host("chatbot")
            .executor(Runnable::run, 1)
            .open(key);
        Recovery recovery = application
            .recovery(repository)
            .state(application.state)
            .scratch(volume.getPath("/work"))
            .build()) {
      RunReport report = recovery.drill(drill);

      assertThat(report.status())
          .as(LivingApplication.failures(report))
          .isEqualTo(RunStatus.STOPPED);
      assertThat(report.steps())
          .anyMatch(s -> s.message().contains("a drill takes half of what is free at most"));
      assertThat(volume.getPath("/work")).isEmptyDirectory();
      assertThat(repository.snapshots().get(0).trust()).isEqualTo(Trust.VERIFIED);
    }
  }

  @Test
  void drill_ofAnotherVersion_provesNothing() throws Exception {
    application.backUp();
    try (Recovery drilled = version("1.0", "7").build()) {
      drilled.drill(Drill.COMPLETE);
      assertThat(state(drilled)).isEqualTo(ObjectiveState.COMPLIANT);
    }
    try (Recovery upgraded = version("1.1", "7").build();
        Recovery promised = version("1.0", "8").build()) {
      assertThat(state(upgraded)).isEqualTo(ObjectiveState.UNPROVEN);
      assertThat(state(promised)).isEqualTo(ObjectiveState.UNPROVEN);
    }
  }

  private Recovery.Builder version(String ofApplication, String ofPolicy) {
    return application.recovery().applicationVersion(ofApplication).policyVersion(ofPolicy);
  }

  private ObjectiveState state(Recovery recovery) throws IOException {
    return Objectives.of(recovery.components())
        .measure(application.repository, recovery, Instant.now())
        .stream()
        .filter(r -> r.objective().scope().equals(Objectives.FULL))
        .findFirst()
        .orElseThrow()
        .state();
  }

  @Test
  void drill_nothingToRehearseWith_stops() throws Exception {
    try (Recovery recovery = application.recovery().build()) {
      assertThat(recovery.drill(Drill.RESTORE).status()).isEqualTo(RunStatus.STOPPED);
    }
    assertThat(scratch()).isEmpty();
  }
}
