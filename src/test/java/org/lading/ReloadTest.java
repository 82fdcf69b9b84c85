package org.lading;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.lading.testing.Traces.awaited;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lading.app.StartPauses;
import org.lading.app.Surroundings;
import org.lading.base.Digests;
import org.lading.testing.HangingRoot;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.LogLines;
import org.lading.testing.PostgresServer;
import org.lading.testing.RawDownload;
import org.lading.testing.SettableClock;
import org.lading.testing.TestDatabase;

/** Changed settings hold without a restart; what goes on goes on with those of before. */
class ReloadTest {
  private static final Duration LOOK = Duration.ofMillis(20);
  private static final StartPauses SHORT =
      new StartPauses(LOOK, Duration.ofMillis(100), Duration.ofSeconds(60), LOOK);
  private static final String BOTH =
      "roots: [{name: main, path: root}, {name: other, path: root}]\n";
  private static final String MAIN = "roots: [{name: main, path: root}]\n";
  private static final int LARGE = 32 << 20;

  @TempDir Path directory;
  private final LogLines log = new LogLines();
  private final SettableClock clock = new SettableClock(Instant.now());
  private Surroundings surroundings = Surroundings.on(clock).withStartPauses(SHORT);

  @BeforeEach
  void makeRoot() throws IOException {
    Files.createDirectories(directory.resolve("root"));
    Files.writeString(directory.resolve("root/a.txt"), "aaa");
  }

  @AfterEach
  void stopListening() {
    log.close();
  }

  @Test
  void rootThatIsAdded_isServed_andOneThatIsRemoved_isNot() throws IOException {
    try (LadingServer server = start(MAIN)) {
      assertThat(create(server, "other").status()).isEqualTo(400);

      change(BOTH);
      Reply created = awaited(() -> create(server, "other"), reply -> reply.status() == 201);
      assertThat(server.get(LadingServer.page(created, "download")).status()).isEqualTo(200);

      change(MAIN);
      Reply refused = awaited(() -> create(server, "other"), reply -> reply.status() != 201);
      assertThat(refused.json().get("code").asText()).isEqualTo("invalid_root");
      assertThat(create(server, "main").status()).isEqualTo(201);
    }
  }

  @Test
  void download_ofARootThatIsRemovedWhileItIsSent_arrivesWhole() throws IOException {
    Files.write(directory.resolve("root/large"), new byte[LARGE]);
    try (LadingServer server = start(BOTH)) {
      Reply created = create(server, "other", "large");
      String page = "/downloads" + LadingServer.page(created, "download");
      try (RawDownload download = new RawDownload(server.port(), page)) {
        assertThat(download.read(1)).hasSize(1);
        change(MAIN);
        awaited(() -> create(server, "other", "a.txt"), reply -> reply.status() == 400);

        assertThat(download.length()).isGreaterThan(LARGE);
        download.read((int) download.length());
        assertThat(download.received()).isEqualTo(download.length());
      }
    }
  }

  @Test
  void whatIsSentWithTheSettingsOfBefore_isShownAndCounted() throws IOException {
    Files.write(directory.resolve("root/large"), new byte[LARGE]);
    try (LadingServer server = start(BOTH)) {
      Reply created = create(server, "other", "large");
      String page = "/downloads" + LadingServer.page(created, "download");
      try (RawDownload download = new RawDownload(server.port(), page)) {
        assertThat(download.read(1)).hasSize(1);
        change(MAIN);
        awaited(() -> create(server, "other", "a.txt"), reply -> reply.status() == 400);

        String metrics = server.get("/metrics").text();
        assertThat(metrics)
            .contains("lading_archives_active 1.0")
            .contains("lading_creates_total{outcome=\"ready\"}")
            .contains("lading_root_up{root=\"main\"}")
            .doesNotContain("lading_root_up{root=\"other\"}");
        String shown = server.get("/status", "Accept", "text/html").text();
        assertThat(shown.substring(shown.indexOf("id=\"sending\"")))
            .contains(created.json().get("id").asText().substring(0, 12));
      }
      awaited(() -> server.get("/metrics").text(), text -> text.contains("archives_active 0.0"));
    }
  }

