package org.lading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lading.testing.Traces.awaited;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.NeedsProgram;
import org.lading.testing.PostgresServer;
import org.lading.testing.Programs;
import org.lading.testing.ScriptedS3;
import org.lading.testing.ScriptedS3.Answer;
import org.lading.testing.ScriptedS3.Request;
import org.lading.testing.SettableClock;
import org.lading.testing.TestDatabase;

/**
 * What clients do with a download at another node, with a storage of its own, than the one that
 * prepares it.
 */
@NeedsProgram(Programs.UNSHARE)
class TwoNodesTest {
  private static final int ASKED = 8;

  /** On a machine that is busy a preparation has left the quick lane before it is looked at. */
  private static final Pattern RUNNING =
      Pattern.compile("lading_preparations_running\\{lane=\"(quick|long)\"} 1.0");

  private static final String OBJECT = "{'type': 'file', 'path': 'a'}";

  @TempDir static Path directory;
  private static final SettableClock CLOCK = SettableClock.atNow(ChronoUnit.MILLIS);
  private static volatile Function<Request, Answer> script;
  private static ScriptedS3 store;
  private static TestDatabase database;
  private static final List<LadingServer> NODES = new ArrayList<>();

  @BeforeAll
  static void start() throws IOException {
    script = request -> Answer.object(Map.of());
    store = new ScriptedS3(request -> script.apply(request));
    database = TestDatabase.postgres(PostgresServer.newDatabase());
    Path root = Files.createDirectories(directory.resolve("root"));
    String settings =
        "roots:\n  - {name: main, path: \"%s\", serve: direct}\n%s%s"
            .formatted(root, store.root(), database.settings());
    for (String name : List.of("one", "other")) {
      NODES.add(
          LadingServer.start(Files.createDirectories(directory.resolve(name)), settings, CLOCK));
    }
  }

  @AfterAll
  static void stop() {
    store.letGo();
    NODES.forEach(LadingServer::close);
    store.close();
  }

  @Test
  void preparation_isCancelledAtTheOtherNode() throws Exception {
    script = request -> Answer.hang();
    CompletableFuture<Reply> waiting =
        CompletableFuture.supplyAsync(
            () ->
                NODES
                    .get(0)
                    .create(
                        "{'root': 's3', 'targets': [%s]}".formatted(OBJECT), "Prefer", "wait=60"));
    awaited(() -> store.inProgress(), calls -> calls > 0);
    LadingServer preparing =
        awaited(
                () -> NODES.stream().filter(TwoNodesTest::isPreparing).toList(),
                nodes -> nodes.size() == 1)
            .get(0);
    LadingServer other = preparing == NODES.get(0) ? NODES.get(1) : NODES.get(0);
    String id = database.texts("select id from download where root = 's3'").get(0);
    String page = "/s3/" + id;

    assertThat(other.call("DELETE", page, null).status()).isEqualTo(204);

    assertThat(waiting.get(20, TimeUnit.SECONDS).status()).isEqualTo(410);
    for (LadingServer node : NODES) {
      assertThat(node.get(page + "/status").status()).isEqualTo(410);
    }
    script = request -> Answer.object(Map.of());
    store.letGo();
    awaited(() -> isPreparing(preparing), isPreparing -> !isPreparing);
    assertThat(preparing.get(page + "/download").status()).isEqualTo(410);
    assertThat(database.number("select count(*) from entry_chunk where download_id = '" + id + "'"))
        .isZero();
  }

  private static boolean isPreparing(LadingServer node) {
    return RUNNING.matcher(node.get("/metrics").text()).find();
  }

  @Test
  void download_thatIsPreparedAgainAtBothNodesAtOnce_hasOneSuccessor() throws IOException {
    Path file = Files.writeString(directory.resolve("root/a.txt"), "old");
    Reply created =
        NODES
            .get(0)
            .create(
                "{'root': 'main', 'repeatable': true, 'targets': [{'type': 'file', 'path': 'a.txt'}]}",
                "Prefer",
                LadingServer.PATIENT);
    // Younger ones are not prepared again.
    CLOCK.set(CLOCK.instant().plusSeconds(31));
    Files.writeString(file, "newer");
    assertThat(NODES.get(1).get(LadingServer.page(created, "get")).status()).isEqualTo(409);

    List<CompletableFuture<Reply>> asked = new ArrayList<>();
    for (int i = 0; i < ASKED; i++) {
      LadingServer node = NODES.get(i % 2);
      asked.add(
          CompletableFuture.supplyAsync(
              () -> node.call("POST", LadingServer.page(created, "again"), null)));
    }
    Set<String> ids = new HashSet<>();
    for (CompletableFuture<Reply> one : asked) {
      assertThat(one.join().status()).as(one.join().toString()).isEqualTo(202);
      ids.add(one.join().json().get("id").asText());
    }
    assertThat(ids).hasSize(1).doesNotContain(created.json().get("id").asText());
    assertThat(database.number("select count(*) from download where root = 'main'")).isEqualTo(2);
    String page = "/main/" + ids.iterator().next();
    for (LadingServer node : NODES) {
      awaited(() -> node.get(page + "/status").json().get("status").asText(), "ready"::equals);
      assertThat(node.get(page + "/download").status()).isEqualTo(200);
    }
  }
}
