package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lading.base.Digests;
import org.lading.root.PercentEncoding;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.ScriptedS3;
import org.lading.testing.ScriptedS3.Answer;
import org.lading.testing.ScriptedS3.Request;
import org.lading.testing.SettableClock;
import org.lading.testing.Traces;

/** The archives that plain links ask for. */
class PlainLinksTest {
  private static final String TOKEN = "the token of the portal";
  private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

  @TempDir static Path directory;
  private static final SettableClock clock = new SettableClock(now());
  private static volatile Function<Request, Answer> script = request -> Answer.object(Map.of());
  private static ScriptedS3 store;
  private static LadingServer server;

  private static int number;
  private long before;

  private static Instant now() {
    return Clock.systemUTC().instant();
  }

  @BeforeAll
  static void start() throws IOException {
    write("open/reports/2024/q1.txt", "first");
    write("open/reports/table.csv", "a,b");
    write("open/Übersicht 100%.txt", "all");
    write("closed/secret.txt", "secret");
    Files.createDirectories(directory.resolve("open/empty"));
    store = new ScriptedS3(request -> script.apply(request));
    server =
        LadingServer.start(
            directory,
            """
            create_wait: 1s
            roots:
              - {name: open, path: open, public: true}
              - {name: closed, path: closed}
            %sclients:
              - name: portal
                token_sha256: %s
                roots: [closed]
            """
                .formatted(
                    store.root().replace("name: s3", "name: s3\n    public: true"), sha256(TOKEN)),
            clock);
  }

  @AfterAll
  static void stop() {
    script = request -> Answer.object(Map.of());
    store.letGo();
    server.close();
    store.close();
  }

  /** A directory of each test's own: one path has one archive. */
  @BeforeEach
  void content() throws IOException {
    number++;
    write(file("table.csv"), "a,b");
    before = server.number("select count(*) from download");
  }

  private static String file(String name) {
    return "open/d" + number + "/" + name;
  }

  private static String link() {
    return "/zip/open/d" + number;
  }

  private static String sha256(String text) {
    return HexFormat.of().formatHex(Digests.sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static void write(String path, String content) throws IOException {
    Path file = directory.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
    Files.setLastModifiedTime(file, FileTime.from(NOON));
  }

  @ParameterizedTest
  @CsvSource({
    "/zip/open/reports/, reports.zip, reports/2024/q1.txt=first reports/table.csv=a,",
    "/zip/open/reports, reports.zip, reports/2024/q1.txt=first reports/table.csv=a,",
    "//zip//open///reports//2024//, 2024.zip, 2024/q1.txt=first",
    "/zip/open/reports/?name=q1+%C3%A4, q1 ä.zip, reports/2024/q1.txt=first reports/table.csv=a,",
    "/zip/open/reports/table.csv, table.csv.zip, table.csv=a,",
    "/zip/open/reports/table.csv?name=t, t.zip, table.csv=a,",
    "/zip/open/%C3%9Cbersicht%20100%25.txt, Übersicht 100%.txt.zip, Übersicht 100%.txt=all",
    "/zip/open/empty, empty.zip, empty/=",
    "/zip/open, open.zip, open/empty/= open/reports/2024/q1.txt=first open/reports/table.csv=a,",
  })
  void path_isAnArchiveOfWhatLiesThere(String link, String name, String content) {
    Reply reply = server.get(link);

    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    assertThat(reply.header("Content-Type")).isEqualTo("application/zip");
    assertThat(reply.header("Content-Disposition"))
        .contains("filename*=UTF-8''" + PercentEncoding.path(name));
    assertThat(reply.header("Content-Length")).isEqualTo("" + reply.bytes().length);
    assertThat(reply.header("Cache-Control")).as("asked for again").isEqualTo("private, no-cache");
    assertThat(reply.header("X-Robots-Tag")).isEqualTo("noindex, nofollow");
    assertThat(reply.header("Referrer-Policy")).isEqualTo("no-referrer");
    Map<String, String> entries = entries(reply);
    for (String entry : content.split(" (?=[^ ]*=)", -1)) {
      assertThat(entries.toString()).contains(entry);
    }
    Reply head = server.head(link);
    assertThat(head.status()).isEqualTo(200);
    for (String header : List.of("Content-Length", "ETag", "Content-Disposition", "X-Robots-Tag")) {
      assertThat(head.header(header)).as(header).isEqualTo(reply.header(header));
    }
  }

  @Test
  void sameLink_meetsTheSameArchive_withRangesAndConditions() {
    byte[] whole = server.get(link()).bytes();
    Reply part = server.get(link(), "Range", "bytes=10-");
    String tag = part.header("ETag");

    assertThat(part.status()).isEqualTo(206);
    assertThat(part.bytes()).isEqualTo(Arrays.copyOfRange(whole, 10, whole.length));
    assertThat(server.get(link(), "If-None-Match", tag).status()).isEqualTo(304);
    assertThat(server.get(link(), "If-Match", "\"other\"").status()).isEqualTo(412);
    assertThat(server.get(link(), "Range", "bytes=10-", "If-Range", "\"other\"").status())
        .isEqualTo(200);
    assertThat(downloads()).isEqualTo(1);
  }

  @Test
  void manyRequestsAtOnce_prepareOneDownload() {
    List<CompletableFuture<Reply>> replies =
        IntStream.range(0, 50)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> server.get(link()), LONG))
            .toList();

    assertThat(replies)
        .extracting(reply -> reply.join().header("ETag"))
        .doesNotContainNull()
        .containsOnly(replies.get(0).join().header("ETag"));
    assertThat(downloads()).isEqualTo(1);
  }

