package com.personalaichatbot.dr.core.recovery.report;

import java.util.Locale;

/**
 * A drawing as wide as the page lets it be. Places across it are percentages and places down it
 * pixels, so that on a phone the curves are narrower and the letters are not smaller. Curves, which
 * know no percentages, are drawn on a canvas of 1,000 by 1,000 that is stretched ({@link #canvas}).
 */
final class Svg {
  /** The side of a {@link #canvas}. */
  static final int SIDE = 1000;

  private final Html html;

  private Svg(Html html) {
    this.html = html;
  }

  /**
   * Begins a figure.
   *
   * @param height in pixels
   * @param title what it shows, for who cannot see it
   * @param description what there is to be seen in it
   */
  static Svg begin(Html html, int height, String title, String description) {
    html.open("figure").element("figcaption", title);
    html.open(
        "svg",
        "xmlns",
        "http://www.w3.org/2000/svg",
        "width",
        "100%",
        "height",
        Integer.toString(height),
        "role",
        "img");
    html.element("title", title).element("desc", description);
    return new Svg(html);
  }

  /** Ends the drawing and says what its colours stand for: classes and words in turn. */
  void end(String... legend) {
    html.close();
    if (legend.length > 0) {
      html.open("p", "class", "legend");
      for (int i = 0; i < legend.length; i += 2) {
        html.open("span")
            .element("i", "", "class", legend[i])
            .text(legend[i + 1])
            .close();
      }
      html.close();
    }
    html.close();
  }

  Svg bar(double x, double y, double width, double height, String type) {
    html.empty(
        "rect",
        "x",
        number(x) + "%",
        "y",
        number(y),
        "width",
        number(width) + "%",
        "height",
        number(height),
        "class",
        type);
    return this;
  }

  Svg line(double x1, double y1, double x2, double y2, String type) {
    html.empty(
        "line",
        "x1",
        number(x1) + "%",
        "y1",
        number(y1),
        "x2",
        number(x2) + "%",
        "y2",
        number(y2),
        "class",
        type);
    return this;
  }

  /** Text that begins, has its middle or ends at a place; its foot is at {@code y}. */
  Svg text(String text, double x, double y, Anchor anchor) {
    html.element("text", text, "x", number(x) + "%", "y", number(y), "class", anchor.type);
    return this;
  }

  /** The point of a text that lies at its place. */
  enum Anchor {
    START("start"),
    MIDDLE("middle"),
    END("end");

    private final String type;

    Anchor(String type) {
      this.type = type;
    }
  }

  /** Begins a canvas over the whole width, in which curves are drawn. */
  Svg canvas(double y, double height) {
    html.open(
        "svg",
        "x",
        "0",
        "y",
        number(y),
        "width",
        "100%",
        "height",
        number(height),
        "viewBox",
        "0 0 " + SIDE + " " + SIDE,
        "preserveAspectRatio",
        "none");
    return this;
  }

  /** A curve on the canvas, in the language of paths. */
  Svg path(CharSequence path, String type) {
    if (path.length() > 0) {
      html.empty("path", "d", path.toString(), "class", type);
    }
    return this;
  }

  /** Ends the canvas. */
  Svg endCanvas() {
    html.close();
    return this;
  }

  static String number(double value) {
    String text = String.format(Locale.ROOT, "%.1f", value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }
}
