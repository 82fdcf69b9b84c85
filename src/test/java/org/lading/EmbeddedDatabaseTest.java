package org.lading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lading.testing.Traces.awaited;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.app.StartPauses;
import org.lading.app.Surroundings;
import org.lading.base.BuildVersion;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.LogLines;
import org.lading.testing.TestDatabase;

/** The embedded database in all states in which a Lading may find it. */
class EmbeddedDatabaseTest {
  private static final String ROOTS = "roots:\n  - {name: main, path: root}\n";
  private static final String REQUEST =
      "{'root': 'main', 'targets': [{'type': 'file', 'path': 'a.txt'},"
          + " {'type': 'literal', 'name': 'note', 'content': 'x'}]}";
  private static final int PAGE = 4096;

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
  void start_isToldWithTheVersion_andWithoutTheStepsOfLibraries() {
    start().close();
    start().close();

    String first = "Lading " + BuildVersion.OF_THIS_BUILD + " starts, with Java ";
    assertThat(log.records().stream().filter(record -> record.startsWith(first))).hasSize(2);
    assertThat(log.records().stream().filter(record -> record.startsWith("The tables of the")))
        .hasSize(1)
        .allMatch(record -> record.matches(".*: from version none to \\d+"));
    assertThat(log.records())
        .noneMatch(
            record ->
                record.matches("(?is).*(environment: |schema history|migrat|validated|hikari).*"));
  }

  @Test
  void secondLadingOnIt_waitsUntilTheFirstHasEnded() throws IOException {
    Path other = Files.createDirectories(directory.resolve("other"));
    Files.createDirectories(other.resolve("root"));
    String settings = ROOTS + "database: {directory: %s}\n".formatted(database());
    StartPauses pauses =
        new StartPauses(
            Duration.ofMillis(100),
            Duration.ofMillis(100),
            Duration.ofMinutes(1),
            Duration.ofSeconds(2));
    Surroundings surroundings = Surroundings.on(Clock.systemUTC()).withStartPauses(pauses);
    LadingServer first = start();
    try (LadingServer second = LadingServer.start(other, settings, surroundings, 0)) {
      assertThat(second.get("/status").status()).isEqualTo(503);
      assertThat(log.warnings().toString())
          .contains("Another Lading has the database in " + database() + " open");
      assertThat(first.create(REQUEST).status()).isEqualTo(201);
      first.close();
      awaited(() -> second.status().status(), status -> status == 200);
    }
  }

  @Test
  void fileOfH2_isRefused_alsoBesideADatabase() throws IOException {
    for (int round = 0; round < 2; round++) {
      Files.createDirectories(database());
      Path old =
          Files.writeString(database().resolve("lading.mv.db"), "H:2,block:7,blockSize:1000");
      try (LadingServer server = start()) {
        assertRefused(server, old + " is a database of H2", "move it away");
      }
      Files.delete(old);
      try (LadingServer server = start()) {
        assertThat(server.create(REQUEST).status()).isEqualTo(201);
      }
    }
  }

  @Test
  void fileThatIsNoDatabase_isRefused_andNothingInItIsChanged() throws IOException {
    Files.createDirectories(database());
    Path file = Files.writeString(database().resolve("lading.db"), "no database, ".repeat(1000));
    try (LadingServer server = start()) {
      assertRefused(server, file + " is damaged, or no database", "Nothing in it was changed");
    }
    assertThat(file).hasContent("no database, ".repeat(1000));
  }

