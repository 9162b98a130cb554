package com.personalaichatbot.dr.core.internal.recovery.scenario;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.internal.recovery.run.StepFailedException;
import com.personalaichatbot.dr.core.internal.recovery.run.StepRun;
import com.personalaichatbot.dr.core.internal.store.Directories;
import com.personalaichatbot.dr.core.recovery.runbook.HookKind;
import com.personalaichatbot.dr.core.recovery.runbook.RunStoppedException;
import com.personalaichatbot.dr.core.recovery.runbook.Runbook;
import com.personalaichatbot.dr.core.recovery.runbook.Scenario;
import com.personalaichatbot.dr.core.recovery.runbook.Step;
import com.personalaichatbot.dr.core.recovery.runbook.TemporaryFiles;
import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.HealthCheck;
import com.personalaichatbot.dr.health.Severity;
import com.personalaichatbot.dr.health.Status;
import com.personalaichatbot.dr.health.ValidationReport;
import com.personalaichatbot.dr.health.check.CpuCheck;
import com.personalaichatbot.dr.health.check.DiskCheck;
import com.personalaichatbot.dr.health.check.MemoryCheck;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Scenario 1: the process is gone, hangs, or answers with errors; the data is whole. */
final class ProcessFailure {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final int TAIL = 1 << 20;
  private static final Pattern ERROR = Pattern.compile("\\b(ERROR|CRITICAL|FATAL|SEVERE)\\b");
  private static final Duration LEFT_ALONE = Duration.ofHours(24);

  private ProcessFailure() {}

  static Runbook runbook() {
    Scenario scenario = Scenario.PROCESS_FAILURE;
    return ScenarioSteps.runbook(
        scenario,
        List.of(
            Restarts.allowed(),
            Step.parallel(
                    "look",
                    "Tell the team, and look at log and resources",
                    List.of(ScenarioSteps.notifyTeam(scenario), lookAtLog(), checkResources()))
                .timeout(MINUTE)
                .build(),
            ApplicationSteps.stop(),
            clearTemporaryFiles(),
            checkData(),
            ApplicationSteps.start(run -> {}),
            ValidationSteps.tests(),
            ApplicationSteps.verify()));
  }

  private static Step lookAtLog() {
    Step.Action look = context -> lookAtLog(StepRun.of(context));
    return Step.check("look-at-log", "Look at the application log", look)
        .byHand("Look at the end of logs/app.log, and follow it while the application starts.")
        .preview(look)
        .onFailure(Step.OnFailure.SKIP)
        .timeout(MINUTE)
        .build();
  }

  private static String lookAtLog(StepRun run) throws IOException {
    Path log = null;
    for (Path directory : List.of(logDirectory(run), run.data().resolve("logs"))) {
      log = newest(directory);
      if (log != null) {
        break;
      }
    }
    if (log == null) {
      return "There is no log.";
    }
    // What is in the lines may be a secret: they are counted, and the file is named.
    long errors = 0;
    String[] lines = tail(log).split("\n");
    int lastError = -1;
    for (int i = 0; i < lines.length; i++) {
      if (ERROR.matcher(lines[i]).find()) {
        errors++;
        lastError = lines.length - 1 - i;
      }
    }
    run.detail("errors", Long.toString(errors));
    run.detail("lastWritten", Files.getLastModifiedTime(log).toString());
    run.note("The log is " + log + ".");
    return errors == 0
        ? "No error in the last " + lines.length + " lines of the log."
        : errors + " errors in the last " + lines.length + " lines of the log, the last one "
            + lastError + " lines before its end.";
  }

  private static Path logDirectory(StepRun run) {
    return run.components().stream()
        .filter(c -> c.kind() == Kind.LOGS)
        .map(Component::source)
        .map(s -> s.path())
        .findFirst()
        .orElse(run.data().resolve("logs"));
  }

