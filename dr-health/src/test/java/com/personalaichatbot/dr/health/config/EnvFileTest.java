package com.personalaichatbot.dr.health.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.health.Finding;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class EnvFileTest {

  @TempDir
  Path directory;

  private EnvFile read(String text) throws IOException {
    return EnvFile.read(Files.writeString(directory.resolve(".env"), text));
  }

  private static List<String> codes(EnvFile env) {
    return env.findings().stream().map(f -> f.line() + " " + f.code()).toList();
  }

  private static String value(EnvFile env, String key) {
    return env.entry(key).orElseThrow().value();
  }

  @Test
  void read_plainLines_givesValuesAndLineNumbers() throws Exception {
    EnvFile env = read("# comment\n\nA=1\nB=two words\n_c=a=b#c\nEMPTY=\nD=x # note\n");
    assertThat(env.findings()).isEmpty();
    assertThat(env.entries())
        .extracting(EnvFile.Entry::key)
        .containsExactly("A", "B", "_c", "EMPTY", "D");
    assertThat(value(env, "B")).isEqualTo("two words");
    assertThat(value(env, "_c")).isEqualTo("a=b#c");
    assertThat(value(env, "EMPTY")).isEmpty();
    assertThat(value(env, "D")).isEqualTo("x");
    assertThat(env.entry("B").orElseThrow().line()).isEqualTo(4);
    assertThat(env.entry("b")).isEmpty();
  }

  @Test
  void read_quotes_areRemovedAndUnclosedOnesReported() throws Exception {
    EnvFile env = read("A='x # y'\nB=\"p\" # note\nC=\"open\nD='a' b\nE=''\n");
    assertThat(value(env, "A")).isEqualTo("x # y");
    assertThat(value(env, "B")).isEqualTo("p");
    assertThat(value(env, "E")).isEmpty();
    assertThat(env.entry("C")).isEmpty();
    assertThat(codes(env)).containsExactly("3 ENV_QUOTE", "4 ENV_QUOTE");
  }

  @Test
  void read_oddForms_areReportedWithTheirLine() throws Exception {
    EnvFile env = read("\uFEFFexport A=1\r\nB = 2\r\nnonsense\r\n1X=2\r\nA=3");
    assertThat(codes(env))
        .containsExactly(
            "1 ENV_BOM",
            "1 ENV_CRLF",
            "1 ENV_EXPORT",
            "2 ENV_BLANK",
            "3 ENV_LINE",
            "4 ENV_LINE",
            "5 ENV_DUPLICATE",
            "5 ENV_NO_NEWLINE");
    assertThat(value(env, "A")).isEqualTo("3");
    assertThat(value(env, "B")).isEqualTo("2");
  }

  @Test
  void read_commandSubstitution_isNeitherRunNorExpanded() throws Exception {
    Path trap = directory.resolve("trap");
    EnvFile env = read("A=$(touch " + trap + ")\nB=`id`\nC=${HOME}\nD='$(id)'\nE=$5\n");
    assertThat(trap).doesNotExist();
    assertThat(value(env, "C")).isEqualTo("${HOME}");
    assertThat(codes(env)).containsExactly("1 ENV_EXPANSION", "2 ENV_EXPANSION", "3 ENV_EXPANSION");
  }

  @Test
  void read_hundredMegabytes_isRefusedUnread() throws Exception {
    Path file = directory.resolve(".env");
    try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
      large.setLength(100L << 20);
    }
    assertThat(codes(EnvFile.read(file))).containsExactly("0 ENV_TOO_LARGE");
  }

  @Test
  void read_binary_isReported() throws Exception {
    Path file = directory.resolve(".env");
    Files.write(file, new byte[] {'A', '=', (byte) 0xff, (byte) 0xfe});
    assertThat(codes(EnvFile.read(file))).containsExactly("0 ENV_NOT_TEXT");
    Files.write(file, "A=\0".getBytes(StandardCharsets.US_ASCII));
    assertThat(codes(EnvFile.read(file))).containsExactly("0 ENV_NOT_TEXT");
  }

  @Test
  void read_pipeDirectoryOrNothing_isReportedAndNotOpened() throws Exception {
    Path pipe = directory.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    assertThat(codes(EnvFile.read(pipe))).containsExactly("0 ENV_NOT_A_FILE");
    assertThat(codes(EnvFile.read(directory))).containsExactly("0 ENV_NOT_A_FILE");
    assertThat(codes(EnvFile.read(directory.resolve("gone")))).containsExactly("0 ENV_MISSING");
  }

  @Test
  void texts_neverHoldValues() throws Exception {
    EnvFile env = read("A='s3cret\nB= s3cret\nC=s3cret$(x)\nC=s3cret\ns3cret line\n");
    assertThat(env.findings()).hasSize(5);
    assertThat(env.findings().toString() + env + env.entries())
        .doesNotContain("s3cret")
        .contains("B at line 2");
    assertThat(env.findings()).extracting(Finding::path).containsOnly(env.path());
  }
}
