package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.SettableClock;

/** The pages of a download that exists, existed, or never did. */
class DownloadTest {
  private static final String SETTINGS =
      """
      roots:
        - {name: main, path: root}
        - {name: direct, path: root, serve: direct}
      assembler: mod_zip
      """;
  private static final Instant START = Instant.parse("2026-03-01T10:00:00.250Z");

  @TempDir Path directory;
  private final SettableClock now = new SettableClock(START);
  private LadingServer server;
  private Reply created;

  @BeforeEach
  void createDownload() throws IOException {
    Files.createDirectories(directory.resolve("root/empty"));
    Files.writeString(directory.resolve("root/a.txt"), "aaa");
    Files.writeString(directory.resolve("root/b.txt"), "bbbb");
    start(SETTINGS);
    created =
        server.create(
            """
            {'root': 'main', 'zip_name': 'B\u00fccher 100%', 'timeout': 3, 'targets': [
              {'type': 'directory', 'path': '', 'recursive': true},
              {'type': 'file', 'path': 'b.txt', 'root': 'direct', 'name': 'c.txt'}]}
            """);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void get_isAManifestForModZip() {
    Reply reply = server.get(page("get"));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("X-Archive-Files")).isEqualTo("zip");
    assertThat(reply.header("Content-Type")).isEqualTo("application/zip");
    assertThat(reply.header("Content-Disposition"))
        .isEqualTo(
            "attachment; filename=\"B_cher 100_.zip\"; filename*=UTF-8''B%C3%BCcher%20100%25.zip");
    assertThat(reply.header("ETag")).matches("W/\"[0-9a-f]{48}\"");
    assertThat(reply.header("Accept-Ranges")).isEqualTo("bytes");
    assertThat(reply.header("Last-Modified")).isEqualTo("Sun, 01 Mar 2026 10:00:00 GMT");
    assertThat(reply.header("Cache-Control")).isEqualTo("private");
    assertThat(reply.header("X-Archive-Charset")).isNull();
    String id = created.json().get("id").asText();
    assertThat(reply.text())
        .isEqualTo(
            "f007732d 3 /internal/%s/1-0/0 B\u00fccher 100%%/a.txt\r\n".formatted(id)
                + "0f4ff68b 4 /internal/%s/1-0/1 B\u00fccher 100%%/b.txt\r\n".formatted(id)
                + "0 0 @directory B\u00fccher 100%/empty/\r\n"
                + "0f4ff68b 4 /internal/roots/direct/b.txt B\u00fccher 100%/c.txt\r\n");
  }