  /** The application's own log, or the one written last. */
  private static Path newest(Path directory) throws IOException {
    Path newest = null;
    try {
      for (Path log : Directories.list(directory)) {
        if (!log.toString().endsWith(".log")) {
          continue;
        }
        if (log.endsWith("app.log") && Directories.isRegularFile(log)) {
          return log;
        }
        boolean later = newest == null
            || Files.getLastModifiedTime(log).compareTo(Files.getLastModifiedTime(newest)) > 0;
        newest = later && Directories.isRegularFile(log, LinkOption.NOFOLLOW_LINKS) ? log : newest;
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return null;
    }
    return newest;
  }

  private static String tail(Path log) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(log)) {
      channel.position(Math.max(0, channel.size() - TAIL));
      ByteBuffer bytes = ByteBuffer.allocate(TAIL);
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
        continue;
      }
      return new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1);
    }
  }

  private static Step checkResources() {
    Step.Action look = context -> checkResources(StepRun.of(context));
    return Step.check("check-resources", "Verify the system's resources", look)
        .byHand("Run the health check: disk, memory and processor.")
        .preview(look)
        .onFailure(Step.OnFailure.SKIP)
        .timeout(MINUTE)
        .build();
  }

  private static String checkResources(StepRun run) throws Exception {
    Map<String, HealthCheck> checks = new LinkedHashMap<>();
    checks.put("disk", DiskCheck.of(run.data()));
    checks.put("memory", MemoryCheck.create());
    checks.put("cpu", CpuCheck.create());
    int wrong = 0;
    for (Map.Entry<String, HealthCheck> one : checks.entrySet()) {
      CheckResult result = one.getValue().check();
      run.detail(one.getKey(), result.status().name());
      if (result.status() == Status.DOWN || result.status() == Status.DEGRADED) {
        wrong++;
        run.note(one.getKey() + ": " + result.description() + ". " + result.action());
      }
    }
    return wrong == 0 ? "Disk, memory and processor are well." : wrong + " of 3 are not well.";
  }

  private static Step clearTemporaryFiles() {
    return Step.action(
            "clear-temporary-files",
            HookKind.CLEAR_TEMPORARY_FILES.title(),
            context -> clear(StepRun.of(context)))
        .byHand("Remove personal-ai-chatbot-* in the temporary directory, where no process of"
            + " the application uses it any more.")
        .onFailure(Step.OnFailure.SKIP)
        .timeout(Duration.ofMinutes(5))
        .build();
  }

  private static String clear(StepRun run) throws Exception {
    if (run.setup().hooks().has(HookKind.CLEAR_TEMPORARY_FILES)) {
      run.hook(HookKind.CLEAR_TEMPORARY_FILES);
      return "The application's hook has done it.";
    }
    TemporaryFiles.Cleared cleared = TemporaryFiles.ofChatbot(run.clock()).clear(LEFT_ALONE);
    cleared.left().forEach(run::note);
    run.detail("removed", Integer.toString(cleared.removed().size()));
    return cleared.removed().size() + " were removed, " + cleared.left().size() + " left.";
  }

  /** A restart on damaged data would make it worse: that is another scenario. */
  private static Step checkData() {
    Step.Action look = context -> {
      StepRun run = StepRun.of(context);
      ValidationReport report = run.setup().validator().validate(run.data());
      if (report.count(Severity.ERROR) > 0) {
        try {
          DataSteps.validate(run, report);
        } catch (StepFailedException e) {
          throw new RunStoppedException(
              "The data is not whole: " + e.getMessage()
                  + " This is no process failure: run dr recover data-corruption or dr recover configuration-loss.");
        }
      }
      return "Configuration and conversations are whole.";
    };
    return Step.check("check-data", "See that the data is whole", look)
        .byHand("Validate configuration and conversations; if they are damaged, do not start.")
        .preview(look)
        .timeout(Duration.ofMinutes(10))
        .build();
  }
}
