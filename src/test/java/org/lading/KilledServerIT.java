package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.testing.Http;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingProcess;
import org.lading.testing.LargeTree;
import org.lading.testing.TestDatabase;
import org.lading.testing.Traces;

/** A single server with the embedded database that is killed while it prepares a download. */
class KilledServerIT {
  private static final int FILES = 12_000;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String SETTINGS = "roots:\n  - {name: main, path: root}\n";
  private static final String REQUEST =
      """
      {"root": "main", "targets": [{"type": "directory", "path": "", "recursive": true},
       {"type": "literal", "name": "README.txt", "content": "text"}]}
      """;

  @TempDir Path directory;

  @BeforeEach
  void makeTree() throws IOException {
    LargeTree.makeLinked(directory.resolve("root"), FILES, new byte[] {'x'});
  }

  @Test
  void download_isCompletedAfterTheRestart() throws Exception {
    String download;
    try (LadingProcess killed = LadingProcess.start(directory, SETTINGS, "-Xmx128m");
        Http http = killed.http()) {
      Reply created =
          http.post(
              "/downloads/create",
              REQUEST.getBytes(StandardCharsets.UTF_8),
              "Prefer",
              "respond-async");
      assertThat(created.status()).as(created.toString()).isEqualTo(202);
      download = "/downloads/main/" + created.json().get("id").asText();
      Reply running =
          eventually(http, download, reply -> entries(reply) > 2_000 && entries(reply) < FILES);
      assertThat(running.json().get("status").asText()).isEqualTo("creating_manifest");
      killed.kill();
    }

    try (LadingProcess restarted = LadingProcess.start(directory, SETTINGS, "-Xmx128m");
        Http http = restarted.http()) {
      assertThat(http.get(download + "/download").status()).as("not half of it").isNotEqualTo(200);
      Reply ready = eventually(http, download, reply -> state(reply).equals("ready"));
      assertThat(ready.json().get("file_count").asInt()).isEqualTo(FILES + 1);
      assertThat(http.get(download + "/manifest").text().lines()).hasSize(FILES + 1);
    }

    assertThat(Files.readString(directory.resolve("lading.log")))
        .doesNotContain("corrupt")
        .doesNotContain("has stopped");
    assertNothingElseIsStored();
  }

  private void assertNothingElseIsStored() throws IOException {
    TestDatabase database = TestDatabase.embedded(directory.resolve("storage"));
    assertThat(database.number("select sum(entry_count) from entry_chunk")).isEqualTo(FILES + 1);
    assertThat(database.number("select failures from download")).isEqualTo(1);
    assertThat(database.number("select count(*) from target_chunk")).isZero();
    try (Stream<Path> files = Files.walk(directory.resolve("storage/content"))) {
      assertThat(files.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)))
          .hasSize(FILES + 1);
    }
  }

  private static Reply eventually(Http http, String download, Predicate<Reply> isRight) {
    return Traces.awaited(PATIENCE, () -> http.get(download + "/status"), isRight);
  }

  private static String state(Reply reply) {
    return reply.json().get("status").asText();
  }

  private static int entries(Reply reply) {
    return reply.json().get("progress").get("entries").asInt();
  }
}
