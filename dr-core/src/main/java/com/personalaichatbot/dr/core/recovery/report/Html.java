package com.personalaichatbot.dr.core.recovery.report;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes a page, well-formed as XML too. All text and all attributes pass through {@link #escape}:
 * names of files are somebody else's input. Not thread-safe.
 */
final class Html {
  private static final int SHORT = 14;
  private static final int LONG_WORD = 20;

  private final StringBuilder out = new StringBuilder(1 << 14);
  private final Deque<String> open = new ArrayDeque<>();
  private List<String> headings = List.of();
  private int column;

  /**
   * Begins a page.
   *
   * @param kind what page it is, and of what; is small above the heading
   */
  static Html page(String title, String kind, String heading) {
    Html html = new Html();
    html.out.append("<!DOCTYPE html>\n");
    html.open("html", "xmlns", "http://www.w3.org/1999/xhtml", "lang", "en");
    html.open("head");
    html.empty("meta", "charset", "utf-8");
    html.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    html.empty("meta", "name", "color-scheme", "content", "light dark");
    html.element("title", title);
    html.open("style");
    html.out.append(Stylesheet.CSS);
    html.close();
    html.close();
    html.open("body");
    html.open("header")
        .element("p", kind, "class", "soft")
        .element("h1", heading)
        .close();
    return html;
  }

  /** Ends it. */
  String end() {
    element("footer", "All times are UTC. This page needs no network and no script.");
    while (!open.isEmpty()) {
      close();
    }
    return out.append('\n').toString();
  }

  /** Opens an element; attributes are names and values in turn. */
  Html open(String tag, String... attributes) {
    tag(tag, attributes).append('>');
    open.push(tag);
    return this;
  }

  /** Closes the innermost element. */
  Html close() {
    String tag = open.pop();
    out.append("</").append(tag).append('>');
    if (BLOCKS.contains(tag)) {
      out.append('\n');
    }
    return this;
  }

  private static final List<String> BLOCKS = List.of(
      "head", "p", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "section", "header", "svg",
      "figure", "div", "title", "style", "footer", "thead", "tbody");

  /** An element without content. */
  Html empty(String tag, String... attributes) {
    tag(tag, attributes).append("/>");
    return this;
  }

  private StringBuilder tag(String tag, String... attributes) {
    out.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      out.append(' ')
          .append(attributes[i])
          .append("=\"")
          .append(escape(attributes[i + 1]))
          .append('"');
    }
    return out;
  }

  /** Text in the innermost element. */
  Html text(String text) {
    out.append(escape(text));
    return this;
  }

  /** An element with text only. */
  Html element(String tag, String text, String... attributes) {
    return open(tag, attributes).text(text).close();
  }

  /** What it comes to, and the figures that say so, in the box that the eye meets first. */
  Html verdict(StatusColor tone, String word, String sentence, Map<String, String> figures) {
    open("div", "class", "verdict " + tone.id());
    open("p").badge(tone, word).text("  " + sentence).close();
    if (!figures.isEmpty()) {
      open("div", "class", "figures");
      figures.forEach((what, value) ->
          open("div").element("b", value).element("span", what, "class", "soft").close());
      close();
    }
    return close();
  }

  /**
   * Begins a table. On a narrow screen its rows are blocks, and each cell but the first bears its
   * heading, which has 15 letters at most.
   */
  Html table(String... newHeadings) {
    return beginTable("wide", newHeadings);
  }

  /** Begins a table of short texts, which stays one on a narrow screen. */
  Html narrowTable(String... newHeadings) {
    return beginTable("narrow", newHeadings);
  }

  private Html beginTable(String type, String... newHeadings) {
    headings = List.of(newHeadings);
    open("table", "class", type).open("thead").open("tr");
    headings.forEach(heading -> element("th", heading));
    close().close();
    return open("tbody");
  }

  /** Ends the table. */
  Html endTable() {
    return close().close();
  }

  /** A row of a table. */
  Html row(String... texts) {
    beginRow();
    for (String text : texts) {
      cell(text);
    }
    return close();
  }

  /** Begins a row that is filled cell by cell; ends with {@link #close}. */
  Html beginRow() {
    column = 0;
    return open("tr");
  }

  /** Begins the next cell of the row; ends with {@link #close}. */
  Html beginCell() {
    return beginCell("long");
  }

  private Html beginCell(String type) {
    String heading = headings.get(column++);
    return type.isEmpty()
        ? open("td", "data-label", heading)
        : open("td", "data-label", heading, "class", type);
  }

  /** The next cell of the row. What is short stays on one line; only long words are broken. */
  Html cell(String text) {
    boolean hasLongWord =
        Arrays.stream(text.split(" ")).anyMatch(word -> word.length() > LONG_WORD);
    return beginCell(text.length() <= SHORT ? "short" : hasLongWord ? "long" : "")
        .text(text)
        .close();
  }

  /** A list of lines, cut where it would make the page too long. */
  Html list(List<String> lines, int most) {
    open("ul");
    for (String line : lines.subList(0, Math.min(most, lines.size()))) {
      element("li", line);
    }
    if (lines.size() > most) {
      element("li", "… and " + (lines.size() - most) + " more");
    }
    return close();
  }

  /** A word in a shape and colour that stand for it; the word alone says it too. */
  Html badge(StatusColor tone, String word) {
    return element("span", tone.sign() + " " + word, "class", "badge " + tone.id());
  }

  /**
   * Makes text harmless: markup, control characters, and characters that turn the direction of
   * writing or cannot be seen, which appear as \\uXXXX.
   */
  static String escape(String text) {
    StringBuilder safe = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      switch (c) {
        case '&' -> safe.append("&amp;");
        case '<' -> safe.append("&lt;");
        case '>' -> safe.append("&gt;");
        case '"' -> safe.append("&quot;");
        case '\'' -> safe.append("&#39;");
        default -> {
          if (isOdd(c)) {
            safe.append(String.format(Locale.ROOT, "\\u%04x", c));
          } else {
            safe.appendCodePoint(c);
          }
        }
      }
    }
    return safe.toString();
  }

  private static boolean isOdd(int c) {
    int type = Character.getType(c);
    return Character.isISOControl(c)
        || type == Character.FORMAT
        || type == Character.SURROGATE
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR
        || type == Character.PRIVATE_USE
        || type == Character.UNASSIGNED;
  }

  /** A length of time for people. */
  static String words(Duration duration) {
    Duration time = duration.isNegative() ? duration.negated() : duration;
    if (time.toHours() >= 48) {
      return time.toDays() + " days";
    }
    if (time.toHours() > 0) {
      int minutes = time.toMinutesPart();
      return time.toHours() + " h" + (minutes == 0 ? "" : " " + minutes + " min");
    }
    if (time.toMinutes() > 0) {
      int seconds = time.toSecondsPart();
      return time.toMinutes() + " min" + (seconds == 0 ? "" : " " + seconds + " s");
    }
    return time.toSeconds() >= 10
        ? time.toSeconds() + " s"
        : String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
  }

  /** A time for people, in UTC. */
  static String words(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString().replace('T', ' ').replace("Z", " UTC");
  }

  /** The day of a time, in UTC. */
  static String day(Instant time) {
    return LocalDate.ofInstant(time, ZoneOffset.UTC).toString();
  }

  /** A share for people. */
  static String percent(double share) {
    return share > 0 && share < 0.001
        ? "below 0.1 %"
        : String.format(Locale.ROOT, share < 0.1 ? "%.1f %%" : "%.0f %%", share * 100);
  }

  /** An amount of bytes for people, in units of 1,000. */
  static String bytes(double amount) {
    double left = amount;
    for (String unit : List.of("B", "kB", "MB", "GB")) {
      if (left < 1000) {
        return String.format(Locale.ROOT, left < 10 ? "%.1f %s" : "%.0f %s", left, unit);
      }
      left /= 1000;
    }
    return String.format(Locale.ROOT, "%.1f TB", left);
  }
}
