package com.personalaichatbot.dr.examples.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void render_figures_showsMediansAndTheirRatioToTheFirstColumn() {
    Table table = new Table("seconds", List.of("ours", "theirs"));
    for (double figure : new double[] {9, 2, 1}) {
      table.add("work", 0, figure);
    }
    for (double figure : new double[] {3, 5, 4, 100}) {
      table.add("work", 1, figure);
    }
    table.add("other", 1, 7);

    assertThat(table.render()).isEqualTo("""
        | seconds | ours | theirs |
        |---|---:|---:|
        | work | 2.00 | 4.50 (2.25 ×) |
        | other | – | 7.00 |
        """);
  }
}
