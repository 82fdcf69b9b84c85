package org.lading.api.operator;

import java.util.List;
import java.util.Locale;
import org.lading.page.HtmlPage;

/**
 * Draws the figures of the last hour as an SVG element with one bar for each minute, the latest at
 * the right end. A minute of which nothing is known has no bar, and one with 0 a thin line.
 *
 * @param label what is drawn, for those who do not see it, in plain text
 * @param values the figure of each minute, or not a number
 */
record Plot(String label, List<Double> values) {
  private static final int STEP = 4;
  private static final int BAR = 3;
  private static final int HEIGHT = 48;
  private static final double LOWEST = 0.75;

  /** Returns the greatest figure, or 0 if none is known. */
  double most() {
    return values.stream().filter(value -> !value.isNaN()).mapToDouble(v -> v).max().orElse(0);
  }

  /** Returns the latest figure that is known, or not a number. */
  double latest() {
    return values.stream().filter(value -> !value.isNaN()).reduce(Double.NaN, (one, next) -> next);
  }

  /** Renders the element. */
  String svg() {
    double most = most();
    StringBuilder bars = new StringBuilder();
    for (int i = 0; i < values.size(); i++) {
      double value = values.get(i);
      if (!Double.isNaN(value)) {
        double height = most == 0 ? LOWEST : Math.max(LOWEST, value / most * HEIGHT);
        bars.append(
            String.format(
                Locale.ROOT, "M%d %dv-%.1fh%dv%.1fz", i * STEP, HEIGHT, height, BAR, height));
      }
    }
    return "<svg class=\"plot\" role=\"img\" aria-label=\"%s\" viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\"><path d=\"%s\"/></svg>"
        .formatted(HtmlPage.escape(label), values.size() * STEP - 1, HEIGHT, bars);
  }
}
