package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.StreamSupport;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.SettableClock;
import org.lading.testing.Traces;

/** What the status of a download tells of changed sources, and how it is prepared again. */
class ChangedDownloadTest {
  private static final String CLIENTS =
      "clients: [{name: portal, token_sha256: '%s', roots: [%s]}]";

  /** SHA-256 of {@code let me in}. */
  private static final String HASH =
      "4ea7106b8e8a74e1b8a7ac5fd9b9b8ab2c2e2b2b6e0b6d62e6e6a0d4cf1f0a55";

  private static final String BROWSER = "text/html,*/*;q=0.8";

  @TempDir static Path directory;
  static final SettableClock CLOCK = SettableClock.atNow(ChronoUnit.MILLIS);
  static LadingServer server;

  /** The directory that a test changes, and its path below the root. */
  private Path root;

  private String path;

  @BeforeAll
  static void start() {
    server = start("clients: open");
  }

  @BeforeEach
  void fill(TestInfo test) throws IOException {
    path = test.getTestMethod().orElseThrow().getName();
    root = Files.createDirectories(directory.resolve("root").resolve(path));
    for (String name : List.of("a", "b", "c<i>")) {
      Files.writeString(root.resolve(name), "old");
    }
  }

  private static LadingServer start(String clients) {
    return LadingServer.start(
        directory,
        "roots: [{name: main, path: root}, {name: other, path: root}]\n" + clients,
        CLOCK);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void manifestOfChangedFiles_isRefused_andTheStatusNamesThemFromThenOn() throws IOException {
    Reply created = create("");
    assertThat(status(created).json().get("status").asText()).isEqualTo("ready");
    assertThat(status(created).json().has("changed")).isFalse();
    Files.writeString(root.resolve("a"), "newer");
    Files.delete(root.resolve("c<i>"));

    assertThat(server.get(LadingServer.page(created, "get")).status()).isEqualTo(409);

    Reply status = status(created);
    assertThat(status.status()).isEqualTo(200);
    assertThat(status.json().get("status").asText()).isEqualTo("changed");
    assertThat(status.json().get("changed").get("count").asInt()).isEqualTo(2);
    assertThat(names(status)).containsExactly("a", "c<i>");
    assertThat(status.json().get("file_count").asInt()).isEqualTo(4);
    assertThat(status.json().has("again_url")).isFalse();

    String page = page(created);
    assertThat(page)
        .contains("<li><bdi>c&lt;i&gt;</bdi></li>", "These 2 files are no longer what they were")
        .contains("Ask for it again where the link came from.")
        .doesNotContain("<form", "/download\"");
  }

  @Test
  void streamOfAChangedFile_isRefused_andTheStatusNamesIt() throws IOException {
    Reply created = create("");
    Files.writeString(root.resolve("b"), "newer");
    Files.writeString(root.resolve("c<i>"), "newer");

    assertThat(server.get(LadingServer.page(created, "download")).status()).isEqualTo(409);

    assertThat(status(created).json().get("status").asText()).isEqualTo("changed");
    assertThat(names(status(created))).containsExactly("b");
    assertThat(server.get(LadingServer.page(created, "get")).status()).isEqualTo(409);
    assertThat(names(status(created))).containsExactly("b", "c<i>");
    assertThat(status(created).json().get("changed").get("count").asInt()).isEqualTo(2);
  }

  @Test
  void manyChangedFiles_areCounted_andTheFirstOnesNamed() throws IOException {
    for (int i = 0; i < 150; i++) {
      Files.writeString(root.resolve("f%03d".formatted(i)), "old");
    }
    Reply created = create("");
    for (int i = 0; i < 150; i++) {
      Files.writeString(root.resolve("f%03d".formatted(i)), "newer");
    }
    assertThat(server.get(LadingServer.page(created, "get")).status()).isEqualTo(409);
    assertThat(status(created).json().get("changed").get("count").asInt()).isEqualTo(150);
    assertThat(names(status(created))).hasSize(100).startsWith("f000").endsWith("f099");
    assertThat(page(created)).contains("and 50 more");
  }

  @Test
  void repeatableDownload_isPreparedAgain_onceForAllWhoAsk() throws IOException {
    Reply created = create(", 'repeatable': true, 'zip_name': 'n'");
    change(created);
    long downloads = server.number("select count(*) from download");
    assertThat(status(created).json().get("again_url").asText())
        .isEqualTo(created.json().get("status_url").asText().replace("/status", "/again"));
    assertThat(page(created)).contains("<form method=\"post\" action=\"/downloads/main/");

    String again = LadingServer.page(created, "again");
    List<CompletableFuture<Reply>> asked =
        List.of(1, 2, 3, 4).stream()
            .map(one -> CompletableFuture.supplyAsync(() -> server.call("POST", again, null)))
            .toList();
    Set<String> ids = new HashSet<>();
    for (CompletableFuture<Reply> one : asked) {
      assertThat(one.join().status()).as(one.join().toString()).isEqualTo(202);
      ids.add(one.join().json().get("id").asText());
    }
    assertThat(ids).hasSize(1).doesNotContain(created.json().get("id").asText());
    Reply repeated = asked.get(0).join();
    assertThat(repeated.header("Location"))
        .isEqualTo(repeated.json().get("status_url").asText())
        .startsWith("http://");
    String page = repeated.header("Location").replaceFirst(".*/downloads", "");
    Traces.awaited(() -> server.get(page).json().get("status").asText(), "ready"::equals);
    assertThat(texts(server.get(page.replace("/status", "/download")).bytes()))
        .containsEntry("n/a", "newer")
        .containsEntry("n/note", "made to order");
    assertThat(server.number("select count(*) from download")).isEqualTo(downloads + 1);
    assertThat(server.call("POST", again, null).json().get("id").asText()).isIn(ids);

    Files.writeString(root.resolve("a"), "newest of all");
    assertThat(server.get(page.replace("/status", "/get")).status()).isEqualTo(409);
    assertThat(server.call("POST", again, null).json().get("id").asText())
        .as("the last one has changed too, but is too young")
        .isIn(ids);
    later();
    String last = server.call("POST", again, null).json().get("id").asText();
    assertThat(last).isNotIn(ids);
    assertThat(server.call("POST", page.replace("/status", "/again"), null).json().get("id"))
        .as("of all that were made one after another, the last one")
        .hasToString('"' + last + '"');
  }

  @Test
  void form_leadsToTheStatusOfTheNewDownload() throws IOException {
    Reply created = create(", 'repeatable': true");
    change(created);
    String again = LadingServer.page(created, "again");
    String own = "http://127.0.0.1:" + server.port();
    Reply reply = post(again, "Origin", own, "Sec-Fetch-Site", "same-origin");
    assertThat(reply.status()).as(reply.toString()).isEqualTo(303);
    assertThat(reply.header("Location")).matches("/downloads/main/[\\w-]{32}/status");

    assertThat(post(again, "Origin", "http://elsewhere.example").status()).isEqualTo(403);
    assertThat(post("/main/none/again").status()).isEqualTo(404);
    assertThat(server.get(again).status()).isEqualTo(405);
  }

  @Test
  void downloadThatIsNotRepeatable_keepsNoTargets_andIsNotPreparedAgain() {
    Reply kept = create(", 'repeatable': true");
    Reply created = create("");
    long downloads = server.number("select count(*) from download");
    assertThat(targets(kept)).isEqualTo(1);
    assertThat(targets(created)).isZero();
    Reply refused = server.call("POST", LadingServer.page(created, "again"), null);
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.json().get("error").asText()).contains("did not allow");
    assertThat(server.number("select count(*) from download")).isEqualTo(downloads);
  }

