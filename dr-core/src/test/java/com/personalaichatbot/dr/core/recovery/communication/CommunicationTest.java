package com.personalaichatbot.dr.core.recovery.communication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.personalaichatbot.dr.core.recovery.runbook.Impact;
import com.personalaichatbot.dr.core.recovery.runbook.RunMessage;
import com.personalaichatbot.dr.core.recovery.runbook.RunMode;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.recovery.runbook.StepKind;
import com.personalaichatbot.dr.core.recovery.runbook.StepReport;
import com.personalaichatbot.dr.core.recovery.runbook.StepStatus;
import com.personalaichatbot.dr.core.recovery.runbook.Urgency;
import com.personalaichatbot.dr.core.testkit.SettableClock;
import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommunicationTest {

  private static final Instant DETECTED = Instant.parse("2026-11-23T02:00:00Z");

  @TempDir
  Path state;

  private final SettableClock clock = SettableClock.at(DETECTED);
  private final Recorded chat = new Recorded("chat");
  private final Recorded mail = new Recorded("mail");
  private final Recorded safe = new Recorded("safe");
  private Communication communication;

  /** A channel that keeps what it is given, or refuses it. */
  private static final class Recorded implements Channel {
    private final String name;
    private final List<Message> messages = new ArrayList<>();
    private DeliveryException refusal;
    private boolean broken;
    private int attempts;

    Recorded(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public synchronized void send(Message message) throws DeliveryException {
      attempts++;
      if (broken) {
        throw new StackOverflowError();
      }
      if (refusal != null) {
        throw refusal;
      }
      messages.add(message);
    }

    List<Stage> stages() {
      return messages.stream().map(Message::stage).toList();
    }
  }

  @BeforeEach
  void start() throws IOException {
    CommunicationPlan plan = CommunicationPlan.recommended();
    for (Audience audience : Audience.values()) {
      plan = plan.withChannels(audience, List.of(chat, mail));
    }
    plan = plan.withRestrictedChannels(Audience.SECURITY, List.of(safe));
    communication = new Communication(plan, state, clock, Runnable::run);
  }

  private static RunReport run(String runbook, RunMode mode, RunStatus status) {
    StepReport step = new StepReport(
        "restore",
        "Restore what is damaged",
        StepKind.ACTION,
        Impact.WRITE,
        "team",
        StepStatus.DONE,
        Optional.of(DETECTED),
        Duration.ofSeconds(3),
        Optional.empty(),
        "8 files of conversations/secret-name.json",
        Map.of(),
        List.of());
    boolean over = status != RunStatus.RUNNING;
    return new RunReport(
        "20261123-020000-7f3a",
        runbook,
        "Data corruption",
        mode,
        status,
        "0123",
        DETECTED,
        DETECTED,
        over ? Optional.of(DETECTED.plusSeconds(90)) : Optional.empty(),
        Map.of(),
        over ? Optional.of(Duration.ofSeconds(90)) : Optional.empty(),
        Optional.empty(),
        Duration.ofHours(5),
        List.of(step),
        List.of(),
        List.of());
  }

  private static RunReport running() {
    return run("data-corruption", RunMode.LIVE, RunStatus.RUNNING);
  }

  @Test
  void changed_faultDetected_teamUsersAndStatusPageAreToldAtOnceByBothChannels() {
    communication.changed(running());

    assertThat(chat.stages())
        .containsExactly(Stage.IMMEDIATE, Stage.AFFECTED_USERS, Stage.STATUS_PAGE);
    assertThat(mail.stages()).isEqualTo(chat.stages());
  }

  @Test
  void sendDue_asTimeGoesBy_sendsEachStageOnceAtItsTime() throws IOException {
    communication.changed(running());
    Map<Duration, Stage> due = Map.of(
        Duration.ofHours(1), Stage.UPDATE,
        Duration.ofHours(4), Stage.REPORT,
        Duration.ofHours(24), Stage.TIMELINE);

    for (Duration after : due.keySet().stream().sorted().toList()) {
      chat.messages.clear();
      clock.set(DETECTED.plus(after).minusSeconds(1));
      assertThat(communication.sendDue()).isEmpty();
      clock.set(DETECTED.plus(after));
      communication.sendDue();
      communication.sendDue();
      assertThat(chat.stages()).containsExactly(due.get(after));
    }
  }

  @Test
  void changed_recovered_everybodyIsToldThatItIsOverAndWhatIsLost() {
    communication.changed(running());
    chat.messages.clear();
    clock.advance(Duration.ofSeconds(90));

    communication.changed(run("data-corruption", RunMode.LIVE, RunStatus.RECOVERED));

    assertThat(chat.stages()).containsExactly(Stage.RESOLVED);
    assertThat(chat.messages.get(0).text()).contains("works again").contains("5 h 0 min");
  }

  @Test
  void text_forTheOutside_namesNoFileAndNoStep() {
    communication.changed(running());

    for (Message message : chat.messages) {
      if (message.stage() != Stage.IMMEDIATE) {
        assertThat(message.text()).doesNotContain("secret-name").doesNotContain("Restore what");
      }
    }
    assertThat(chat.messages.get(0).text())
        .contains("Restore what is damaged")
        .contains("secret-name");
  }

  @Test
  void changed_breach_goesToTheRestrictedChannelOnlyWithoutDetailsInTheSubject() {
    communication.changed(run("security-breach", RunMode.LIVE, RunStatus.RUNNING));

    assertThat(chat.messages).isEmpty();
    assertThat(mail.messages).isEmpty();
    assertThat(safe.messages).isNotEmpty().allMatch(m -> m.audience() == Audience.SECURITY);
    assertThat(safe.messages).allMatch(m -> m.subject().equals("Incident 20261123-020000-7f3a"));
  }

  @Test
  void changed_drillOrDryRun_tellsNobody() {
    communication.changed(run("data-corruption", RunMode.DRILL, RunStatus.RECOVERED));
    communication.changed(run("data-corruption", RunMode.DRY_RUN, RunStatus.RECOVERED));

    assertThat(chat.attempts).isZero();
    assertThat(communication.deliveries()).isEmpty();
    assertThat(state.resolve("messages")).doesNotExist();
  }

  @Test
  void sendDue_channelRefuses_isTriedAgainAtGrowingIntervalsWhileTheOtherIsNot()
      throws IOException {
    mail.refusal = new DeliveryException("mail is down", null);
    communication.changed(running());
    int first = mail.attempts;
    assertThat(first).isEqualTo(3);

    communication.sendDue();
    assertThat(mail.attempts).as("too early").isEqualTo(first);
    clock.advance(Duration.ofSeconds(5));
    communication.sendDue();
    assertThat(mail.attempts).isEqualTo(2 * first);
    clock.advance(Duration.ofSeconds(5));
    communication.sendDue();
    assertThat(mail.attempts).as("too early the second time").isEqualTo(2 * first);
    clock.advance(Duration.ofSeconds(5));
    mail.refusal = null;
    communication.sendDue();

    assertThat(mail.stages()).hasSize(3);
    assertThat(chat.messages).hasSize(3);
  }

  @Test
  void sendDue_channelAsksForPatience_isLeftAloneForThatLong() throws IOException {
    mail.refusal = new DeliveryException("busy", null, Duration.ofMinutes(2));
    communication.changed(running());
    int first = mail.attempts;

    clock.advance(Duration.ofSeconds(119));
    communication.sendDue();
    assertThat(mail.attempts).isEqualTo(first);
    clock.advance(Duration.ofSeconds(1));
    communication.sendDue();
    assertThat(mail.attempts).isEqualTo(2 * first);
  }

  @Test
  void overdue_allChannelsRefuse_isAFindingUntilOneTakesIt() throws Exception {
    chat.refusal = new DeliveryException("chat is down", null);
    mail.refusal = new DeliveryException("mail is down", null);
    communication.changed(running());
    clock.advance(Duration.ofMinutes(16));
    communication.sendDue();

    assertThat(communication.overdue()).extracting(Delivery::stage).contains(Stage.IMMEDIATE);
    CheckResult result = communication.check().check();
    assertThat(result.status()).isEqualTo(Status.DOWN);
    assertThat(result.description()).contains("overdue").contains("down");

    mail.refusal = null;
    clock.advance(Duration.ofHours(1).minusMinutes(17));
    communication.sendDue();
    assertThat(communication.overdue()).isEmpty();
  }

  @Test
  void changed_everything_isAlsoLeftInTheFolder() throws IOException {
    chat.refusal = new DeliveryException("chat is down", null);
    mail.refusal = new DeliveryException("mail is down", null);

    communication.changed(running());

    try (Stream<Path> files = Files.list(state.resolve("messages"))) {
      assertThat(files).hasSize(3);
    }
  }

  @Test
  void restart_betweenStages_sendsNothingTwiceAndGoesOn() throws IOException {
    communication.changed(running());
    start();
    chat.messages.clear();

    communication.changed(running());
    assertThat(chat.messages).isEmpty();
    clock.set(DETECTED.plus(Duration.ofHours(1)));
    communication.sendDue();

    assertThat(chat.stages()).containsExactly(Stage.UPDATE);
  }

  @Test
  void restart_recordUnreadable_isPutAsideAndEverythingIsSentAgain() throws IOException {
    communication.changed(running());
    Files.writeString(state.resolve("messages.json"), "{\"deliveries\":[{\"incident\":");
    start();
    chat.messages.clear();

    communication.changed(running());

    assertThat(chat.messages).hasSize(3);
    assertThat(state.resolve("messages.json.unreadable")).exists();
  }

  @Test
  void tell_oneOfTwoChannelsTakesIt_saysWhich() throws Exception {
    chat.refusal = new DeliveryException("chat is down", null);

    String how = communication.tell(
        new RunMessage(running(), "page", "team", "Three restarts failed", Urgency.PAGE));

    assertThat(how).isEqualTo("told on-call by mail");
    assertThat(mail.messages.get(0).audience()).isEqualTo(Audience.ON_CALL);
  }

  @Test
  void tell_nobodyReached_fails() {
    chat.refusal = new DeliveryException("chat is down", null);
    mail.refusal = new DeliveryException("mail is down", null);

    assertThatThrownBy(() ->
            communication.tell(new RunMessage(running(), "tell", "team", "text", Urgency.USUAL)))
        .isInstanceOf(DeliveryException.class)
        .hasMessage("mail is down");
  }

  @Test
  void testChannels_eachMonth_keepsTheFindingAway() throws Exception {
    assertThat(communication.check().check().description()).contains("not tested");

    assertThat(communication.testChannels()).hasSize(3).allMatch(d -> d.sent().isPresent());

    assertThat(communication.check().check().description()).doesNotContain("not tested");
    clock.advance(Duration.ofDays(36));
    assertThat(communication.check().check().description()).contains("not tested");
  }

  @Test
  void testChannels_oneRefuses_doesNotCountAsTested() throws IOException {
    mail.refusal = new DeliveryException("mail is down", null);

    communication.testChannels();

    assertThat(communication.lastTest()).isEmpty();
  }

  @Test
  void testChannels_oneIsBroken_theOthersAreTestedAndItIsRecorded() throws IOException {
    mail.broken = true;

    List<Delivery> tested = communication.testChannels();

    assertThat(tested).filteredOn(d -> d.sent().isPresent()).hasSize(2);
    assertThat(tested)
        .filteredOn(d -> d.sent().isEmpty())
        .extracting(Delivery::problem)
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains("StackOverflowError");
    assertThat(communication.lastTest()).isEmpty();
  }

  @Test
  void withText_ownText_isSentInPlaceOfOurs() throws IOException {
    communication = new Communication(
        CommunicationPlan.recommended()
            .withChannels(Audience.TEAM, List.of(chat))
            .withText(Stage.IMMEDIATE, run -> "All hands: " + run.incident()),
        state,
        clock,
        Runnable::run);

    communication.changed(running());

    assertThat(chat.messages.get(0).text()).isEqualTo("All hands: 20261123-020000-7f3a");
  }

  @Test
  void problems_ofTheRecommendedPlan_nameEveryGap() {
    assertThat(CommunicationPlan.recommended().problems())
        .anyMatch(p -> p.startsWith("Primary contact"))
        .anyMatch(p -> p.startsWith("Secondary contact"))
        .anyMatch(p -> p.startsWith("Emergency hotline"))
        .anyMatch(p -> p.startsWith("Technical support"))
        .anyMatch(p -> p.startsWith("audience team has 0 channels"))
        .anyMatch(p -> p.startsWith("audience security has no restricted"));
  }
}