  @Test
  void get_ignoresRange_becauseModZipAnswersIt() {
    Reply reply = server.get(page("get"), "Range", "bytes=5-9", "If-Range", "\"x\"");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("Content-Range")).isNull();
    assertThat(reply.text()).isEqualTo(server.get(page("get")).text());
  }

  @Test
  void head_hasTheArchivesLengthAndDoesNotStartModZip() {
    Reply get = server.get(page("get"));
    Reply head = server.head(page("get"));

    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("X-Archive-Files")).isNull();
    assertThat(head.header("Content-Length")).isEqualTo(created.json().get("zip_size").asText());
    for (String header :
        new String[] {
          "Content-Type", "Content-Disposition", "ETag", "Last-Modified", "Accept-Ranges"
        }) {
      assertThat(head.header(header)).isEqualTo(get.header(header));
    }
  }

  @Test
  void head_ofAManifestWithUnknownChecksums_promisesNoRanges() throws IOException {
    server.close();
    start(SETTINGS + "checksum_budget: none\n");
    Files.writeString(directory.resolve("root/unknown.txt"), "not read before");
    String page =
        LadingServer.page(
            server.create("{'root': 'main', 'targets': [{'type': 'file', 'path': 'unknown.txt'}]}"),
            "get");

    assertThat(server.get(page).text()).startsWith("- 15 ");
    assertThat(server.head(page).header("Accept-Ranges")).isNull();
    assertThat(server.get(page).header("Accept-Ranges")).isEqualTo("bytes");
  }

  @Test
  void etag_isStrong_onlyWhereEveryArchiveHasTheSameBytes() {
    String weak = server.get(page("get"), "X-Archive-Assembler", "mod_zip").header("ETag");
    String[] newer = {"X-Archive-Assembler", "mod_zip/1.4"};
    String strong = server.get(page("get"), newer).header("ETag");

    assertThat(weak).isEqualTo("W/" + strong);
    assertThat(server.head(page("get"), newer).header("ETag")).isEqualTo(strong);
    assertThat(server.get(page("download")).header("ETag")).startsWith("\"");
  }

  @Test
  void manifest_isTheSameAsPlainText() {
    Reply reply = server.get(page("manifest"));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("X-Archive-Files")).isNull();
    assertThat(reply.header("Content-Type")).isEqualToIgnoringCase("text/plain;charset=UTF-8");
    assertThat(reply.header("Cache-Control")).contains("no-store");
    assertThat(reply.text()).isEqualTo(server.get(page("get")).text());
    assertThat(server.head(page("manifest")).status()).isEqualTo(200);
  }

  @Test
  void etag_differsWhenTheEntriesDo_andOnlyThen() throws IOException {
    String request = "{'root': 'main', 'targets': [{'type': 'file', 'path': 'a.txt'}]}";
    String first = etag(server.create(request));
    assertThat(etag(server.create(request))).isEqualTo(first);
    Files.writeString(directory.resolve("root/a.txt"), "aaaa");
    assertThat(etag(server.create(request))).isNotEqualTo(first);
  }

  @Test
  void status_isJsonForPrograms() {
    Reply reply = server.get(page("status"));
    JsonNode json = reply.json();
    assertThat(json.get("status").asText()).isEqualTo("ready");
    assertThat(json.get("zip_name").asText()).isEqualTo("B\u00fccher 100%");
    assertThat(json.get("created_at").asText()).isEqualTo("2026-03-01T10:00:00.250Z");
    assertThat(json.at("/assembler/name").asText()).isEqualTo("mod_zip");
    assertThat(json.at("/assembler/reason").asText()).isEqualTo("the setting assembler");
    for (String field :
        new String[] {
          "id",
          "download_url",
          "status_url",
          "assembler",
          "manifest_url",
          "file_count",
          "approximate_size",
          "zip_size",
          "expires_at"
        }) {
      assertThat(json.get(field)).isEqualTo(created.json().get(field));
    }
  }

  @Test
  void status_isAPageForBrowsers_thatCanDoNothingButShowItself() {
    Reply reply = server.get(page("status"), "Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
    assertThat(reply.header("Content-Type")).isEqualToIgnoringCase("text/html;charset=UTF-8");
    assertThat(reply.header("Content-Security-Policy")).startsWith("default-src 'none'");
    assertThat(reply.text())
        .contains("<h1><bdi>B\u00fccher 100%.zip</bdi></h1>")
        .contains("/get\">");
  }

  @Test
  void status_showsAHostileNameAsText() {
    Reply hostile =
        server.create(
            "{'root': 'main', 'zip_name': \"x&'&amp;y\", 'targets': [{'type': 'file', 'path': 'a.txt'}]}"
                .replace("\"x&'&amp;y\"", "\"x&\\u0027&amp;y\""));
    Reply page = server.get(LadingServer.page(hostile, "status"), "Accept", "text/html");
    assertThat(page.text()).contains("x&amp;&#39;&amp;amp;y.zip").doesNotContain("x&'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"get", "manifest", "status"})
  void unknownIdOrOtherRoot_isNotFound(String page) {
    String id = created.json().get("id").asText();
    for (String path :
        new String[] {
          "/main/" + "A".repeat(32),
          "/direct/" + id,
          "/nowhere/" + id,
          "/main/x",
          "/main/%00",
          "/main/" + id.toLowerCase(java.util.Locale.ROOT) + "%0d%0a"
        }) {
      Reply reply = server.get(path + "/" + page);
      assertThat(reply.status()).as(path).isIn(400, 404);
      assertThat(reply.header("X-Archive-Files")).isNull();
    }
    Reply reply = server.get("/direct/" + id + "/" + page);
    assertThat(reply.json().get("code").asText()).isEqualTo("not_found");
    assertThat(reply.json().get("error").asText()).isEqualTo("Requested archive not found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"get", "manifest"})
  void notYetReady_saysSoAndWhenToComeBack(String page) {
    server.sql("update download set state = 'CREATING_MANIFEST'");
    Reply reply = server.get(page(page));
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.header("Retry-After")).isEqualTo("5");
    assertThat(reply.json().get("error").asText())
        .isEqualTo("Manifest is not yet ready for this archive");
    assertThat(server.get(page("status")).json().get("status").asText())
        .isEqualTo("creating_manifest");
    assertThat(server.get(page("status"), "Accept", "text/html").text())
        .contains("This download is being prepared.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"get", "manifest", "status"})
  void expired_isGone(String page) {
    now.set(START.plus(Duration.ofDays(3)).minusMillis(1));
    assertThat(server.get(page(page)).status()).isEqualTo(200);
    now.set(START.plus(Duration.ofDays(3)));
    Reply reply = server.get(page(page));
    assertThat(reply.status()).isEqualTo(410);
    assertThat(reply.json().get("code").asText()).isEqualTo("expired");
  }

  @ParameterizedTest
  @CsvSource({"a.txt, B\u00fccher 100%/a.txt", "b.txt, B\u00fccher 100%/b.txt"})
  void changedFile_isNoticedAndNamed(String file, String name) throws IOException {
    Files.writeString(directory.resolve("root/" + file), "another size");
    requireChanged(name);
  }

  @Test
  void vanishedFile_isNoticedAndNamed() throws IOException {
    Files.delete(directory.resolve("root/a.txt"));
    requireChanged("B\u00fccher 100%/a.txt");
  }

  @Test
  void fileOfTheSameSizeAndAnotherTime_isNoticed() throws IOException {
    Path file = directory.resolve("root/a.txt");
    Files.setLastModifiedTime(
        file, java.nio.file.attribute.FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
    requireChanged("B\u00fccher 100%/a.txt");
  }

  @Test
  void rootThatIsGoneFromTheConfiguration_isNoFaultOfTheClient() {
    server.close();
    start("roots:\n  - {name: main, path: root}\n");
    Reply reply = server.get(page("get"));
    assertThat(reply.status()).isEqualTo(409);
    assertThat(reply.json().get("error").asText()).contains("c.txt");
  }

  @Test
  void restart_keepsDownloads() {
    String before = server.get(page("get")).text();

    server.close();
    start(SETTINGS);

    assertThat(server.get(page("get")).text()).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({
    "POST, get, 'GET, HEAD'",
    "DELETE, manifest, 'GET, HEAD'",
    "PUT, status, 'GET,OPTIONS'",
  })
  void otherMethods_areRefused(String method, String page, String allow) {
    Reply reply = server.call(method, page(page), "x");
    assertThat(reply.status()).isEqualTo(405);
    assertThat(reply.header("Allow").replace(" ", "").split(","))
        .containsExactlyInAnyOrder(allow.replace(" ", "").split(","));
    assertThat(reply.json().get("code").asText()).isEqualTo("method_not_allowed");
  }

  private void requireChanged(String name) {
    for (String page : new String[] {"get", "manifest"}) {
      Reply reply = server.get(page(page));
      assertThat(reply.status()).isEqualTo(409);
      assertThat(reply.header("X-Archive-Files")).isNull();
      assertThat(reply.json().get("code").asText()).isEqualTo("changed");
      assertThat(reply.json().get("error").asText()).contains("'" + name + "'");
    }
    assertThat(server.head(page("get")).status()).isEqualTo(409);
  }

  private String etag(Reply download) {
    return server.head(LadingServer.page(download, "get")).header("ETag");
  }

  private String page(String page) {
    return LadingServer.page(created, page);
  }

  private void start(String settings) {
    server = LadingServer.start(directory, settings, now);
  }
}
