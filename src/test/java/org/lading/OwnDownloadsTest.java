package org.lading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lading.testing.Traces.awaited;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.app.Surroundings;
import org.lading.base.Digests;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.RawDownload;
import org.lading.testing.ScriptedS3;
import org.lading.testing.ScriptedS3.Answer;
import org.lading.testing.ScriptedS3.Request;
import org.lading.testing.SettableClock;

/** Clients list the downloads that they asked for, and cancel or remove them. */
class OwnDownloadsTest {
  private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
  private static final int LARGE = 40 << 20;
  private static final String[] ANNA = {"Authorization", "Bearer anna"};
  private static final String[] BERT = {"Authorization", "Bearer bert"};
  private static final String FILE = "{'type': 'file', 'path': 'a.txt'}";
  private static final String NOTE = "{'type': 'literal', 'name': 'n', 'content': 'n'}";
  private static final String OBJECT = "{'type': 'file', 'path': 'a', 'root': 's3'}";

  @TempDir Path directory;
  private final SettableClock now = new SettableClock(START);
  private volatile Function<Request, Answer> script = request -> Answer.object(Map.of());
  private ScriptedS3 store;
  private LadingServer server;

  @BeforeEach
  void start() throws IOException {
    store = new ScriptedS3(request -> script.apply(request));
    Files.createDirectories(directory.resolve("root"));
    Files.writeString(directory.resolve("root/a.txt"), "aaa");
    try (RandomAccessFile large =
        new RandomAccessFile(directory.resolve("root/large").toFile(), "rw")) {
      large.setLength(LARGE);
    }
    start("clients:\n" + client("anna") + client("bert"));
  }

  private void start(String clients) {
    server =
        LadingServer.start(
            directory,
            clients + "roots:\n  - {name: main, path: root, serve: direct}\n" + store.root(),
            Surroundings.on(now).withRenewalPause(Duration.ofSeconds(1)),
            0);
  }

  private static String client(String name) {
    byte[] hash = Digests.sha256().digest(name.getBytes(StandardCharsets.UTF_8));
    return "  - {name: %s, token_sha256: %s}%n".formatted(name, HexFormat.of().formatHex(hash));
  }

  @AfterEach
  void stop() {
    script = request -> Answer.object(Map.of());
    store.letGo();
    server.close();
    store.close();
  }

  private Reply create(String[] client, String... targets) {
    Reply created =
        server.create(
            "{'root': 'main', 'targets': [%s]}".formatted(String.join(", ", targets)), client);
    assertThat(created.status()).as(created.text()).isEqualTo(201);
    return created;
  }

  private static String id(Reply created) {
    return created.json().get("id").asText();
  }

  private Reply delete(String id, String... headers) {
    return server.call("DELETE", "/main/" + id, null, headers);
  }

  private int status(String id) {
    return server.get("/main/" + id + "/status").status();
  }

  private void runJobs() {
    server.makeDue("recurring_job", "true");
  }

  @Test
  void removedDownload_isGone_andItsContentsAreRemoved() {
    Reply created = create(ANNA, FILE, NOTE);
    String id = id(created);
    Reply removed = delete(id, ANNA);
    assertThat(removed.status()).isEqualTo(204);
    assertThat(removed.text()).isEmpty();

    for (String page : List.of("status", "get", "download", "manifest")) {
      Reply gone = server.get("/main/" + id + "/" + page);
      assertThat(gone.status()).as(page).isEqualTo(410);
      assertThat(gone.json().get("error").asText())
          .isEqualTo("The download was removed by its client");
    }
    assertThat(delete(id, ANNA).status()).as("a second time").isEqualTo(410);
    now.set(START.plusSeconds(61));
    runJobs();
    awaited(() -> server.stored(), stored -> stored.equals(Set.of("download " + id)));
    assertThat(status(id)).isEqualTo(410);
  }

  @Test
  void onlyTheClientThatAskedForADownload_removesIt() {
    String id = id(create(ANNA, FILE));
    assertThat(delete(id, BERT).status()).isEqualTo(403);
    assertThat(delete(id).status()).isEqualTo(401);
    assertThat(delete(id, "Authorization", "Bearer nobody").status()).isEqualTo(401);
    assertThat(server.call("DELETE", "/s3/" + id, null, ANNA).status()).isEqualTo(404);
    assertThat(delete("x".repeat(32), ANNA).status()).isEqualTo(404);
    Reply fromAnotherPage =
        server.call(
            "DELETE", "/main/" + id, null, "Authorization", "Bearer anna", "Origin", "null");
    assertThat(fromAnotherPage.status()).isEqualTo(403);
    assertThat(status(id)).isEqualTo(200);
  }

  @Test
  void whereEverybodyMayCreate_whoeverHasTheIdRemoves_andNobodyLists() {
    server.close();
    start("clients: open\n");
    String id = id(create(new String[0], FILE));
    assertThat(delete(id).status()).isEqualTo(204);
    assertThat(status(id)).isEqualTo(410);
    assertThat(server.get("/list").status()).isEqualTo(403);
  }

