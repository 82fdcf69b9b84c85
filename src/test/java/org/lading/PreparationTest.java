package org.lading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lading.testing.Traces.awaited;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.testing.Http;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.ScriptedS3;
import org.lading.testing.ScriptedS3.Answer;
import org.lading.testing.ScriptedS3.Request;

/** Creating a download that takes longer than its client waits. */
class PreparationTest {
  private static final String LITERAL =
      "{'type': 'literal', 'name': 'note.txt', 'content': 'made to order'}";
  private static final String OBJECT = "{'type': 'file', 'path': 'a', 'root': 's3'}";

  @TempDir Path directory;
  private volatile Function<Request, Answer> script = request -> Answer.object(Map.of());
  private ScriptedS3 store;
  private LadingServer server;

  @BeforeEach
  void start() throws IOException {
    store = new ScriptedS3(request -> script.apply(request));
    Files.createDirectories(directory.resolve("root"));
    Files.writeString(directory.resolve("root/a.txt"), "aaa");
    server = startServer();
  }

  private LadingServer startServer() {
    return LadingServer.start(
        directory,
        "create_wait: 1s\nliterals: storage\nroots:\n  - {name: main, path: root}\n"
            + store.root());
  }

  @AfterEach
  void stop() {
    // What still hangs would be waited for.
    script = request -> Answer.object(Map.of());
    store.letGo();
    server.close();
    store.close();
  }

  @Test
  void respondAsync_isAnsweredAtOnce_andTheStatusTellsWhenItIsReady() throws IOException {
    script = request -> Answer.hang();
    Reply created = create("respond-async", LITERAL, OBJECT);

    assertThat(created.status()).isEqualTo(202);
    assertThat(created.header("Preference-Applied")).isEqualTo("respond-async");
    assertThat(created.header("Retry-After")).isEqualTo("5");
    assertThat(created.header("Location")).isEqualTo(created.json().get("status_url").asText());
    assertThat(created.json().get("status").asText()).isEqualTo("pending");
    assertThat(created.json().get("download_url").asText()).endsWith("/download");
    assertThat(created.json().get("approximate_size").isNull()).isTrue();
    assertThat(created.json().get("zip_size").isNull()).isTrue();
    assertThat(created.json().get("file_count").isNull()).isTrue();
    Instant.parse(created.json().get("expires_at").asText());

    Reply running = awaited(() -> status(created), is("creating_manifest"));
    assertThat(running.header("Retry-After")).isEqualTo("5");
    assertThat(running.json().get("settled_at").isNull()).isTrue();
    assertThat(times(running, "created_at", "started_at")).isSorted();
    Reply early = server.get(page(created, "download"));
    assertThat(early.status()).isEqualTo(404);
    assertThat(early.header("Retry-After")).isEqualTo("5");
    assertThat(early.json().get("code").asText()).isEqualTo("not_ready");

    script = request -> Answer.object(Map.of());
    store.letGo();
    Reply ready = awaited(() -> status(created), is("ready"));
    assertThat(ready.status()).isEqualTo(200);
    assertThat(times(ready, "created_at", "started_at", "settled_at", "expires_at")).isSorted();
    assertThat(ready.json().get("file_count").asInt()).isEqualTo(2);
    assertThat(ready.json().get("progress").get("entries").asInt()).isEqualTo(2);
    assertThat(ready.json().get("progress").get("bytes").asInt()).isEqualTo(18);
    assertThat(server.get(page(created, "get")).status()).isEqualTo(200);
  }

