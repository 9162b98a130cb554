package com.personalaichatbot.dr.core.recovery.objective;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.DisasterRecovery;
import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.component.Shrinkage;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.recovery.objective.PolicyFinding.Rule;
import com.personalaichatbot.dr.core.recovery.schedule.Job;
import com.personalaichatbot.dr.core.recovery.schedule.Recurrence;
import com.personalaichatbot.dr.core.recovery.schedule.Schedule;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.RetentionPolicy;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import com.personalaichatbot.dr.crypto.Secret;
import com.personalaichatbot.dr.health.Severity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each rule of the linter, where it is kept and where it is not. */
class BackupPolicyTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final List<Component> COMPONENTS = List.of(
      Component.directory("config", Kind.CONFIG, Path.of("/data/config")),
      Component.directory("chats", Kind.CONVERSATIONS, Path.of("/data/chats")));
  private static final PolicyFacts SOUND =
      new PolicyFacts("/backups", List.of(), List.of("/medium"), List.of(), 2, Map.of());

  private static Job job(String name, Recurrence rhythm, String... components) {
    return Job.of(name, rhythm, () -> "done").withComponents(List.of(components));
  }

  private static BackupPolicy scheduled(Job... jobs) {
    return BackupPolicy.of(COMPONENTS).withSchedule(List.of(jobs), ZoneOffset.UTC);
  }

  private static List<String> lint(BackupPolicy policy, PolicyFacts facts) {
    return policy.lint(facts).stream()
        .map(f -> f.rule() + " " + f.severity() + " " + f.object())
        .toList();
  }

  @Test
  void lint_nothingKnownButSoundFacts_findsNothing() {
    assertThat(BackupPolicy.of(COMPONENTS).lint(SOUND)).isEmpty();
  }

  @Test
  void schedule_asTheDocumentHasIt_dailyAndWeekly_cannotHoldAnHour() {
    BackupPolicy policy = scheduled(
        job("data", Recurrence.daily(LocalTime.of(2, 0)), "chats"),
        job(
            "full",
            Recurrence.weekly(java.time.DayOfWeek.SUNDAY, LocalTime.of(3, 0)),
            "chats",
            "config"));
    assertThat(lint(policy, SOUND)).containsExactly("SCHEDULE ERROR config");
    PolicyFinding finding = policy.lint(SOUND).get(0);
    assertThat(finding.message()).contains("every 7 days", "no more than 60 min may be lost");
    assertThat(finding.action()).contains("more often");
  }

  @Test
  void schedule_recommended_holdsItsObjectivesButReadsBackTooSeldom(@TempDir Path place)
      throws Exception {
    List<Component> components = List.of(
        Component.directory("config", Kind.CONFIG, place.resolve("config")),
        Component.directory("chats", Kind.CONVERSATIONS, place.resolve("chats")));
    try (RootKey root = TestKeys.root();
        DisasterRecovery application = DisasterRecovery.of(
            BackupRepository.builder(new MemoryStorage()).create(root), components);
        Schedule schedule = application.schedule().state(place.resolve("state")).build()) {
      BackupPolicy policy = BackupPolicy.of(components)
          .withSchedule(schedule.jobs(), schedule.zone())
          .withRetention(RetentionPolicy.recommended(), Duration.ofDays(30), Duration.ofDays(90));
      assertThat(lint(policy, SOUND))
          .containsExactly("VERIFICATION WARNING config", "VERIFICATION WARNING chats");
      assertThat(lint(policy.withVerification(Duration.ZERO), SOUND)).isEmpty();
    }
  }

  @Test
  void schedule_hourly_holdsAnHourUnlessItTakesLong() {
    BackupPolicy policy = scheduled(
        job("configuration", Recurrence.every(HOUR), "config"),
        job("data", Recurrence.daily(LocalTime.of(2, 0)), "chats"));
    assertThat(lint(policy, SOUND)).isEmpty();
    PolicyFacts quick = new PolicyFacts(
        "/b", List.of(), List.of("/m"), List.of(), 2, Map.of("config", Duration.ofMinutes(3)));
    PolicyFacts slow = new PolicyFacts(
        "/b", List.of(), List.of("/m"), List.of(), 2, Map.of("config", Duration.ofMinutes(4)));
    assertThat(lint(policy, quick)).isEmpty();
    assertThat(lint(policy, slow)).containsExactly("SCHEDULE ERROR config");
  }

  @Test
  void schedule_dailyWhereDaysAreLonger_isNotLateForThat() {
    BackupPolicy policy = BackupPolicy.of(COMPONENTS.subList(1, 2))
        .withSchedule(
            List.of(job("data", Recurrence.daily(LocalTime.of(2, 0)), "chats")),
            ZoneId.of("Europe/Berlin"));
    assertThat(lint(policy, SOUND)).isEmpty();
  }

  @Test
  void schedule_componentInNoJob_isNamed() {
    BackupPolicy policy = scheduled(job("configuration", Recurrence.every(HOUR), "config"));
    assertThat(lint(policy, SOUND)).containsExactly("SCHEDULE ERROR chats");
    assertThat(policy.lint(SOUND).get(0).message()).contains("no backup of it is scheduled");
    assertThat(lint(policy.withInterval("chats", DAY), SOUND)).isEmpty();
  }

  @Test
  void verification_tooSeldomForTheObjective_isAWarning() {
    BackupPolicy policy = scheduled(
        job("configuration", Recurrence.every(HOUR.dividedBy(2)), "config"),
        job("data", Recurrence.every(Duration.ofHours(12)), "chats"),
        job("verification", Recurrence.every(Duration.ofHours(12))));
    assertThat(lint(policy, SOUND)).containsExactly("VERIFICATION WARNING config");
    assertThat(lint(policy.withVerification(Duration.ZERO), SOUND)).isEmpty();
    assertThat(lint(policy.withVerification(Duration.ofDays(7)), SOUND))
        .containsExactly("VERIFICATION WARNING config", "VERIFICATION WARNING chats");
  }

  @Test
  void shrinkage_ignoredWhereDataIsWantedBack_isAWarning() {
    Path place = Path.of("/data");
    BackupPolicy policy = BackupPolicy.of(List.of(
        Component.directory("chats", Kind.CONVERSATIONS, place).withShrinkage(Shrinkage.IGNORED),
        Component.directory("logs", Kind.LOGS, place)));
    assertThat(lint(policy, SOUND)).containsExactly("SHRINKAGE WARNING chats");
  }

  @Test
  void retention_thatDoesNotReachItsAge_isAnError() {
    Duration month = Duration.ofDays(30);
    Duration quarter = Duration.ofDays(90);
    BackupPolicy policy = BackupPolicy.of(COMPONENTS);
    RetentionPolicy document = RetentionPolicy.none().keepDaily(7).keepWeekly(4);
    assertThat(lint(policy.withRetention(document, month, quarter), SOUND))
        .containsExactly("RETENTION ERROR /backups", "RETENTION ERROR /backups");
    assertThat(policy.withRetention(document, month, quarter).lint(SOUND).get(0).message())
        .isEqualTo("automated snapshots are to be kept for 30 days, and the rules (7 daily,"
            + " 4 weekly) reach back 28 days at the most");
    assertThat(lint(policy.withRetention(document.keepManual(quarter), month, quarter), SOUND))
        .hasSize(1);
    assertThat(lint(policy.withRetention(RetentionPolicy.recommended(), month, quarter), SOUND))
        .isEmpty();
    assertThat(lint(
            policy.withRetention(RetentionPolicy.none().keepLast(1_000), month, quarter), SOUND))
        .hasSize(2);
    assertThat(lint(
            policy.withRetention(RetentionPolicy.none().keepMonthly(3), month, quarter), SOUND))
        .isEmpty();
    assertThat(lint(
            policy.withRetention(RetentionPolicy.none().keepWithin(month), month, quarter), SOUND))
        .hasSize(1);
  }

  @Test
  void places_volumeCopiesAndKeys_areWarnings() {
    BackupPolicy policy = BackupPolicy.of(COMPONENTS);
    PolicyFacts bad =
        new PolicyFacts("/backups", List.of("chats"), List.of(), List.of("/near"), 1, Map.of());
    assertThat(lint(policy, bad))
        .containsExactly(
            "VOLUME WARNING /backups", "COPY WARNING /backups", "KEYS WARNING /backups");
    assertThat(policy.lint(bad)).allMatch(finding -> !finding.action().isEmpty());
    assertThat(policy.lint(bad).get(1).message()).contains("/near lies on a volume");
    PolicyFacts none = new PolicyFacts("/b", List.of(), List.of(), List.of(), 0, Map.of());
    assertThat(policy.lint(none))
        .extracting(PolicyFinding::message)
        .containsExactly(
            "there is no second copy of it",
            "no passphrase opens it, but only the root key that the application keeps");
  }

  @Test
  void facts_ofARealPlace_areFound(@TempDir Path place) throws Exception {
    Path data = Files.createDirectory(place.resolve("data"));
    Files.writeString(data.resolve("a"), "b");
    List<Component> components = List.of(
        Component.directory("data", Kind.CUSTOM, data),
        Component.directory("gone", Kind.CUSTOM, place.resolve("gone")));
    try (Secret one = Secret.ofPassphrase("one".toCharArray());
        Secret two = Secret.ofPassphrase("two".toCharArray());
        MemoryStorage elsewhere = new MemoryStorage();
        LocalStorage near = LocalStorage.at(place.resolve("copy"));
        BackupRepository repository = BackupRepository.builder(
                LocalStorage.at(place.resolve("backups")))
            .kdf(TestKeys.cheapKdf())
            .create(one)) {
      repository.backUp(components.subList(0, 1), BackupOptions.of(Purpose.MANUAL));
      PolicyFacts alone = PolicyFacts.of(repository, components, List.of(elsewhere, near));
      assertThat(alone.onVolumeOf()).containsExactly("data", "gone");
      assertThat(alone.copies()).isEmpty();
      assertThat(alone.copiesNear()).isEmpty();
      assertThat(alone.keySlots()).isEqualTo(1);
      assertThat(alone.durations()).containsOnlyKeys("data");

      repository.copies().copyTo(elsewhere, VerifyOptions.structure());
      repository.copies().copyTo(near, VerifyOptions.structure());
      repository.keys().add(one, two);
      PolicyFacts copied = PolicyFacts.of(repository, components, List.of(elsewhere, near));
      assertThat(copied.copies()).containsExactly(elsewhere.location());
      assertThat(copied.copiesNear()).containsExactly(near.location());
      assertThat(copied.keySlots()).isEqualTo(2);
      assertThat(lint(BackupPolicy.of(components), copied))
          .containsExactly(Rule.VOLUME + " " + Severity.WARNING + " " + place.resolve("backups"));
    }
  }
}
