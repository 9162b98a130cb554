package com.personalaichatbot.dr.core.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.PruneOptions;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.CleanRecoveryPoint;
import com.personalaichatbot.dr.core.snapshot.Figures;
import com.personalaichatbot.dr.core.snapshot.Figures.Sign;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.RetentionPolicy;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.SettableClock;
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
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sixty days of a chatbot with a backup each; somebody is in the system from day 41 on. */
class CleanPointStoryTest {

  private static final Instant FIRST_DAY = Instant.parse("2040-01-01T03:00:00Z");
  private static final int DAYS = 60;
  private static final int ATTACK = 41;
  private static final int UPGRADE = 25;
  private static final int IMPORT = 33;
  private static final int CLEAN_UP = 36;

  private final Random random = new Random(41);
  private final SettableClock clock = SettableClock.at(FIRST_DAY);
  private final List<Path> conversations = new ArrayList<>();
  private FileSystem files;
  private Path active;
  private Path archived;
  private Path settings;
  private Path image;
  private BackupRepository repository;
  private int named;

  @BeforeEach
  void install() throws IOException {
    files = Jimfs.newFileSystem(Configuration.unix().toBuilder()
        .setAttributeViews("basic", "posix", "unix")
        .build());
    active = Files.createDirectories(files.getPath("/data/conversations/active"));
    archived = Files.createDirectories(files.getPath("/data/conversations/archived"));
    settings = Files.createDirectories(files.getPath("/data/config")).resolve("app_config.json");
    Files.writeString(settings, "{\"app\":{\"host\":\"127.0.0.1\",\"port\":7860}}");
    image = active.resolveSibling("picture.png");
    byte[] noise = new byte[100_000];
    random.nextBytes(noise);
    Files.write(image, noise);
    for (int i = 0; i < 150; i++) {
      converse();
    }
    try (RootKey root = TestKeys.root()) {
      repository = BackupRepository.builder(new MemoryStorage())
          .clock(clock)
          .executor(Runnable::run, 1)
          .create(root);
    }
  }

  @AfterEach
  void close() throws IOException {
    repository.close();
    files.close();
  }

  /** The events of a day of the attack. */
  @FunctionalInterface
  private interface Attack {
    void onDay(int day) throws IOException;
  }

  private void live(Attack attack) throws IOException {
    for (int day = 1; day <= DAYS; day++) {
      clock.set(FIRST_DAY.plus(Duration.ofDays(day)));
      ordinaryDay(day);
      if (day >= ATTACK) {
        attack.onDay(day);
      }
      backUp(Purpose.SCHEDULED);
    }
    assertThat(repository.verify(VerifyOptions.readAll()).isClean()).isTrue();
  }

  private void ordinaryDay(int day) throws IOException {
    for (int i = 0; i < 3; i++) {
      converse();
    }
    for (int i = 0; i < 6; i++) {
      write(conversations.get(random.nextInt(conversations.size())));
    }
    if (day % 9 == 0) {
      Files.delete(conversations.remove(random.nextInt(conversations.size())));
    }
    switch (day) {
      case UPGRADE -> {
        backUp(Purpose.PRE_CHANGE);
        Files.writeString(settings, "{\"app\":{\"host\":\"127.0.0.1\",\"port\":7861}}");
        for (Path conversation : conversations) {
          write(conversation);
        }
      }
      case IMPORT -> {
        for (int i = 0; i < 200; i++) {
          converse();
        }
      }
      case CLEAN_UP -> {
        for (int i = 0; i < 120; i++) {
          Path file = conversations.get(i);
          conversations.set(
              i, Files.move(file, archived.resolve(file.getFileName().toString())));
        }
      }
      default -> {
        // Nothing else happens.
      }
    }
  }

  private void converse() throws IOException {
    Path file = active.resolve("c" + named++ + ".json");
    conversations.add(file);
    write(file);
  }

  private void write(Path file) throws IOException {
    StringBuilder text = new StringBuilder("{\"messages\":[");
    int messages = 20 + random.nextInt(20);
    for (int i = 0; i < messages; i++) {
      text.append(i == 0 ? "" : ",").append("{\"content\":\"Grüße ").append(random.nextLong());
      text.append(" to the moon and back\"}");
    }
    Files.writeString(file, text.append("]}"));
  }

