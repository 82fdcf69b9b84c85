package org.lading.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.testing.Documents;

/** The journeys of ARCHITECTURE.md lead through files, methods and SQL that are there. */
class ArchitectureDocumentTest {
  private static final String DOCUMENT = "ARCHITECTURE.md";

  /** A step with its number, and the lines that it goes on in. */
  private static final Pattern STEP = Pattern.compile("(?m)^(\\d+)\\. (.*(?:\\n {2,}\\S.*)*)");

  private static final Pattern FILE = Pattern.compile("]\\(([^)]+\\.java)\\)");
  private static final Pattern METHOD = Pattern.compile("`([a-z]\\w*)\\(\\)`");
  private static final Pattern SQL = Pattern.compile("`((?:insert|update|select) [^`]+)`");

  @ParameterizedTest
  @ValueSource(strings = {"## Journey 1", "## Journey 2"})
  void steps_areNumberedAndHaveWhatTheyName(String journey) {
    List<MatchResult> steps =
        STEP.matcher(Documents.between(DOCUMENT, journey, "\n## ")).results().toList();
    assertThat(steps).hasSizeGreaterThan(10);
    for (int i = 0; i < steps.size(); i++) {
      assertThat(steps.get(i).group(1)).isEqualTo(Integer.toString(i + 1));
      assertThatFilesHaveWhatIsNamed(steps.get(i).group(2));
    }
  }

  private static void assertThatFilesHaveWhatIsNamed(String step) {
    List<String> files = found(FILE, step);
    assertThat(files).as(step).isNotEmpty();
    String sources =
        String.join("\n", files.stream().map(file -> Documents.text(Path.of(file))).toList());
    assertThat(found(METHOD, step)).as(step).isNotEmpty();
    for (String method : found(METHOD, step)) {
      assertThat(sources).as(step).containsPattern("\\b" + method + "\\(");
    }
    for (String sql : found(SQL, step)) {
      assertThat(sources).as(step).contains(sql);
    }
  }

  private static List<String> found(Pattern pattern, String text) {
    List<String> found = new ArrayList<>();
    pattern.matcher(text).results().forEach(match -> found.add(match.group(1)));
    return found;
  }
}
