package com.personalaichatbot.dr.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.personalaichatbot.dr.crypto.Secret;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class PassphraseTest {
  @TempDir
  private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"pässword", "pässword\n", "pässword\r\n"})
  void read_file_isTakenWithoutItsLineEnd(String text) throws IOException {
    Path file = file(text.getBytes(StandardCharsets.UTF_8));

    assertThat(read(file.toString(), Map.of())).isEqualTo("pässword");
    assertThat(read(null, Map.of("DR_PASSPHRASE_FILE", file.toString()))).isEqualTo("pässword");
  }

  @ParameterizedTest
  @ValueSource(strings = {"horse", "horse\n", "horse\r\n", "\uFEFFhorse", "\uFEFFhorse\r\n"})
  void read_markAndLineEnd_areNoPartOfIt_whereverItComesFrom(String text) throws IOException {
    assertThat(read(null, Map.of("DR_PASSPHRASE", text))).isEqualTo("horse");
    assertThat(read(file(text.getBytes(StandardCharsets.UTF_8)).toString(), Map.of()))
        .isEqualTo("horse");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"password", "123456", "qwertyuiop", "Summer2024", "letmein!", "correcthorse", "a"})
  void warning_passphraseOfADictionary_isGiven(String text) {
    try (Secret passphrase = Secret.ofPassphrase(text.toCharArray())) {
      assertThat(PassphraseStrength.warning(passphrase))
          .hasValueSatisfying(warning -> assertThat(warning).contains("seconds"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "correct horse battery staple 7",
        "vK8#pQ2z!mN5",
        "ein langer Satz, den niemand rät"
      })
  void warning_anyOtherPassphrase_isNotGiven(String text) {
    try (Secret passphrase = Secret.ofPassphrase(text.toCharArray())) {
      assertThat(PassphraseStrength.warning(passphrase)).isEmpty();
    }
  }

  @Test
  void read_blanksAndSecondLineEnd_belongToIt() throws IOException {
    assertThat(read(file(" a\tb \n\n".getBytes(StandardCharsets.UTF_8)).toString(), Map.of()))
        .isEqualTo(" a\tb \n");
  }

  @Test
  void read_longestFile_isTaken() throws IOException {
    String longest = "x".repeat(1024);

    assertThat(read(file((longest + "\r\n").getBytes(StandardCharsets.UTF_8)).toString(), Map.of()))
        .isEqualTo(longest);
  }

  @Test
  void read_environment_isTaken() throws IOException {
    assertThat(read(null, Map.of("DR_PASSPHRASE", "horse"))).isEqualTo("horse");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", " \t\n", "a\0b", "a\uFFFDb"})
  void read_noPassphrase_isRefused(String text) throws IOException {
    Path file = file(text.getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> read(file.toString(), Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(file.toString());
    assertThatThrownBy(() -> read(null, Map.of("DR_PASSPHRASE", text)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("DR_PASSPHRASE");
  }

  @Test
  void read_fileThatIsNone_isRefused() throws IOException {
    assertRefused(file(new byte[] {'a', (byte) 0xe9}), "UTF-8");
    assertRefused(file("x".repeat(1025).getBytes(StandardCharsets.UTF_8)), "1024");
    assertRefused(file(new byte[1 << 20]), "1024");
    assertRefused(directory, "cannot be read");
    assertRefused(directory.resolve("missing"), "cannot be read");
  }

  @Test
  void read_noneOrSeveral_isRefused() throws IOException {
    String file = file("horse".getBytes(StandardCharsets.UTF_8)).toString();

    assertThatThrownBy(() -> read(null, Map.of())).hasMessageContaining("no passphrase");
    assertThatThrownBy(() -> read(null, Map.of("DR_PASSPHRASE_FILE", "")))
        .hasMessageContaining("DR_PASSPHRASE_FILE names no file");
    assertThatThrownBy(
            () -> read(null, Map.of("DR_PASSPHRASE_FILE", file, "DR_PASSPHRASE", "horse")))
        .hasMessageContaining("more than one")
        .hasMessageNotContaining("horse");
  }

  @Test
  void read_optionBesideTheEnvironment_optionWins() throws IOException {
    String file = file("horse".getBytes(StandardCharsets.UTF_8)).toString();
    Map<String, String> environment =
        Map.of("DR_PASSPHRASE_FILE", "/nothing/there", "DR_PASSPHRASE", "another");

    assertThat(read(file, environment)).isEqualTo("horse");
  }

  private void assertRefused(Path file, String reason) {
    assertThatThrownBy(() -> read(file.toString(), Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(reason);
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(directory.resolve("passphrase"), bytes);
  }

  @Test
  void read_command_givesItsFirstLine() throws IOException {
    String script = script("printf 'h\\303\\266rse\\r\\nuser: me\\n'");

    assertThat(read(null, script, Map.of())).isEqualTo("hörse");
    assertThat(read(null, "printf 'a \"b\"'", Map.of())).isEqualTo("a \"b\"");
    assertThat(read(null, "printf horse", Map.of("DR_PASSPHRASE", "x"))).isEqualTo("horse");
  }

  @Test
  void read_command_isToldNothingOfTheEnvironment() throws IOException {
    assertThat(read(null, script("env | grep -c '^DR_'; true"), Map.of())).isEqualTo("0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "echo horse; exit 3",
        "exit 1",
        "true",
        "echo",
        "echo; echo horse",
        "printf '\\377horse\\n'",
        "head -c 1100 /dev/zero | tr '\\0' h",
        "yes horse",
        "kill -9 $$"
      })
  void read_commandThatFailsOrPrintsNone_isNamedAndItsOutputNever(String text) throws IOException {
    String script = script(text);

    assertThatThrownBy(() -> read(null, script + " --token=horse", Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--password-command '" + script + "'")
        .hasMessageNotContaining("hor");
  }

  @Test
  void read_commandThatIsNone_isRefused() {
    assertThatThrownBy(() -> read(null, directory.resolve("none") + " horse", Map.of()))
        .hasMessageContaining(directory.resolve("none") + "' cannot be started")
        .hasMessageNotContaining("horse");
    assertThatThrownBy(() -> read(null, " ", Map.of())).hasMessageContaining("names no command");
    assertThatThrownBy(() -> read(null, "pass 'horse", Map.of()))
        .hasMessageContaining("a quote is not closed")
        .hasMessageNotContaining("horse");
    assertThatThrownBy(() -> read("/x", "pass horse", Map.of()))
        .hasMessageContaining("either --passphrase-file or --password-command")
        .hasMessageNotContaining("horse");
  }

  @Test
  @Timeout(20)
  void read_commandWithAChildThatStays_waitsForTheCommandOnly() throws IOException {
    assertThat(read(null, script("sleep 60 & echo horse"), Map.of())).isEqualTo("horse");
  }

  @Test
  @Timeout(20)
  void read_interrupted_endsTheCommand() throws IOException {
    Path begun = directory.resolve("begun");
    String script = script("echo $$ > " + begun + "; exec sleep 60");
    Thread reader = Thread.currentThread();
    Thread interrupter = new Thread(() -> {
      while (!Files.exists(begun)) {
        Thread.onSpinWait();
      }
      reader.interrupt();
    });
    interrupter.start();

    assertThatThrownBy(() -> read(null, script, Map.of()))
        .isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
    long pid = Long.parseLong(Files.readString(begun).strip());
    ProcessHandle.of(pid).ifPresent(command -> command.onExit().join());
  }

  @Test
  void read_nothingNamesOne_aPersonIsAsked() throws IOException {
    Person person = new Person("horse");

    assertThat(read(null, null, Map.of(), person)).isEqualTo("horse");
    assertThat(person.asked).containsExactly("Passphrase: ");
    assertThat(read(null, null, Map.of("DR_PASSPHRASE", "cow"), person)).isEqualTo("cow");
    assertThat(person.asked).hasSize(1);
    assertThat(person.answers).allMatch(typed -> new String(typed).matches("\0+"), "overwritten");
  }

  @Test
  void read_personTypesNone_isRefused() {
    assertThatThrownBy(() -> read(null, null, Map.of(), new Person("")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> read(null, null, Map.of(), new Person((String) null)))
        .hasMessageContaining("no passphrase was typed");
  }

  @Test
  void init_personIsAsked_twiceAndBothHaveToBeTheSame() throws IOException {
    Tool tool = new Tool(directory);
    tool.environment.remove("DR_PASSPHRASE");
    tool.person = new Person("ein langer Satz, den niemand rät", "ein langer Satz");
    assertThat(tool.run("init").exits(64).err())
        .contains("are not the same")
        .doesNotContain("langer");
    assertThat(tool.repository).doesNotExist();

    Person person = new Person("ein langer Satz, x", "ein langer Satz, x", "ein langer Satz, x");
    tool.person = person;
    tool.run("init").exits(0);
    tool.run("snapshots").exits(0);
    assertThat(person.asked)
        .containsExactly("New passphrase: ", "The same again: ", "Passphrase: ");
    tool.run("snapshots", "--json").exits(64);
    assertThat(person.asked).as("a program is not asked").hasSize(3);
  }

  @Test
  void keyPasswd_personIsAsked_forTheOldOnceAndTheNewTwice() throws IOException {
    Tool tool = new Tool(directory).init();
    tool.run("key", "passwd").exits(64);
    tool.environment.remove("DR_PASSPHRASE");
    tool.person = new Person(Tool.PASSPHRASE, "the next of them", "the next of them");

    tool.run("key", "passwd").exits(0);

    tool.person = Prompt.NOBODY;
    tool.run("snapshots", "--password-command", "echo 'the next of them'").exits(0);
    tool.run("snapshots", "--password-command", "echo " + Tool.PASSPHRASE).exits(12);
    Tool.Result failed =
        tool.run("snapshots", "--password-command", "false", "--debug").exits(64);
    assertThat(failed.err()).contains("--password-command 'false' ended with exit code 1");
  }

  /** Types the given lines, one an answer; null is the end of the input. */
  private static final class Person implements Prompt {
    private final List<String> asked = new ArrayList<>();
    private final List<char[]> answers = new ArrayList<>();
    private final Iterator<String> typed;

    Person(String... typed) {
      this.typed = Arrays.asList(typed).iterator();
    }

    @Override
    public boolean isThere() {
      return true;
    }

    @Override
    public Optional<char[]> ask(String question) {
      asked.add(question);
      Optional<char[]> answer = Optional.ofNullable(typed.next()).map(String::toCharArray);
      answer.ifPresent(answers::add);
      return answer;
    }
  }

  private String script(String text) throws IOException {
    Path script = Files.writeString(directory.resolve("manager"), "#!/bin/sh\n" + text + "\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    return script.toString();
  }

  private static String read(String file, Map<String, String> environment) throws IOException {
    return read(file, null, environment);
  }

  private static String read(String file, String command, Map<String, String> environment)
      throws IOException {
    return read(file, command, environment, Prompt.NOBODY);
  }

  private static String read(
      String file, String command, Map<String, String> environment, Prompt person)
      throws IOException {
    OutputStream nowhere = OutputStream.nullOutputStream();
    Dr dr = new Dr(environment, nowhere, nowhere, new Interruption(Thread.currentThread()));
    dr.person = person;
    List<String> line = new ArrayList<>();
    if (file != null) {
      line.addAll(List.of("--passphrase-file", file));
    }
    if (command != null) {
      line.addAll(List.of("--password-command", command));
    }
    new CommandLine(dr)
        .registerConverter(Duration.class, new Durations())
        .parseArgs(line.toArray(String[]::new));
    try (Secret secret = Passphrase.read(dr)) {
      return new String(secret.copyBytes(), StandardCharsets.UTF_8);
    }
  }
}
