package com.personalaichatbot.dr.core.internal.figures;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.snapshot.Figures.Sign;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContentInspectorTest {

  private final Random random = new Random(1);

  private static Optional<Sign> look(String name, byte[] content, int step) {
    ContentInspector look = new ContentInspector(name.getBytes(StandardCharsets.UTF_8));
    for (int at = 0; at < content.length; at += step) {
      look.add(content, at, Math.min(step, content.length - at));
    }
    return look.end();
  }

  private static byte[] json(int messages) {
    StringBuilder text = new StringBuilder("{\"messages\":[");
    for (int i = 0; i < messages; i++) {
      text.append(i == 0 ? "" : ",").append("{\"id\":").append(i);
      text.append(",\"text\":\"Grüße — 你好, ça va? \\u00e9\"}");
    }
    return text.append("]}").toString().getBytes(StandardCharsets.UTF_8);
  }

  private byte[] noise(int length) {
    byte[] noise = new byte[length];
    random.nextBytes(noise);
    return noise;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 4096, 10_000, 1 << 20})
  void end_wholeJson_isNoSign(int step) {
    assertThat(look("a.json", json(2000), step)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 4096, 10_000, 1 << 20})
  void end_jsonCutShort_isGarbled(int step) {
    byte[] json = json(2000);

    assertThat(look("a.json", Arrays.copyOf(json, json.length / 2), step)).contains(Sign.GARBLED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.json", "a.jsonl", "A.TXT", "app.log", ".env", ".env.local", "x.yaml"})
  void end_noiseUnderANameOfText_isGarbled(String name) {
    assertThat(look(name, noise(20_000), 8192)).contains(Sign.GARBLED);
  }

  @ParameterizedTest
  @CsvSource({"0, 4096", "3, 4096", "19, 4096", "35, 4096"})
  void end_oneWindowEncrypted_isGarbled(int window, int length) {
    byte[] text = "A line of an ordinary log that goes on and on.\n"
        .repeat(10_000)
        .getBytes(StandardCharsets.UTF_8);
    System.arraycopy(noise(length), 0, text, window * ContentInspector.WINDOW, length);

    assertThat(look("app.log", text, 65_536)).contains(Sign.GARBLED);
  }

  @Test
  void end_base64InPlaceOfJson_isGarbled() {
    assertThat(look("a.json", Base64.getEncoder().encode(noise(9000)), 4096))
        .contains(Sign.GARBLED);
  }

  @Test
  void end_linesOfJson_isNoSign() {
    assertThat(look("a.jsonl", "{\"a\":1}\n{\"a\":2}\n\n[3]\n".getBytes(StandardCharsets.UTF_8), 5))
        .isEmpty();
  }

  @Test
  void end_emptyFiles_areGarbledOnlyWhereAValueMustBe() {
    assertThat(look("a.json", new byte[0], 1)).contains(Sign.GARBLED);
    assertThat(look("a.jsonl", new byte[0], 1)).isEmpty();
    assertThat(look("a.txt", new byte[0], 1)).isEmpty();
    assertThat(look("a.bin", new byte[0], 1)).isEmpty();
  }

  @Test
  void end_jsonDeeperThanIsParsed_isNotJudged() {
    byte[] deep = "[".repeat(100_000).getBytes(StandardCharsets.UTF_8);

    assertThat(look("a.json", deep, 4096)).isEmpty();
  }

  @Test
  void end_cipherUnderANameOfNoText_isUniform() {
    assertThat(look("picture.png", noise(1 << 20), 65_536)).contains(Sign.UNIFORM);
  }

  @Test
  void end_compressedUnderANameOfNoText_isNoSign() throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
      while (compressed.size() < 12 << 20) {
        gzip.write(json(500 + random.nextInt(3000)));
        gzip.write(noise(300));
      }
    }

    assertThat(look("data.gz", compressed.toByteArray(), 65_536)).isEmpty();
  }

  @Test
  void end_littleNoiseUnderANameOfNoText_isNotJudged() {
    assertThat(look("picture.png", noise(10_000), 4096)).isEmpty();
  }
}
