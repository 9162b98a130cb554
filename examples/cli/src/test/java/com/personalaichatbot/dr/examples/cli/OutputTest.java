package com.personalaichatbot.dr.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final Output output = new Output(bytes);

  @Test
  void print_json_isAsciiOnOneLine() throws IOException {
    output.print(Output.object().put("name", "é\uD83D\uDE00\\xff\n"));

    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .isEqualTo("{\"name\":\"\\u00E9\\uD83D\\uDE00\\\\xff\\n\"}\n");
  }

  @Test
  void line_text_isUtf8() throws IOException {
    output.line("%s", "é\uD83D\uDE00");
    output.flush();

    assertThat(bytes.toByteArray()).isEqualTo("é\uD83D\uDE00\n".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void line_controlCharacters_cannotDriveTheTerminal() throws IOException {
    output.line("%s", "a\u001b[31m\nb\u009bc\u007f");
    output.flush();

    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .isEqualTo("a\\x1b[31m\\x0ab\\xc2\\x9bc\\x7f\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {0x061c, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2066, 0x2069})
  void line_charactersThatTurnTheText_areEscaped(int c) throws IOException {
    output.line("%s", "gpj" + (char) c + "exe");
    output.flush();

    assertThat(bytes.toString(StandardCharsets.UTF_8)).matches("gpj(\\\\x[0-9a-f]{2}){2,3}exe\n");
  }

  @Test
  void flush_streamThatTakesNothing_fails() {
    Output full = new Output(new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException("no space left");
      }
    });
    full.line("text");

    assertThatThrownBy(full::flush)
        .isInstanceOf(CommandException.class)
        .hasMessage("standard output: no space left");
  }

  @Test
  void withTimes_fractionsOfATime_goAndNothingElse() {
    assertThat(Output.withTimes("at 2026-12-01T04:05:06.123456789Z, 1.5 s, 2026-12-01T04:05:06Z"))
        .isEqualTo("at 2026-12-01T04:05:06Z, 1.5 s, 2026-12-01T04:05:06Z");
  }

  @Test
  void size_anyNumber_isScaled() {
    assertThat(Output.size(0)).isEqualTo("0 B");
    assertThat(Output.size(999)).isEqualTo("999 B");
    assertThat(Output.size(1_234)).isEqualTo("1.2 kB");
    assertThat(Output.size(999_960)).isEqualTo("1.0 MB");
    assertThat(Output.size(Long.MAX_VALUE)).isEqualTo("9223.4 PB");
  }
}
