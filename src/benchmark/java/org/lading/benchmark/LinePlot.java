package org.lading.benchmark;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * A plot of lines over two axes as an SVG picture that needs nothing else: it has a background of
 * its own, colours for light and for dark pages that the colour-blind can tell apart, and the name
 * and last number of each line at its end.
 */
final class LinePlot {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 440;
  private static final int LEFT = 96;
  private static final int RIGHT = 518;
  private static final int TOP = 70;
  private static final int BOTTOM = 380;
  private static final int BETWEEN_NAMES = 19;

  private static final String STYLE =
      """
      <style>
        .page { fill: #ffffff; stroke: #d0d7de; }
        .grid { stroke: #d8dee4; stroke-width: 1; }
        .axis { stroke: #57606a; stroke-width: 1; }
        text { font: 13px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; }
        .title { font-size: 17px; font-weight: 600; fill: #1f2328; }
        .note { fill: #57606a; }
        .line { fill: none; stroke-width: 2.5; stroke-linejoin: round; }
        .peer { stroke-dasharray: 6 5; }
        .name { font-weight: 600; }
        .leader { stroke-width: 1; opacity: 0.6; }
        .s0 { stroke: #0b63b8; } .t0 { fill: #0b63b8; }
        .s1 { stroke: #b84d00; } .t1 { fill: #b84d00; }
        .hollow { fill: #ffffff; stroke-width: 2; }
        @media (prefers-color-scheme: dark) {
          .page { fill: #0d1117; stroke: #30363d; }
          .grid { stroke: #262c36; }
          .axis { stroke: #8b949e; }
          .title { fill: #f0f6fc; }
          .note { fill: #9da7b3; }
          .s0 { stroke: #6cb6ff; } .t0 { fill: #6cb6ff; }
          .s1 { stroke: #f0a35e; } .t1 { fill: #f0a35e; }
          .hollow { fill: #0d1117; }
        }
      </style>
      """;

  private final String title;
  private final String subtitle;
  private final PlotAxis x;
  private final PlotAxis y;
  private final List<Line> lines = new ArrayList<>();

  /** A point by the numbers on the axes. */
  record Point(double x, double y) {}

  /**
   * A line.
   *
   * @param hue 0 or 1; lines of one hue belong together
   * @param isPeer whether it is drawn dashed, as that of another program
   * @param name what stands at its end
   * @param points from left to right, at least one
   */
  record Line(int hue, boolean isPeer, String name, List<Point> points) {
    Point last() {
      return points.get(points.size() - 1);
    }
  }

  LinePlot(String title, String subtitle, PlotAxis x, PlotAxis y) {
    this.title = title;
    this.subtitle = subtitle;
    this.x = x;
    this.y = y;
  }

  /** Adds a line. */
  LinePlot add(Line line) {
    lines.add(line);
    return this;
  }

  /** The picture, as the text of an SVG file. */
  String svg() {
    StringBuilder svg = new StringBuilder();
    put(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
            + " role=\"img\" aria-labelledby=\"title desc\">",
        WIDTH,
        HEIGHT,
        WIDTH,
        HEIGHT);
    put(svg, "<title id=\"title\">%s</title>", escaped(title));
    put(svg, "<desc id=\"desc\">%s</desc>", escaped(description()));
    svg.append(STYLE);
    put(
        svg,
        "<rect class=\"page\" x=\"0.5\" y=\"0.5\" width=\"%d\" height=\"%d\" rx=\"8\"/>",
        WIDTH - 1,
        HEIGHT - 1);
    put(svg, "<text class=\"title\" x=\"20\" y=\"29\">%s</text>", escaped(title));
    put(svg, "<text class=\"note\" x=\"20\" y=\"48\">%s</text>", escaped(subtitle));
    drawAxes(svg);
    lines.forEach(line -> draw(svg, line));
    drawNames(svg);
    return svg.append("</svg>\n").toString();
  }

