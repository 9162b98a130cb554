package com.personalaichatbot.dr.core.internal.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.personalaichatbot.dr.core.internal.format.RawName;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobTest {

  @ParameterizedTest
  @CsvSource({
    "*.log, logs/a.log",
    "*.log, logs/deep/er/a.log",
    "a.log, logs/a.log",
    "deep/*.log, logs/deep/a.log",
    "logs, logs",
    "/logs, logs",
    "/logs/a.log, logs/a.log",
    "/*/a.log, logs/a.log",
    "/logs/**, logs/deep/a.log",
    "/logs/**/a.log, logs/a.log",
    "/logs/**/a.log, logs/x/y/a.log",
    "**/a.log, logs/a.log",
    "/**/a.log, a.log",
    "/**, logs/a",
    "**, logs",
    "l**g, logs/deep/a.log",
    "a*, logs/a",
    "a*b*c, logs/aXbYbZc",
    "?, logs/é",
    "?, logs/😀",
    "?, logs/\\xff",
    "caf?, logs/café",
    "[a], logs/[a]",
    "{a;b}, logs/{a;b}",
    ".*, logs/.env",
    "*, logs/.env",
    "deep/, logs/deep",
    "\\xff*, logs/\\xffname",
    "\\x2a, logs/*",
    "\\xc3\\xa9, logs/é",
    "a\\b, logs/a\\b",
  })
  void matches_path_isFound(String glob, String path) {
    assertThat(Glob.of(glob).matches(RawName.parse(path))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "*.log, logs/a.log/b",
    "*.log, logs/a.log.gz",
    "log, logs/a.log",
    "og, logs/a/log",
    "/a.log, logs/a.log",
    "/*.log, logs/a.log",
    "/logs, data/logs",
    "logs/*, logs/deep/a.log",
    "/logs/**, logs",
    "/logs/**/a.log, logs/xa.log",
    "**/a.log, logs/xa.log",
    "deep/a, logs/xdeep/a",
    "a?c, logs/a/c",
    "?, logs/ab",
    "??, logs/é",
    "?, logs/e\u0301",
    "[ab], logs/a",
    "\\x2a, logs/a",
    "\\xa9, logs/é",
    "?\\xa9, logs/é",
    "Logs, logs",
    "'', ''",
  })
  void matches_otherPath_isNotFound(String glob, String path) {
    if (glob.isEmpty()) {
      assertThatIllegalArgumentException().isThrownBy(() -> Glob.of(glob));
    } else {
      assertThat(Glob.of(glob).matches(RawName.parse(path))).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "//"})
  void of_patternThatNamesNothing_isRefused(String glob) {
    assertThatIllegalArgumentException().isThrownBy(() -> Glob.of(glob));
  }

  @Test
  void covers_matchedDirectory_bringsItsSubtree() {
    Glob glob = Glob.of("archive");

    assertThat(glob.covers(RawName.parse("chat/archive/2024/a.json"))).isTrue();
    assertThat(glob.covers(RawName.parse("chat/archive"))).isTrue();
    assertThat(glob.covers(RawName.parse("archive/a.json"))).isTrue();
    assertThat(glob.covers(RawName.parse("chat/archived/a.json"))).isFalse();
    assertThat(glob.covers(RawName.parse("chat"))).isFalse();
  }

  @Test
  void matches_patternThatMakesBacktrackingExplode_isAnswered() {
    byte[] path = RawName.parse("n/" + "a".repeat(4_000));

    assertThat(Glob.of("a*".repeat(60) + "b").matches(path)).isFalse();
    assertThat(Glob.of("**/*a".repeat(60) + "b").matches(path)).isFalse();
    assertThat(Glob.of("**a".repeat(60)).matches(path)).isTrue();
  }

  /** The same rules, said once more as a regular expression. */
  @Test
  void matches_randomPatterns_agreesWithARegularExpression() {
    Random random = new Random(11);
    String[] parts = {"a", "b", "/", "*", "**", "**/", "?"};
    int found = 0;
    for (int round = 0; round < 30_000; round++) {
      String glob = draw(random, parts, 6);
      String path = "n/" + draw(random, new String[] {"a", "b", "/a", "ab"}, 5);
      if (glob.chars().allMatch(c -> c == '/') || glob.contains("//") || glob.contains("***")) {
        continue;
      }
      boolean expected = expression(glob).matcher(path).matches();
      assertThat(Glob.of(glob).matches(RawName.parse(path)))
          .as("round %d: %s on %s", round, glob, path)
          .isEqualTo(expected);
      found += expected ? 1 : 0;
    }
    assertThat(found).isGreaterThan(1_000);
  }

  private static String draw(Random random, String[] parts, int most) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(most + 1); i >= 0; i--) {
      text.append(parts[random.nextInt(parts.length)]);
    }
    return text.toString();
  }

  private static Pattern expression(String glob) {
    String body = glob.endsWith("/") ? glob.substring(0, glob.length() - 1) : glob;
    String anchored = body.startsWith("/") ? body.substring(1) : "**/" + body;
    return Pattern.compile(anchored
        .replaceAll("(^|/)\\*\\*/", "$1E")
        .replaceAll("(^|/|E)\\*\\*/", "$1E")
        .replace("**", "A")
        .replace("*", "[^/]*")
        .replace("?", "[^/]")
        .replace("A", ".*")
        .replace("E", "(.*/)?"));
  }
}
