package com.personalaichatbot.dr.core.recovery.report;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/**
 * Writes a page, well-formed as XML too. All text and all attributes pass through {@link #escape}:
 * names of files are somebody else's input. Not thread-safe.
 */
final class Html {
  private final StringBuilder out = new StringBuilder(1 << 14);
  private final Deque<String> open = new ArrayDeque<>();

  /** Begins a page. */
  static Html page(String title) {
    Html html = new Html();
    html.out.append("<!DOCTYPE html>\n");
    html.open("html", "xmlns", "http://www.w3.org/1999/xhtml", "lang", "en");
    html.open("head");
    html.empty("meta", "charset", "utf-8");
    html.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    html.empty("meta", "name", "color-scheme", "content", "light dark");
    html.element("title", title);
    html.open("style");
    html.out.append(Style.CSS);
    html.close();
    html.close();
    html.open("body");
    return html;
  }

  /** Ends it. */
  String end() {
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
      "figure", "div", "title", "style", "dl", "thead", "tbody");

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

  /** A row of a table. */
  Html row(String cell, List<String> texts) {
    open("tr");
    for (String text : texts) {
      element(cell, text);
    }
    return close();
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
  Html badge(Tone tone, String word) {
    return element("span", tone.sign() + " " + word, "class", "badge " + tone.id());
  }

  /**
   * Makes text harmless: markup, control characters, and characters that turn the direction of
   * writing or cannot be seen, which stand as \\uXXXX.
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
      return time.toMinutes() + " min " + time.toSecondsPart() + " s";
    }
    return time.toSeconds() >= 10
        ? time.toSeconds() + " s"
        : String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
  }

  /** A time for people, in UTC. */
  static String words(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString().replace('T', ' ').replace("Z", " UTC");
  }
}
