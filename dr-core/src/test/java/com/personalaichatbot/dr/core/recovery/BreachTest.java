package com.personalaichatbot.dr.core.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.personalaichatbot.dr.core.internal.scan.TargetDirectories;
import com.personalaichatbot.dr.core.recovery.runbook.ApplicationHooks;
import com.personalaichatbot.dr.core.recovery.runbook.Confirmation;
import com.personalaichatbot.dr.core.recovery.runbook.ConfirmationRequest;
import com.personalaichatbot.dr.core.recovery.runbook.HookKind;
import com.personalaichatbot.dr.core.recovery.runbook.Operator;
import com.personalaichatbot.dr.core.recovery.runbook.RunListener;
import com.personalaichatbot.dr.core.recovery.runbook.RunMessage;
import com.personalaichatbot.dr.core.recovery.runbook.RunOptions;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.recovery.runbook.Runbook;
import com.personalaichatbot.dr.core.recovery.runbook.Scenario;
import com.personalaichatbot.dr.core.recovery.runbook.Step;
import com.personalaichatbot.dr.core.recovery.runbook.StepReport;
import com.personalaichatbot.dr.core.recovery.runbook.StepStatus;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.snapshot.Trust;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyStorage;
import com.personalaichatbot.dr.core.testkit.StorageCall;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The traps of a breach: known secrets that come back, and evidence that is destroyed. */
class BreachTest {

  @TempDir
  Path temp;

  private final FaultyStorage storage = FaultyStorage.over(new MemoryStorage());
  private LivingApplication application;
  private Path renewed;

  @BeforeEach
  void live() throws Exception {
    application = new LivingApplication(temp, storage);
    application.start();
    application.backUpAndVerify();
    renewed = temp.resolve("renewed.env");
    LivingApplication.writeEnv(renewed, LivingApplication.NEW_KEY, "new");
  }

  @AfterEach
  void end() throws IOException {
    storage.heal();
    application.close();
  }

  private RunReport run(RunOptions options) throws IOException {
    return run(application.recovery(), options);
  }

  private static RunReport run(Recovery.Builder builder, RunOptions options) throws IOException {
    try (Recovery recovery = builder.build()) {
      return recovery.run(recovery.plan(Scenario.SECURITY_BREACH, options));
    }
  }

  private static StepReport step(RunReport report, String id) {
    return report.step(id).orElseThrow();
  }

  private void assertStoppedAndDown(RunReport report, String step) throws IOException {
    assertThat(report.status()).isEqualTo(RunStatus.STOPPED);
    assertThat(step(report, step).status()).isEqualTo(StepStatus.STOPPED);
    assertThat(application.isRunning()).isFalse();
    assertThat(application.content()).isNotEmpty();
    assertThat(step(report, "reset").status()).isEqualTo(StepStatus.PENDING);
  }

  @Test
  void check_noRenewedSecrets_stopsWithTheApplicationDown() throws Exception {
    RunReport report = run(RunOptions.none());

    assertStoppedAndDown(report, "check-secrets");
    assertThat(application.repository.snapshots())
        .anyMatch(s -> s.component("evidence").isPresent() && s.trust() == Trust.VERIFIED);
  }

  @Test
  void run_stoppedForWantOfSecrets_aNewOneRecovers() throws Exception {
    run(RunOptions.none());

    RunReport second = run(RunOptions.none().withSecrets(renewed));

    assertThat(second.status())
        .as(LivingApplication.failures(second))
        .isEqualTo(RunStatus.RECOVERED);
  }

  @Test
  void check_oneKeyIsTheOldOne_stopsAndNamesItWithoutItsValue() throws Exception {
    LivingApplication.writeEnv(renewed, LivingApplication.OLD_KEY, "new");

    RunReport report = run(RunOptions.none().withSecrets(renewed));

    assertStoppedAndDown(report, "check-secrets");
    assertThat(step(report, "check-secrets").message())
        .contains("OPENROUTER_API_KEY")
        .doesNotContain("SECRET_KEY", "MAX_TOKENS", LivingApplication.OLD_KEY);
  }

  @Test
  void check_keyOfAnEarlierSnapshot_stops() throws Exception {
    Path env = application.data.resolve(".env");
    LivingApplication.writeEnv(env, "sk-or-v1-aNotherKeyThatWasInUseForAWhile0123456", "middle");
    application.backUpAndVerify();
    LivingApplication.writeEnv(renewed, LivingApplication.OLD_KEY, "new");

    assertStoppedAndDown(run(RunOptions.none().withSecrets(renewed)), "check-secrets");
  }

