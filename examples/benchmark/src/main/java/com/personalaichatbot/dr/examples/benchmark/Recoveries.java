package com.personalaichatbot.dr.examples.benchmark;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.recovery.Recovery;
import com.personalaichatbot.dr.core.recovery.report.RecoveryReport;
import com.personalaichatbot.dr.core.recovery.runbook.ApplicationHooks;
import com.personalaichatbot.dr.core.recovery.runbook.HookKind;
import com.personalaichatbot.dr.core.recovery.runbook.Operator;
import com.personalaichatbot.dr.core.recovery.runbook.RunListener;
import com.personalaichatbot.dr.core.recovery.runbook.RunMessage;
import com.personalaichatbot.dr.core.recovery.runbook.RunOptions;
import com.personalaichatbot.dr.core.recovery.runbook.RunPlan;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.recovery.runbook.Runbook;
import com.personalaichatbot.dr.core.recovery.runbook.Scenario;
import com.personalaichatbot.dr.core.recovery.runbook.Step;
import com.personalaichatbot.dr.core.recovery.runbook.StepReport;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.io.file.PathUtils;

/**
 * Measures recoveries in a process that is warm: from the detection until everything was verified,
 * until the first notice, and how long it takes to read a journal of 10,000 lines.
 *
 * <p>Arguments: a data directory of the original application's layout, how many rounds, and a
 * directory for everything that is written, which must not be there.
 */
public final class Recoveries {
  private static final int STEPS = 4999;

  private final Path data;
  private final Path original;
  private final BackupRepository repository;
  private final Path state;
  private long noticed;

  private Recoveries(Path original, Path work, RootKey key) throws IOException {
    this.original = original;
    this.data = work.resolve("data");
    this.state = work.resolve("state");
    this.repository = BackupRepository.builder(LocalStorage.at(work.resolve("repository")))
        .state(state)
        .create(key);
  }

  /** Runs it; see the class comment for the arguments. */
  public static void main(String[] args) throws Exception {
    Path work = Path.of(args[2]);
    try (RootKey key = TestKeys.root()) {
      Recoveries recoveries = new Recoveries(Path.of(args[0]), Files.createDirectories(work), key);
      try {
        recoveries.run(Integer.parseInt(args[1]));
      } finally {
        recoveries.repository.close();
        PathUtils.deleteDirectory(work);
      }
    }
  }

  private void run(int rounds) throws Exception {
    PathUtils.copyDirectory(original, data);
    repository.backUp(components(), BackupOptions.of(Purpose.SCHEDULED));
    repository.verify(VerifyOptions.readAll());
    for (int round = 0; round < rounds; round++) {
      for (Scenario scenario : List.of(Scenario.DATA_CORRUPTION, Scenario.HARDWARE_FAILURE)) {
        damage(scenario);
        measure(scenario);
      }
    }
    readJournal(rounds);
  }

  private List<Component> components() {
    return List.of(
        Component.at("config", Kind.CONFIG, data.resolve("config")),
        Component.at("secrets", Kind.SECRETS, data.resolve(".env")),
        Component.at("conversations", Kind.CONVERSATIONS, data.resolve("conversations")),
        Component.at("logs", Kind.LOGS, data.resolve("logs")),
        Component.at("state", Kind.STATE, data.resolve("state")));
  }

  /** All of it, or every hundredth conversation. */
  private void damage(Scenario scenario) throws IOException {
    if (scenario == Scenario.HARDWARE_FAILURE) {
      PathUtils.deleteDirectory(data);
      return;
    }
    List<Path> conversations;
    try (Stream<Path> files = Files.walk(data.resolve("conversations"))) {
      conversations = files.filter(Files::isRegularFile).sorted().toList();
    }
    for (int i = 0; i < conversations.size(); i += 100) {
      Files.writeString(conversations.get(i), "{\"id\": ");
    }
  }

  private Recovery.Builder recovery() {
    RunListener notices = new RunListener() {
      @Override
      public void changed(RunReport run) {}

      @Override
      public String tell(RunMessage notice) {
        noticed = noticed == 0 ? System.nanoTime() : noticed;
        return "told";
      }
    };
    ApplicationHooks hooks = ApplicationHooks.none();
    for (HookKind kind : HookKind.values()) {
      hooks = hooks.with(kind, Duration.ofMinutes(1), call -> {});
    }
    return Recovery.builder(repository)
        .components(components())
        .data(data)
        .state(state)
        .hooks(hooks)
        .listener(notices)
        .operator(Operator.ASSUME_YES);
  }

  private void measure(Scenario scenario) throws IOException {
    try (Recovery recovery = recovery().build()) {
      RunPlan plan = recovery.plan(scenario, RunOptions.none());
      noticed = 0;
      long processors = processors();
      long began = System.nanoTime();
      RunReport report = recovery.run(plan);
      long took = System.nanoTime() - began;
      long cost = processors() - processors;
      if (report.status() != RunStatus.RECOVERED) {
        throw new IllegalStateException(report.toString());
      }
      String page = RecoveryReport.of(report).html();
      System.out.printf(
          "%-18s %6.2f s, %6.2f s on processors, first notice after %4d ms, report %d KB; %s%n",
          scenario.id(),
          took / 1e9,
          cost / 1e9,
          Duration.ofNanos(noticed - began).toMillis(),
          page.length() / 1000,
          longest(report));
    }
  }

  private static long processors() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static String longest(RunReport report) {
    return report.steps().stream()
        .sorted(Comparator.comparing(StepReport::duration).reversed())
        .limit(6)
        .map(step -> step.id() + " " + step.duration().toMillis())
        .toList()
        .toString();
  }

  private void readJournal(int rounds) throws IOException {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < STEPS; i++) {
      steps.add(Step.action("step-" + i, "Step " + i, context -> "It is done.")
          .timeout(Duration.ofMinutes(1))
          .build());
    }
    Runbook runbook = Runbook.of("many", "Many steps", "1", steps);
    PathUtils.deleteDirectory(state.resolve(repository.id()).resolve("recovery"));
    try (Recovery recovery = recovery().runbook(runbook).build()) {
      recovery.run(recovery.plan("many", RunOptions.none()));
      for (int round = 0; round < 3 * rounds; round++) {
        long processors = processors();
        long began = System.nanoTime();
        int lines = recovery.history().get(0).steps().size() * 2 + 2;
        System.out.printf(
            "journal of %d lines read in %d ms, %d ms on processors%n",
            lines,
            Duration.ofNanos(System.nanoTime() - began).toMillis(),
            Duration.ofNanos(processors() - processors).toMillis());
      }
    }
  }
}