  private void backUp(Purpose purpose) throws IOException {
    repository.backUp(
        List.of(
            Component.directory("conversations", Kind.CONVERSATIONS, active.getParent()),
            Component.directory("config", Kind.CONFIG, settings.getParent())),
        BackupOptions.of(purpose));
  }

  private int chosenDay(Optional<Instant> compromised) throws IOException {
    CleanRecoveryPoint.Choice choice = choose(compromised);
    Instant taken = choice.best().orElseThrow().snapshot().started();
    return (int) Duration.between(FIRST_DAY, taken).toDays();
  }

  private CleanRecoveryPoint.Choice choose(Optional<Instant> compromised) throws IOException {
    return CleanRecoveryPoint.choose(
        repository.snapshots(), repository.figures(), compromised, clock.instant());
  }

  private List<CleanRecoveryPoint.Verdict> suspicious() throws IOException {
    return CleanRecoveryPoint.judge(repository.figures()).stream()
        .filter(v -> !v.isClean())
        .toList();
  }

  @Test
  void judge_sixtyOrdinaryDaysWithUpgradeImportAndCleanUp_raisesNoAlarm() throws IOException {
    live(day -> {});

    assertThat(suspicious()).isEmpty();
    assertThat(chosenDay(Optional.empty())).isEqualTo(DAYS);
  }

  @Test
  void choose_encryptedInPlace_isTheDayBefore() throws IOException {
    live(day -> {
      if (day == ATTACK) {
        for (Path file : conversations) {
          encrypt(file, Integer.MAX_VALUE, 1);
        }
      }
    });

    assertThat(chosenDay(Optional.empty())).isEqualTo(ATTACK - 1);
    CleanRecoveryPoint.Reason reason = suspicious().get(0).reasons().get(0);
    assertThat(reason.sentence()).contains("conversations").contains("not what their names say");
    assertThat(reason.files()).isNotEmpty().allMatch(f -> f.startsWith("conversations/"));
  }

  @Test
  void choose_aFewEncryptedEachDay_isTheDayBeforeTheFirst() throws IOException {
    live(day -> {
      for (int i = 0; i < 4; i++) {
        encrypt(conversations.get(random.nextInt(conversations.size())), Integer.MAX_VALUE, 1);
      }
    });

    assertThat(chosenDay(Optional.empty())).isEqualTo(ATTACK - 1);
  }

  @Test
  void choose_encryptedInStretches_isTheDayBefore() throws IOException {
    live(day -> {
      if (day == ATTACK) {
        for (Path file : conversations) {
          encrypt(file, 4096, 16);
        }
      }
    });

    assertThat(chosenDay(Optional.empty())).isEqualTo(ATTACK - 1);
  }

  @Test
  void choose_slowDeletion_isBeforeTheFirstOfThem() throws IOException {
    live(day -> {
      Collections.shuffle(conversations, random);
      for (int i = 0; i < 5; i++) {
        Files.delete(conversations.remove(0));
      }
    });

    // A conversation that its user deleted on day 36 is among those that went in these two weeks.
    assertThat(chosenDay(Optional.empty())).isBetween(CLEAN_UP - 1, ATTACK - 1);
  }

  @Test
  void choose_swappedConfiguration_isTheDayBefore() throws IOException {
    live(day -> {
      if (day == ATTACK) {
        Files.writeString(settings, "{\"app\":{\"host\":\"203.0.113.7\",\"port\":7861}}");
      }
    });

    assertThat(chosenDay(Optional.empty())).isEqualTo(ATTACK - 1);
    assertThat(suspicious().get(0).reasons().get(0).sentence()).contains("config: 1 files changed");
  }

  @Test
  void choose_compromiseIsKnown_takesWhatWasBeforeItAndSaysWhatItCosts() throws IOException {
    live(day -> {});

    CleanRecoveryPoint.Choice choice = choose(Optional.of(FIRST_DAY.plus(Duration.ofDays(50))));

    assertThat(choice.candidates()).hasSize(4);
    CleanRecoveryPoint.Candidate best = choice.best().orElseThrow();
    assertThat(best.snapshot().started()).isEqualTo(FIRST_DAY.plus(Duration.ofDays(49)));
    assertThat(best.loss()).isEqualTo(Duration.ofDays(11));
    assertThat(best.conversationsLost()).isBetween(80L, 110L);
    assertThat(choice.refused()).hasSize(11);
  }

