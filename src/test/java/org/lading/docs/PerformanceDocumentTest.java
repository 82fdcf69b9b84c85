package org.lading.docs;

import static org.assertj.core.api.Assertions.assertThat;

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
