package org.lading.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.download.Download;
import org.lading.error.ErrorCode;
import org.lading.error.Failure;
import org.lading.testing.Documents;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.RawDownload;
import org.lading.testing.Traces;

/** The tables of the API have what the code reads and answers. */
class ApiDocumentTest {
  private static final String DOCUMENT = "docs/api.md";
  private static final String API = "src/main/java/org/lading/api/";

  @TempDir Path directory;

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
            Stream.concat(
                    Stream.of("changed"),
                    Stream.of(Download.State.values()).map(Download.State::word))
                .toList());
  }

  @Test
  void fieldsOfARequest_areThoseThatAreRead() {
    String sentAlong = "`action`, `client_id` and `return_queue`";
    assertThat(Documents.text(Path.of(DOCUMENT))).contains(sentAlong);
    Set<String> documented = firstCells("## What to put into a create request");
    documented.addAll(Documents.code(sentAlong));

    assertThat(documented)
        .isEqualTo(named("../request/CreateRequestReader.java", "case ([^>]+)->"));
    assertThat(firstCells("### Targets"))
        .isEqualTo(named("../request/TargetReader.java", "(?s)void readField(.+?)default"));
  }

  /** The status of a download that waits for the next try. */
  private static Reply waitingStatus(LadingServer server) {
    String page = LadingServer.page(create(server, "a.txt", LadingServer.PATIENT), "status");
    server.sql(
        "update download set state = 'PENDING', next_try_at = expires_at, queued = 0 where id = '%s'"
            .formatted(page.split("/", -1)[2]));
    return server.get(page);
  }

  /** The status of a repeatable download that is being sent, and has changed. */
  private Reply changedStatus(LadingServer server) throws IOException {
    Path large = directory.resolve("root/large");
    try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
      file.setLength(16 << 20);
    }
    Reply created =
        server.create(
            "{'root': 'main', 'repeatable': true, 'targets': [{'type': 'file', 'path': 'large'}]}");
    String download = LadingServer.page(created, "download");
    try (RawDownload reader = new RawDownload(server.port(), "/downloads" + download)) {
      assertThat(reader.head()).contains(" 200 ");
      Files.setLastModifiedTime(large, FileTime.from(Instant.EPOCH));
      server.get(LadingServer.page(created, "get"));
      return server.get(LadingServer.page(created, "status"));
    }
  }

  @Test
  void fieldsOfAnAnswer_areThoseThatCome() throws IOException {
    Files.writeString(Files.createDirectories(directory.resolve("root")).resolve("a.txt"), "a");
    Set<String> ofBoth;
    Set<String> ofStatus;
    try (LadingServer server =
        LadingServer.start(directory, "roots:\n  - {name: main, path: root}\n")) {
      Reply created = create(server, "a.txt", LadingServer.PATIENT);
      ofBoth = fields(created);
      ofStatus = fields(server.get(LadingServer.page(created, "status")));
      String failing =
          "/main/" + create(server, "none", "respond-async").json().get("id").asText() + "/status";
      Reply failed =
          Traces.awaited(
              Duration.ofMinutes(1),
              () -> server.get(failing),
              reply -> fields(reply).contains("path"));
      ofStatus.addAll(fields(failed));
      ofStatus.addAll(fields(waitingStatus(server)));
      ofStatus.addAll(fields(changedStatus(server)));
    }
    ofStatus.addAll(new Failure(ErrorCode.INTERNAL, "", null, null, "").fields().keySet());
    ofStatus.removeAll(ofBoth);

    Set<String> both = new TreeSet<>();
    Set<String> status = new TreeSet<>();
    for (List<String> row : Documents.table(DOCUMENT, "## What comes back")) {
      (row.get(1).equals("both") ? both : status).addAll(Documents.code(row.get(0)));
    }
    assertThat(both).isEqualTo(ofBoth);
    assertThat(status).isEqualTo(ofStatus);
  }

  private static Reply create(LadingServer server, String path, String preference) {
    return server.create(
        "{'root': 'main', 'targets': [{'type': 'file', 'path': '" + path + "'}]}",
        "Prefer",
        preference);
  }

  private static Set<String> fields(Reply reply) {
    Set<String> names = new TreeSet<>();
    reply.json().fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static Set<String> firstCells(String from) {
    Set<String> cells = new TreeSet<>();
    Documents.table(DOCUMENT, from).forEach(row -> cells.addAll(Documents.code(row.get(0))));
    return cells;
  }

  /** The names in quotes in what the first group of a pattern finds in a source. */
  private static Set<String> named(String source, String pattern) {
    Set<String> names = new TreeSet<>();
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
