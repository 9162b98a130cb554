package com.personalaichatbot.dr.core.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.DisasterRecovery;
import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.recovery.Recovery;
import com.personalaichatbot.dr.core.recovery.objective.BackupPolicy;
import com.personalaichatbot.dr.core.recovery.runbook.ApplicationHooks;
import com.personalaichatbot.dr.core.recovery.runbook.HookKind;
import com.personalaichatbot.dr.core.recovery.runbook.RunOptions;
import com.personalaichatbot.dr.core.recovery.runbook.RunPlan;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.recovery.runbook.Runbook;
import com.personalaichatbot.dr.core.recovery.runbook.Scenario;
import com.personalaichatbot.dr.core.recovery.runbook.Step;
import com.personalaichatbot.dr.core.recovery.runbook.SuggestedScenario;
import com.personalaichatbot.dr.core.recovery.schedule.Schedule;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.RetentionPolicy;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import com.personalaichatbot.dr.health.Health;
import com.personalaichatbot.dr.health.HealthMonitor;
import com.personalaichatbot.dr.health.ValidationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds docs/recovery.md: its tables are the runbooks, and no requirement line is missing. */
class RecoveryDocumentTest {
  private static final Pattern ROW = Pattern.compile("\\| `([a-z-]+)` \\| ([^|]*) \\|([^|]*)\\|");
  private static final Pattern NUMBER = Pattern.compile("\\d+");

  @TempDir
  Path temp;

  private static String section(Scenario scenario) throws IOException {
    String text = Files.readString(Checkout.DOCS.resolve("recovery.md"));
    int from = text.indexOf("### " + scenario.title() + "\n");
    assertThat(from).as(scenario.title()).isPositive();
    int next = text.indexOf("\n##", from + 1);
    return text.substring(from, next);
  }

  private static List<String> numbers(String text) {
    return NUMBER.matcher(text).results().map(r -> r.group()).toList();
  }

  @Test
  void tables_areTheStepsOfTheRunbooks() throws IOException {
    for (Scenario scenario : Scenario.values()) {
      List<String> shown = new ArrayList<>();
      Matcher row = ROW.matcher(section(scenario));
      while (row.find()) {
        shown.add(row.group(1) + ": " + row.group(2).strip());
      }
      List<String> steps = Recovery.builtIn(scenario).steps().stream()
          .flatMap(s -> Stream.concat(Stream.of(s), s.parts().stream()))
          .map(s -> s.id() + ": " + s.title())
          .toList();
      assertThat(shown).as(scenario.title()).isEqualTo(steps);
    }
  }

  @Test
  void lines14To71_eachHaveAStepOrARuleOfDetection() throws IOException {
    TreeSet<Integer> found = new TreeSet<>();
    for (Scenario scenario : Scenario.values()) {
      String section = section(scenario);
      Matcher symptoms = Pattern.compile("Symptoms \\(([^)]*)\\)").matcher(section);
      assertThat(symptoms.find()).isTrue();
      numbers(symptoms.group(1)).forEach(n -> found.add(Integer.valueOf(n)));
      Matcher row = ROW.matcher(section);
      while (row.find()) {
        numbers(row.group(3)).forEach(n -> found.add(Integer.valueOf(n)));
      }
    }
    assertThat(found)
        .containsExactlyElementsOf(IntStream.rangeClosed(14, 71).boxed().toList());
  }

  /** Stands for the reader's application. */
  private static final class Application {
    private boolean running = true;

    void stop() {
      running = false;
    }

    void start() {
      running = true;
    }

    ValidationReport validate(Path data) {
      return new ValidationReport(List.of());
    }
  }

  @Test
  void use_asTheDocumentShows_recovers() throws Exception {
    Path data = temp.resolve("data");
    Path state = temp.resolve("state");
    Path file = data.resolve("conversations/active/1.json");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "{\"id\": \"1\", \"messages\": []}");
    List<Component> components = List.of(
        Component.directory("conversations", Kind.CONVERSATIONS, data.resolve("conversations")));
    Application chatbot = new Application();
    try (RootKey key = TestKeys.root();
        DisasterRecovery application = DisasterRecovery.builder()
            .components(components)
            .data(data)
            .state(state)
            .repository(new MemoryStorage())
            .rootKey(key)
            .openOrCreate()) {
      application.backUp(Purpose.MANUAL);
      application.verify();
      Files.delete(file);
      use(application, chatbot);
      assertThat(file).exists();
      assertThat(chatbot.running).isTrue();
    }
  }

  private static void use(DisasterRecovery application, Application chatbot) throws Exception {
    // region recover
    Recovery recovery = application
        .recovery()
        .validator(chatbot::validate)
        .hooks(ApplicationHooks.none()
            .with(HookKind.STOP, Duration.ofSeconds(30), call -> chatbot.stop())
            .with(HookKind.START, Duration.ofSeconds(30), call -> chatbot.start()))
        .build();
    for (SuggestedScenario proposal : recovery.propose()) {
      System.out.println(proposal.scenario() + ": " + proposal.reasons());
    }
    RunPlan plan = recovery.plan(Scenario.DATA_CORRUPTION, RunOptions.none());
    System.out.println(plan);
    RunReport report = recovery.run(plan);
    // endregion
    recovery.close();
    assertThat(report.status()).isNotEqualTo(RunStatus.RUNNING);
    assertThat(report.step("restore").orElseThrow().message()).contains("1 created");
  }

  @Test
  void promises_asTheDocumentShows_areLookedAfter() throws Exception {
    Path data = Files.createDirectories(temp.resolve("data/config"));
    Path state = temp.resolve("state");
    List<Component> components = List.of(Component.directory("config", Kind.CONFIG, data));
    try (RootKey key = TestKeys.root();
        Storage medium = new MemoryStorage();
        DisasterRecovery application = DisasterRecovery.builder()
            .components(components)
            .data(data)
            .state(state)
            .repository(new MemoryStorage())
            .rootKey(key)
            .openOrCreate();
        Schedule schedule = application.schedule().build();
        Recovery recovery = application.recovery().build();
        HealthMonitor monitor = HealthMonitor.builder().build()) {
      // region promises
      BackupPolicy policy = BackupPolicy.of(application.components())
          .withSchedule(schedule.jobs(), schedule.zone())
          .withRetention(RetentionPolicy.recommended(), Duration.ofDays(30), Duration.ofDays(90));
      application
          .checks()
          .schedule(schedule)
          .copy(medium, Duration.ofDays(2))
          .policy(policy)
          .objectives(recovery)
          .register(monitor);
      // endregion
      Health health = monitor.check();
      assertThat(health.check("policy").orElseThrow().latest().code())
          .isEqualTo("POLICY_VERIFICATION");
      assertThat(health.check("objectives").orElseThrow().latest().code())
          .isEqualTo("OBJECTIVE_BREACHED");
      assertThat(health.check("copy").orElseThrow().latest().code()).isEqualTo("COPY_MISSING");
    }
  }

  private static long count(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).count();
    }
  }

  @Test
  void insert_asTheDocumentShows_hasTheStepInItsPlace() {
    // region insert
    Runbook corruption = Recovery.builtIn(Scenario.DATA_CORRUPTION)
        .insertAfter(
            "verify-data",
            Step.check("count", "Count the conversations", context -> {
                  long count = count(context.data().resolve("conversations"));
                  context.detail("conversations", Long.toString(count));
                  return count + " conversations.";
                })
                .timeout(Duration.ofMinutes(1))
                .build());
    // endregion
    assertThat(corruption.steps().stream().map(Step::id))
        .containsSubsequence("verify-data", "count", "start");
  }
}
