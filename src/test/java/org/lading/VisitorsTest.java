package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.base.Digests;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.ScriptedS3;
import org.lading.testing.ScriptedS3.Answer;
import org.lading.testing.ScriptedS3.Request;
import org.lading.testing.SettableClock;
import org.lading.testing.TestDatabase;
import org.lading.testing.Traces;

/** What those who name themselves to nobody can have prepared and stored of public roots. */
class VisitorsTest {
  private static final int MAX_UNSETTLED = 100;
  private static final int MAX_STORED = 10_000;
  private static final String[] CLIENT = {"Authorization", "Bearer client"};

  @TempDir Path directory;
  private final SettableClock clock = new SettableClock(Instant.parse("2026-06-01T12:00:00Z"));
  private volatile Function<Request, Answer> script = request -> Answer.object(Map.of());
  private ScriptedS3 store;
  private LadingServer server;

  private void start(String clients) throws Exception {
    Files.createDirectories(directory.resolve("open/d"));
    Files.writeString(directory.resolve("open/d/a.txt"), "a");
    server =
        LadingServer.start(
            directory,
            clients
                + "\ncreate_wait: 0s\nroots:\n  - {name: open, path: open, public: true}\n"
                + store.root().replace("name: s3", "name: s3\n    public: true"),
            clock);
  }

  private static String named() {
    byte[] hash = Digests.sha256().digest("client".getBytes(StandardCharsets.UTF_8));
    return "clients: [{name: portal, token_sha256: %s}]".formatted(HexFormat.of().formatHex(hash));
  }

  @BeforeEach
  void makeStore() throws Exception {
    store = new ScriptedS3(request -> script.apply(request));
  }

  @AfterEach
  void stop() {
    script = request -> Answer.object(Map.of());
    store.letGo();
    server.close();
    store.close();
  }

  @Test
  void preparationsOfVisitors_areBounded_andKeepNobodyElseOut() throws Exception {
    start(named());
    String tag = awaited("/zip/open/d").header("ETag");
    script = request -> Answer.hang();
    for (int i = 0; i < MAX_UNSETTLED; i++) {
      assertThat(server.head("/zip/s3/a" + i).status()).isEqualTo(503);
    }
    Reply busy = server.get("/zip/s3/more");
    assertThat(busy.status()).isEqualTo(503);
    assertThat(busy.header("Retry-After")).isEqualTo("5");
    assertThat(busy.json().get("code").asText()).isEqualTo("busy");
    Reply page = server.get("/zip/s3/more", "Accept", "text/html");
    assertThat(page.status()).isEqualTo(503);
    assertThat(page.header("Retry-After")).isEqualTo("5");
    assertThat(page.text()).contains("<h1>Busy");
    assertThat(form("file=d/a.txt").status()).isEqualTo(503);
    assertThat(number("state <> 'READY'")).isEqualTo(MAX_UNSETTLED);

    assertThat(server.get("/zip/s3/a0").json().get("code").asText()).isEqualTo("not_ready");
    assertThat(server.head("/zip/s3/more", CLIENT).status()).isEqualTo(503);
    assertThat(number("client = 'portal'")).isEqualTo(1);
    clock.set(clock.instant().plus(Duration.ofHours(2)));
    Reply old = server.head("/zip/open/d");
    assertThat(old.header("ETag")).as("its sources would be listed anew now").isEqualTo(tag);
  }

  @Test
  void storedDownloads_areBounded_andTheOneUnusedForLongestGoes() throws Exception {
    start(named());
    String tag = awaited("/zip/open/d").header("ETag");
    String id = server.text("select id from download");
    copy(id, MAX_STORED - 1);
    clock.set(clock.instant().plusSeconds(60));
    expire();
    awaited("/zip/open/d/a.txt");
    assertThat(number("id = '" + id + "'")).isEqualTo(1);

    expire();
    Traces.awaited(() -> number("failure is not null"), ended -> ended == 1);
    assertThat(number("failure is not null and id = '" + id + "'")).isEqualTo(1);
    clock.set(clock.instant().plus(Duration.ofMinutes(30)));
    expire();
    Traces.awaited(() -> number("1 = 1"), count -> count == MAX_STORED);
    assertThat(awaited("/zip/open/d").header("ETag")).as("is prepared again").isEqualTo(tag);
  }

  /** Makes copies of a download that were all used an hour after it. */
  private void copy(String id, int count) {
    String columns =
        TestDatabase.isEmbedded()
            ? "select name from pragma_table_info('download')"
            : "select column_name from information_schema.columns where table_name = 'download'";
    List<String> names = server.database().texts(columns);
    String time = server.database().time(clock.instant().plus(Duration.ofHours(25)));
    String values =
        names.stream()
            .map(
                name ->
                    switch (name) {
                      case "id" -> "'copy' || i";
                      case "expires_at", "due_at" -> time;
                      default -> "download." + name;
                    })
            .collect(Collectors.joining(", "));
    server.sql(
        "insert into download (%s) with recursive numbers(i) as (select 1 union all"
                .formatted(String.join(", ", names))
            + " select i + 1 from numbers where i < %d) select %s from numbers, download where id = '%s'"
                .formatted(count, values, id));
  }

  private void expire() {
    server.makeDue("recurring_job", "task_name = 'expiry' and picked = false");
  }

  @Test
  void form_isForADay_andNobodyRemovesItOrHasItPreparedAgain() throws Exception {
    start("clients: open");
    Reply sent = form("file=d/a.txt");
    assertThat(sent.status()).isEqualTo(303);
    String status = sent.header("Location").replaceFirst("(\\.\\./)*", "/");
    Reply ready =
        Traces.awaited(
            () -> server.get(status), reply -> reply.json().get("status").asText().equals("ready"));
    assertThat(ready.json().get("expires_at").asText()).isEqualTo("2026-06-02T12:00:00Z");
    assertThat(ready.json().has("again_url")).isFalse();
    assertThat(server.call("POST", status.replace("/status", "/again"), null).status())
        .isEqualTo(403);
    assertThat(server.call("DELETE", status.replace("/status", ""), null).status()).isEqualTo(403);
    assertThat(server.get(status.replace("/status", "/download")).status()).isEqualTo(200);
  }

  private Reply awaited(String link) {
    return Traces.awaited(() -> server.get(link), reply -> reply.status() == 200);
  }

  private Reply form(String fields) {
    return server.call(
        "POST",
        "/browse/open/",
        fields,
        "Content-Type",
        "application/x-www-form-urlencoded",
        "Accept",
        "text/html");
  }

  private long number(String condition) {
    return server.number("select count(*) from download where " + condition);
  }
}
