package org.lading.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.lading.testing.Documents;

/**
 * The page of figures names benchmarks that are there, and the README promises no other figures.
 */
class PerformanceDocumentTest {
  private static final String DOCUMENT = "docs/performance.md";
  private static final Pattern BENCHMARK = Pattern.compile("-Dbenchmark=([\\w.]+)");
  private static final Pattern FIGURE =
      Pattern.compile("\\b\\d[\\d,.]*\\d(?: (?:ms|s|[KMG]iB))?\\b|\\b\\d (?:ms|s|[KMG]iB)\\b");

  @Test
  void commands_nameBenchmarksThatAreThere() {
    Set<String> classes =
        Documents.files().stream()
            .map(Path::toString)
            .filter(file -> file.startsWith("src/") && file.endsWith(".java"))
            .map(file -> file.substring("src/".length()).replaceFirst("^[a-z]+/java/", ""))
            .map(file -> file.replace(".java", "").replace('/', '.'))
            .collect(Collectors.toSet());
    List<String> named =
        BENCHMARK
            .matcher(Documents.text(Path.of(DOCUMENT)))
            .results()
            .map(match -> "org.lading.benchmark." + match.group(1))
            .toList();
    assertThat(named).hasSizeGreaterThan(5);
    assertThat(classes).containsAll(named);
  }

  @Test
  void tables_haveTheFiguresOfThePlots() {
    List<List<String>> creates = Documents.table(DOCUMENT, "### Create");
    List<List<String>> manifests = Documents.table(DOCUMENT, "### Manifest");
    List<String[]> plotted =
        Documents.text(Path.of("docs/performance/whole-jobs.csv"))
            .lines()
            .skip(1)
            .map(line -> line.split(",", -1))
            .toList();
    assertThat(plotted).hasSameSizeAs(creates).hasSameSizeAs(manifests);
    for (int i = 0; i < plotted.size(); i++) {
      String[] figures = plotted.get(i);
      List<String> create = creates.get(i);
      List<String> manifest = manifests.get(i);
      assertThat(create.get(0)).startsWith(figures[0]);
      assertThat(manifest.get(0)).startsWith(figures[0]);
      assertThat(create.get(1)).isEqualTo(manifest.get(1));
      assertThat(create.get(1).replace(",", "")).isEqualTo(figures[1]);
      assertRounded(create.get(2), figures[2]);
      assertThat(create.get(4)).contains(figures[3]);
      assertRounded(create.get(4).replaceFirst(".*: ", ""), figures[4]);
      assertRounded(manifest.get(2), figures[5]);
      assertThat(manifest.get(5)).contains(figures[6]);
      assertRounded(create.get(7), figures[8]);
      assertRounded(manifest.get(8), figures[9]);
    }
  }

  /** The number at the start of a cell is the figure, with as many places as the cell has. */
  private static void assertRounded(String cell, String figure) {
    BigDecimal told = new BigDecimal(cell.split(" ", -1)[0]);
    BigDecimal half = BigDecimal.ONE.movePointLeft(told.scale()).divide(BigDecimal.valueOf(2));
    assertThat(new BigDecimal(figure).subtract(told).abs()).as(cell).isLessThanOrEqualTo(half);
  }

  @Test
  void readme_promisesOnlyFiguresOfThePage() {
    List<String> figures =
        FIGURE
            .matcher(
                Documents.between("README.md", "## Why Lading", "\n## ").replaceAll("`.*?`", ""))
            .results()
            .map(MatchResult::group)
            .toList();
    assertThat(figures).hasSizeGreaterThan(5);
    String page = Documents.text(Path.of(DOCUMENT));
    assertThat(figures)
        .allMatch(
            figure ->
                Pattern.compile("(?<![\\d.,])" + Pattern.quote(figure) + "(?!\\d)")
                    .matcher(page)
                    .find());
  }
}