  private static final Executor LONG =
      task -> {
        Thread thread = new Thread(task, "client");
        thread.setDaemon(true);
        thread.start();
      };

  @Test
  void changedFile_isPreparedAnewAtOnce() throws IOException {
    String before = server.get(link()).header("ETag");
    write(file("table.csv"), "a,b,c");
    Reply after = server.get(link(), "Range", "bytes=5-", "If-Range", before);

    assertThat(after.status()).isEqualTo(200);
    assertThat(after.header("ETag")).isNotEqualTo(before);
    assertThat(entries(after)).containsEntry("d" + number + "/table.csv", "a,b,c");
    assertThat(server.get(link()).header("ETag")).isEqualTo(after.header("ETag"));
  }

  @Test
  void newFile_isFoundAfterAnHour_andWithoutOneTheArchiveStays() throws IOException {
    Reply first = server.get(link());
    write(file("new.txt"), "new");
    String id = current();

    assertThat(server.get(link()).header("ETag")).isEqualTo(first.header("ETag"));
    Files.delete(directory.resolve(file("new.txt")));
    clock.set(clock.instant().plus(Duration.ofMinutes(61)));
    Reply same = server.get(link());
    assertThat(same.header("ETag")).isEqualTo(first.header("ETag"));
    assertThat(same.header("Last-Modified")).isEqualTo(first.header("Last-Modified"));
    assertThat(current()).isEqualTo(id);
    assertThat(downloads()).isEqualTo(1);

    write(file("new.txt"), "new");
    clock.set(clock.instant().plus(Duration.ofMinutes(61)));
    Reply other = server.get(link());
    assertThat(entries(other)).containsKey("d" + number + "/new.txt");
    assertThat(other.header("ETag")).isNotEqualTo(first.header("ETag"));
  }

  @Test
  void use_putsOffTheExpiry() {
    Reply first = server.get(link());
    for (int hours = 0; hours < 60; hours += 20) {
      clock.set(clock.instant().plus(Duration.ofHours(20)));
      assertThat(server.get(link()).header("ETag")).isEqualTo(first.header("ETag"));
    }
    clock.set(clock.instant().plus(Duration.ofHours(25)));
    assertThat(server.get(link()).status()).isEqualTo(200);
    assertThat(server.get(link()).header("Last-Modified"))
        .isNotEqualTo(first.header("Last-Modified"));
  }

