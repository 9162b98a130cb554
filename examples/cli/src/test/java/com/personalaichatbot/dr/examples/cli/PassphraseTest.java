package com.personalaichatbot.dr.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.personalaichatbot.dr.crypto.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
  void read_environment_isTaken() {
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

  private static String read(String file, Map<String, String> environment) {
    try (Secret secret = Passphrase.read(file, environment)) {
      return new String(secret.copyBytes(), StandardCharsets.UTF_8);
    }
  }
}
