package com.personalaichatbot.dr.examples.benchmark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Figures by row and column; renders their medians, and each beside the first column's. Rows are in
 * the order in which they got their first figure.
 */
final class Table {
  private final String title;
  private final List<String> columns;
  private final Map<String, List<List<Double>>> rows = new LinkedHashMap<>();

  Table(String title, List<String> columns) {
    this.title = title;
    this.columns = columns;
  }

  void add(String row, int column, double figure) {
    rows.computeIfAbsent(row, r -> emptyRow()).get(column).add(figure);
  }

  private List<List<Double>> emptyRow() {
    List<List<Double>> row = new ArrayList<>();
    columns.forEach(column -> row.add(new ArrayList<>()));
    return row;
  }

  private static double median(List<Double> figures) {
    List<Double> sorted = figures.stream().sorted().toList();
    int n = sorted.size();
    return n == 0 ? Double.NaN : (sorted.get((n - 1) / 2) + sorted.get(n / 2)) / 2;
  }

  /** The table in Markdown; in brackets how many times the first column's figure it is. */
  String render() {
    StringBuilder out = new StringBuilder("| " + title + " |");
    columns.forEach(column -> out.append(' ').append(column).append(" |"));
    out.append("\n|---|").append("---:|".repeat(columns.size())).append('\n');
    rows.forEach((name, figures) -> {
      out.append("| ").append(name).append(" |");
      double first = median(figures.get(0));
      for (int column = 0; column < columns.size(); column++) {
        double own = median(figures.get(column));
        String format = Double.isNaN(own)
            ? " – |"
            : column == 0 || Double.isNaN(first) ? " %.2f |" : " %.2f (%.2f ×) |";
        out.append(String.format(Locale.ROOT, format, own, own / first));
      }
      out.append('\n');
    });
    return out.toString();
  }
}