  private void drawAxes(StringBuilder svg) {
    for (double tick : y.ticks()) {
      double at = atY(tick);
      put(svg, "<path class=\"grid\" d=\"M%d %.1fH%d\"/>", LEFT, at, RIGHT);
      put(
          svg,
          "<text class=\"note\" x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
          LEFT - 10,
          at + 4.5,
          y.named(tick));
    }
    for (double tick : x.ticks()) {
      double at = atX(tick);
      put(svg, "<path class=\"grid\" d=\"M%.1f %dV%d\"/>", at, TOP, BOTTOM);
      put(
          svg,
          "<text class=\"note\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
          at,
          BOTTOM + 21,
          x.named(tick));
    }
    put(svg, "<path class=\"axis\" fill=\"none\" d=\"M%d %dV%dH%d\"/>", LEFT, TOP, BOTTOM, RIGHT);
    put(
        svg,
        "<text class=\"note\" x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>",
        (LEFT + RIGHT) / 2,
        BOTTOM + 45,
        escaped(x.label()));
    put(
        svg,
        "<text class=\"note\" transform=\"translate(27 %d) rotate(-90)\""
            + " text-anchor=\"middle\">%s</text>",
        (TOP + BOTTOM) / 2,
        escaped(y.label()));
  }

  private void draw(StringBuilder svg, Line line) {
    StringBuilder path = new StringBuilder();
    for (Point point : line.points()) {
      path.append(path.isEmpty() ? 'M' : 'L');
      path.append(String.format(Locale.ROOT, "%.1f %.1f", atX(point.x()), atY(point.y())));
    }
    put(
        svg,
        "<path class=\"line s%d%s\" d=\"%s\"/>",
        line.hue(),
        line.isPeer() ? " peer" : "",
        path);
    for (Point point : line.points()) {
      put(
          svg,
          "<circle class=\"s%d %s\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"><title>%s</title></circle>",
          line.hue(),
          line.isPeer() ? "hollow" : "t" + line.hue(),
          atX(point.x()),
          atY(point.y()),
          escaped(told(line, point)));
    }
  }

  /** Names stand beside the ends of their lines, moved apart where those are close. */
  private void drawNames(StringBuilder svg) {
    List<Line> fromTop =
        lines.stream().sorted(Comparator.comparingDouble(line -> atY(line.last().y()))).toList();
    double[] at = new double[fromTop.size()];
    for (int i = 0; i < at.length; i++) {
      double end = atY(fromTop.get(i).last().y());
      at[i] = i == 0 ? end : Math.max(end, at[i - 1] + BETWEEN_NAMES);
    }
    for (int i = at.length - 1; i >= 0; i--) {
      at[i] = Math.min(at[i], i == at.length - 1 ? BOTTOM : at[i + 1] - BETWEEN_NAMES);
      Line line = fromTop.get(i);
      put(
          svg,
          "<path class=\"leader s%d\" d=\"M%.1f %.1fL%d %.1f\"/>",
          line.hue(),
          atX(line.last().x()) + 7,
          atY(line.last().y()),
          RIGHT + 12,
          at[i]);
      put(
          svg,
          "<text class=\"%st%d\" x=\"%d\" y=\"%.1f\">%s</text>",
          line.isPeer() ? "" : "name ",
          line.hue(),
          RIGHT + 17,
          at[i] + 4.5,
          escaped(line.name() + ": " + y.named(line.last().y())));
    }
  }

  private String description() {
    StringBuilder all = new StringBuilder(subtitle);
    for (Line line : lines) {
      for (Point point : line.points()) {
        all.append(all.isEmpty() ? "" : "; ").append(told(line, point));
      }
    }
    return all.toString();
  }

  private String told(Line line, Point point) {
    return "%s, %s: %s".formatted(line.name(), x.named(point.x()), y.named(point.y()));
  }

  private double atX(double value) {
    return LEFT + (RIGHT - LEFT) * x.position(value);
  }

  private double atY(double value) {
    return BOTTOM - (BOTTOM - TOP) * y.position(value);
  }

  private static void put(StringBuilder svg, String format, Object... arguments) {
    svg.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
