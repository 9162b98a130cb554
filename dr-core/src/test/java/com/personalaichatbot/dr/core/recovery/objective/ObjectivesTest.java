package com.personalaichatbot.dr.core.recovery.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Criticality;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.recovery.runbook.Impact;
import com.personalaichatbot.dr.core.recovery.runbook.RunMode;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.recovery.runbook.StepKind;
import com.personalaichatbot.dr.core.recovery.runbook.StepReport;
import com.personalaichatbot.dr.core.recovery.runbook.StepStatus;
import com.personalaichatbot.dr.core.snapshot.BackupStatus;
import com.personalaichatbot.dr.core.snapshot.ComponentState;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.snapshot.Trust;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ObjectivesTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Map<String, String> PLANS = Map.of("drill-complete", "hash");

  private final List<Component> components =
      List.of(Component.directory("config", Kind.CONFIG, Path.of("/data/config")));
  private final List<Snapshot> snapshots = new ArrayList<>();
  private final List<RunReport> history = new ArrayList<>();
  private Objectives objectives = Objectives.of(components);

  private void snapshot(Duration age, Trust trust, Purpose purpose, long bytes) {
    int number = snapshots.size() + 1;
    Instant started = NOW.minus(age);
    ComponentState config = new ComponentState(
        "config",
        Kind.CONFIG,
        Criticality.CRITICAL,
        "/data/config",
        BackupStatus.COMPLETE,
        1,
        bytes);
    snapshots.add(new Snapshot(
        new SnapshotId(0, number),
        number,
        started,
        started.plusSeconds(60),
        "host",
        purpose,
        trust,
        BackupStatus.COMPLETE,
        List.of(config),
        1,
        bytes,
        List.of(),
        Optional.empty()));
  }

  private void snapshot(Duration age, Trust trust) {
    snapshot(age, trust, Purpose.SCHEDULED, 1000);
  }

  private void drill(Duration age, Duration time, String hash) {
    Instant started = NOW.minus(age);
    StepReport restore = new StepReport(
        "restore",
        "Restore",
        StepKind.ACTION,
        Impact.WRITE,
        "owner",
        StepStatus.DONE,
        Optional.of(started),
        time,
        Optional.empty(),
        "",
        Map.of(),
        List.of());
    history.add(new RunReport(
        "incident",
        "drill-complete",
        "Drill",
        RunMode.DRILL,
        RunStatus.RECOVERED,
        hash,
        started,
        started,
        Optional.of(started.plus(time)),
        Map.of("config", new SnapshotId(0, 1)),
        Optional.of(time),
        Optional.of(time.dividedBy(2)),
        Duration.ZERO,
        List.of(restore),
        List.of(),
        List.of()));
  }

  private ObjectiveResult measured(String scope) {
    return objectives.measure(snapshots, history, PLANS, NOW).stream()
        .filter(r -> r.objective().scope().equals(scope))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void of_components_hasTheTargetsOfTheDocument() {
    assertThat(objectives.all())
        .containsExactly(
            new Objective("config", Objective.Kind.RPO, Duration.ofHours(1)),
            new Objective("critical", Objective.Kind.RTO, Duration.ofHours(4)),
            new Objective("full", Objective.Kind.RTO, Duration.ofHours(24)));
  }

  @Test
  void rpo_verifiedSnapshotIsYoung_isCompliantByTheStartOfItsCapture() {
    snapshot(Duration.ofMinutes(20), Trust.VERIFIED);

    ObjectiveResult result = measured("config");

    assertThat(result.state()).isEqualTo(ObjectiveState.COMPLIANT);
    assertThat(result.measured()).contains(Duration.ofMinutes(20));
  }

  @Test
  void rpo_exactlyAtTheTarget_isCompliant_andOneMillisecondLaterBreached() {
    snapshot(Duration.ofHours(1), Trust.PROVEN);
    assertThat(measured("config").state()).isEqualTo(ObjectiveState.COMPLIANT);

    snapshots.clear();
    snapshot(Duration.ofHours(1).plusMillis(1), Trust.PROVEN);
    assertThat(measured("config").state()).isEqualTo(ObjectiveState.BREACHED);
  }

  @Test
  void rpo_newerSnapshotIsNotVerified_isBreachedAndSaysSo() {
    snapshot(Duration.ofHours(3), Trust.VERIFIED);
    snapshot(Duration.ofMinutes(5), Trust.UNVERIFIED);

    ObjectiveResult result = measured("config");

    assertThat(result.state()).isEqualTo(ObjectiveState.BREACHED);
    assertThat(result.measured()).contains(Duration.ofHours(3));
    assertThat(result.reason()).contains("not verified");
  }

  @Test
  void rpo_nothingVerified_isUnproven_andNothingAtAllIsBreached() {
    assertThat(measured("config").state()).isEqualTo(ObjectiveState.BREACHED);

    snapshot(Duration.ofMinutes(5), Trust.UNVERIFIED);
    assertThat(measured("config").state()).isEqualTo(ObjectiveState.UNPROVEN);
  }

  @Test
  void rpo_suspectOrQuarantine_doNotCount() {
    snapshot(Duration.ofHours(2), Trust.VERIFIED);
    snapshot(Duration.ofMinutes(5), Trust.SUSPECT);
    snapshot(Duration.ofMinutes(1), Trust.VERIFIED, Purpose.QUARANTINE, 1000);

    assertThat(measured("config").measured()).contains(Duration.ofHours(2));
  }

  @Test
  void rpo_usualIntervalIsTooLong_isAtRiskBeforeItIsBreached() {
    snapshot(Duration.ofMinutes(200), Trust.VERIFIED);
    snapshot(Duration.ofMinutes(110), Trust.VERIFIED);
    snapshot(Duration.ofMinutes(20), Trust.VERIFIED);

    assertThat(measured("config").state()).isEqualTo(ObjectiveState.AT_RISK);
  }

  @Test
  void rpo_clockWentBack_isNotNegative() {
    snapshot(Duration.ofMinutes(-10), Trust.VERIFIED);

    assertThat(measured("config").measured()).contains(Duration.ZERO);
  }

  @Test
  void rto_neverDrilled_isUnproven() {
    assertThat(measured("full").state()).isEqualTo(ObjectiveState.UNPROVEN);
    assertThat(measured("critical").measured()).isEmpty();
  }

  @Test
  void rto_drilled_isMeasuredForBothGroups() {
    snapshot(Duration.ofMinutes(5), Trust.PROVEN);
    drill(Duration.ofDays(3), Duration.ofMinutes(10), "hash");

    assertThat(measured("full").state()).isEqualTo(ObjectiveState.COMPLIANT);
    assertThat(measured("full").measured()).contains(Duration.ofMinutes(10));
    assertThat(measured("critical").measured()).contains(Duration.ofMinutes(5));
  }

  @Test
  void rto_peopleNeedTime_isAddedToADrill() {
    snapshot(Duration.ofMinutes(5), Trust.PROVEN);
    drill(Duration.ofDays(3), Duration.ofMinutes(10), "hash");
    objectives = objectives.allowance(Duration.ofHours(4));

    assertThat(measured("critical").state()).isEqualTo(ObjectiveState.BREACHED);
    assertThat(measured("full").measured()).contains(Duration.ofMinutes(250));
  }

  @Test
  void rto_drillIsTooOldOrThePlanChanged_isUnproven() {
    snapshot(Duration.ofMinutes(5), Trust.PROVEN);
    drill(Duration.ofDays(94), Duration.ofMinutes(10), "hash");
    assertThat(measured("full").reason()).contains("too old");

    drill(Duration.ofDays(1), Duration.ofMinutes(10), "another");
    assertThat(measured("full").state()).isEqualTo(ObjectiveState.UNPROVEN);
    assertThat(measured("full").reason())
        .contains("the plan, the policy or the application changed");
  }

  @Test
  void rto_dataHasGrown_isPredictedAndAtRiskBeforeItIsMissed() {
    snapshot(Duration.ofDays(10), Trust.PROVEN, Purpose.SCHEDULED, 1000);
    snapshot(Duration.ofMinutes(5), Trust.VERIFIED, Purpose.SCHEDULED, 6000);
    drill(Duration.ofDays(3), Duration.ofHours(5), "hash");

    ObjectiveResult full = measured("full");

    assertThat(full.predicted()).contains(Duration.ofHours(30));
    assertThat(full.state()).isEqualTo(ObjectiveState.AT_RISK);
  }

  @Test
  void with_anotherTarget_replacesTheOne() {
    objectives =
        objectives.with(new Objective("config", Objective.Kind.RPO, Duration.ofMinutes(10)));
    snapshot(Duration.ofMinutes(20), Trust.VERIFIED);

    assertThat(objectives.all()).hasSize(3);
    assertThat(measured("config").state()).isEqualTo(ObjectiveState.BREACHED);
    assertThatThrownBy(() -> new Objective("config", Objective.Kind.RPO, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