  @Test
  void preparation_thatRunsWhileItsRootIsRemoved_ends() throws IOException {
    List<HangingRoot> roots = new ArrayList<>();
    surroundings =
        surroundings.withRoots(
            root -> {
              HangingRoot hanging = new HangingRoot(root);
              roots.add(hanging);
              return hanging;
            });
    try (LadingServer server = start(BOTH)) {
      HangingRoot first = roots.get(1);
      first.hang("stat", "list");
      CompletableFuture<Reply> created =
          CompletableFuture.supplyAsync(() -> create(server, "other"));
      awaited(first::inside, inside -> inside > 0);
      change(MAIN);
      awaited(() -> create(server, "none", "a.txt"), reply -> roots.size() == 3);
      first.comeBack();

      assertThat(created.join().status()).isEqualTo(201);
    }
  }

  @Test
  void client_comesAndGoes() throws IOException {
    String header = "Authorization";
    String clients = "clients: [{name: portal, token_sha256: %s}]\n";
    String one = MAIN + clients.formatted(sha256("one"));
    String two = MAIN + clients.formatted(sha256("two"));
    try (LadingServer server = start(one)) {
      assertThat(server.create(body("main", "a.txt"), header, "Bearer one").status())
          .isEqualTo(201);
      change(two);
      awaited(
          () -> server.create(body("main", "a.txt"), header, "Bearer two"),
          reply -> reply.status() == 201);

      assertThat(server.create(body("main", "a.txt"), header, "Bearer one").status())
          .isEqualTo(401);
    }
  }

  @Test
  void whatAnAddressHasUsed_isKnownAfterAChange() throws IOException {
    String limits = "limits: {archives_at_once: %d, address: {creates_per_minute: 2}}\n";
    try (LadingServer server = start(MAIN + limits.formatted(1))) {
      assertThat(create(server, "main").status()).isEqualTo(201);
      assertThat(create(server, "main").status()).isEqualTo(201);
      change(MAIN + limits.formatted(2));
      awaited(
          () -> server.get("/limits").json().at("/server/archives_at_once").asInt(),
          archives -> archives == 2);

      assertThat(create(server, "main").status()).isEqualTo(429);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "roots: [{name: main, path: root}, {name: main, path: root}]|main",
        "roots: [{name: main, path: root}]\\nno_setting: 1|lading.yml:2: no_setting",
        "roots: [|lading.yml",
        "roots: [{name: main, path: root}]\\nstorage: elsewhere|storage: is another one",
        "roots: [{name: main, path: root}]\\ndatabase: {directory: elsewhere}|database: is another",
      })
  void faultyFile_changesNothingAndIsTold(String settings, String told) throws IOException {
    try (LadingServer server = start(BOTH)) {
      String before = Files.readString(directory.resolve("lading.yml"));
      change(settings.replace("\\n", "\n") + "\n");
      String warning = awaited(() -> settingsPart(server, "warning"), text -> !text.isEmpty());
      assertThat(warning).contains("the settings of before hold").contains(told);
      assertThat(create(server, "other").status()).isEqualTo(201);
      assertThat(log.warnings())
          .anyMatch(line -> line.contains("Changed settings are not taken") && line.contains(told));
      assertThat(server.get("/metrics").text()).contains("lading_settings_refused 1.0");
      assertThat(server.get("/status", "Accept", "text/html").text())
          .contains("Everything works, with a warning.");

      // What it was is nothing new.
      String since = settingsPart(server, "since");
      Files.writeString(directory.resolve("lading.yml"), before);
      awaited(() -> settingsPart(server, "warning"), String::isEmpty);
      assertThat(settingsPart(server, "since")).isEqualTo(since);
      assertThat(server.get("/metrics").text()).contains("lading_settings_refused 0.0");

      change(MAIN);
      awaited(() -> settingsPart(server, "since"), now -> !now.equals(since));
      awaited(() -> settingsPart(server, "warning"), String::isEmpty);
      assertThat(create(server, "other").status()).isEqualTo(400);
    }
  }