  @Test
  void missingPath_isNotFound_andLookedForAgainAfterTenSeconds() throws IOException {
    for (int i = 0; i < 3; i++) {
      Reply reply = server.get(link() + "/none.txt");
      assertThat(reply.status()).isEqualTo(404);
      assertThat(reply.json().get("code").asText()).isEqualTo("not_found");
      assertThat(reply.json().get("error").asText()).contains("none.txt");
      assertThat(reply.header("X-Robots-Tag")).isEqualTo("noindex, nofollow");
    }
    String id = current();
    write(file("none.txt"), "some");
    clock.set(clock.instant().plus(Duration.ofSeconds(11)));

    assertThat(server.get(link() + "/none.txt").status()).isEqualTo(200);
    assertThat(current()).isNotEqualTo(id);
    assertThat(downloads()).isEqualTo(1);
    assertThat(server.get(link() + "/table.csv/").status()).isEqualTo(404);
  }

  @Test
  void whatCannotBeDelivered_isTold() throws IOException {
    Files.createSymbolicLink(directory.resolve(file("out")), Path.of("/etc/hostname"));
    Reply reply = server.get(link());

    assertThat(reply.status()).isEqualTo(409);
    assertThat(reply.json().get("code").asText()).isEqualTo("failed");
    assertThat(reply.json().get("error").asText()).contains("link that is broken");
  }

  @Test
  void archiveThatIsBeingPrepared_isNotReady_withRetryAfter() {
    script = request -> Answer.hang();
    Reply reply = server.get("/zip/s3/a");
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.header("Retry-After")).isEqualTo("5");
    assertThat(reply.json().get("code").asText()).isEqualTo("not_ready");
    Reply page = server.get("/zip/s3/a", "Accept", "text/html");
    assertThat(page.status()).isEqualTo(503);
    assertThat(page.header("Content-Type")).startsWith("text/html");
    assertThat(page.header("Retry-After")).isEqualTo("5");
    assertThat(page.header("X-Robots-Tag")).isEqualTo("noindex, nofollow");
    String id = current();
    assertThat(page.text())
        .doesNotContain(id)
        .contains("data-leads-to=\"\"", "http-equiv=\"refresh\" content=\"3\"");
    assertThat(server.head("/zip/s3/a").status()).isEqualTo(503);

