package com.personalaichatbot.dr.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import com.personalaichatbot.dr.crypto.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The application as a named module: nothing of it, nor of what it needs, is on a class path. */
@EnabledOnOs({OS.LINUX, OS.MAC})
@Timeout(60)
class ModulePathTest {
  private static final String MODULE = "com.personalaichatbot.dr.examples.embedding";
  private static final String PATH = System.getProperty("java.class.path");
  private static final String PASSPHRASE = "a passphrase of the tests";

  @TempDir
  private Path directory;

  @BeforeEach
  void makeShelf() throws IOException {
    Files.createDirectory(shelf());
  }

  private Path shelf() {
    return directory.resolve("shelf");
  }

  private Path repository() {
    return directory.resolve("repository");
  }

  @Test
  void main_asAModule_bringsBackWhatIsDamaged() throws Exception {
    assertThat(run("flour 3 sugar 1")).contains("Still damaged: []");
    Files.writeString(shelf().resolve("flour"), "?");

    assertThat(run("sugar 2")).contains("Still damaged: []");

    assertThat(shelf().resolve("flour")).hasContent("3");
    assertThat(shelf().resolve("sugar")).hasContent("2");
  }

  @Test
  void main_signalled_backsUpOnItsWayOut() throws Exception {
    Process process = start();
    process.getOutputStream().write("flour 3\n".getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
    Path flour = shelf().resolve("flour");
    while (process.isAlive() && !Files.exists(flour)) {
      Thread.onSpinWait();
    }
    process.toHandle().destroy();
    String said = output(process);
    assertThat(process.waitFor()).as(said).isEqualTo(143);

    try (Secret passphrase = Secret.ofPassphrase(PASSPHRASE.toCharArray());
        BackupRepository repository =
            BackupRepository.builder(LocalStorage.at(repository())).open(passphrase)) {
      assertThat(repository.snapshots())
          .extracting(Snapshot::purpose, Snapshot::files)
          .containsExactly(tuple(Purpose.SHUTDOWN, 1L));
    }
  }

  private String run(String input) throws Exception {
    Process process = start();
    process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    String output = output(process);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  private static String output(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private Process start() throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder builder = new ProcessBuilder(
        java,
        "--module-path",
        PATH,
        "--module",
        MODULE + "/" + MODULE + ".Main",
        shelf().toString(),
        repository().toString());
    builder.environment().clear();
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.environment().put("PANTRY", PASSPHRASE);
    return builder.redirectErrorStream(true).start();
  }
}
