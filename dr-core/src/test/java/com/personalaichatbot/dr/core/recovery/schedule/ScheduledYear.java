package com.personalaichatbot.dr.core.recovery.schedule;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.personalaichatbot.dr.core.DisasterRecovery;
import com.personalaichatbot.dr.core.checks.RecoveryChecks;
import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.recovery.Recovery;
import com.personalaichatbot.dr.core.recovery.communication.Audience;
import com.personalaichatbot.dr.core.recovery.communication.Channel;
import com.personalaichatbot.dr.core.recovery.communication.Communication;
import com.personalaichatbot.dr.core.recovery.communication.CommunicationPlan;
import com.personalaichatbot.dr.core.recovery.communication.Message;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyStorage;
import com.personalaichatbot.dr.core.testkit.SettableClock;
import com.personalaichatbot.dr.core.testkit.StorageCall;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import com.personalaichatbot.dr.health.HealthMonitor;
import com.personalaichatbot.dr.health.Status;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;

/**
 * A year of an application under the recommended schedule, in a zone with summer time, looked at
 * every ten minutes. The application is small and real, and so are its backups and drills; only the
 * time is not.
 *
 * <p>Conversations are added and settings are changed. In June the machine is off for three days,
 * in September the storage takes and gives nothing for a day, in November the clock falls back to
 * 2020 for five hours. A person confirms each reminder three days later, but forgets the audit of
 * July for seven weeks.
 */
final class ScheduledYear implements AutoCloseable {
  static final int YEAR = 2026;
  static final ZoneId ZONE = ZoneId.of("Europe/Berlin");
  static final LocalDateTime OFF = LocalDateTime.of(YEAR, Month.JUNE, 6, 10, 0);
  static final LocalDateTime ON = LocalDateTime.of(YEAR, Month.JUNE, 9, 10, 0);
  static final LocalDate BROKEN = LocalDate.of(YEAR, Month.SEPTEMBER, 16);
  static final LocalDateTime WRONG = LocalDateTime.of(YEAR, Month.NOVEMBER, 18, 12, 0);
  static final Duration WRONG_FOR = Duration.ofHours(5);
  static final Instant WRONG_TIME = Instant.parse("2020-01-01T00:00:00Z");
  static final LocalDate FORGOTTEN_UNTIL = LocalDate.of(YEAR, Month.AUGUST, 20);

  private static final Duration STEP = Duration.ofMinutes(10);

  /** A run of a job, with the true time at which it was, whatever the clock said. */
  record Run(LocalDateTime time, JobRun run) {
    String job() {
      return run.job();
    }

    boolean passed() {
      return run.passed();
    }
  }

  /** An event, with the true time at which it happened. */
  record Event(LocalDateTime time, String what, String detail) {}

  final List<Run> runs = new ArrayList<>();
  final List<Event> notices = new ArrayList<>();
  final List<Event> findings = new ArrayList<>();
  private final List<Fault> planted = new ArrayList<>();
  int faults;