  @Test
  void preparation_isCancelled_andWhoWaitsForItIsTold() throws Exception {
    script = request -> Answer.hang();
    String body = "{'root': 'main', 'targets': [%s]}".formatted(OBJECT);
    CompletableFuture<Reply> waiting =
        CompletableFuture.supplyAsync(() -> server.create(body, ANNA));
    awaited(() -> store.inProgress(), calls -> calls > 0);
    String id = server.text("select id from download");
    assertThat(delete(id, ANNA).status()).isEqualTo(204);

    assertThat(waiting.get(20, TimeUnit.SECONDS).status()).isEqualTo(410);
    assertThat(status(id)).isEqualTo(410);
    runJobs();
    script = request -> Answer.object(Map.of());
    store.letGo();
    // The attempt that was running brings nothing back, and others of the client follow.
    create(ANNA, OBJECT);
    assertThat(status(id)).isEqualTo(410);
    assertThat(server.stored()).noneMatch(one -> one.startsWith("entry_chunk " + id));
  }

  @Test
  void whatIsBeingSent_goesOn_afterItsDownloadWasRemoved() throws IOException {
    String streamed = id(create(ANNA, "{'type': 'file', 'path': 'large'}"));
    String listed = id(create(ANNA, FILE, NOTE));
    assertThat(server.get("/main/" + listed + "/get").status()).isEqualTo(200);
    String page = "/downloads/main/" + streamed + "/download";
    try (RawDownload slow = new RawDownload(server.port(), page)) {
      slow.read(1 << 20);
      assertThat(delete(streamed, ANNA).status()).isEqualTo(204);
      assertThat(delete(listed, ANNA).status()).isEqualTo(204);
      awaited(() -> dueAt(streamed), due -> due.isAfter(START.plusSeconds(90)));
      awaited(() -> dueAt(listed), due -> due.isAfter(START.plus(Duration.ofHours(11))));
      now.set(START.plusSeconds(70));
      runJobs();
      awaited(() -> server.jobs(), List::isEmpty);
      assertThat(server.stored()).contains("entry_chunk " + streamed, "entry_chunk " + listed);
      slow.discard();
      assertThat(slow.isComplete()).isTrue();
    }
    now.set(START.plus(Duration.ofMinutes(30)));
    runJobs();
    awaited(() -> server.stored(), stored -> !stored.contains("entry_chunk " + streamed));
  }

  private Instant dueAt(String id) {
    return Instant.ofEpochMilli(
        server.number(
            "select %s from download where id = '%s'"
                .formatted(server.database().millis("due_at"), id)));
  }

  @Test
  void list_hasTheClientsOwnDownloads_theNewestFirst_pageByPage() {
    List<String> mine = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      // Three of the same millisecond.
      now.set(START.plusMillis(i / 3));
      mine.add(id(create(ANNA, FILE)));
      create(BERT, FILE);
    }
    JsonNode all = list("?limit=1000", ANNA);
    assertThat(ids(all)).containsExactlyInAnyOrderElementsOf(mine);
    assertThat(ids(all).subList(0, 2)).containsExactlyInAnyOrderElementsOf(mine.subList(3, 5));
    assertThat(all.get("next_cursor").isNull()).isTrue();
    JsonNode status = server.get("/main/" + mine.get(0) + "/status").json();
    assertThat(all.get("downloads")).contains(status);

    List<String> paged = new ArrayList<>();
    JsonNode page = list("?limit=2", ANNA);
    paged.addAll(ids(page));
    now.set(START.plusMillis(2));
    create(ANNA, FILE);
    while (!page.get("next_cursor").isNull()) {
      page = list("?limit=2&cursor=" + page.get("next_cursor").asText(), ANNA);
      paged.addAll(ids(page));
    }
    assertThat(paged).isEqualTo(ids(all));

    assertThat(delete(mine.get(1), ANNA).status()).isEqualTo(204);
    assertThat(ids(list("?state=expired", ANNA))).containsExactly(mine.get(1));
    assertThat(ids(list("?state=ready", ANNA))).hasSize(5).doesNotContain(mine.get(1));
    assertThat(ids(list("?state=pending", ANNA))).isEmpty();
    assertThat(ids(list("?state=changed", ANNA))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"limit=0", "limit=-1", "limit=x", "cursor=x", "cursor=%00", "cursor=", "state=no"})
  void list_refusesWhatItDoesNotKnow(String query) {
    Reply refused = server.get("/list?" + query, ANNA);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().get("code").asText()).isEqualTo("unparseable");
    assertThat(server.get("/list").status()).isEqualTo(401);
  }

  private JsonNode list(String query, String... headers) {
    Reply reply = server.get("/list" + query, headers);
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    assertThat(reply.header("Cache-Control")).isEqualTo("private, no-store");
    return reply.json();
  }

  private static List<String> ids(JsonNode page) {
    List<String> ids = new ArrayList<>();
    page.get("downloads").forEach(one -> ids.add(one.get("id").asText()));
    return ids;
  }
}