  @Test
  void preference_decidesHowLongIsWaited() {
    Map<String, String> applied = new LinkedHashMap<>();
    applied.put("wait=0", "wait=0");
    applied.put("wait=1", "wait=1");
    applied.put("respond-async, wait=1", "wait=1");
    applied.put("WAIT = 1 ; foo=bar", "wait=1");
    applied.put("respond-async; x", "respond-async");
    applied.put("handling=lenient", null);
    applied.put("wait=-1", null);
    applied.put("wait=99999999999999999999", null);
    script = request -> Answer.hang();
    Map<String, CompletableFuture<Reply>> creates = new LinkedHashMap<>();
    long began = System.nanoTime();
    for (String preference : applied.keySet()) {
      creates.put(
          preference,
          CompletableFuture.supplyAsync(
              () -> create(preference, OBJECT), work -> new Thread(work).start()));
    }
    applied.forEach(
        (preference, expected) -> {
          Reply created = creates.get(preference).join();
          assertThat(created.status()).as(preference).isEqualTo(202);
          assertThat(created.header("Preference-Applied")).as(preference).isEqualTo(expected);
        });
    assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(10));
  }

  @Test
  void clientThatWaits_getsTheDownloadOnceItIsReady() throws Exception {
    script = request -> Answer.hang();
    CompletableFuture<Reply> waiting =
        CompletableFuture.supplyAsync(() -> create("wait=100", OBJECT));
    awaited(store::inProgress, count -> count == 1);
    script = request -> Answer.object(Map.of());
    store.letGo();
    Reply created = waiting.get(20, TimeUnit.SECONDS);
    assertThat(created.status()).isEqualTo(201);
    assertThat(created.header("Preference-Applied")).isEqualTo("wait=100");
    assertThat(created.json().get("status").asText()).isEqualTo("ok");
    assertThat(created.json().get("file_count").asInt()).isEqualTo(1);
  }

  @Test
  void clientsThatWait_holdNoThread() throws Exception {
    script = request -> Answer.hang();
    List<CompletableFuture<Integer>> waiting =
        IntStream.range(0, 12)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        this::createAlone, work -> new Thread(work).start()))
            .toList();
    awaited(store::inProgress, count -> count >= 12);
    assertThat(create("wait=100", LITERAL).status())
        .as("there are 10 threads for requests, and 12 of 16 for preparing those of one client")
        .isEqualTo(201);
    script = request -> Answer.object(Map.of());
    store.letGo();
    for (CompletableFuture<Integer> one : waiting) {
      assertThat(one.get(60, TimeUnit.SECONDS)).isEqualTo(201);
    }
  }

  /** On a connection of its own. */
  private int createAlone() {
    String body = "{\"root\": \"main\", \"targets\": [" + OBJECT.replace('\'', '"') + "]}";
    try (Http http = new Http(URI.create("http://127.0.0.1:" + server.port()))) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      return http.post("/downloads/create", bytes, "Prefer", "wait=100").status();
    }
  }

  @Test
  void failureWhileTheClientWaits_isItsAnswer_andLeavesNothing() {
    Reply reply = create("wait=100", LITERAL, "{'type': 'file', 'path': 'none'}");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("code").asText()).isEqualTo("missing_or_invalid_target");
    assertThat(reply.json().get("target_index").asInt()).isEqualTo(1);
    assertThat(server.stored()).isEmpty();
    // The scheduler removes its row after the job, which has told the client.
    assertThat(awaited(server::jobs, List::isEmpty)).isEmpty();
  }

  @Test
  void failureNobodyWaitsFor_isKeptWithItsReason() {
    Reply created = create("respond-async", LITERAL, "{'type': 'file', 'path': 'no<b>ne'}");
    assertThat(created.status()).isEqualTo(202);

    Reply failed = awaited(() -> status(created), is("missing_or_invalid_targets"));
    assertThat(failed.status()).isEqualTo(200);
    assertThat(failed.json().get("code").asText()).isEqualTo("missing_or_invalid_target");
    assertThat(failed.json().get("error").asText()).contains("no<b>ne");
    assertThat(failed.json().get("target_index").asInt()).isEqualTo(1);
    assertThat(failed.json().get("path").asText()).isEqualTo("no<b>ne");
    assertThat(times(failed, "created_at", "started_at", "settled_at")).isSorted();

    for (String page : new String[] {"get", "download", "manifest"}) {
      Reply reply = server.get(page(created, page));
      assertThat(reply.status()).isEqualTo(409);
      assertThat(reply.json().get("code").asText()).isEqualTo("failed");
      assertThat(reply.json().get("error").asText())
          .startsWith("The download could not be prepared: ")
          .contains("no<b>ne");
      assertThat(reply.json().get("target_index").asInt()).isEqualTo(1);
    }
    // Its files are removed after it has failed.
    assertThat(awaited(server::stored, stored -> stored.size() == 1)).as("its row").hasSize(1);
  }

  @Test
  void storeThatDoesNotAnswer_isAskedAgain() {
    script = request -> Answer.error(500, "InternalError");
    Reply refused = create("respond-async", LITERAL, OBJECT);
    awaited(() -> status(refused), one -> one.json().has("code"));
    Reply pending = status(refused);
    assertThat(pending.json().get("status").asText()).isEqualTo("pending");
    assertThat(pending.json().get("code").asText()).isEqualTo("storage_unavailable");
    assertThat(awaited(server::stored, stored -> stored.size() == 2))
        .as("its row and its targets")
        .hasSize(2);

    script = request -> Answer.object(Map.of());
    beginJobsNow();
    Reply ready = awaited(() -> status(refused), is("ready"));
    assertThat(ready.json().has("code")).isFalse();
  }

  @Test
  void storeThatNeverAnswers_isGivenUp() {
    script = request -> Answer.error(500, "InternalError");
    Reply refused = create("respond-async", OBJECT);
    for (int attempt = 1; attempt < 5; attempt++) {
      int made = attempt;
      awaited(() -> server.number("select failures from download"), count -> count == made);
      Reply waiting = status(refused);
      assertThat(Instant.parse(waiting.json().get("next_try_at").asText()))
          .isAfter(Instant.parse(waiting.json().get("started_at").asText()));
      assertThat(server.get(page(refused, "status"), "Accept", "text/html").text())
          .contains("<dt>Next try</dt>");
      beginJobsNow();
    }
    Reply failed = awaited(() -> status(refused), is("failed"));
    assertThat(failed.json().get("code").asText()).isEqualTo("storage_unavailable");
    assertThat(failed.json().has("next_try_at")).isFalse();
    assertThat(server.get(page(refused, "get")).status()).isEqualTo(409);
  }

  @Test
  void downloadThatEndsEveryNode_isGivenUp() {
    script = request -> Answer.hang();
    Reply created = create("respond-async", OBJECT);
    awaited(() -> status(created), is("creating_manifest"));
    server.close();
    server.sql("update download set failures = 4, state = 'CREATING_MANIFEST'");
    server = startServer();
    Reply failed = awaited(() -> status(created), is("failed"));
    assertThat(failed.json().get("error").asText()).contains("begun").contains("times");
  }

  @Test
  void stop_inTheMiddleOfPreparing_leavesItToTheNextStart() throws IOException {
    script = request -> Answer.hang();
    CompletableFuture<Reply> waiting =
        CompletableFuture.supplyAsync(() -> create("wait=100", LITERAL, OBJECT));
    awaited(store::inProgress, count -> count == 1);

    server.undeploy();
    assertThat(waiting.join().status()).as("it is stored").isEqualTo(202);
    server.close();
    store.letGo();

    script = request -> Answer.object(Map.of());
    server = startServer();
    assertThat(awaited(() -> server.text("select state from download"), "READY"::equals))
        .isEqualTo("READY");
    assertThat(server.number("select failures from download")).isZero();
    String id = server.text("select id from download");
    assertThat(server.get("/main/" + id + "/manifest").text().lines()).hasSize(2);
    try (var attempts = Files.list(directory.resolve("storage/content/" + id))) {
      assertThat(attempts).as("files of the attempt that ended well").hasSize(1);
    }
  }

  @Test
  void downloadWhoseJobIsLost_isSubmittedAgain() {
    script = request -> Answer.hang();
    Reply created = create("respond-async", OBJECT);
    awaited(
        () -> server.number("select count(*) from download where lane = 'LONG' and attempt = 2"),
        begun -> begun == 1);
    server.sql("delete from long_preparation_job");
    server.sql(
        "update download set created_at = "
            + server.database().time(Instant.now().minus(Duration.ofMinutes(2))));
    script = request -> Answer.object(Map.of());
    server.makeDue("recurring_job", "task_name = 'expiry' and picked = false");
    awaited(() -> status(created), is("ready"));
    store.letGo();
    assertThat(awaited(() -> status(created), is("ready")).json().get("file_count").asInt())
        .isEqualTo(1);
  }

  private Reply create(String preference, String... targets) {
    return server.create(
        "{'root': 'main', 'targets': [" + String.join(",", targets) + "]}", "Prefer", preference);
  }

  private Reply status(Reply created) {
    return server.get(page(created, "status"));
  }

  private static String page(Reply created, String page) {
    String url = created.json().get("status_url").asText();
    String status = url.substring(url.indexOf("/downloads") + "/downloads".length());
    return status.replaceFirst("status$", page);
  }

  private static Predicate<Reply> is(String state) {
    return reply -> reply.json().get("status").asText().equals(state);
  }

  private static List<Instant> times(Reply reply, String... fields) {
    return List.of(fields).stream()
        .map(field -> Instant.parse(reply.json().get(field).asText()))
        .toList();
  }

  /** Lets the jobs that wait for their time begin now. */
  private void beginJobsNow() {
    for (String table : List.of("preparation_job", "long_preparation_job")) {
      // One that is still being put back would get its later time after this.
      awaited(
          () -> server.number("select count(*) from " + table + " where picked"),
          running -> running == 0);
      server.makeDue(table, "true");
    }
  }
}
