package com.personalaichatbot.dr.core.recovery.report;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Criticality;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.recovery.Recovery;
import com.personalaichatbot.dr.core.recovery.communication.Audience;
import com.personalaichatbot.dr.core.recovery.communication.CommunicationPlan;
import com.personalaichatbot.dr.core.recovery.communication.Delivery;
import com.personalaichatbot.dr.core.recovery.communication.Stage;
import com.personalaichatbot.dr.core.recovery.objective.Objective;
import com.personalaichatbot.dr.core.recovery.objective.ObjectiveResult;
import com.personalaichatbot.dr.core.recovery.objective.Objectives;
import com.personalaichatbot.dr.core.recovery.runbook.RunMode;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.recovery.runbook.Scenario;
import com.personalaichatbot.dr.core.recovery.runbook.Step;
import com.personalaichatbot.dr.core.recovery.runbook.StepKind;
import com.personalaichatbot.dr.core.recovery.runbook.StepReport;
import com.personalaichatbot.dr.core.recovery.runbook.StepStatus;
import com.personalaichatbot.dr.core.recovery.schedule.Job;
import com.personalaichatbot.dr.core.recovery.schedule.JobState;
import com.personalaichatbot.dr.core.recovery.schedule.Recurrence;
import com.personalaichatbot.dr.core.snapshot.BackupStatus;
import com.personalaichatbot.dr.core.snapshot.ComponentState;
import com.personalaichatbot.dr.core.snapshot.Hold;
import com.personalaichatbot.dr.core.snapshot.Proof;
import com.personalaichatbot.dr.core.snapshot.Proofs;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.snapshot.Trust;
import com.personalaichatbot.dr.core.testkit.SettableClock;
import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.Health;
import com.personalaichatbot.dr.health.HealthMonitor;
import com.personalaichatbot.dr.health.Status;
import com.personalaichatbot.dr.health.trend.TrendStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every page, as it is after some months of use. What somebody else may have named (files,
 * components, the application) bears a text that is given, so that a page can be seen to be safe.
 */
final class SamplePages {
  static final Instant NOW = Instant.parse("2026-11-23T03:52:10Z");
  private static final Instant DETECTED = Instant.parse("2026-11-23T03:45:12Z");

  private final String odd;

  /** @param odd is in all names that are somebody else's input; may be empty */
  SamplePages(String odd) {
    this.odd = odd;
  }

  /** All pages by the name of their file. */
  Map<String, String> all(Path scratch) throws IOException {
    Map<String, String> pages = new LinkedHashMap<>();
    pages.put("recovery-report", recoveryReport().html());
    pages.put("posture-digest", postureDigest(scratch).html());
    pages.put("status-page", statusPage().html());
    pages.put("runbook", runbook().html());
    return pages;
  }

  RecoveryReport recoveryReport() {
    return RecoveryReport.of(recovery())
        .withObjectives(objectives())
        .withHistory(history())
        .withDeliveries(List.of(
            delivery(Stage.IMMEDIATE, Audience.TEAM, "slack", 1, Optional.of(4L)),
            delivery(Stage.IMMEDIATE, Audience.TEAM, "mail", 3, Optional.of(31L)),
            delivery(Stage.UPDATE, Audience.STAKEHOLDERS, "mail", 0, Optional.empty())));
  }

  PostureReport postureDigest(Path scratch) throws IOException {
    return PostureReport.of("Chatbot" + odd, objectives(), snapshots(), proofs(), history(), NOW)
        .withHealth(health())
        .withTrends(trends(scratch))
        .withSchedule(List.of(
            job("configuration", Recurrence.every(Duration.ofHours(1)), Duration.ofMinutes(10), ""),
            job("data", Recurrence.daily(LocalTime.of(2, 0)), Duration.ofHours(22), ""),
            job(
                "log-cleanup",
                Recurrence.daily(LocalTime.of(4, 0)),
                Duration.ofMinutes(8),
                "no right to remove " + odd),
            job(
                "security-updates",
                Recurrence.monthly(1, LocalTime.of(9, 0)),
                Duration.ofHours(-5),
                ""),
            job(
                "drill-restore",
                Recurrence.monthly(1, LocalTime.of(5, 0)),
                Duration.ofDays(8),
                "")));
  }