  @Test
  void damage_isReported_andWhatIsWholeIsServed() throws IOException {
    String page;
    try (LadingServer server = start()) {
      page = LadingServer.page(server.create(REQUEST), "download");
      server.sql("create table damaged (x)");
      server.sql(
          "insert into damaged with recursive n(i) as (values (1) union all select i + 1 from n where i < 50)"
              + " select randomblob(2000) from n");
      server.sql("pragma wal_checkpoint(truncate)");
    }
    overwriteLastPages();
    try (LadingServer server = start()) {
      assertThat(server.get(page).status()).isEqualTo(200);
      awaited(log::warnings, lines -> lines.toString().contains("The database is damaged: "));
      Reply reply = server.status();
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.json().at("/parts/database/error").asText())
          .contains("The database is damaged");
    }
  }

  private void overwriteLastPages() throws IOException {
    try (RandomAccessFile file =
        new RandomAccessFile(database().resolve("lading.db").toFile(), "rw")) {
      file.seek(file.length() - 10 * PAGE);
      file.write(new byte[8 * PAGE]);
    }
  }

  @Test
  void copyThatWasMadeWhileLadingRuns_isABackup() throws Exception {
    Path backup = Files.createDirectories(directory.resolve("backup/database"));
    String page;
    byte[] archive;
    try (LadingServer server = start()) {
      page = LadingServer.page(server.create(REQUEST), "download");
      archive = server.get(page).bytes();
      server.sql("vacuum into '%s'".formatted(backup.resolve("lading.db")));
      assertThat(server.create(REQUEST).status()).isEqualTo(201);
    }
    String settings = ROOTS + "database: {directory: %s}\n".formatted(backup);
    try (LadingServer server = LadingServer.start(directory, settings)) {
      assertThat(server.get(page).bytes()).isEqualTo(archive);
      TestDatabase restored = TestDatabase.embedded(directory.resolve("backup"));
      assertThat(restored.number("select count(*) from download")).isEqualTo(1);
    }
  }

  @Test
  void filesThatReadyDownloadsLack_areReported() throws IOException {
    String lacking;
    try (LadingServer server = start()) {
      lacking = server.create(REQUEST).json().get("id").asText();
      server.create(REQUEST);
    }
    Path files = directory.resolve("storage/content").resolve(lacking).resolve("1-0");
    Files.delete(files.resolve("1"));
    try (LadingServer server = start()) {
      String named = "Download " + lacking.substring(0, 12) + " lacks literals or links";
      awaited(() -> log.warnings().toString(), lines -> lines.contains(named));
      Reply reply =
          awaited(
              () -> server.get("/status"),
              status -> status.json().at("/parts/storage").has("incomplete_downloads"));
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.json().at("/parts/storage/incomplete_downloads").asInt()).isEqualTo(1);
    }
  }

  @Test
  void downloadWhoseRowCannotBeWritten_isFailedOnceItCan() {
    try (LadingServer server = start()) {
      Reply created = createStuck(server);
      for (int attempt = 1; attempt <= 6; attempt++) {
        String words = "the store has failed " + attempt + " times";
        awaited(() -> log.warnings().toString(), lines -> lines.contains(words));
        awaitNoJobRuns(server);
        if (attempt < 6) {
          server.makeDue("preparation_job", "true");
        }
      }
      assertThat(server.text("select state from download")).isEqualTo("PENDING");

      server.sql("drop trigger stuck");
      server.makeDue("preparation_job", "true");
      Reply failed = awaited(() -> status(server, created), one -> one.json().has("code"));
      assertThat(failed.json().get("status").asText()).isEqualTo("failed");
      assertThat(failed.json().get("error").asText()).contains("The database failed at 6 attempts");
      assertThat(awaited(server::jobs, jobs -> jobs.isEmpty())).isEmpty();
    }
  }

  private static Reply createStuck(LadingServer server) {
    server.sql(
        "create trigger stuck before update on download"
            + " begin select raise(abort, 'as if it were damaged'); end");
    Reply created = server.create(REQUEST, "Prefer", "respond-async");
    assertThat(created.status()).isEqualTo(202);
    return created;
  }

  private static Reply status(LadingServer server, Reply created) {
    String url = created.json().get("status_url").asText();
    return server.get(url.substring(url.indexOf("/downloads") + "/downloads".length()));
  }

  private static void awaitNoJobRuns(LadingServer server) {
    awaited(
        () -> server.number("select count(*) from preparation_job where picked"),
        running -> running == 0);
  }

  private void assertRefused(LadingServer server, String... words) {
    Reply reply = server.get("/status");
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.json().get("code").asText()).isEqualTo("not_configured");
    assertThat(log.warnings())
        .anySatisfy(line -> assertThat(line).contains("Not started: ").contains(words));
  }

  private Path database() {
    return directory.resolve("storage/database");
  }

  private LadingServer start() {
    return LadingServer.start(directory, ROOTS);
  }
}
