package org.lading.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lading.testing.Documents;

/** What a document points at is there. */
class LinksTest {
  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
  private static final Pattern RUNBOOK = Pattern.compile("runbook: \"([^\"]+)\"");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.+)$");
  private static final Pattern ELSEWHERE = Pattern.compile("https?://.*");
  private static final Pattern PATH = Pattern.compile("\\.?[\\w-]+(/[\\w.-]+)+/?");
  private static final Pattern FILE_NAME = Pattern.compile("[\\w.-]+\\.(?:md|java|svg)");
  private static final Pattern CLASS_NAME = Pattern.compile("[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)+");
  private static final Pattern CITED = Pattern.compile("[\\w/-]+\\.md\\b");

  /** Names in documents that look like classes of ours. */
  private static final Set<String> OTHERS =
      Set.of("AccessLogValve", "DataSource", "RateLimit", "ReadWritePaths");

  static List<Path> documents() {
    return Documents.all();
  }

  @Test
  void documents_areThere() {
    assertThat(documents())
        .extracting(Path::toString)
        .contains(
            "README.md",
            "ARCHITECTURE.md",
            "CHANGELOG.md",
            "CONTRIBUTING.md",
            "SECURITY.md",
            "UPGRADING.md",
            "docs/api.md",
            "docs/applications.md",
            "docs/backup.md",
            "docs/configuration.md",
            "docs/install.md",
            "docs/limitations.md",
            "docs/operations.md",
            "docs/performance.md",
            "docs/s3.md");
    assertThat(Path.of("LICENSE")).isRegularFile();
  }

  @Test
  void readme_hasAtMost8Kilobytes() {
    assertThat(Path.of("README.md").toFile())
        .satisfies(f -> assertThat(f.length()).isLessThan(8192));
  }

  @ParameterizedTest
  @MethodSource("documents")
  void links_leadToFilesAndHeadings(Path document) {
    for (String link : found(LINK, Documents.prose(document))) {
      if (ELSEWHERE.matcher(link).matches()) {
        continue;
      }
      String[] parts = link.split("#", 2);
      Path file = parts[0].isEmpty() ? document : sibling(document, parts[0]);
      assertThat(file).as("%s in %s", link, document).exists();
      if (parts.length == 2) {
        assertThat(anchors(file)).as("%s in %s", link, document).contains(parts[1]);
      }
    }
  }

  @Test
  void alerts_nameSectionsThatAreThere() {
    String alerts = Documents.text(Path.of("conf-examples/prometheus-alerts.yml"));
    List<String> runbooks = found(RUNBOOK, alerts);
    assertThat(runbooks).isNotEmpty();
    assertThat(alerts.split("runbook: ")).hasSameSizeAs(alerts.split("- alert: "));
    for (String runbook : runbooks) {
      String[] parts = runbook.split("#", -1);
      assertThat(anchors(Path.of(parts[0]))).as(runbook).contains(parts[1]);
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void filesAndClasses_thatAreNamed_areThere(Path document) {
    Set<String> top =
        Documents.files().stream()
            .map(file -> file.getName(0).toString())
            .collect(Collectors.toSet());
    Set<String> names =
        Documents.files().stream()
            .map(file -> file.getFileName().toString())
            .collect(Collectors.toSet());
    for (String code : Documents.code(Documents.prose(document))) {
      if (PATH.matcher(code).matches() && top.contains(code.substring(0, code.indexOf('/')))) {
        assertThat(Path.of(code)).as("%s in %s", code, document).exists();
      } else if (FILE_NAME.matcher(code).matches()) {
        assertThat(names).as("%s in %s", code, document).contains(code);
      } else if (CLASS_NAME.matcher(code).matches() && !OTHERS.contains(code)) {
        assertThat(names).as("%s in %s", code, document).contains(code + ".java");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void everyDocument_isReachedFromTheReadme(Path document) {
    Set<Path> reached = Stream.of(Path.of("README.md")).collect(Collectors.toSet());
    int before;
    do {
      before = reached.size();
      List.copyOf(reached).stream()
          .filter(Files::isRegularFile)
          .filter(file -> file.toString().endsWith(".md"))
          .flatMap(
              file ->
                  found(LINK, Documents.text(file)).stream()
                      .filter(link -> !ELSEWHERE.matcher(link).matches() && !link.startsWith("#"))
                      .map(link -> sibling(file, link.split("#", 2)[0])))
          .forEach(reached::add);
    } while (reached.size() > before);
    assertThat(reached).contains(document);
  }

  /** A reader of a source has the documents that it cites. */
  @Test
  void sources_citeOnlyDocumentsThatAreThere() {
    for (Path file : Documents.files()) {
      String name = file.toString();
      if (!name.matches(".*\\.(?:java|xml|yml|conf|sql|sh)") && !name.startsWith(".ci")) {
        continue;
      }
      String text = Documents.text(file);
      for (String cited : found(CITED, text)) {
        assertThat(Path.of(cited)).as("%s in %s", cited, file).exists();
      }
      assertThat(text.toLowerCase(Locale.ROOT)).as(name).doesNotContain("the specif" + "ication");
    }
  }

  private static Path sibling(Path document, String relative) {
    Path directory = document.getParent();
    return (directory == null ? Path.of(relative) : directory.resolve(relative)).normalize();
  }

  /** The anchors that GitHub gives the headings of a document. */
  private static Set<String> anchors(Path document) {
    Map<String, Integer> seen = new HashMap<>();
    return found(HEADING, Documents.text(document).replaceAll("(?ms)^```.*?^```$", "")).stream()
        .map(heading -> heading.replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1"))
        .map(heading -> heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}_ -]", ""))
        .map(heading -> heading.strip().replace(' ', '-'))
        .map(
            slug -> {
              int count = seen.merge(slug, 1, Integer::sum);
              return count == 1 ? slug : slug + "-" + (count - 1);
            })
        .collect(Collectors.toSet());
  }

  private static List<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(match -> match.group(match.groupCount())).toList();
  }
}