  private static JobState job(String name, Recurrence rhythm, Duration left, String problem) {
    Instant due = NOW.plus(left);
    return new JobState(
        Job.of(name, rhythm, () -> ""),
        Optional.of(NOW.minus(Duration.ofDays(1))),
        due,
        due,
        left.isNegative(),
        problem.isEmpty() ? 0 : 2,
        problem,
        Optional.empty());
  }

  StatusPage statusPage() {
    return StatusPage.of("Chatbot" + odd, history(), Optional.of(Status.UP), NOW);
  }

  RunbookDocument runbook() {
    return RunbookDocument.of(
        Arrays.stream(Scenario.values()).map(Recovery::builtIn).toList(),
        CommunicationPlan.recommended(),
        objectives().stream().map(ObjectiveResult::objective).toList(),
        history(),
        NOW);
  }

  /** Data corruption, recovered with the help of a person; one step was skipped. */
  RunReport recovery() {
    List<StepReport> steps = new ArrayList<>();
    Instant time = DETECTED.plusMillis(420);
    int number = 0;
    for (Step step : Recovery.builtIn(Scenario.DATA_CORRUPTION).steps()) {
      Duration took = Duration.ofMillis(90 + number * number * 37L % 2400);
      boolean person = step.id().equals("start");
      steps.add(new StepReport(
          step.id(),
          step.title(),
          person ? StepKind.MANUAL : step.kind(),
          step.impact(),
          step.owner(),
          person ? StepStatus.CONFIRMED : StepStatus.DONE,
          Optional.of(time),
          person ? Duration.ofSeconds(6) : took,
          Optional.of(took.multipliedBy(2)),
          step.id().equals("find-scope")
              ? "3 files fail validation: conversations/active/" + odd + "7b1c.json"
              : "It was done.",
          Map.of(),
          step.id().equals("find-scope")
              ? List.of(
                  "conversations/active/" + odd
                      + "7b1c4a52-9d7e-4f7e-8f51-8f5a3a9f1f11.json: cut short",
                  "config/app_config.json: no JSON from line 14 on")
              : List.of()));
      time = time.plus(person ? Duration.ofSeconds(6) : took);
      number++;
    }
    return run(
        "20261123-034512-7f3a",
        Scenario.DATA_CORRUPTION,
        RunMode.LIVE,
        DETECTED,
        Duration.between(DETECTED, time),
        steps);
  }

  private RunReport run(
      String incident,
      Scenario scenario,
      RunMode mode,
      Instant detected,
      Duration took,
      List<StepReport> steps) {
    return new RunReport(
        incident,
        scenario.id(),
        (mode == RunMode.DRILL ? "Drill: " : "") + scenario.title(),
        mode,
        RunStatus.RECOVERED,
        "9f2b64c0d1",
        detected,
        detected.plusMillis(400),
        Optional.of(detected.plus(took)),
        Map.of("conversations" + odd, new SnapshotId(41, 9), "config", new SnapshotId(41, 9)),
        Optional.of(took),
        Optional.of(took.dividedBy(2)),
        Duration.ofHours(3).plusMinutes(12),
        steps,
        List.of(),
        odd.isEmpty() ? List.of() : List.of("look at " + odd));
  }

  List<RunReport> history() {
    List<RunReport> runs = new ArrayList<>();
    for (int month = 5; month >= 0; month--) {
      runs.add(run(
          "2026" + (11 - month) + "03-020000-00a" + month,
          Scenario.HARDWARE_FAILURE,
          RunMode.DRILL,
          NOW.minus(Duration.ofDays(20 + 30L * month)),
          Duration.ofMillis(4200 + 310L * (5 - month) + month % 2 * 900),
          List.of()));
    }
    runs.add(recovery());
    return runs;
  }

  private Delivery delivery(
      Stage stage, Audience audience, String channel, int attempts, Optional<Long> seconds) {
    return new Delivery(
        "20261123-034512-7f3a",
        stage,
        audience,
        channel + odd,
        DETECTED.plus(stage.due().orElse(Duration.ZERO)),
        attempts,
        seconds.map(DETECTED::plusSeconds),
        NOW,
        attempts == 0 ? "" : "answered 503");
  }

