package com.personalaichatbot.dr.core.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Holds docs/requirements.md: no line falls away, and what a line names exists. */
class RequirementsTest {
  private static final int LINES = 139;
  private static final Pattern ROW = Pattern.compile("\\| *(\\d+) *\\|(.*)\\|");
  private static final Pattern CODE = Pattern.compile("`([A-Z]\\w*)[^`]*`");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]*)(?:#[^)]*)?\\)");

  private record Row(int number, String requirement, String api, String tests, String document) {}

  private static List<Row> rows() throws IOException {
    List<Row> rows = new ArrayList<>();
    for (String line : Files.readAllLines(Checkout.DOCS.resolve("requirements.md"))) {
      Matcher matcher = ROW.matcher(line);
      if (matcher.matches()) {
        String[] cells = matcher.group(2).split("\\|", -1);
        assertThat(cells).as(line).hasSize(4);
        rows.add(new Row(
            Integer.parseInt(matcher.group(1)),
            cells[0].strip(),
            cells[1].strip(),
            cells[2].strip(),
            cells[3].strip()));
      }
    }
    return rows;
  }

  private static List<String> found(Pattern pattern, String cell) {
    return pattern.matcher(cell).results().map(r -> r.group(1)).toList();
  }

  @Test
  void numbers_areOneTo139_onceEach_inOrder() throws IOException {
    assertThat(rows().stream().map(Row::number))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, LINES).boxed().toList());
  }

  @Test
  void rows_nameApiTestAndDocument_andNoneIsOpen() throws IOException {
    for (Row row : rows()) {
      assertThat(row.requirement).as("line %d", row.number).isNotEmpty();
      assertThat(found(CODE, row.api)).as("API of line %d", row.number).isNotEmpty();
      assertThat(found(CODE, row.tests)).as("test of line %d", row.number).isNotEmpty();
      assertThat(found(LINK, row.document))
          .as("document of line %d", row.number)
          .isNotEmpty();
      assertThat(row.toString()).as("line %d", row.number).doesNotContain("open:");
    }
  }

  @Test
  void types_thatRowsName_exist() throws IOException {
    Set<String> main = Checkout.types(false);
    Set<String> tests = Checkout.types(true);
    for (Row row : rows()) {
      assertThat(main).as("API of line %d", row.number).containsAll(found(CODE, row.api));
      assertThat(tests).as("tests of line %d", row.number).containsAll(found(CODE, row.tests));
    }
  }
}
