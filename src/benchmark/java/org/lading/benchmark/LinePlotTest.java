package org.lading.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.lading.benchmark.LinePlot.Line;
import org.lading.benchmark.LinePlot.Point;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The SVG of a plot. */
class LinePlotTest {
  private static final List<Double> RANGE = List.of(10.0, 1000.0);

  @Test
  void svg_tellsWhatItShowsToWhoCannotSeeIt() throws Exception {
    Element svg = parse(plot(line("files & <keys>", 20, 100)).svg()).getDocumentElement();

    assertThat(svg.getAttribute("role")).isEqualTo("img");
    assertThat(svg.getAttribute("aria-labelledby")).isEqualTo("title desc");
    assertThat(text(svg, "title")).first().isEqualTo("Time of \"both\"");
    assertThat(text(svg, "desc"))
        .containsExactly("less is better; files & <keys>, 10: 20 s; files & <keys>, 1,000: 100 s");
  }

  @Test
  void svg_hasPointsWhereTheAxesSay() throws Exception {
    Document svg = parse(plot(line("a", 10, 1000), line("b", 100, 100)).svg());

    List<Element> circles = elements(svg.getDocumentElement(), "circle");
    double[][] at =
        circles.stream()
            .map(c -> new double[] {number(c, "cx"), number(c, "cy")})
            .toArray(double[][]::new);
    assertThat(at).hasDimensions(4, 2);
    // The first line is a diagonal of the area, the second is half way up.
    assertThat(at[0][0]).isEqualTo(at[2][0]).isLessThan(at[1][0]);
    assertThat(at[1][0]).isEqualTo(at[3][0]);
    assertThat(at[2][1]).isEqualTo(at[3][1]).isEqualTo((at[0][1] + at[1][1]) / 2);
    assertThat(text(svg.getDocumentElement(), "text")).contains("100", "100 s", "time", "entries");
  }

  @Test
  void names_ofLinesThatEndTogether_standApart() throws Exception {
    Line[] lines =
        IntStream.range(0, 4).mapToObj(i -> line("line " + i, 10, 10)).toArray(Line[]::new);

    List<Double> at =
        elements(parse(plot(lines).svg()).getDocumentElement(), "text").stream()
            .filter(text -> text.getTextContent().startsWith("line "))
            .map(text -> number(text, "y"))
            .sorted()
            .toList();
    assertThat(at).hasSize(4);
    for (int i = 1; i < at.size(); i++) {
      assertThat(at.get(i) - at.get(i - 1)).isGreaterThanOrEqualTo(18);
    }
    assertThat(at.get(3)).isLessThan(390);
  }

  @Test
  void svg_hasColoursForDarkPages() {
    assertThat(plot(line("a", 10, 10)).svg()).contains("@media (prefers-color-scheme: dark)");
  }

  private static LinePlot plot(Line... lines) {
    LinePlot plot =
        new LinePlot(
            "Time of \"both\"",
            "less is better",
            PlotAxis.logarithmic("entries", "", RANGE),
            PlotAxis.logarithmic("time", "s", RANGE));
    List.of(lines).forEach(plot::add);
    return plot;
  }

  private static Line line(String name, double first, double second) {
    return new Line(0, false, name, List.of(new Point(10, first), new Point(1000, second)));
  }

  private static Document parse(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<String> text(Element svg, String tag) {
    return elements(svg, tag).stream().map(Element::getTextContent).toList();
  }

  private static List<Element> elements(Element svg, String tag) {
    NodeList nodes = svg.getElementsByTagName(tag);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }

  private static double number(Element element, String attribute) {
    return Double.parseDouble(element.getAttribute(attribute));
  }
}