  @Test
  void failedDownload_isPreparedAgain_andAnExpiredOneIsNot() throws IOException {
    Files.move(root.resolve("a"), root.resolve("away"));
    Reply created =
        server.create(
            "{'root': 'main', 'repeatable': true, 'targets': [{'type': 'file', 'path': '%s/a'}]}"
                .formatted(path),
            "Prefer",
            "respond-async");
    String page = created.header("Location").replaceFirst(".*/downloads", "");
    Traces.awaited(
        () -> server.get(page).json().get("status").asText(), "missing_or_invalid_targets"::equals);
    assertThat(server.get(page, "Accept", "text/html").text()).contains("Prepare again");
    Files.move(root.resolve("away"), root.resolve("a"));
    later();
    Reply repeated = server.call("POST", page.replace("/status", "/again"), null);
    assertThat(repeated.status()).isEqualTo(202);
    String next = repeated.header("Location").replaceFirst(".*/downloads", "");
    Traces.awaited(() -> server.get(next).json().get("status").asText(), "ready"::equals);

    server.sql(
        "update download set expires_at = created_at where state = 'MISSING_OR_INVALID_TARGETS'");
    assertThat(server.call("POST", page.replace("/status", "/again"), null).status())
        .isEqualTo(410);
    assertThat(server.get(page).json().has("again_url")).isFalse();
  }

  @Test
  void clientThatLostARoot_getsNothingOfItAgain() throws IOException {
    Reply created = create(", 'repeatable': true");
    change(created);
    long downloads = server.number("select count(*) from download");
    server.close();
    server = start(CLIENTS.formatted(HASH, "other"));
    Reply refused = server.call("POST", LadingServer.page(created, "again"), null);
    assertThat(refused.status()).as(refused.toString()).isEqualTo(403);
    assertThat(refused.json().get("error").asText()).contains("no longer use the root main");
    assertThat(server.number("select count(*) from download")).isEqualTo(downloads);
    server.close();
    server = start("clients: open");
  }

  private static long targets(Reply created) {
    return server.number(
        "select count(*) from target_chunk where download_id = '%s'"
            .formatted(created.json().get("id").asText()));
  }

  /** All downloads are old enough to be prepared again. */
  private static void later() {
    CLOCK.set(CLOCK.instant().plusSeconds(31));
  }

  private void change(Reply created) throws IOException {
    later();
    Files.writeString(root.resolve("a"), "newer");
    assertThat(server.get(LadingServer.page(created, "get")).status()).isEqualTo(409);
  }

  private Reply post(String page, String... headers) {
    String[] all = new String[headers.length + 4];
    System.arraycopy(headers, 0, all, 4, headers.length);
    all[0] = "Accept";
    all[1] = BROWSER;
    all[2] = "Content-Type";
    all[3] = "application/x-www-form-urlencoded";
    return server.call("POST", page, "", all);
  }

  private Reply create(String fields) {
    return server.create(
        "{'root': 'main'%s, 'targets': [{'type': 'directory', 'path': '%s', 'zip_path': ''},"
                .formatted(fields, path)
            + " {'type': 'literal', 'name': 'note', 'content': 'made to order'}]}");
  }

  private Reply status(Reply created) {
    return server.get(LadingServer.page(created, "status"));
  }

  private String page(Reply created) {
    return server.get(LadingServer.page(created, "status"), "Accept", BROWSER).text();
  }

  private static Map<String, String> texts(byte[] archive) throws IOException {
    Map<String, String> texts = new HashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        texts.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return texts;
  }

  private static List<String> names(Reply status) {
    return StreamSupport.stream(status.json().get("changed").get("names").spliterator(), false)
        .map(name -> name.asText())
        .toList();
  }
}