  List<ObjectiveResult> objectives() {
    Path data = Path.of("/data");
    Objectives objectives = Objectives.of(List.of(
            Component.directory("config", Kind.CONFIG, data.resolve("config")),
            Component.file("env", Kind.SECRETS, data.resolve(".env")),
            Component.directory("logs", Kind.LOGS, data.resolve("logs"))))
        .with(new Objective("conversations" + odd, Objective.Kind.RPO, Duration.ofHours(24)));
    return objectives.measure(
        snapshots(), history(), Map.of(Scenario.HARDWARE_FAILURE.id(), "9f2b64c0d1"), NOW);
  }

  /** Daily for two months, of settings hourly in the last days; one day was missed. */
  List<Snapshot> snapshots() {
    List<Snapshot> all = new ArrayList<>();
    Instant first = NOW.minus(Duration.ofDays(62)).minus(Duration.ofMinutes(50));
    long sequence = 1;
    for (int day = 0; day <= 62; day++) {
      Instant time = first.plus(Duration.ofDays(day));
      if (day != 44) {
        all.add(snapshot(
            sequence++, time, day, List.of("config", "env", "conversations" + odd, "logs")));
      }
      for (int hour = 1; day >= 52 && hour < (day == 62 ? 1 : 24); hour += day == 57 ? 3 : 1) {
        all.add(
            snapshot(sequence++, time.plus(Duration.ofHours(hour)), day, List.of("config", "env")));
      }
    }
    return all;
  }

  private static Snapshot snapshot(long sequence, Instant time, int day, List<String> components) {
    Trust trust = day == 40 ? Trust.SUSPECT : day == 36 ? Trust.UNVERIFIED : Trust.VERIFIED;
    return new Snapshot(
        new SnapshotId(sequence, 9),
        sequence,
        time,
        time.plusSeconds(8),
        "host",
        day == 30 ? Purpose.MANUAL : Purpose.SCHEDULED,
        day % 30 == 12 && components.size() == 4 ? Trust.PROVEN : trust,
        BackupStatus.COMPLETE,
        components.stream()
            .map(name -> new ComponentState(
                name,
                name.equals("config") ? Kind.CONFIG : Kind.CONVERSATIONS,
                Criticality.CRITICAL,
                "/data/" + name,
                BackupStatus.COMPLETE,
                10,
                1000))
            .toList(),
        400,
        17_000_000 + day * 90_000L,
        List.of(),
        day == 21 ? Optional.of(new Hold(Optional.empty())) : Optional.empty());
  }

  Proofs proofs() {
    return new Proofs(
        NOW.minus(Duration.ofDays(80)),
        List.of(
            new Proof(Proof.Kind.DRILL, NOW.minus(Duration.ofDays(20)), 0.4, List.of()),
            new Proof(Proof.Kind.VERIFY, NOW.minus(Duration.ofDays(2)), 1, List.of())));
  }

  private Health health() {
    try (HealthMonitor monitor =
        HealthMonitor.builder().clock(SettableClock.at(NOW)).build()) {
      monitor.register("jvm", () -> CheckResult.up());
      monitor.register(
          "policy",
          () -> CheckResult.degraded(
              "SAME_VOLUME",
              "the repository lies on the volume of the data, " + odd + "/srv/chatbot",
              "keep the repository, or a copy of it, on another volume"));
      monitor.register(
          "communication",
          () -> CheckResult.degraded(
              "COMMUNICATION_GAPS",
              "audience on-call has 1 channels: give it two, for one may be down in a disaster",
              "complete the communication plan"));
      return monitor.check();
    }
  }

  private TrendStore trends(Path scratch) throws IOException {
    SettableClock clock = SettableClock.at(NOW.minus(Duration.ofDays(40)));
    TrendStore store = TrendStore.open(scratch.resolve("trends"), clock);
    for (int half = 0; half <= 80; half++) {
      store.record("repository-space", 52 + half * 0.21 + half % 14 * 0.25);
      store.record("repository-size", 31_000_000 + half * 210_000.0);
      clock.advance(Duration.ofHours(12));
    }
    clock.set(NOW);
    return store;
  }
}