    script = request -> Answer.object(Map.of());
    store.letGo();
    Traces.awaited(
        Duration.ofMinutes(1), () -> server.head("/zip/s3/a"), ready -> ready.status() == 200);
    assertThat(downloads()).isEqualTo(1);
    Reply done = server.get("/zip/s3/a", "Accept", "text/html");
    assertThat(done.status()).as("for the script of the page that waits").isEqualTo(200);
    assertThat(done.header("Cache-Control")).contains("no-store");
    assertThat(done.text()).doesNotContain(id).contains("data-state=\"ready\"", "a.zip");
    assertThat(server.head("/zip/s3/a", "Accept", "text/html, */*;q=0.8").header("Content-Type"))
        .isEqualTo("application/zip");
  }

  @Test
  void names_areOfTheAnswerAlone_whichIsOneStoredArchive() {
    Reply plain = server.get(link());
    Reply named = server.get(link() + "?name=x");

    assertThat(named.header("Content-Disposition")).contains("\"x.zip\"");
    assertThat(named.bytes()).isEqualTo(plain.bytes());
    assertThat(named.header("ETag")).isEqualTo(plain.header("ETag"));
    assertThat(server.get(link() + "?name=y", "Range", "bytes=9-").bytes())
        .isEqualTo(Arrays.copyOfRange(plain.bytes(), 9, plain.bytes().length));
    assertThat(downloads()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "/zip/closed/secret.txt, 403, forbidden",
    "/zip/none/secret.txt, 403, forbidden",
    "/zip, 404, not_found",
    "/zip/, 404, not_found",
    "/zip/open/../closed/secret.txt, 400, unparseable",
    "/zip/open/%2e%2E/closed/secret.txt, 400, unparseable",
    "/zip/open/./reports, 400, unparseable",
    "/zip/open/a%00b, 400, unparseable",
    "/zip/open/a%ffb, 400, unparseable",
    "/zip/open/a%ED%A0%80b, 400, unparseable",
    "/zip/open/reports?name=a%2Fb, 400, invalid_name",
    "/zip/open/reports?name=a:b, 400, invalid_name",
    "/zip/open/reports?name=%zz, 400, unparseable",
    "/zip/open/reports?name=a&name=b, 400, unparseable",
  })
  void otherPaths_areRefused(String link, int status, String code) {
    Reply reply = server.get(link);

    assertThat(reply.status()).as(reply.text()).isEqualTo(status);
    if (reply.text().contains("code")) {
      assertThat(reply.json().get("code").asText()).isEqualTo(code);
    }
    assertThat(reply.text()).doesNotContain("org.lading", "/closed/secret");
    assertThat(downloads()).isZero();
  }

  @Test
  void pageOfAnotherSite_embedsWhatIsThere_andHasNothingPrepared() {
    for (String[] dest : new String[][] {{"image", "no-cors"}, {"empty", "cors"}, {"", ""}}) {
      Reply refused = server.get(link(), fetched("cross-site", dest[0], dest[1]));
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.json().get("code").asText()).isEqualTo("forbidden");
    }
    assertThat(downloads()).isZero();

    assertThat(server.get(link(), fetched("cross-site", "document", "navigate")).status())
        .isEqualTo(200);
    assertThat(server.get(link(), fetched("cross-site", "image", "no-cors")).status())
        .isEqualTo(200);
    assertThat(server.get(link() + "/table.csv", fetched("same-origin", "empty", "cors")).status())
        .isEqualTo(200);
    assertThat(downloads()).isEqualTo(2);
  }

  private static String[] fetched(String site, String destination, String mode) {
    return new String[] {
      "Sec-Fetch-Site", site, "Sec-Fetch-Dest", destination, "Sec-Fetch-Mode", mode
    };
  }

  @Test
  void longPath_isRefused() {
    assertThat(server.get("/zip/open/" + "a/".repeat(2100)).status()).isEqualTo(400);
  }

  @Test
  void bearerToken_givesTheRootsOfItsClient() {
    assertThat(server.get("/zip/closed", "Authorization", "Bearer " + TOKEN).status())
        .isEqualTo(200);
    assertThat(server.get("/zip/open", "Authorization", "Bearer " + TOKEN).status()).isEqualTo(200);
    assertThat(server.head("/zip/s3/b", "Authorization", "Bearer " + TOKEN).status())
        .isEqualTo(200);
    assertThat(server.get("/zip/open", "Authorization", "Bearer other").status()).isEqualTo(401);
    assertThat(server.get("/zip/open", "Authorization", "Basic YTpi").status()).isEqualTo(200);
  }

  @Test
  void otherMethods_areNotAllowed() {
    Reply reply = server.call("POST", "/zip/open/reports", "{}");

    assertThat(reply.status()).isEqualTo(405);
    assertThat(reply.header("Allow")).isEqualTo("GET, HEAD");
  }

  /** The download of the link that was made last. */
  private static String current() {
    return server.text(
        "select download_id from link join download on id = download_id"
            + " order by created_at desc, key");
  }

  private long downloads() {
    return server.number("select count(*) from download") - before;
  }

  private static Map<String, String> entries(Reply reply) {
    Map<String, String> entries = new TreeMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(reply.bytes()))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        entries.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return entries;
  }
}
