package com.personalaichatbot.dr.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The scripts for completion, loaded into a real bash. */
class CompletionTest {
  @TempDir
  private Path directory;

  private Tool tool;

  @BeforeEach
  void setUp() throws IOException {
    tool = new Tool(directory);
    tool.environment.clear();
  }

  @ParameterizedTest
  @CsvSource({
    "dr snap, snapshots",
    "dr validate-, validate-config validate-security",
    "dr prune --keep-w, --keep-weekly --keep-within",
    "dr backup --password, --password-command",
    "dr key re, remove",
    "dr recover data, data-corruption",
    "dr drill sim, simulation",
    "dr completion z, zsh"
  })
  void bash_beginning_isCompleted(String line, String expected)
      throws IOException, InterruptedException {
    assumeThat(Path.of("/bin/bash")).exists();
    List<String> words = List.of(line.split(" "));
    Path script = Files.writeString(
        directory.resolve("dr_completion"),
        tool.run("completion", "bash").exits(0).out());
    Process bash = new ProcessBuilder(
            "/bin/bash",
            "-c",
            "source " + script + "; COMP_WORDS=(" + line + "); COMP_CWORD=" + (words.size() - 1)
                + "; COMP_LINE='" + line + "'; $(complete -p dr | sed 's/.*-F \\([^ ]*\\).*/\\1/')"
                + " dr " + words.get(words.size() - 1) + "; echo ${COMPREPLY[@]}")
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
    String out = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(bash.waitFor()).isZero();
    assertThat(List.of(out.strip().split(" "))).containsExactlyInAnyOrder(expected.split(" "));
  }

  @Test
  void zsh_script_loadsWhatUnderstandsIt() {
    assertThat(tool.run("completion", "zsh").exits(0).out())
        .contains("ZSH_VERSION")
        .contains("bashcompinit")
        .contains("complete -F ");
  }

  @Test
  void completion_shellThatIsNone_isRefused() {
    assertThat(tool.run("completion", "fish").exits(64).err())
        .contains("'fish' is not one of bash and zsh");
    tool.run("completion").exits(64);
  }
}