  @Test
  void check_oldPasswordUnderAnotherName_stops() throws Exception {
    Files.writeString(
        renewed, Files.readString(renewed) + "DB_PASSWORD=old-secret-0123456789abcdefghijklmnop\n");

    RunReport report = run(RunOptions.none().withSecrets(renewed));

    assertStoppedAndDown(report, "check-secrets");
    assertThat(step(report, "check-secrets").message()).contains("DB_PASSWORD");
  }

  @Test
  void check_secretsInTheDataDirectory_stops() throws Exception {
    Path inside = application.data.resolve("renewed.env");
    Files.copy(renewed, inside);

    RunReport report = run(RunOptions.none().withSecrets(inside));

    assertStoppedAndDown(report, "check-secrets");
    assertThat(step(report, "check-secrets").message()).contains("lie in the data directory");
  }

  @Test
  void check_secretsThatDoNotValidate_stops() throws Exception {
    Files.writeString(renewed, "OPENROUTER_API_KEY=short\n");

    assertStoppedAndDown(run(RunOptions.none().withSecrets(renewed)), "check-secrets");
  }

  @Test
  void reset_evidenceIsNotComplete_removesNothing() throws Exception {
    Path log = application.data.resolve("logs/app.log");
    // What this process holds open is never opened by its path, and so is not in the evidence.
    try (FileChannel open = FileChannel.open(log, StandardOpenOption.READ)) {
      assertThat(open.isOpen()).isTrue();

      RunReport report = run(RunOptions.none().withSecrets(renewed));

      assertStoppedAndDown(report, "verify-evidence");
      assertThat(step(report, "preserve-rest").notes()).anyMatch(n -> n.contains("app.log"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Ada", " ada"})
  void reset_twoVoicesOfOnePerson_removesNothing(String again) throws Exception {
    RunReport report = run(
        application.recovery().operator(new Answering(List.of("Ada", again))),
        RunOptions.none().withSecrets(renewed));

    assertStoppedAndDown(report, "approve-reset");
    assertThat(step(report, "approve-reset").message()).contains("two persons");
  }

  @Test
  void reset_twoPersons_goesOn() throws Exception {
    RunReport report = run(
        application.recovery().operator(new Answering(List.of("Ada", "Grace"))),
        RunOptions.none().withSecrets(renewed));

    assertThat(report.status())
        .as(LivingApplication.failures(report))
        .isEqualTo(RunStatus.RECOVERED);
    assertThat(step(report, "approve-reset").message()).contains("Ada and Grace");
  }

  /** Says yes to everything, by turns in these names. */
  private static final class Answering implements Operator {
    private final List<String> names;

    Answering(List<String> names) {
      this.names = names;
    }

    @Override
    public boolean isThere() {
      return true;
    }

    @Override
    public Confirmation ask(ConfirmationRequest question) {
      return Confirmation.yes(names.get((question.voice() - 1) % names.size()));
    }
  }

  @Test
  void choose_compromisedSince_takesNothingLater() throws Exception {
    SnapshotId before = application.repository.snapshots().get(0).id();
    Instant since = Clock.systemUTC().instant();
    LivingApplication.writeConversation(application.data, 0, "said by the intruder");
    application.backUpAndVerify();

    RunReport report = run(RunOptions.none().withSecrets(renewed).withCompromisedSince(since));

    assertThat(report.status())
        .as(LivingApplication.failures(report))
        .isEqualTo(RunStatus.RECOVERED);
    assertThat(report.snapshots().values()).containsOnly(before);
    assertThat(Files.readString(LivingApplication.conversation(application.data, 0)))
        .contains("hello 0");
    assertThat(report.snapshots()).doesNotContainKey("secrets");
  }

  @Test
  void choose_applicationBackedUpTheBreachWhenAnEarlierRunStoppedIt_isPassedOver()
      throws Exception {
    Path planted = LivingApplication.conversation(application.data, 7);
    LivingApplication.writeConversation(application.data, 7, "planted");
    ApplicationHooks hooks = application
        .hooks()
        .with(HookKind.STOP, Duration.ofSeconds(20), call -> {
          if (application.isRunning()) {
            application.stop();
            application.backUp();
          }
        });
    RunReport first = run(application.recovery().hooks(hooks), RunOptions.none());

    RunReport second =
        run(application.recovery().hooks(hooks), RunOptions.none().withSecrets(renewed));

    assertThat(first.status()).isEqualTo(RunStatus.STOPPED);
    assertThat(second.status())
        .as(LivingApplication.failures(second))
        .isEqualTo(RunStatus.RECOVERED);
    assertThat(planted).doesNotExist();
  }

  @Test
  void check_aSnapshotCannotBeReadJustNow_stops() throws Exception {
    Fault[] unread = new Fault[1];
    RunListener notices = new RunListener() {
      @Override
      public void changed(RunReport run) {
        if (run.step("check-secrets")
            .filter(s -> s.status() == StepStatus.RUNNING)
            .isPresent()) {
          unread[0] = storage.fail(StorageCall.READ).of(name -> name.startsWith("packs/"));
        }
      }

      @Override
      public String tell(RunMessage notice) {
        return "told";
      }
    };

    RunReport report =
        run(application.recovery().listener(notices), RunOptions.none().withSecrets(renewed));

    assertThat(unread[0].fired()).isTrue();
    assertStoppedAndDown(report, "check-secrets");
    assertThat(step(report, "check-secrets").message()).contains("cannot be read just now");
  }

  @Test
  void choose_nothingFromBefore_stopsWithTheDataStillThere() throws Exception {
    RunReport report =
        run(RunOptions.none().withSecrets(renewed).withCompromisedSince(Instant.EPOCH));

    assertStoppedAndDown(report, "choose-snapshot");
  }

  @Test
  void resume_applicationWasStartedAndBackedItselfUp_startsWithTheRenewedSecrets()
      throws Exception {
    Path cutOff = temp.resolve("cut-off");
    ApplicationHooks hooks = application
        .hooks()
        .with(HookKind.START, Duration.ofSeconds(20), call -> {
          application.start();
          application.backUp();
          if (Files.notExists(cutOff)) {
            copy(application.state, cutOff);
          }
        });
    RunOptions options = RunOptions.none().withSecrets(renewed);
    RunReport whole = run(application.recovery().hooks(hooks), options);
    assertThat(whole.status()).as(LivingApplication.failures(whole)).isEqualTo(RunStatus.RECOVERED);
    application.stop();
    TargetDirectories.deleteTree(application.state);
    copy(cutOff, application.state);

    RunReport resumed;
    try (Recovery recovery = application.recovery().hooks(hooks).build()) {
      resumed = recovery.resume(whole.incident());
    }

    assertThat(resumed.status())
        .as(LivingApplication.failures(resumed))
        .isEqualTo(RunStatus.RECOVERED);
    assertThat(resumed.notes()).anyMatch(note -> note.startsWith("It was cut off"));
    assertThat(application.isRunning()).isTrue();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(
            file, to.resolve(from.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  @Test
  void start_aKnownSecretIsInPlace_isRefused() throws Exception {
    application.stop();
    Step restored = Step.action("restored", "Say that it was restored", context -> {
          context.remember("restored", "true");
          return "";
        })
        .timeout(Duration.ofSeconds(5))
        .build();
    Step start = Recovery.builtIn(Scenario.SECURITY_BREACH).step("start").orElseThrow();
    Runbook runbook = Runbook.of("own", "Own", "1", List.of(restored, start));
    try (Recovery recovery = application.recovery().runbook(runbook).build()) {
      RunReport known = recovery.run(recovery.plan("own", RunOptions.none()));
      Files.copy(renewed, application.data.resolve(".env"), StandardCopyOption.REPLACE_EXISTING);
      RunReport unknown = recovery.run(recovery.plan("own", RunOptions.none()));

      assertThat(known.status()).isEqualTo(RunStatus.STOPPED);
      assertThat(step(known, "start").message()).contains("OPENROUTER_API_KEY");
      assertThat(unknown.status())
          .as(LivingApplication.failures(unknown))
          .isEqualTo(RunStatus.RECOVERED);
    }
  }

  @Test
  void build_stateInTheData_isRefused() throws IOException {
    try (BackupRepository repository =
        application.open(application.data.resolve("state"), Clock.systemUTC())) {
      assertThatThrownBy(() -> application.recovery(repository).build())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("lies in the data");
    }
    assertThatThrownBy(() ->
            application.recovery().state(application.data.resolve("state")).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("would not be seen there");
  }
}
