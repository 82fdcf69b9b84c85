package org.lading.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.lading.download.Download;
import org.lading.error.ErrorCode;
import org.lading.testing.Documents;

/** The tables of the API have what the code reads and answers. */
class ApiDocumentTest {
  private static final String DOCUMENT = "docs/api.md";
  private static final String API = "src/main/java/org/lading/api/";

  @Test
  void errors_haveTheirStatusAndRetryAfter() {
    List<List<String>> rows = Documents.table(DOCUMENT, "<!-- errors -->");
    Map<String, String> expected = new TreeMap<>();
    for (ErrorCode code : ErrorCode.values()) {
      expected.put(code.code(), Integer.toString(code.status()));
      if (code.retryAfterSeconds() != ErrorCode.NO_RETRY) {
        assertThat(rows)
            .filteredOn(row -> row.get(0).equals("`" + code.code() + "`"))
            .singleElement()
            .satisfies(
                row ->
                    assertThat(row.get(2))
                        .contains("`Retry-After: " + code.retryAfterSeconds() + "`"));
      }
    }
    assertThat(Documents.byCode(rows)).isEqualTo(expected);
  }

  @Test
  void states_areThoseOfADownload() {
    assertThat(Documents.byCode(Documents.table(DOCUMENT, "## States")).keySet())
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(Download.State.values()).map(Download.State::word).toList());
  }

  @Test
  void fieldsOfARequest_areThoseThatAreRead() {
    String sentAlong = "`action`, `client_id` and `return_queue`";
    assertThat(Documents.text(Path.of(DOCUMENT))).contains(sentAlong);
    TreeSet<String> documented = firstCells("## What to put into a create request");
    documented.addAll(Documents.code(sentAlong));

    assertThat(documented).isEqualTo(named("create/CreateRequestJson.java", "case ([^>]+)->"));
    assertThat(firstCells("### Targets"))
        .isEqualTo(named("create/TargetJson.java", "(?s)void readField(.+?)default"));
  }

  @Test
  void fieldsOfAnAnswer_areThoseThatArePut() {
    TreeSet<String> put = named("AnswerJson.java", "answer\\.put\\(([^,]+),");
    put.addAll(named("../error/Failure.java", "fields\\.put\\(([^,]+),"));
    assertThat(firstCells("## What comes back")).isEqualTo(put);
  }

  private static TreeSet<String> firstCells(String from) {
    TreeSet<String> cells = new TreeSet<>();
    Documents.table(DOCUMENT, from).forEach(row -> cells.addAll(Documents.code(row.get(0))));
    return cells;
  }

  /** The names in quotes in what the first group of a pattern finds in a source. */
  private static TreeSet<String> named(String source, String pattern) {
    TreeSet<String> names = new TreeSet<>();
    Pattern.compile(pattern)
        .matcher(Documents.text(Path.of(API + source)))
        .results()
        .forEach(
            match ->
                Pattern.compile("\"([a-z_]+)\"")
                    .matcher(match.group(1))
                    .results()
                    .forEach(name -> names.add(name.group(1))));
    return names;
  }
}
