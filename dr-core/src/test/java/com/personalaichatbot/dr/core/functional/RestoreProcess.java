package com.personalaichatbot.dr.core.functional;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Restores with fewer rights than the tests have. To be run by a tool that takes them away. */
final class RestoreProcess {
  private RestoreProcess() {}

  /** Starts it behind a command, and returns the lines that it prints; empty if that fails. */
  static List<String> run(List<String> before, Path data, Path target)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(before);
    command.addAll(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        System.getProperty("java.class.path"),
        RestoreProcess.class.getName(),
        data.toString(),
        target.toString()));
    Process process = new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() == 0 ? said.lines().toList() : List.of();
  }

  /** Whether a command of the system works here. */
  static boolean works(String... command) throws IOException, InterruptedException {
    try {
      Process process = new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Backs a directory up, restores it to another, restores it in place after a file of each
   * directory was deleted, and undoes that.
   *
   * @param args the data, and where it is restored to
   */
  public static void main(String[] args) throws IOException {
    Path data = Path.of(args[0]);
    try (RootKey root = TestKeys.root();
        BackupRepository repository =
            BackupRepository.builder(new MemoryStorage()).host("host").create(root)) {
      repository.backUp(
          List.of(Component.directory("data", Kind.CUSTOM, data)),
          BackupOptions.of(Purpose.MANUAL));
      RestoreRequest to = RestoreRequest.to(Selector.LATEST, Path.of(args[1]));
      say("to", repository.restore(repository.planRestore(to), List.of()));
      Path restored = Path.of(args[1]).resolve("data");
      Files.writeString(restored.resolve("two"), "changed");
      RestoreRequest inPlace =
          RestoreRequest.inPlace(Selector.LATEST).withPlace("data", restored).withDeleteExtra();
      say("in place", repository.restore(repository.planRestore(inPlace), List.of()));
      say("undo", repository.undo(List.of()));
      say("again", repository.restore(repository.planRestore(inPlace), List.of()));
      repository.discardUndo();
    }
  }

  private static void say(String verb, RestoreReport report) {
    System.out.println(verb + ": " + report.status());
    report.failures().forEach(f -> System.out.println("failed " + f.path() + ": " + f.reason()));
    report.notes().forEach(note -> System.out.println("note " + note));
  }
}