  private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());
  private final Path data;
  private final Path state;
  private final SettableClock clock;
  private final FaultyStorage storage = FaultyStorage.over(new MemoryStorage());
  private final BackupRepository repository;
  private final DisasterRecovery application;
  private final Recovery recovery;
  private final Communication communication;
  private HealthMonitor health;
  private Schedule schedule;
  private Instant now = LocalDate.of(YEAR, 1, 1).atStartOfDay(ZONE).toInstant();
  private int conversations;

  ScheduledYear() throws IOException {
    Path root = Files.createDirectory(files.getPath("/year"));
    data = root.resolve("data");
    state = root.resolve("state");
    clock = SettableClock.at(now);
    writeData();
    try (RootKey key = TestKeys.root()) {
      repository = BackupRepository.builder(storage)
          .clock(clock)
          .state(state)
          .fileSystem(files)
          .host("chatbot")
          .executor(Runnable::run, 1)
          .create(key);
    }
    application = DisasterRecovery.of(repository, components());
    recovery = application.recovery().data(data).scratch(root).build();
    communication = application.communication(planWithChannels(), Runnable::run);
    schedule = newSchedule();
    health = register();
  }

  private static CommunicationPlan plan() {
    return CommunicationPlan.recommended();
  }

  private CommunicationPlan planWithChannels() {
    CommunicationPlan plan = plan();
    for (Audience audience : Audience.values()) {
      plan = plan.withChannels(audience, List.of(channel("chat"), channel("mail")));
    }
    return plan.withRestrictedChannels(Audience.SECURITY, List.of(channel("chat")));
  }

  private Channel channel(String name) {
    return new Channel() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public void send(Message message) {
        notices.add(new Event(local(), message.subject(), name));
      }

      @Override
      public boolean equals(Object other) {
        return other instanceof Channel that && that.name().equals(name);
      }

      @Override
      public int hashCode() {
        return name.hashCode();
      }
    };
  }

  private Schedule newSchedule() {
    return application
        .schedule()
        .recovery(recovery)
        .communication(communication)
        .rhythm("configuration", Recurrence.every(Duration.ofDays(7)))
        .zone(ZONE)
        .quietHours(LocalTime.of(8, 0), LocalTime.of(18, 0))
        .executor(Runnable::run)
        .listener(this::heard)
        .build();
  }

  private HealthMonitor register() {
    HealthMonitor monitor = HealthMonitor.builder().clock(clock).build();
    return RecoveryChecks.of(repository, List.of()).schedule(schedule).register(monitor);
  }

  private void heard(JobRun run) {
    runs.add(new Run(local(), run));
  }

  private LocalDateTime local() {
    return LocalDateTime.ofInstant(now, ZONE);
  }

  private List<Component> components() {
    return List.of(
        Component.at("config", Kind.CONFIG, data.resolve("config")),
        Component.at("secrets", Kind.SECRETS, data.resolve(".env")),
        Component.at("conversations", Kind.CONVERSATIONS, data.resolve("conversations")),
        Component.at("logs", Kind.LOGS, data.resolve("logs")));
  }

  private void writeData() throws IOException {
    for (String directory : List.of("config", "conversations/active", "logs", "state")) {
      Files.createDirectories(data.resolve(directory));
    }
    Files.writeString(
        data.resolve(".env"),
        "OPENROUTER_API_KEY=sk-or-v1-0123456789abcdefghijklmnopqrstuvwxyzABCD\nAPP_HOST=127.0.0.1\n"
            + "APP_PORT=7860\nLOG_LEVEL=INFO\nMAX_TOKENS=4096\n"
            + "SECRET_KEY=secret-0123456789abcdefghijklmnop\n"
            + "ENCRYPTION_KEY=encryption-ponmlkjihgfedcba9876543210\n");
    changeSettings(7860);
    converse();
  }

  private void changeSettings(int port) throws IOException {
    Files.writeString(data.resolve("config/app_config.json"), """
        {"app": {"name": "chatbot", "port": %d},
         "data": {"data_dir": "data", "config_dir": "data/config", "logs_dir": "data/logs"},
         "security": {}}
        """.formatted(port));
  }

  private void converse() throws IOException {
    String id = String.format("00000000-0000-4000-8000-%012d", ++conversations);
    Files.writeString(data.resolve("conversations/active/" + id + ".json"), """
        {"id": "%s", "title": "t",
         "messages": [{"role": "user", "content": "hello", "timestamp": "2026-01-01T08:01:15.000000"}],
         "created_at": "2026-01-01T08:01:15.000000", "updated_at": "2026-01-01T08:01:15.000000"}
        """.formatted(id));
  }

  /** Lives through it. */
  void live() throws IOException {
    Instant end = LocalDate.of(YEAR, 1, 1)
        .plusDays(Integer.getInteger("dr.days", 365))
        .atStartOfDay(ZONE)
        .toInstant();
    LocalDate day = LocalDate.MIN;
    while (now.isBefore(end)) {
      LocalDateTime local = local();
      clock.set(
          isWrong(local)
              ? WRONG_TIME.plus(Duration.between(WRONG.atZone(ZONE), now.atZone(ZONE)))
              : now);
      if (local.isBefore(OFF) || !local.isBefore(ON)) {
        if (!local.toLocalDate().equals(day)) {
          day = local.toLocalDate();
          faults += planted.stream().mapToInt(Fault::count).sum();
          planted.clear();
          storage.heal();
          if (day.equals(BROKEN)) {
            for (StorageCall call : StorageCall.values()) {
              planted.add(storage.fail(call));
            }
          }
        }
        happen(local);
        if (local.equals(ON)) {
          schedule.close();
          health.close();
          schedule = newSchedule();
          health = register();
        }
        schedule.runDue();
        if (local.getMinute() == 0 && local.getHour() % 12 == 7) {
          look();
        }
      }
      now = now.plus(STEP);
    }
    storage.heal();
  }

  private static boolean isWrong(LocalDateTime local) {
    return !local.isBefore(WRONG) && local.isBefore(WRONG.plus(WRONG_FOR));
  }

  /** What people and the application do at a time. */
  private void happen(LocalDateTime local) throws IOException {
    LocalTime time = local.toLocalTime();
    LocalDate date = local.toLocalDate();
    if (time.equals(LocalTime.of(12, 0))) {
      Path log = data.resolve("logs/app-" + date + ".log");
      Files.writeString(log, "INFO a day\nERROR once\n");
      Files.setLastModifiedTime(log, FileTime.from(now));
      if (date.getDayOfWeek() == DayOfWeek.WEDNESDAY) {
        converse();
      }
      for (JobState state : schedule.states()) {
        boolean forgotten = state.job().name().equals("system-audit")
            && date.getMonthValue() >= 7
            && date.isBefore(FORGOTTEN_UNTIL);
        if (state
                .openSince()
                .filter(s -> s.isBefore(now.minus(Duration.ofDays(3))))
                .isPresent()
            && !forgotten) {
          schedule.confirm(state.job().name(), "J. Doe");
        }
      }
    }
    if (time.equals(LocalTime.of(11, 10)) && date.getDayOfMonth() == 10) {
      changeSettings(7860 + date.getMonthValue());
    }
    if (time.equals(LocalTime.of(9, 30))
        && date.equals(date.with(TemporalAdjusters.firstInMonth(DayOfWeek.TUESDAY)))) {
      application.backUp(Purpose.PRE_CHANGE);
    }
  }

  private void look() {
    health.check().checks().stream()
        .filter(state -> state.latest().status() != Status.UP)
        .forEach(state -> findings.add(new Event(
            local(),
            "`" + state.name() + "` " + state.latest().code(),
            state.latest().description())));
  }

  List<String> jobs() {
    return schedule.jobs().stream().map(Job::name).toList();
  }

  int logs() throws IOException {
    try (var files = Files.list(data.resolve("logs"))) {
      return (int) files.count();
    }
  }

  @Override
  public void close() throws IOException {
    schedule.close();
    health.close();
    recovery.close();
    application.close();
    files.close();
  }
}
