package com.personalaichatbot.dr.core.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.internal.scan.TargetDirectories;
import com.personalaichatbot.dr.core.recovery.runbook.RunListener;
import com.personalaichatbot.dr.core.recovery.runbook.RunMessage;
import com.personalaichatbot.dr.core.recovery.runbook.RunOptions;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.recovery.runbook.Scenario;
import com.personalaichatbot.dr.core.recovery.runbook.StepStatus;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A run that is cut off between any two lines of its journal, before and after the step in between
 * had its effect, ends the same when it is resumed.
 */
class CrashResumeTest {

  @TempDir
  Path temp;

  /** All there is of a world: files, repository, and whether the application runs. */
  private record World(Path files, MemoryStorage storage, boolean running, long underWay) {}

  private LivingApplication application;
  private final List<World> worlds = new ArrayList<>();

  @ParameterizedTest
  @EnumSource(Scenario.class)
  void resume_cutOffAnywhere_endsTheSame(Scenario scenario) throws Exception {
    MemoryStorage storage = new MemoryStorage();
    Path root = Files.createDirectory(temp.resolve("world"));
    application = new LivingApplication(root, storage);
    RunOptions options = prepare(scenario);
    RunReport whole;
    try (Recovery recovery = application.recovery().listener(recorder(storage)).build()) {
      whole = recovery.run(recovery.plan(scenario, options));
    }
    assertThat(whole.status()).as(LivingApplication.failures(whole)).isEqualTo(RunStatus.RECOVERED);
    Map<String, String> end = application.content();
    application.close();
    assertThat(worlds).hasSizeGreaterThan(2 * Recovery.builtIn(scenario).steps().size() - 2);

    for (int line = 0; line < worlds.size() - 1; line++) {
      resumeIn(worlds.get(line), worlds.get(line), whole.incident(), end, "after line " + line);
      boolean hadEffect = worlds.get(line + 1).underWay <= worlds.get(line).underWay;
      if (hadEffect) {
        resumeIn(
            worlds.get(line + 1), worlds.get(line), whole.incident(), end, "before line " + line);
      }
    }
  }

  private RunOptions prepare(Scenario scenario) throws Exception {
    Path data = application.data;
    application.start();
    application.backUpAndVerify();
    switch (scenario) {
      case PROCESS_FAILURE -> application.stop();
      case DATA_CORRUPTION -> {
        Files.writeString(LivingApplication.conversation(data, 1), "{");
        Files.delete(LivingApplication.conversation(data, 2));
        LivingApplication.writeConversation(data, 3, "newer");
      }
      case CONFIGURATION_LOSS -> Files.delete(data.resolve(".env"));
      case HARDWARE_FAILURE -> {
        application.stop();
        TargetDirectories.deleteTree(data);
      }
      case SECURITY_BREACH -> {
        Files.writeString(data.resolve("conversations/active/planted.json"), "{}");
        LivingApplication.writeConversation(data, 3, "newer");
        Path renewed = application.root.resolve("renewed.env");
        LivingApplication.writeEnv(renewed, LivingApplication.NEW_KEY, "new");
        return RunOptions.none().withSecrets(renewed).withNewerFiles();
      }
    }
    return RunOptions.none();
  }

  /** Keeps a copy of the world after each line of the journal. */
  private RunListener recorder(MemoryStorage storage) {
    return new RunListener() {
      @Override
      public void changed(RunReport run) {
        try {
          Path copy = temp.resolve("copy-" + worlds.size());
          copy(application.root, copy);
          long underWay = run.steps().stream()
              .filter(step -> step.status() == StepStatus.RUNNING)
              .count();
          worlds.add(new World(copy, storage.crash(), application.isRunning(), underWay));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }

      @Override
      public String tell(RunMessage notice) {
        return "told";
      }
    };
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path one : all.toList()) {
        Files.copy(
            one, to.resolve(from.relativize(one).toString()), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  /** Resumes where everything is as in one world, but the journal as in another. */
  private void resumeIn(
      World world, World journal, String incident, Map<String, String> end, String where)
      throws Exception {
    Path root = application.root;
    TargetDirectories.deleteTree(root);
    copy(world.files, root);
    Path journals = journals(root);
    TargetDirectories.deleteTree(journals);
    copy(journals(journal.files), journals);
    try (RootKey key = TestKeys.root();
        BackupRepository repository = BackupRepository.builder(world.storage.crash())
            .state(root.resolve("state"))
            .executor(Runnable::run, 1)
            .open(key)) {
      if (world.running) {
        application.listen();
      }
      confirmCopied(repository, root);
      try (Recovery recovery = application.recovery(repository).build()) {
        RunReport report = recovery.resume(incident);

        assertThat(report.status())
            .as(where + "\n" + LivingApplication.failures(report))
            .isEqualTo(RunStatus.RECOVERED);
        assertThat(application.content()).as(where).isEqualTo(end);
        assertThat(application.isRunning()).as(where).isTrue();
        assertThat(recovery.history()).last().isEqualTo(report);
      }
    } finally {
      application.stop();
    }
  }

  /** Directories that were copied have other inodes, and a person says that they are the same. */
  private static void confirmCopied(BackupRepository repository, Path root) throws IOException {
    List<Path> unfinished;
    try (Stream<Path> all = Files.walk(root)) {
      unfinished = all.filter(p -> p.getFileName().toString().equals("journal"))
          .filter(p -> p.toString().contains(".dr-restore"))
          .map(p -> p.getParent().getParent().getParent().getParent())
          .distinct()
          .toList();
    }
    for (Path directory : unfinished) {
      repository.confirmRestore(directory);
    }
  }

  private static Path journals(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root.resolve("state"))) {
      return all.filter(p -> p.endsWith("recovery")).findFirst().orElseThrow();
    }
  }
}
