package org.lading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lading.testing.Traces.awaited;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.app.StartPauses;
import org.lading.app.Surroundings;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.LogLines;
import org.lading.testing.NginxServer;
import org.lading.testing.PostgresServer;
import org.lading.testing.TcpProxy;
import org.lading.testing.TestDatabase;

/** What is missing at the start and comes later needs no restart. */
class HealingStartTest {
  private static final StartPauses SHORT =
      new StartPauses(
          Duration.ofMillis(20),
          Duration.ofMillis(100),
          Duration.ofSeconds(60),
          Duration.ofSeconds(2));
  private static final String ROOTS = "roots: [{name: main, path: root}]\n";
  private static final String CREATE =
      "{'root': 'main', 'targets': [{'type': 'file', 'path': 'a.txt'}]}";

  @TempDir Path directory;
  private final LogLines log = new LogLines();

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
  void databaseThatComesLater_heals() throws IOException {
    URI postgres = URI.create(PostgresServer.newDatabase().substring("jdbc:".length()));
    int port = NginxServer.freePort();
    String later = "jdbc:postgresql://127.0.0.1:" + port + postgres.getPath();
    try (LadingServer server = start(ROOTS + TestDatabase.postgres(later).settings())) {
      assertStarting(server, "database");
      try (TcpProxy proxy = new TcpProxy(postgres.getPort(), port)) {
        assertServes(server);
        assertThat(proxy.forwarded()).isPositive();
        assertThat(warnings())
            .singleElement()
            .asString()
            .contains("Not started yet", "database.url: " + later, "by user postgres", "refused");
      }
    }
  }

  private LadingServer start(String settings) {
    return LadingServer.start(
        directory, settings, Surroundings.on(Clock.systemUTC()).withStartPauses(SHORT), 0);
  }

  private static void assertStarting(LadingServer server, String part) {
    for (String page : List.of("/", "/create", "/main/id/status", "/metrics", "/main/a.txt")) {
      Reply reply = server.get(page);
      assertThat(reply.status()).as(page).isEqualTo(503);
      assertThat(reply.json().get("code").asText()).isEqualTo("starting");
      assertThat(reply.json().get("error").asText())
          .isEqualTo("Lading is starting: " + part + " is not available yet");
      assertThat(reply.header("Retry-After")).isEqualTo("5");
      assertThat(server.head(page).status()).isEqualTo(503);
    }
    assertThat(server.create(CREATE).json().get("code").asText()).isEqualTo("starting");
    assertThat(server.get("/", "Accept", "text/html", "Accept-Language", "de").text())
        .contains("Der Server startet gerade");
  }

  private static void assertServes(LadingServer server) {
    Reply created = awaited(() -> server.create(CREATE), reply -> reply.status() != 503);
    assertThat(server.get(LadingServer.page(created, "download")).status()).isEqualTo(200);
  }

  private List<String> warnings() {
    return log.warnings().stream().filter(line -> !line.startsWith("org.apache.")).toList();
  }
}
