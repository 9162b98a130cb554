package com.personalaichatbot.dr.core.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every reader of foreign bytes with its seeds, which fuzzing begins from and which its findings
 * are added to, and with texts that readers break on.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FuzzTargetTest {

  private static Map<String, byte[]> seeds(FuzzTarget target) throws Exception {
    var directory = FuzzTargetTest.class.getResource("/fuzz/" + target);
    Map<String, byte[]> seeds = new LinkedHashMap<>();
    if (directory != null) {
      for (Path seed : files(directory.toURI().getPath())) {
        seeds.put(seed.getFileName().toString(), Files.readAllBytes(seed));
      }
    }
    return seeds;
  }

  private static List<Path> files(String directory) throws IOException {
    try (Stream<Path> files = Files.list(Path.of(directory))) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @EnumSource
  void read_seedsAndTheirPrefixes_areReadOrRefused(FuzzTarget target) throws Exception {
    for (Map.Entry<String, byte[]> seed : seeds(target).entrySet()) {
      byte[] bytes = seed.getValue();
      read(target, seed.getKey(), bytes);
      for (int length = 0; length < bytes.length; length += 1 + bytes.length / 40) {
        read(target, seed.getKey() + " to " + length, Arrays.copyOf(bytes, length));
      }
    }
    read(target, "nothing", new byte[0]);
  }

  private static void read(FuzzTarget target, String what, byte[] bytes) {
    try {
      target.read(bytes);
    } catch (Exception | AssertionError | OutOfMemoryError | StackOverflowError e) {
      throw new AssertionError(target + " of " + what, e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void read_hostileTexts_areReadOrRefused(FuzzTarget target) {
    String pairs = "A=1\nB='2'\n{\"a\": \"b\"} ERROR password=abc12345\n".repeat(50);
    for (String encoding : List.of("UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE")) {
      for (String mark : List.of("", "\uFEFF", "\uFEFF\uFEFF")) {
        read(target, encoding, (mark + pairs).getBytes(Charset.forName(encoding)));
      }
    }
    for (String line : List.of("\r", "\n\r", "\0", "\r\n\0", "\u2028", "\u0085")) {
      read(target, "line ends", utf8(pairs.replace("\n", line)));
    }
    for (String piece :
        List.of("[", "{\"a\":", "[{\"a\":[", "\"", "\\", "'", "A=\"", "A='\n", "=")) {
      read(target, piece, utf8(piece.repeat(100_000)));
      read(target, piece, utf8("{\"a\":" + piece.repeat(100_000)));
    }
    read(target, "keys", utf8("{" + "\"a\":1,".repeat(100_000) + "\"a\":2}"));
    read(target, "keys", utf8("A=1\n".repeat(200_000)));
    for (String digits : List.of("9", "1.", "1e", "-1e-", "0.")) {
      String number = digits + "9".repeat(1_000_000);
      read(target, "number", utf8("{\"server\":{\"port\":" + number + "},\"messages\":" + number));
      read(target, "number", utf8("APP_PORT=" + number + "\n"));
    }
    for (String name : List.of("x", "ERROR ", "password=a1", "sk-or-v1-a", "A=\"x\\\" ", "eyJa.")) {
      read(target, "long line", utf8(name.repeat(10 << 20).substring(0, 10 << 20)));
    }
    read(target, "zeros", new byte[10 << 20]);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @EnumSource
  void seeds_ofEveryTarget_areThere(FuzzTarget target) throws Exception {
    assertThat(seeds(target)).isNotEmpty();
  }
}
