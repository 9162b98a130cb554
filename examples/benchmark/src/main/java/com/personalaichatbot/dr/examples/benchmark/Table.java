package com.personalaichatbot.dr.examples.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Figures by row and column; renders their medians, and each beside the first column's. */
final class Table {
  private final String title;
  private final List<String> columns;
  private final List<String> rows;
  private final List<List<Double>> figures = new ArrayList<>();

  Table(String title, List<String> columns, List<String> rows) {
    this.title = title;
    this.columns = columns;
    this.rows = rows;
    for (int i = 0; i < columns.size() * rows.size(); i++) {
      figures.add(new ArrayList<>());
    }
  }

  void add(int row, int column, double figure) {
    figures.get(row * columns.size() + column).add(figure);
  }

  /** The median of what was added there, or NaN. */
  double median(int row, int column) {
    List<Double> sorted =
        figures.get(row * columns.size() + column).stream().sorted().toList();
    int n = sorted.size();
    return n == 0 ? Double.NaN : (sorted.get((n - 1) / 2) + sorted.get(n / 2)) / 2;
  }

  /** The table in Markdown; in brackets how many times the first column's figure it is. */
  String render() {
    StringBuilder out = new StringBuilder("| " + title + " |");
    columns.forEach(column -> out.append(' ').append(column).append(" |"));
    out.append("\n|---|").append("---:|".repeat(columns.size())).append('\n');
    for (int row = 0; row < rows.size(); row++) {
      out.append("| ").append(rows.get(row)).append(" |");
      double first = median(row, 0);
      for (int column = 0; column < columns.size(); column++) {
        double own = median(row, column);
        String format = Double.isNaN(own)
            ? " – |"
            : column == 0 || Double.isNaN(first) ? " %.2f |" : " %.2f (%.2f ×) |";
        out.append(String.format(Locale.ROOT, format, own, own / first));
      }
      out.append('\n');
    }
    return out.toString();
  }
}