  @Test
  void choose_evidenceTakenSince_isNoWayBackAndCostsNothing() throws IOException {
    for (Purpose purpose : List.of(Purpose.SCHEDULED, Purpose.SCHEDULED, Purpose.QUARANTINE)) {
      clock.set(clock.instant().plus(Duration.ofDays(1)));
      converse();
      write(conversations.get(0));
      Files.delete(conversations.remove(1));
      backUp(purpose);
    }
    repository.verify(VerifyOptions.readAll());
    List<Snapshot> snapshots = repository.snapshots();

    CleanRecoveryPoint.Choice newest = choose(Optional.empty());
    CleanRecoveryPoint.Choice older = choose(Optional.of(snapshots.get(1).started()));

    assertThat(newest.best().orElseThrow().snapshot()).isEqualTo(snapshots.get(1));
    assertThat(newest.best().orElseThrow().conversationsLost()).isZero();
    assertThat(newest.refused().get(snapshots.get(2).id())).contains("evidence");
    assertThat(older.best().orElseThrow().snapshot()).isEqualTo(snapshots.get(0));
    assertThat(older.best().orElseThrow().conversationsLost())
        .as("one new, one changed and one removed")
        .isEqualTo(3);
  }

  @Test
  void figures_ofPrunedSnapshots_outliveThemWithoutNames() throws IOException {
    live(day -> {
      if (day == ATTACK) {
        encrypt(conversations.get(0), Integer.MAX_VALUE, 1);
        encrypt(conversations.get(1), Integer.MAX_VALUE, 1);
        encrypt(conversations.get(2), Integer.MAX_VALUE, 1);
      }
    });
    List<Figures> before = repository.figures();

    repository.prune(
        repository.planPrune(RetentionPolicy.none().keepLast(5), false, PruneOptions.NOW));

    assertThat(repository.snapshots()).hasSizeLessThan(10);
    List<Figures> after = repository.figures();
    assertThat(after).hasSameSizeAs(before);
    Figures pruned = after.stream()
        .filter(f -> f.of(Kind.CONVERSATIONS).orElseThrow().count(Sign.GARBLED) > 0)
        .findFirst()
        .orElseThrow();
    assertThat(repository.snapshots()).extracting(Snapshot::id).doesNotContain(pruned.snapshot());
    assertThat(pruned.of(Kind.CONVERSATIONS).orElseThrow().count(Sign.GARBLED)).isEqualTo(3);
    assertThat(pruned.kinds()).allMatch(k -> k.examples().isEmpty());
  }

  @Test
  void judge_looserRightsOnSettingsOrATouchedCanary_isSuspicious() throws IOException {
    Path canary = Files.writeString(active.resolve(".dr-canary"), "leave me alone");
    backUp(Purpose.SCHEDULED);
    clock.advance(Duration.ofDays(1));
    Files.setPosixFilePermissions(
        settings, java.nio.file.attribute.PosixFilePermissions.fromString("rw-rw-rw-"));
    Files.delete(canary);
    backUp(Purpose.MANUAL);

    List<String> sentences = suspicious().stream()
        .flatMap(v -> v.reasons().stream())
        .map(CleanRecoveryPoint.Reason::sentence)
        .toList();
    assertThat(sentences).hasSize(3);
    assertThat(Set.copyOf(sentences)).anyMatch(s -> s.contains("more users"));
    assertThat(Set.copyOf(sentences)).anyMatch(s -> s.contains("nobody has a reason to touch"));
  }

  private void encrypt(Path file, int length, int every) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    byte[] noise = new byte[bytes.length];
    random.nextBytes(noise);
    for (long from = 0; from < bytes.length; from += (long) length * every) {
      int count = (int) Math.min(length, bytes.length - from);
      System.arraycopy(noise, (int) from, bytes, (int) from, count);
    }
    Files.write(file, bytes);
  }
}
