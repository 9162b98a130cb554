package com.personalaichatbot.dr.core.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.recovery.runbook.Confirmation;
import com.personalaichatbot.dr.core.recovery.runbook.ConfirmationRequest;
import com.personalaichatbot.dr.core.recovery.runbook.Operator;
import com.personalaichatbot.dr.core.recovery.runbook.RunOptions;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.recovery.runbook.Scenario;
import com.personalaichatbot.dr.core.recovery.runbook.StepReport;
import com.personalaichatbot.dr.core.recovery.runbook.StepStatus;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that were written after the clean point, which are taken only if somebody says so. */
class NewerFilesTest {

  @TempDir
  Path temp;

  @AutoClose
  private LivingApplication application;

  private Path data;
  private SnapshotId clean;
  private Instant since;
  private RunOptions options;

  @BeforeEach
  void live() throws Exception {
    application = new LivingApplication(temp);
    data = application.data;
    application.start();
    clean = application.backUpAndVerify();
    since = Instant.now();
    Path renewed = temp.resolve("renewed.env");
    LivingApplication.writeEnv(renewed, LivingApplication.NEW_KEY, "new");
    options = RunOptions.none().withSecrets(renewed).withCompromisedSince(since);
  }

  private RunReport run(Operator person, RunOptions with) throws IOException {
    try (Recovery recovery = application.recovery().operator(person).build()) {
      RunReport report = recovery.run(recovery.plan(Scenario.SECURITY_BREACH, with));
      assertThat(report.status())
          .as(LivingApplication.failures(report))
          .isEqualTo(RunStatus.RECOVERED);
      return report;
    }
  }

  private static StepReport step(RunReport report, String id) {
    return report.step(id).orElseThrow();
  }

  private String conversation(int number) throws IOException {
    return Files.readString(LivingApplication.conversation(data, number));
  }

  /** Two that are in order, and one each that was encrypted, cut short, and is no conversation. */
  private void write() throws IOException {
    LivingApplication.writeConversation(data, 1, "went on");
    LivingApplication.writeConversation(data, 8, "begun since");
    byte[] noise = new byte[3000];
    new Random(1).nextBytes(noise);
    Files.write(LivingApplication.conversation(data, 2), noise);
    Files.writeString(LivingApplication.conversation(data, 3), "{\"id\": ");
    Files.writeString(LivingApplication.conversation(data, 9), "{\"text\": \"planted\"}");
    Files.writeString(data.resolve("config/backdoor.json"), "{}");
  }

  @Test
  void find_newerConversations_offersThoseInOrderAndTakesNoneWithoutAPerson() throws Exception {
    write();

    RunReport report = run(Operator.ASSUME_YES, options);

    assertThat(step(report, "find-newer").details()).containsEntry("newer", "2");
    assertThat(step(report, "find-newer").notes())
        .hasSize(2)
        .anyMatch(n -> n.startsWith("conversations/active/00000000-0000-4000-8000-000000000001"))
        .anyMatch(n -> n.startsWith("conversations/active/00000000-0000-4000-8000-000000000008"));
    assertThat(step(report, "approve-newer").status()).isEqualTo(StepStatus.SKIPPED);
    assertThat(step(report, "take-newer").message()).isEqualTo("Nothing newer is taken.");
    assertThat(conversation(1)).contains("hello 1");
    assertThat(LivingApplication.conversation(data, 8)).doesNotExist();
    assertThat(report.snapshots().values()).containsOnly(clean);
  }

  @Test
  void take_optionSaysSo_bringsThoseInOrderAndNothingElse() throws Exception {
    Map<String, String> good = application.content();
    write();
    String changed = conversation(1);
    String begun = conversation(8);

    RunReport report = run(Operator.ASSUME_YES, options.withNewerFiles());

    assertThat(step(report, "take-newer").details()).containsEntry("taken", "2");
    good.put(".env", Files.readString(options.secrets().orElseThrow()));
    good.put("conversations/active/00000000-0000-4000-8000-000000000001.json", changed);
    good.put("conversations/active/00000000-0000-4000-8000-000000000008.json", begun);
    assertThat(application.content()).isEqualTo(good);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void take_personSaysYesOrNo_isDoneOrNotAndTheRunGoesOn(boolean yes) throws Exception {
    write();

    RunReport report = run(new Chooser(yes), options);

    assertThat(step(report, "approve-newer").status())
        .isEqualTo(yes ? StepStatus.CONFIRMED : StepStatus.SKIPPED);
    assertThat(conversation(1)).contains(yes ? "went on" : "hello 1");
  }

  @Test
  void find_damagedSince_offersTheNewestVersionThatWasWhole() throws Exception {
    LivingApplication.writeConversation(data, 1, "first answer");
    application.backUp();
    LivingApplication.writeConversation(data, 1, "second answer");
    application.backUp();
    Files.writeString(LivingApplication.conversation(data, 1), "encrypted");
    application.backUp();

    run(Operator.ASSUME_YES, options.withNewerFiles());

    assertThat(conversation(1)).contains("second answer");
  }

  @Test
  void find_nothingIsNewer_asksNobody() throws Exception {
    Files.setLastModifiedTime(
        LivingApplication.conversation(data, 1), FileTime.from(since.plusSeconds(1)));
    RunReport report = run(new Chooser(true), options);

    assertThat(step(report, "approve-newer").status()).isEqualTo(StepStatus.ALREADY_DONE);
    assertThat(step(report, "take-newer").message()).isEqualTo("Nothing newer is taken.");
  }

  /** Two persons who agree to everything, but to newer conversations only if told so. */
  private record Chooser(boolean newer) implements Operator {
    @Override
    public boolean isThere() {
      return true;
    }

    @Override
    public Confirmation ask(ConfirmationRequest question) {
      String by = "Person " + question.voice();
      return question.step().equals("approve-newer") && !newer
          ? Confirmation.no(by)
          : Confirmation.yes(by);
    }
  }
}
