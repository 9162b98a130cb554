package com.personalaichatbot.dr.examples.chatbot;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.DisasterRecovery;
import com.personalaichatbot.dr.core.recovery.communication.Audience;
import com.personalaichatbot.dr.core.recovery.communication.Channel;
import com.personalaichatbot.dr.core.recovery.runbook.Operator;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.recovery.runbook.Scenario;
import com.personalaichatbot.dr.core.recovery.runbook.StepStatus;
import com.personalaichatbot.dr.core.recovery.runbook.SuggestedScenario;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The chatbot's own hooks, in runs of its own runbooks. */
class ChatbotRecoveryTest {
  @TempDir
  private Path directory;

  private Path state;
  private DataDirectory data;
  private DisasterRecovery backups;
  private ChatbotRecovery recovery;

  @BeforeEach
  void start() throws IOException {
    state = directory.resolve("state");
    data = new DataDirectory(directory.resolve("data"));
    SampleData.write(data, 12, 1);
    try (RootKey root = RootKey.generate(new SecureRandom())) {
      backups = ChatbotRecovery.backups(data, state)
          .repository(new MemoryStorage())
          .rootKey(root)
          .openOrCreate();
    }
    recovery = recovery(Operator.NOBODY);
    recovery.start();
    backups.backUp(Purpose.MANUAL);
    backups.verify();
  }

  private ChatbotRecovery recovery(Operator person) throws IOException {
    return new ChatbotRecovery(
        data, backups, Chatbot.freePort(), People.plan(Map.of(), state), person);
  }

  @AfterEach
  void stop() throws IOException {
    recovery.halt();
    recovery.close();
    backups.close();
  }

  @Test
  void startOrRecover_wholeData_starts() throws Exception {
    recovery.halt();

    assertThat(recovery.startOrRecover()).isEmpty();

    assertThat(new ChatClient(recovery.chatbot().address()).say("hello").text()).isNotEmpty();
  }

  @Test
  void startOrRecover_damagedData_isRecoveredToldAndReported() throws Exception {
    recovery.halt();
    Path damaged = new Conversations(data).files().get(2);
    Files.writeString(damaged, "{\"cut");

    Optional<RunReport> run = recovery.startOrRecover();

    assertThat(run).map(RunReport::status).contains(RunStatus.RECOVERED);
    assertThat(new Conversations(data).damaged()).isEmpty();
    assertThat(new ChatClient(recovery.chatbot().address()).say("hello").text()).isNotEmpty();
    assertThat(recovery.page(run.orElseThrow())).content().contains("Data corruption");
    recovery.close();
    assertThat(state.resolve("status/index.html")).content().contains("Operational");
    try (Stream<Path> messages = Files.list(state.resolve("messages"))) {
      assertThat(messages.map(m -> m.getFileName().toString()))
          .anyMatch(name -> name.endsWith("-notify-team.txt"))
          .anyMatch(name -> name.contains("-immediate-"));
    }
  }

  @Test
  void recover_processThatDoesNotAnswer_isStartedAgainWithoutItsTemporaries() throws Exception {
    recovery.chatbot().halt();
    Path left = Files.writeString(data.active().resolve("x.json_1.tmp"), "half");

    SuggestedScenario proposal = recovery.propose().get(0);
    RunReport run = recovery.recover(proposal);

    assertThat(proposal.scenario()).isEqualTo(Scenario.PROCESS_FAILURE);
    assertThat(run.status()).as("%s", run).isEqualTo(RunStatus.RECOVERED);
    assertThat(left).doesNotExist();
    assertThat(new ChatClient(recovery.chatbot().address()).say("hello").text()).isNotEmpty();
  }

  @Test
  void recover_breach_startsWithNewSecretsOnly() throws Exception {
    String known = Files.readString(data.secrets());
    recovery.halt();
    recovery.close();
    recovery = recovery(Operator.ASSUME_YES);
    recovery.start();

    RunReport run = recovery.recover(new SuggestedScenario(
        Scenario.SECURITY_BREACH, Clock.systemUTC().instant(), List.of("somebody was here")));

    assertThat(run.status()).as("%s", run).isEqualTo(RunStatus.RECOVERED);
    assertThat(run.step("rotate-secrets").orElseThrow().status()).isEqualTo(StepStatus.DONE);
    assertThat(Files.readString(data.secrets())).isNotEqualTo(known).contains("SECRET_KEY=");
    assertThat(Secrets.make(new SecureRandom()).lines()).hasSize(6);
  }

  @Test
  void people_channels_areThoseThatTheEnvironmentNames() {
    Map<String, String> environment = Map.of(
        "SLACK_WEBHOOK", "https://example.com/slack",
        "TEAMS_WEBHOOK", "https://example.com/teams",
        "SMTP_HOST", "localhost");

    assertThat(People.plan(environment, state).channels(Audience.TEAM, false))
        .extracting(Channel::name)
        .containsExactly("folder", "slack", "teams", "mail");
    assertThat(People.plan(environment, state).channels(Audience.SECURITY, true))
        .extracting(Channel::name)
        .containsExactly("folder");
  }
}
