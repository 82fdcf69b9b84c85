package org.lading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lading.testing.Traces.eventually;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lading.base.UnicodeCheck;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.LogLines;

/** Nothing that a client sends comes back at full length: not in an answer, a page or the log. */
class LongInputTest {
  private static final int MAX_ANSWER = 4096;
  private static final int MAX_LOGGED = 20_000;

  @TempDir static Path directory;
  static LadingServer server;

  @BeforeAll
  static void start() throws IOException {
    Files.createDirectories(directory.resolve("root/dir"));
    int closed;
    try (ServerSocket socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }
    server =
        LadingServer.start(
            directory,
            """
            roots:
              - {name: main, path: root}
              - {name: gone, path: not-mounted}
              - name: bucket
                bucket: nobody
                region: us-east-1
                endpoint: http://127.0.0.1:%d
                aws_access_key_id: AKIATEST
                aws_secret_access_key: hidden
            """
                .formatted(closed));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** LONG stands for a text of that many times the character. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          a      | 1000000 | 'root': 'main', 'targets': [{'type': 'file', 'path': 'LONG'}]
          a/     | 50000  | 'root': 'main', 'targets': [{'type': 'directory', 'path': 'LONG'}]
          \\u0001 | 50000 | 'root': 'main', 'targets': [{'type': 'literal', 'name': 'LONG', 'content': 'x'}]
          \\u0001 | 50000 | 'root': 'main', 'targets': [{'type': 'file', 'path': 'LONG'}]
          \\u0085 | 50000 | 'root': 'main', 'targets': [{'type': 'literal', 'name': 'LONG', 'content': 'x'}]
          \\ud83d\\ude00 | 50000 | 'root': 'main', 'targets': [{'type': 'file', 'path': 'LONG'}]
          \\u4e2d | 50000 | 'root': 'main', 'targets': [{'type': 'literal', 'name': 'LONG', 'content': 'x'}]
          "\\"<"  | 50000 | 'root': 'main', 'targets': [{'type': 'literal', 'name': 'LONG', 'content': 'x'}]
          a      | 100000 | 'root': 'main', 'targets': [{'type': 'literal', 'name': 'x', 'zip_path': 'LONG', 'content': 'x'}]
          a      | 50000 | 'root': 'main', 'zip_name': 'LONG', 'targets': [{'type': 'directory', 'path': 'dir'}]
          a      | 100000 | 'root': 'LONG', 'targets': [{'type': 'directory', 'path': 'dir'}]
          a      | 100000 | 'root': 'main', 'targets': [{'type': 'file', 'root': 'LONG', 'path': 'x'}]
          a      | 100000 | 'root': 'main', 'targets': [{'type': 'LONG'}]
          a      | 100000 | 'root': 'main', 'targets': [{'type': 'file', 'path': 'LONG', 'type': 'file'}]
          a      | 4000 | 'root': 'main', 'targets': [{'type': 'file', 'path': 'LONG'}]
          a/     | 2000  | 'root': 'main', 'targets': [{'type': 'directory', 'path': 'LONG'}]
          \\u0001 | 4000 | 'root': 'main', 'targets': [{'type': 'file', 'path': 'LONG'}]
          \\ud83d\\ude00 | 1000 | 'root': 'gone', 'targets': [{'type': 'file', 'path': 'LONG'}]
          a      | 40000   | 'root': 'main', 'targets': [], 'LONG': 1
          a      | 40000   | 'root': 'main', 'targets': [{'type': 'file', 'LONG': 1}]
          a      | 100000 | 'root': LONG
          a      | 100000 | 'root': 'bucket', 'targets': [{'type': 'file', 'path': 'LONG'}]
          a      | 1000    | 'root': 'bucket', 'targets': [{'type': 'file', 'path': 'LONG'}]
          a      | 100000 | 'root': 'gone', 'targets': [{'type': 'file', 'path': 'LONG'}]
          """)
  void create_withLongInput_isAnsweredShortly(String character, int times, String request) {
    String json = "{" + request.replace("LONG", unquoted(character).repeat(times)) + "}";
    LogLines log = new LogLines();
    Reply reply = server.create(json);
    log.close();
    assertThat(reply.status()).as(reply.toString()).isBetween(400, 503).isNotEqualTo(500);
    assertThat(reply.bytes()).hasSizeLessThanOrEqualTo(MAX_ANSWER);
    assertThat(reply.json().get("error").asText()).matches(UnicodeCheck::isValid);
    if (reply.json().has("path") && request.contains("'path': 'LONG'") && times > 2000) {
      assertThat(reply.json().get("path").asText()).endsWith("...").matches(UnicodeCheck::isValid);
    }
    assertThat(log.records()).allSatisfy(line -> assertThat(line).hasSizeLessThan(MAX_LOGGED));
  }

  /** The form of CSV takes a text in double quotes for one without them. */
  private static String unquoted(String character) {
    return character.replaceFirst("^\"(.*)\"$", "$1");
  }

  @ParameterizedTest
  @CsvSource({"a, 4000", "\\u0001, 4000", "&, 4000", "\\ud83d\\ude00, 1000"})
  void failedDownload_withLongInput_hasAShortStatusPageAndRow(String character, int times) {
    Reply created =
        server.create(
            "{'root': 'main', 'targets': [{'type': 'file', 'path': '%s'}]}"
                .formatted(character.repeat(times)),
            "Prefer",
            "respond-async");
    assertThat(created.status()).isEqualTo(202);
    String page = "/main/" + created.json().get("id").asText() + "/status";
    Reply status = eventually(() -> server.get(page), reply -> reply.json().has("error"));
    assertThat(status.bytes()).hasSizeLessThanOrEqualTo(MAX_ANSWER);
    assertThat(status.json().get("path").asText()).endsWith("...");
    Reply html = server.get(page, "Accept", "text/html");
    assertThat(html.header("Content-Type")).startsWith("text/html");
    assertThat(html.bytes()).hasSizeLessThanOrEqualTo(frame() + MAX_ANSWER);
    assertThat(html.text()).contains("...</bdi>").matches(UnicodeCheck::isValid);
    assertThat(
            server.number(
                "select octet_length(failure) from download where id = '%s'"
                    .formatted(created.json().get("id").asText())))
        .isLessThan(MAX_ANSWER);
    Reply archive = server.get(page.replace("/status", "/download"));
    assertThat(archive.status()).isEqualTo(409);
    assertThat(archive.bytes()).hasSizeLessThanOrEqualTo(MAX_ANSWER);
  }

  /** The size of a page that has nothing long: its style and its script are the same for all. */
  private static int frame() {
    return server.get("/main/none/status", "Accept", "text/html").bytes().length;
  }

  @Test
  void path_ofAnyKeyOfS3_isNotCut() {
    String path = "a".repeat(1024);
    Reply reply =
        server.create(
            "{'root': 'main', 'targets': [{'type': 'file', 'path': '%s'}]}".formatted(path));
    assertThat(reply.json().get("path").asText()).isEqualTo(path);
  }

  @Test
  void pathOfTheRequest_thatIsLong_isNotLogged() {
    LogLines log = new LogLines();
    Reply reply = server.get("/main/" + "a".repeat(5000) + "/download");
    log.close();
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.bytes()).hasSizeLessThanOrEqualTo(MAX_ANSWER);
    assertThat(log.records()).allSatisfy(line -> assertThat(line).hasSizeLessThan(MAX_LOGGED));
  }
}