  @Test
  void startThatLasts_doesNotTakeTheOldSettings() throws Exception {
    String url = PostgresServer.newDatabase();
    String other = PostgresServer.newDatabase();
    String settings = "database: {url: '%s', user: " + PostgresServer.USER + "}\n";
    // The first application starts, and makes the tables that the second one waits for.
    try (LadingServer first = start(MAIN + settings.formatted(url))) {
      assertThat(create(first, "main").status()).isEqualTo(201);
    }
    Files.delete(directory.resolve("lading.yml"));
    try (Connection locking = TestDatabase.postgres(url).connect();
        Statement lock = locking.createStatement()) {
      locking.setAutoCommit(false);
      lock.execute("lock table flyway_schema_history");
      surroundings =
          surroundings.withStartPauses(
              new StartPauses(LOOK, Duration.ofMillis(100), Duration.ofMillis(200), LOOK));
      try (LadingServer server = start(MAIN + settings.formatted(url))) {
        change("roots: [{name: renamed, path: root}]\n" + settings.formatted(other));
        awaited(log::records, all -> all.stream().anyMatch(line -> line.contains("begins again")));
        locking.rollback();

        awaited(() -> create(server, "renamed"), reply -> reply.status() == 201);
        assertThat(create(server, "main").status()).isEqualTo(400);
        try (Connection now = TestDatabase.postgres(other).connect();
            Statement query = now.createStatement();
            ResultSet rows = query.executeQuery("select count(*) from download")) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getInt(1)).isEqualTo(1);
        }
      }
    }
  }

  @Test
  void archivesAtOnce_countThoseOfTheSettingsOfBefore() throws IOException {
    Files.write(directory.resolve("root/large"), new byte[LARGE]);
    String one = MAIN + "limits: {archives_at_once: 1}\n";
    try (LadingServer server = start(one)) {
      String page = LadingServer.page(create(server, "main", "large"), "download");
      String small = LadingServer.page(create(server, "main", "a.txt"), "download");
      try (RawDownload download = new RawDownload(server.port(), "/downloads" + page)) {
        assertThat(download.read(1)).hasSize(1);
        String since = settingsPart(server, "since");
        change(one + "# Another line.\n");
        awaited(() -> settingsPart(server, "since"), now -> !now.equals(since));

        Reply waits = server.get(small, "Accept", "text/html");
        assertThat(waits.status()).isEqualTo(503);
      }
      awaited(() -> server.get(small), reply -> reply.status() == 200);
    }
  }

  @Test
  void faultAtTheStart_isGoneWhenTheFileIsMended() throws IOException {
    try (LadingServer server = start(MAIN + "no_setting: 1\n")) {
      assertThat(create(server, "main").json().get("code").asText()).isEqualTo("not_configured");
      change(MAIN);
      awaited(() -> create(server, "main"), reply -> reply.status() == 201);
    }
  }

  @Test
  void requests_whileSettingsChangeAgainAndAgain_allSucceed() throws IOException {
    try (LadingServer server = start(MAIN)) {
      AtomicBoolean isOver = new AtomicBoolean();
      AtomicInteger count = new AtomicInteger();
      CompletableFuture<List<Integer>> statuses =
          CompletableFuture.supplyAsync(
              () -> {
                List<Integer> seen = new ArrayList<>();
                while (!isOver.get()) {
                  Reply created = create(server, "main");
                  seen.add(created.status());
                  seen.add(server.get(LadingServer.page(created, "download")).status() + 1);
                  count.incrementAndGet();
                }
                return seen;
              });
      for (int round = 0; round < 6; round++) {
        String since = settingsPart(server, "since");
        change(round % 2 == 0 ? BOTH : MAIN);
        awaited(() -> settingsPart(server, "since"), now -> !now.equals(since));
      }
      isOver.set(true);

      assertThat(statuses.join()).containsOnly(201);
      assertThat(count.get()).isPositive();
      // Those of the settings before are closed, with their threads.
      awaited(() -> threads("lading-watch-"), number -> number == 1);
    }
    assertThat(threads("lading-")).isZero();
  }

  private static String sha256(String token) {
    return HexFormat.of().formatHex(Digests.sha256().digest(token.getBytes(UTF_8)));
  }

  private static long threads(String prefix) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(prefix))
        .count();
  }

  private String settingsPart(LadingServer server, String field) {
    // The answer before this one is not repeated.
    clock.set(clock.instant().plusSeconds(11));
    return server.get("/status").json().path("parts").path("settings").path(field).asText();
  }

  private LadingServer start(String settings) {
    return LadingServer.start(directory, settings, surroundings, 0);
  }

  /** Replaces the file by a name, as a careful editor does. */
  private void change(String settings) throws IOException {
    String yaml = settings;
    yaml += settings.contains("storage:") ? "" : "storage: storage\n";
    yaml += settings.contains("clients:") ? "" : "clients: open\n";
    Path next = Files.writeString(directory.resolve("next.yml"), yaml);
    Files.move(next, directory.resolve("lading.yml"), StandardCopyOption.ATOMIC_MOVE);
  }

  private static Reply create(LadingServer server, String root) {
    return create(server, root, "a.txt");
  }

  private static Reply create(LadingServer server, String root, String path) {
    return server.create(body(root, path));
  }

  private static String body(String root, String path) {
    return "{'root': '%s', 'targets': [{'type': 'file', 'path': '%s'}]}".formatted(root, path);
  }
}
