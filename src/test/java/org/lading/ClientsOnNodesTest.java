package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.base.Digests;
import org.lading.testing.DigestClient;
import org.lading.testing.DigestClient.Use;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.NeedsProgram;
import org.lading.testing.PostgresServer;
import org.lading.testing.Programs;
import org.lading.testing.SettableClock;
import org.lading.testing.TestDatabase;

/** What two nodes on one database know of the clients that come to either of them. */
@NeedsProgram(Programs.UNSHARE)
class ClientsOnNodesTest {
  private static final DigestClient ANNA = DigestClient.of("anna", "the password of Anna");
  private static final String FILE =
      "{'root': 'main', 'targets': [{'type': 'file', 'path': 'a.txt'}]}";

  @TempDir static Path directory;
  private static final SettableClock CLOCK = SettableClock.atNow(ChronoUnit.SECONDS);
  private static final List<LadingServer> NODES = new ArrayList<>();

  @BeforeAll
  static void start() throws IOException {
    TestDatabase database = TestDatabase.postgres(PostgresServer.newDatabase());
    Files.writeString(Files.createDirectories(directory.resolve("root")).resolve("a.txt"), "a");
    String hash =
        HexFormat.of().formatHex(Digests.sha256().digest("token".getBytes(StandardCharsets.UTF_8)));
    for (String name : List.of("first", "second")) {
      NODES.add(
          LadingServer.start(
              Files.createDirectories(directory.resolve(name)),
              """
              roots: [{name: main, path: ../root}]
              clients:
                - {name: anna, password: '%s'}
                - {name: portal, token_sha256: %s, limits: {creates_per_minute: 6}}
              %s"""
                  .formatted(ANNA.password(), hash, database.settings()),
              CLOCK));
    }
  }

  @AfterAll
  static void stop() {
    NODES.forEach(LadingServer::close);
  }

  @Test
  void digest_isTakenByAnyNode_once() {
    LadingServer first = NODES.get(0);
    LadingServer second = NODES.get(1);
    String nonce = DigestClient.nonce(first.get("/list"));
    String header = ANNA.header(new Use("GET", "/downloads/list", nonce, 1));
    String next = ANNA.header(new Use("GET", "/downloads/list", nonce, 2));

    assertThat(second.get("/list", "Authorization", header).status()).isEqualTo(200);
    Reply replayed = first.get("/list", "Authorization", header);
    assertThat(replayed.status()).isEqualTo(401);
    assertThat(replayed.header("WWW-Authenticate")).contains("stale=true");
    assertThat(first.get("/list", "Authorization", next).status()).isEqualTo(200);
  }

  @Test
  void createsOfAClient_areCountedTogether() {
    List<Integer> statuses = create(24);
    assertThat(statuses).filteredOn(status -> status == 201).hasSize(6);
    assertThat(statuses).filteredOn(status -> status == 429).hasSize(18);
    CLOCK.set(CLOCK.instant().plus(Duration.ofSeconds(20)));
    assertThat(create(8)).filteredOn(status -> status == 201).hasSize(2);
  }

  private static List<Integer> create(int count) {
    return IntStream.range(0, count)
        .parallel()
        .mapToObj(
            i -> NODES.get(i % NODES.size()).create(FILE, "Authorization", "Bearer token").status())
        .toList();
  }
}
