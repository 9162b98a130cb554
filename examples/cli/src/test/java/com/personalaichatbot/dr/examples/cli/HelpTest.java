package com.personalaichatbot.dr.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;

/** Help, and what is said to somebody who mistyped something. */
class HelpTest {
  @TempDir
  private Path directory;

  private Tool tool;

  @BeforeEach
  void setUp() throws IOException {
    tool = new Tool(directory);
    tool.environment.clear();
  }

  private static Map<String, CommandLine> commands() {
    ByteArrayOutputStream nowhere = new ByteArrayOutputStream();
    Interruption interruption = new Interruption(Thread.currentThread());
    return new CommandLine(new Dr(Map.of(), nowhere, nowhere, interruption)).getSubcommands();
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 55, 80, 100, 300})
  void help_anyWidth_fitsAndLacksNothing(int columns) {
    tool.environment.put("COLUMNS", String.valueOf(columns));
    int width = Math.min(TerminalWidth.MAX, Math.max(TerminalWidth.MIN, columns));
    commands().forEach((name, command) -> {
      String help = tool.run("help", name).exits(0).out();

      assertThat(help.lines()).allMatch(line -> line.length() <= width);
      List<String> texts =
          new ArrayList<>(List.of(command.getCommandSpec().usageMessage().description()));
      for (ArgSpec argument : command.getCommandSpec().args()) {
        if (!argument.hidden()) {
          texts.addAll(List.of(argument.description()));
          texts.add(argument.arity().max() > 0 ? argument.paramLabel() : "");
        }
      }
      String read = help.replaceAll("\\s+", "");
      texts.forEach(text -> assertThat(read).contains(text.replaceAll("\\s+", "")));
    });
    assertThat(tool.run("--help").exits(0).out().lines())
        .allMatch(line -> line.length() <= width)
        .anyMatch(line -> line.length() > width * 3 / 4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "wide", "99999999999"})
  void help_columnsThatAreNoNumber_areNotCounted(String columns) {
    assertThat(TerminalWidth.ofHelp(Map.of("COLUMNS", columns)))
        .isEqualTo(TerminalWidth.ofHelp(Map.of()));
  }

  @Test
  void help_ofACommand_isItsHelp() {
    assertThat(tool.run("help", "prune").exits(0).out())
        .isEqualTo(tool.run("prune", "--help").exits(0).out())
        .startsWith("Usage: dr prune ");
    assertThat(tool.run("help").exits(0).out())
        .isEqualTo(tool.run("--help").exits(0).out())
        .contains("\n  help ");
    assertThat(tool.run("help", "help").exits(0).out()).startsWith("Usage: dr help ");
  }

  @ParameterizedTest
  @CsvSource({
    "snapshot, 'snapshots'",
    "resotre latest, 'restore'",
    "BACKUP, 'backup'",
    "help prun, 'prune'",
    "valid, 'validate-config or validate-security'"
  })
  void run_mistypedCommand_isToldWhichWasMeant(String line, String meant) throws IOException {
    Tool.Result result = tool.run(line.split(" ")).exits(64);

    assertThat(result.err())
        .contains("' is no command\n")
        .endsWith("\nDid you mean " + meant + "? See dr --help.\n");
    assertThat(result.err().lines()).hasSize(2);
    assertThat(result.out()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "snapshots --jsn, --json, snapshots",
    "snapshots --pasphrase-file=x, --passphrase-file, snapshots",
    "prune --keep-weeks 3, --keep-weekly, prune",
    "prune --dryrun, --dry-run, prune"
  })
  void run_mistypedOption_isToldWhichWasMeant(String line, String meant, String command) {
    assertThat(tool.run(line.split(" ")).exits(64).err())
        .contains("Unknown option")
        .endsWith("\nDid you mean " + meant + "? See dr " + command + " --help.\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"xyzzy", "help xyzzy", "snapshots --xyzzy", "snapshots --x"})
  void run_nothingLikeIt_guessesNothing(String line) {
    assertThat(tool.run(line.split(" ")).exits(64).err())
        .doesNotContain("Did you mean")
        .contains("\nSee dr ");
  }

  @Test
  void run_mistypedCommandAndJson_saysItInTheAction() throws IOException {
    assertThat(tool.run("snapshot", "--json")
            .exits(64)
            .json()
            .get("error")
            .get("action")
            .asText())
        .isEqualTo("Did you mean snapshots? See dr --help.");
  }
}
