package org.lading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lading.testing.Traces.awaited;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.testing.Http;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingProcess;
import org.lading.testing.LadingServer;
import org.lading.testing.NeedsProgram;
import org.lading.testing.Programs;

/** The embedded database on a file system of its own: a full one, and one without programs. */
@NeedsProgram(Programs.UNSHARE)
class EmbeddedDatabaseIT {
  private static final String FILE = "{\"type\": \"file\", \"path\": \"a.txt\"}";
  private static final String READY = "/downloads/health/ready";
  private static final int BLOCK = 64 * 1024;

  @TempDir Path directory;
  private Path database;
  private String settings;

  @BeforeEach
  void makeDirectories() throws IOException {
    database = Files.createDirectories(directory.resolve("database"));
    Files.createDirectories(directory.resolve("root"));
    Files.writeString(directory.resolve("root/a.txt"), "aaa");
    settings =
        "roots:\n  - {name: main, path: root, serve: direct}\ndatabase: {directory: %s}\n"
            .formatted(database);
  }

  @Test
  void fullDisk_refusesWhatIsNew_servesWhatIsReady_andIsOverByItself() throws IOException {
    try (LadingProcess lading =
            LadingProcess.startWithMount(database, "size=6m", directory, settings);
        Http http = lading.http()) {
      Reply created = create(http);
      assertThat(created.status()).as(created.toString()).isEqualTo(201);
      String page = "/downloads" + LadingServer.page(created, "download");
      byte[] archive = http.get(page).bytes();
      Path ballast = lading.seen(database.resolve("ballast"));

      for (int round = 0; round < 2; round++) {
        fill(ballast);
        Reply refused = awaited(() -> create(http), reply -> reply.status() != 201);
        assertThat(refused.status()).as(refused.toString()).isEqualTo(503);
        assertThat(refused.json().get("code").asText()).isEqualTo("storage_unavailable");
        assertThat(http.get(page).bytes()).isEqualTo(archive);
        Reply ready = awaited(() -> http.get(READY), reply -> reply.status() == 503);
        assertThat(ready.text()).contains("The database cannot be written", "bytes of room");
        for (int i = 0; i < 10; i++) {
          create(http);
        }

        Files.delete(ballast);
        Reply again = awaited(() -> create(http), reply -> reply.status() != 503);
        assertThat(again.status()).as(again.toString()).isEqualTo(201);
        awaited(() -> http.get(READY).status(), status -> status == 200);
      }
      String log = Files.readString(directory.resolve("lading.log"));
      assertThat(log)
          .containsOnlyOnce(
              "(database.directory: " + database + ") cannot be written: its disk is full")
          .doesNotContain("did not answer", "\tat ");
    }
  }

  @Test
  void directoryWithoutPrograms_isNamedInTheLog_andAnotherOneCanBeSet() throws IOException {
    try (LadingProcess lading =
            LadingProcess.startWithMount(database, "noexec", directory, settings);
        Http http = lading.http()) {
      assertThat(http.get("/downloads/status").status()).isEqualTo(503);
      assertThat(Files.readString(directory.resolve("lading.log")))
          .contains("The native library of SQLite could not be loaded from " + database)
          .contains("noexec")
          .contains("org.sqlite.tmpdir");
      assertThat(lading.seen(database)).isDirectoryNotContaining("glob:**sqlite-*");
    }
    Path programs = Files.createDirectories(directory.resolve("programs"));
    try (LadingProcess lading =
            LadingProcess.startWithMount(
                database, "noexec", directory, settings, "-Dorg.sqlite.tmpdir=" + programs);
        Http http = lading.http()) {
      assertThat(create(http).status()).isEqualTo(201);
    }
  }

  private static Reply create(Http http) {
    String request = "{\"root\": \"main\", \"targets\": [" + FILE + "]}";
    return http.post(
        "/downloads/create",
        request.getBytes(StandardCharsets.UTF_8),
        "Prefer",
        LadingServer.PATIENT);
  }

  /** Writes into a file until nothing more fits. */
  private static void fill(Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int size = BLOCK; size > 0; size /= 2) {
        writeUntilFull(out, new byte[size]);
      }
    }
  }

  private static void writeUntilFull(OutputStream out, byte[] block) {
    try {
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }
}
