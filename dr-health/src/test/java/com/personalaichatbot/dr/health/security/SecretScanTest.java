package com.personalaichatbot.dr.health.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.health.Severity;
import com.personalaichatbot.dr.health.internal.file.Findings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretScanTest {
  private static final int MOST = 1 << 20;
  private static final String LINE = "x - INFO - nothing to see\n";

  @TempDir
  private Path directory;

  private List<String> scan(String text) throws IOException {
    Path log = Files.writeString(directory.resolve("app.log"), text);
    Findings findings = new Findings(directory);
    new SecretScan(
            log,
            MOST,
            Map.of("TOKEN", "made-up-for-the-test-0123456789"),
            Severity.ERROR,
            "SECRET_IN_LOG",
            findings)
        .run();
    return findings.report().findings().stream()
        .map(f -> f.severity() + " " + f.code() + " " + f.message())
        .toList();
  }

  private static String lines(int length) {
    return LINE.repeat(length / LINE.length() + 1).substring(0, length);
  }

  @Test
  void run_fileAsLongAsTheLimit_isReadWhole() throws IOException {
    String secret = "made-up-for-the-test-0123456789";
    assertThat(scan(lines(MOST - secret.length()) + secret))
        .containsExactly("ERROR SECRET_IN_LOG holds the value of TOKEN");
  }

  @Test
  void run_secretAcrossTwoPiecesOfALongLine_isFoundOnce() throws IOException {
    String secret = "made-up-for-the-test-0123456789";
    for (int before = 1; before < secret.length(); before += 9) {
      assertThat(scan("y".repeat((64 << 10) - before) + secret + "y".repeat(100)))
          .as("cut after %d", before)
          .containsExactly("ERROR SECRET_IN_LOG holds the value of TOKEN");
    }
  }

  @Test
  void run_secretInUtf16_isFound() throws IOException {
    String text = "\uFEFFx - made-up-for-the-test-0123456789\npassword=abc12345\n";
    assertThat(scan(String.join("\0", text.substring(1).split(""))))
        .containsExactly(
            "ERROR SECRET_IN_LOG holds the value of TOKEN",
            "ERROR SECRET_IN_LOG holds what looks like a value of a secret setting");
  }

  @Test
  void run_fileLongerThanTheLimit_saysWhatWasNotRead() throws IOException {
    assertThat(scan(lines(MOST + 200_000)))
        .containsExactly("INFO PARTLY_READ only the first 1 MiB were read");
  }
}
