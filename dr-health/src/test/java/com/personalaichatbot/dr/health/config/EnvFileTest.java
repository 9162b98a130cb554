package com.personalaichatbot.dr.health.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.health.Finding;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    assertThat(codes(env)).containsExactly("5 ENV_HASH");
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
            "4 ENV_NAME",
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

  @Test
  void read_quotedValueOfSeveralLines_isOneValue() throws Exception {
    EnvFile env =
        read("K=\"-----BEGIN KEY-----\nab=c\n\n-----END KEY-----\" # note\nL='a\r\nb'\nM=1\n");
    assertThat(value(env, "K")).isEqualTo("-----BEGIN KEY-----\nab=c\n\n-----END KEY-----");
    assertThat(value(env, "L")).isEqualTo("a\r\nb");
    assertThat(env.entry("M").orElseThrow().line()).isEqualTo(7);
    assertThat(env.entry("ab")).isEmpty();
  }

  @Test
  void read_escapesInQuotes_areWhatTheyStandFor() throws Exception {
    EnvFile env = read("""
        A="say \\"hi\\" \\\\ \\n\\t\\x"
        B='it\\'s \\\\ \\n'
        C="C:\\dir\\"
        D='C:\\'
        E=C:\\new
        """);
    assertThat(value(env, "A")).isEqualTo("say \"hi\" \\ \n\t\\x");
    assertThat(value(env, "B")).isEqualTo("it's \\ \\n");
    assertThat(value(env, "C")).isEqualTo("C:\\dir\\");
    assertThat(value(env, "D")).isEqualTo("C:\\");
    assertThat(value(env, "E")).isEqualTo("C:\\new");
    assertThat(codes(env))
        .containsExactly("1 ENV_ESCAPE", "2 ENV_ESCAPE", "3 ENV_ESCAPE", "4 ENV_ESCAPE");
  }

  @Test
  void read_namesOfLibraries_areTakenAndNoted() throws Exception {
    EnvFile env = read("a-b.c=1\n9=2\n-=3\n");
    assertThat(value(env, "a-b.c")).isEqualTo("1");
    assertThat(value(env, "9")).isEqualTo("2");
    assertThat(value(env, "-")).isEqualTo("3");
    assertThat(codes(env)).containsExactly("1 ENV_NAME", "2 ENV_NAME", "3 ENV_NAME");
  }

  @Test
  void read_loneCarriageReturn_endsALineWithAWarning() throws Exception {
    EnvFile env = read("A=1\rB=2\rC=3");
    assertThat(value(env, "A")).isEqualTo("1");
    assertThat(value(env, "B")).isEqualTo("2");
    assertThat(env.entry("C").orElseThrow().line()).isEqualTo(3);
    assertThat(codes(env)).containsExactly("1 ENV_CR", "3 ENV_NO_NEWLINE");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"})
  void read_wideEncoding_isNamed(String encoding) throws Exception {
    Path file = directory.resolve(".env");
    for (String text : List.of("\uFEFFA=1\n", "A=1\nB=2\n")) {
      Files.write(file, text.getBytes(Charset.forName(encoding)));
      EnvFile env = EnvFile.read(file);
      assertThat(env.entries()).isEmpty();
      assertThat(env.findings()).singleElement().satisfies(f -> {
        assertThat(f.code()).isEqualTo("ENV_NOT_TEXT");
        assertThat(f.message()).contains(encoding);
        assertThat(f.action()).isEqualTo("save it as UTF-8");
      });
    }
  }

  @Test
  void read_withAndWithoutByteOrderMark_isTheSame() throws Exception {
    String text = "A='x\ny'\nB=2\n";
    assertThat(read("\uFEFF" + text).entries()).isEqualTo(read(text).entries());
  }
}
