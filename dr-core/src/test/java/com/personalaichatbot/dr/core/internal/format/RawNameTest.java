package com.personalaichatbot.dr.core.internal.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RawNameTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "plain",
        "-rf",
        "naïve",
        "e\u0301",
        "日本",
        "😀",
        "new\nline",
        "back\\slash",
        "\\x4",
        "\\xg0"
      })
  void display_utf8WithoutEscape_isTheText(String text) {
    assertThat(RawName.display(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "a\\x41, a\\x5cx41", // a backslash that would read as an escape
    "\\xFf, \\x5cxFf",
    "\\\\x00, \\\\x5cx00",
  })
  void display_textThatLooksLikeAnEscape_isEscaped(String name, String shown) {
    assertThat(RawName.display(name.getBytes(StandardCharsets.UTF_8))).isEqualTo(shown);
  }

  @Test
  void display_bytesThatAreNotUtf8_areEscapedOneByOne() {
    assertThat(RawName.display(bytes('a', 0xff, 'b'))).isEqualTo("a\\xffb");
    // Cut short, overlong, half a surrogate pair, beyond Unicode.
    assertThat(RawName.display(bytes(0xe2, 0x82, 'a'))).isEqualTo("\\xe2\\x82a");
    assertThat(RawName.display(bytes(0xc0, 0xaf))).isEqualTo("\\xc0\\xaf");
    assertThat(RawName.display(bytes(0xed, 0xa0, 0x80))).isEqualTo("\\xed\\xa0\\x80");
    assertThat(RawName.display(bytes(0xf5, 0x80, 0x80, 0x80))).isEqualTo("\\xf5\\x80\\x80\\x80");
  }

  @Test
  void parse_escapesInEitherCase_areBytes() {
    assertThat(RawName.parse("\\xFF\\xfe\\x5c\\x2a/é"))
        .isEqualTo(bytes(0xff, 0xfe, '\\', '*', '/', 0xc3, 0xa9));
  }

  @Test
  void parse_halfASurrogatePair_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> RawName.parse("a\uDC00"));
  }

  @Test
  void parse_ofDisplay_givesTheSameBytes() {
    Random random = new Random(7);
    byte[] alphabet =
        bytes('\\', 'x', '5', 'c', 'F', 0xff, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 'a', '\n', 0xf0, 0x9f);
    for (int round = 0; round < 20_000; round++) {
      byte[] name = new byte[random.nextInt(10)];
      for (int i = 0; i < name.length; i++) {
        name[i] = alphabet[random.nextInt(alphabet.length)];
      }
      assertThat(RawName.parse(RawName.display(name))).as("round %d", round).isEqualTo(name);
    }
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
