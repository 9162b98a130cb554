package com.personalaichatbot.dr.core.recovery.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.personalaichatbot.dr.core.component.Criticality;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.recovery.objective.Objective;
import com.personalaichatbot.dr.core.recovery.objective.ObjectiveResult;
import com.personalaichatbot.dr.core.recovery.objective.ObjectiveState;
import com.personalaichatbot.dr.core.recovery.runbook.RunMode;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.recovery.schedule.Job;
import com.personalaichatbot.dr.core.recovery.schedule.JobState;
import com.personalaichatbot.dr.core.recovery.schedule.Recurrence;
import com.personalaichatbot.dr.core.snapshot.BackupStatus;
import com.personalaichatbot.dr.core.snapshot.ComponentState;
import com.personalaichatbot.dr.core.snapshot.Hold;
import com.personalaichatbot.dr.core.snapshot.Proofs;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.RetentionPolicy;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.snapshot.Trust;
import com.personalaichatbot.dr.core.testkit.SettableClock;
import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.Health;
import com.personalaichatbot.dr.health.HealthMonitor;
import com.personalaichatbot.dr.health.trend.TrendStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostureReportTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);

  private static Snapshot snapshot(int number, Duration ago, Trust trust, boolean held) {
    return new Snapshot(
        new SnapshotId(number, 1),
        number,
        NOW.minus(ago),
        NOW.minus(ago),
        "host",
        Purpose.SCHEDULED,
        trust,
        BackupStatus.COMPLETE,
        List.of(new ComponentState(
            "data", Kind.CUSTOM, Criticality.CRITICAL, "/data", BackupStatus.COMPLETE, 1, 1)),
        1,
        1,
        List.of(),
        held ? Optional.of(new Hold(Optional.empty())) : Optional.empty());
  }

  private static ObjectiveResult objective(ObjectiveState state) {
    return new ObjectiveResult(
        new Objective("data", Objective.Kind.RPO, DAY),
        state,
        Optional.of(Duration.ofHours(3)),
        Optional.empty(),
        "because");
  }

  private static PostureReport digest(List<ObjectiveResult> objectives, List<Snapshot> snapshots) {
    return PostureReport.of(
        "Bot", objectives, snapshots, new Proofs(NOW.minus(DAY), List.of()), List.of(), NOW);
  }

  private static JsonNode json(PostureReport digest) throws IOException {
    return new ObjectMapper().readTree(digest.json());
  }

  private static Health health(CheckResult... results) {
    try (HealthMonitor monitor =
        HealthMonitor.builder().clock(SettableClock.at(NOW)).build()) {
      for (int i = 0; i < results.length; i++) {
        CheckResult result = results[i];
        monitor.register("check-" + i, () -> result);
      }
      return monitor.check();
    }
  }

  @Test
  void readiness_isThatOfTheWorstObjectiveAndOfTheHealth() throws IOException {
    Map<ObjectiveState, String> expected = Map.of(
        ObjectiveState.COMPLIANT, "READY",
        ObjectiveState.AT_RISK, "AT_RISK",
        ObjectiveState.UNPROVEN, "UNPROVEN",
        ObjectiveState.BREACHED, "NOT_READY");
    for (Map.Entry<ObjectiveState, String> one : expected.entrySet()) {
      PostureReport digest =
          digest(List.of(objective(ObjectiveState.COMPLIANT), objective(one.getKey())), List.of());
      assertThat(json(digest).get("readiness").asText()).isEqualTo(one.getValue());
    }
    PostureReport held = digest(List.of(objective(ObjectiveState.COMPLIANT)), List.of());
    assertThat(
            json(held.withHealth(health(CheckResult.degraded("X", "x", "y")))).get("readiness"))
        .hasToString("\"AT_RISK\"");
    assertThat(json(held.withHealth(health(CheckResult.down("X", "x", "y")))).get("readiness"))
        .hasToString("\"NOT_READY\"");
    assertThat(json(digest(List.of(), List.of())).get("readiness").asText()).isEqualTo("UNPROVEN");
  }

  @Test
  void readiness_recoveryThatDidNotEndWell_isNotReady() throws IOException {
    RunReport stopped = new RunReport(
        "20261122-010000-0001",
        "data-corruption",
        "Data corruption",
        RunMode.LIVE,
        RunStatus.STOPPED,
        "00",
        NOW.minus(DAY),
        NOW.minus(DAY),
        Optional.of(NOW),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Duration.ZERO,
        List.of(),
        List.of(),
        List.of());
    PostureReport digest = PostureReport.of(
        "Bot",
        List.of(objective(ObjectiveState.COMPLIANT)),
        List.of(),
        new Proofs(NOW, List.of()),
        List.of(stopped),
        NOW);

    assertThat(json(digest).get("readiness").asText()).isEqualTo("NOT_READY");
    assertThat(json(digest).get("openIncident").asText()).isEqualTo("20261122-010000-0001");
    assertThat(digest.html()).contains("Incident 20261122-010000-0001");
  }

  @Test
  void recoveryPoints_oneDayWithoutASnapshot_isMissedForThatDay() throws IOException {
    List<Snapshot> snapshots = List.of(
        snapshot(1, DAY.multipliedBy(4), Trust.VERIFIED, false),
        snapshot(2, DAY.multipliedBy(3), Trust.UNVERIFIED, false),
        snapshot(3, DAY.multipliedBy(2), Trust.PROVEN, false),
        snapshot(4, DAY, Trust.VERIFIED, false));
    PostureReport digest = digest(List.of(objective(ObjectiveState.COMPLIANT)), snapshots);

    JsonNode point = json(digest).at("/recoveryPoints/0");

    assertThat(point.get("ageMillis").asLong()).isEqualTo(DAY.toMillis());
    assertThat(point.get("highestMillis").asLong()).isEqualTo(2 * DAY.toMillis());
    assertThat(point.get("missedShare").asDouble()).isEqualTo(0.25);
    assertThat(digest.html()).contains("class=\"area\"").contains("class=\"area over\"");
  }

  @Test
  void recoveryPoints_nothingVerified_isMissedAlways() throws IOException {
    PostureReport digest = digest(
        List.of(objective(ObjectiveState.UNPROVEN)),
        List.of(snapshot(1, DAY, Trust.UNVERIFIED, false)));

    assertThat(json(digest).at("/recoveryPoints/0/missedShare").asDouble()).isEqualTo(1);
    assertThat(json(digest).at("/recoveryPoints/0/ageMillis").isNull()).isTrue();
    assertThat(digest.html()).contains("100 %").doesNotContain("class=\"area\"/>");
  }

  @Test
  void calendar_eachDay_hasItsBestTrustAndWhatGoes() throws IOException {
    List<Snapshot> snapshots = List.of(
        snapshot(1, DAY.multipliedBy(20), Trust.VERIFIED, false),
        snapshot(2, DAY.multipliedBy(3), Trust.SUSPECT, true),
        snapshot(3, DAY, Trust.UNVERIFIED, false),
        snapshot(4, DAY, Trust.PROVEN, false));
    PostureReport digest =
        digest(List.of(), snapshots).withRetention(RetentionPolicy.none().keepLast(1));

    JsonNode calendar = json(digest).get("calendar");

    assertThat(calendar).hasSize(3);
    assertThat(calendar.at("/0/removedByNextPrune").asInt()).isEqualTo(1);
    assertThat(calendar.at("/1/best").asText()).isEqualTo("SUSPECT");
    assertThat(calendar.at("/1/held").asInt()).isEqualTo(1);
    assertThat(calendar.at("/2/best").asText()).isEqualTo("PROVEN");
    assertThat(calendar.at("/2/snapshots").asInt()).isEqualTo(2);
    assertThat(digest.html())
        .contains("class=\"day verified goes\"")
        .contains("class=\"day suspect\"")
        .contains(">SH<")
        .contains("class=\"day proven\"");
  }

  @Test
  void capacity_aVolumeThatFills_saysWhen(@TempDir Path directory) throws IOException {
    SettableClock clock = SettableClock.at(NOW.minus(DAY.multipliedBy(19)));
    TrendStore trends = TrendStore.open(directory.resolve("trends"), clock);
    for (int day = 0; day < 20; day++) {
      trends.record("repository-space", 41 + day);
      trends.record("repository-size", 1e9 + day * 1e7);
      clock.set(NOW.minus(DAY.multipliedBy(18 - day)));
    }
    clock.set(NOW);
    PostureReport digest = digest(List.of(), List.of()).withTrends(trends);

    JsonNode capacity = json(digest).get("capacity");

    assertThat(capacity.get("outlook").asText()).isEqualTo("GROWING");
    assertThat(capacity.get("usedPercent").asDouble()).isEqualTo(60);
    assertThat(capacity.at("/limits/0/likelyDays").asDouble()).isCloseTo(20, within(0.01));
    assertThat(capacity.at("/limits/2/likelyDays").asDouble()).isCloseTo(40, within(0.01));
    assertThat(capacity.get("bytesPerDay").asDouble()).isCloseTo(1e7, within(1.0));
    assertThat(digest.html()).contains("20 days").contains("class=\"ahead\"").contains("1.2 GB");
  }

  @Test
  void capacity_withoutHistory_saysWhatIsMissing(@TempDir Path directory) throws IOException {
    SettableClock clock = SettableClock.at(NOW);
    TrendStore trends = TrendStore.open(directory.resolve("trends"), clock);
    PostureReport none = digest(List.of(), List.of()).withTrends(trends);
    assertThat(none.html()).contains("Nothing was measured yet");

    trends.record("repository-space", 12);
    PostureReport short1 = digest(List.of(), List.of()).withTrends(trends);

    assertThat(short1.html()).contains("too few for a forecast").doesNotContain("\"ahead\"/>");
    assertThat(json(short1).at("/capacity/outlook").asText()).isEqualTo("NOT_ENOUGH_DATA");
  }

  private static JobState job(String name, Instant due, int failures, String problem) {
    Job job = Job.of(name, Recurrence.daily(LocalTime.NOON), () -> "");
    return new JobState(
        job, Optional.empty(), due, due, due.isBefore(NOW), failures, problem, Optional.empty());
  }

  @Test
  void due_isInOrder_andWhatIsLateOrFailedSaysSo() throws IOException {
    PostureReport digest = digest(List.of(), List.of())
        .withSchedule(List.of(
            job("later", NOW.plus(DAY), 0, ""),
            job("late", NOW.minus(DAY), 0, ""),
            job("failing", NOW.plusSeconds(60), 2, "<no room>")));

    JsonNode due = json(digest).get("due");

    assertThat(due.findValuesAsText("job")).containsExactly("late", "failing", "later");
    assertThat(due.findValuesAsText("state")).containsExactly("OVERDUE", "FAILED", "PLANNED");
    assertThat(due.at("/1/problem").asText()).isEqualTo("<no room>");
    assertThat(digest.html())
        .contains("24 h ago")
        .contains("&lt;no room&gt;")
        .contains("daily at 12:00");
  }

  @Test
  void write_leavesPageAndTwinForTheOwnerAlone(@TempDir Path directory) throws IOException {
    List<Path> files = digest(List.of(), List.of()).write(directory.resolve("posture.html"));

    assertThat(files)
        .containsExactly(directory.resolve("posture.html"), directory.resolve("posture.json"));
    for (Path file : files) {
      assertThat(Files.getPosixFilePermissions(file))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
  }
}
