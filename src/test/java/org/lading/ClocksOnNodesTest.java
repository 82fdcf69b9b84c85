package org.lading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.lading.testing.Traces.awaited;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.app.Surroundings;
import org.lading.testing.DigestClient;
import org.lading.testing.DigestClient.Use;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.NeedsProgram;
import org.lading.testing.PostgresServer;
import org.lading.testing.Programs;
import org.lading.testing.SettableClock;
import org.lading.testing.TestDatabase;

/**
 * Three nodes on one database whose clocks are ten minutes ahead of it, ten minutes behind it, and
 * set by an hour while the node runs: they go by the clock of the database.
 */
@NeedsProgram(Programs.UNSHARE)
class ClocksOnNodesTest {
  private static final DigestClient ANNA = DigestClient.of("anna", "the password of Anna");
  private static final Duration TEN_MINUTES = Duration.ofMinutes(10);
  private static final String[] TOKEN = {
    "Authorization", "Bearer portal-token", "Prefer", "wait=300"
  };

  /** Of the token. */
  private static final String SHA_256 =
      "0ba11c8c03cc892e40cac090ac14c4db6e655ecfaff2490257fbe4c10fba19f9";

  @TempDir static Path directory;
  private static final SettableClock JUMPING = SettableClock.atNow(ChronoUnit.MILLIS);
  private static TestDatabase database;
  private static LadingServer ahead;
  private static LadingServer behind;
  private static LadingServer jumping;

  @BeforeAll
  static void start() throws IOException {
    database = TestDatabase.postgres(PostgresServer.newDatabase());
    Files.writeString(Files.createDirectories(directory.resolve("root")).resolve("a"), "bytes");
    ahead = node("ahead", Clock.offset(Clock.systemUTC(), TEN_MINUTES));
    behind = node("behind", Clock.offset(Clock.systemUTC(), TEN_MINUTES.negated()));
    jumping = node("jumping", JUMPING);
  }

  private static LadingServer node(String name, Clock clock) throws IOException {
    String clients =
        "clients: [{name: anna, password: '%s'}, {name: portal, token_sha256: %s}]%n"
            .formatted(ANNA.password(), SHA_256);
    return LadingServer.start(
        Files.createDirectories(directory.resolve(name)),
        "roots: [{name: main, path: ../root, serve: direct}]\n" + clients + database.settings(),
        Surroundings.ofNode(clock).withRenewalPause(Duration.ofSeconds(1)),
        0);
  }

  @AfterAll
  static void stop() {
    List.of(ahead, behind, jumping).forEach(LadingServer::close);
  }

  @Test
  void downloads_haveTheTimesOfTheDatabase() {
    for (LadingServer node : List.of(ahead, behind)) {
      Reply created = create(node);
      Instant at = Instant.parse(status(ahead, created).json().get("created_at").asText());
      assertThat(at).isCloseTo(Instant.now(), within(1, ChronoUnit.MINUTES));
    }
  }

  @Test
  void download_expiresForAllNodesAtOnce() {
    Reply created = create(ahead);
    setExpiry(created, "5 minutes");
    for (LadingServer node : List.of(ahead, behind)) {
      assertThat(status(node, created).status()).isEqualTo(200);
    }
    setExpiry(created, "-1 seconds");
    for (LadingServer node : List.of(ahead, behind)) {
      assertThat(status(node, created).status()).isEqualTo(410);
    }
  }

  @Test
  void jobs_areDueByTheDatabase_soThatNoNodeTakesAnotherForDead() {
    create(ahead);
    create(behind);
    String offset =
        "select cast(max(abs(extract(epoch from %s - now()))) as bigint) from recurring_job";
    String due = offset.formatted("execution_time") + " where task_name = 'expiry'";
    assertThat(database.number(due)).isLessThan(60);
    awaited(
        () -> database.number("select count(*) from recurring_job where last_success is not null"),
        count -> count > 0);
    assertThat(database.number(offset.formatted("last_success"))).isLessThan(60);
  }

  @Test
  void nonceOfOneNode_isTakenByTheOther() {
    int count = 1;
    for (LadingServer issuer : List.of(ahead, behind)) {
      String nonce = DigestClient.nonce(issuer.get("/list"));
      for (LadingServer node : List.of(ahead, behind)) {
        String header = ANNA.header(new Use("GET", "/downloads/list", nonce, count++));
        assertThat(node.get("/list", "Authorization", header).status()).isEqualTo(200);
      }
    }
  }

  @Test
  void nodeWhoseClockIsWrong_saysSo_andServes() {
    assertThat(warning(ahead, "ahead of")).contains("600 seconds ahead of the database's");
    assertThat(warning(behind, "behind")).contains("600 seconds behind the database's");
  }

  @Test
  void clockThatIsSet_changesNothing_andIsTold() {
    Reply created = create(jumping);
    setExpiry(created, "5 minutes");
    JUMPING.set(Instant.now().plusSeconds(3600));
    assertThat(status(jumping, created).status()).isEqualTo(200);
    Instant at = Instant.parse(status(ahead, create(jumping)).json().get("created_at").asText());
    assertThat(at).isCloseTo(Instant.now(), within(1, ChronoUnit.MINUTES));
    assertThat(warning(jumping, "seconds ahead of")).contains("This node's clock is 3");
  }

  private static String warning(LadingServer node, String word) {
    Reply answer =
        awaited(
            () -> node.get("/status"),
            reply ->
                reply.json().get("parts").get("database").path("warning").asText().contains(word));
    assertThat(answer.status()).isEqualTo(200);
    return answer.json().get("parts").get("database").get("warning").asText();
  }

  private static Reply create(LadingServer node) {
    return node.create("{'root': 'main', 'targets': [{'type': 'file', 'path': 'a'}]}", TOKEN);
  }

  private static Reply status(LadingServer node, Reply created) {
    return node.get(LadingServer.page(created, "status"));
  }

  private static void setExpiry(Reply created, String in) {
    String id = created.json().get("id").asText();
    assertThat(
            database.texts(
                "update download set expires_at = now() + interval '%1$s', due_at = now()"
                        .formatted(in)
                    + " + interval '%1$s' where id = '%2$s' returning id".formatted(in, id)))
        .containsExactly(id);
  }
}
