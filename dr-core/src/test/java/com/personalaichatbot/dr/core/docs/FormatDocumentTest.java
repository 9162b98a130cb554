package com.personalaichatbot.dr.core.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Holds the table of invariants in docs/format.md against the tests that it names. */
class FormatDocumentTest {
  private static final int INVARIANTS = 25;
  private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\| ([^|]*) \\| ([^|]*) \\|");
  private static final Pattern CODE = Pattern.compile("`(\\w+)`");

  private static List<Matcher> rows() throws IOException {
    String text = Files.readString(Checkout.DOCS.resolve("format.md"));
    String section =
        text.substring(text.indexOf("\n## 20 Invariants"), text.indexOf("\n## 21 Test vectors"));
    List<Matcher> rows = new ArrayList<>();
    section.lines().map(ROW::matcher).filter(Matcher::matches).forEach(rows::add);
    return rows;
  }

  @Test
  void invariants_areOneTo25_onceEach() throws IOException {
    assertThat(rows().stream().map(row -> Integer.parseInt(row.group(1))))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, INVARIANTS).boxed().toList());
  }

  @Test
  void invariants_nameTestsThatExist() throws IOException {
    for (Matcher row : rows()) {
      List<String> named =
          CODE.matcher(row.group(3)).results().map(r -> r.group(1)).toList();
      assertThat(Checkout.types(true)).as("invariant %s", row.group(1)).containsAll(named);
      assertThat(named.isEmpty() && !row.group(3).contains("open: "))
          .as("invariant %s has neither test nor issue", row.group(1))
          .isFalse();
    }
  }
}
