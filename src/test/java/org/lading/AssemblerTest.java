package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;

/** Who makes the archive that {@code download_url} leads to, and why. */
class AssemblerTest {
  private static final int FILES = 500;
  private static final long LARGE = 4L << 30;

  private static final String OLD_MODULE = "mod_zip";
  private static final String NEW_MODULE = "mod_zip/1.4";

  @TempDir static Path directory;
  static LadingServer server;

  @BeforeAll
  static void start() throws IOException {
    Path root = Files.createDirectories(directory.resolve("root"));
    Files.writeString(Files.createDirectories(root.resolve("one")).resolve("a.txt"), "a");
    Path many = Files.createDirectories(root.resolve("many"));
    for (int i = 0; i < FILES; i++) {
      Files.writeString(many.resolve(i + ".txt"), "a");
    }
    Path large = Files.createDirectories(root.resolve("large"));
    try (RandomAccessFile file = new RandomAccessFile(large.resolve("holes.bin").toFile(), "rw")) {
      file.setLength(LARGE);
    }
    server = LadingServer.start(directory, "roots:\n  - {name: main, path: root}\n");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void fewFiles_areForModZip() {
    Reply created = created("main", "one", OLD_MODULE);

    requireAssembler(created, "mod_zip", "get", "as fast as Lading's own stream, or nearly so");
    JsonNode seconds = created.json().at("/assembler/predicted_seconds");
    assertThat(seconds.get("mod_zip").asDouble()).isPositive().isLessThan(1);
    assertThat(seconds.get("embedded").asDouble()).isPositive().isLessThan(1);
  }

  @Test
  void smallFiles_areForLading_ifTheyAreMany() {
    requireAssembler(
        created("main", "many", NEW_MODULE), "embedded", "download", "500 small files");
  }

  @Test
  void largeFileWithoutItsChecksum_isForLading_sinceModZipIsSlowToComputeIt() {
    Reply created = created("main", "large", NEW_MODULE);

    requireAssembler(created, "embedded", "download", "1 file without a known CRC-32");
    double seconds = created.json().at("/assembler/predicted_seconds/mod_zip").asDouble();
    assertThat(seconds).as("seconds for 4 GiB").isBetween(4.0, 40.0);
  }

  @Test
  void nginxThatAnnouncesNothing_getsTheArchiveOfLading() {
    String why = "nginx did not announce mod_zip";
    requireAssembler(created("main", "one", null), "embedded", "download", why);
    for (String other : new String[] {"other", "mod_zip2", "xmod_zip", ""}) {
      requireAssembler(created("main", "one", other), "embedded", "download", why);
    }
  }

  @Test
  void status_saysTheSameAsTheCreate_andSoToEachNginx() {
    Reply created = created("main", "one", OLD_MODULE);
    String page = LadingServer.page(created, "status");

    assertThat(server.get(page, "X-Archive-Assembler", OLD_MODULE).json().get("assembler"))
        .isEqualTo(created.json().get("assembler"));
    assertThat(server.get(page).json().at("/assembler/reason").asText())
        .isEqualTo("nginx did not announce mod_zip");
  }

  @Test
  void downloadThatIsNotReady_isForLading() {
    Reply reply =
        server.create(
            request("main", "none"), "X-Archive-Assembler", OLD_MODULE, "Prefer", "respond-async");
    assertThat(reply.json().at("/assembler/name").asText()).isEqualTo("embedded");
    assertThat(reply.json().at("/assembler/reason").asText())
        .isEqualTo("the entries are not known");
    assertThat(reply.json().get("assembler").has("predicted_seconds")).isFalse();
  }

  @Test
  void moreEntriesThanTheOldModuleHasMemoryFor_areForLading_notSoWithTheNewOne()
      throws IOException {
    Path other = directory.resolve("other");
    Path root = Files.createDirectories(other.resolve("root/two"));
    Files.writeString(root.resolve("a.txt"), "a");
    Files.writeString(root.resolve("b.txt"), "b");
    try (LadingServer limited =
        LadingServer.start(
            other, "roots:\n  - {name: main, path: root}\nmod_zip_max_entries: 1\n")) {
      String both = request("main", "two");
      String one = "{'root': 'main', 'targets': [{'type': 'file', 'path': 'two/a.txt'}]}";
      Reply tooMany = limited.create(both, "X-Archive-Assembler", OLD_MODULE);
      requirePage(limited, tooMany, "download");
      assertThat(tooMany.json().at("/assembler/reason").asText())
          .isEqualTo("more than 1 entries (mod_zip_max_entries)");
      requirePage(limited, limited.create(one, "X-Archive-Assembler", OLD_MODULE), "get");
      requirePage(limited, limited.create(both, "X-Archive-Assembler", NEW_MODULE), "get");
    }
  }

  @Test
  void setting_decidesAlone() throws IOException {
    Path other = directory.resolve("decided");
    Files.writeString(Files.createDirectories(other.resolve("root/one")).resolve("a.txt"), "a");
    try (LadingServer decided =
        LadingServer.start(other, "roots:\n  - {name: main, path: root}\nassembler: embedded\n")) {
      Reply created = decided.create(request("main", "one"), "X-Archive-Assembler", OLD_MODULE);
      requirePage(decided, created, "download");
      assertThat(created.json().at("/assembler/reason").asText())
          .isEqualTo("the setting assembler");
    }
  }

  private static String request(String root, String path) {
    return "{'root': '%s', 'targets': [{'type': 'directory', 'path': '%s'}]}".formatted(root, path);
  }

  private static Reply created(String root, String path, String announced) {
    Reply reply =
        announced == null
            ? server.create(request(root, path))
            : server.create(request(root, path), "X-Archive-Assembler", announced);
    assertThat(reply.status()).as(reply.toString()).isEqualTo(201);
    return reply;
  }

  private static void requireAssembler(Reply created, String name, String page, String reason) {
    assertThat(created.json().at("/assembler/name").asText()).isEqualTo(name);
    assertThat(created.json().at("/assembler/reason").asText()).isEqualTo(reason);
    requirePage(server, created, page);
  }

  /** The page of the download URL, and that {@code zip_size} is its length. */
  private static void requirePage(LadingServer server, Reply created, String page) {
    assertThat(created.json().get("download_url").asText()).endsWith("/" + page);
    assertThat(server.head(LadingServer.page(created, page)).header("Content-Length"))
        .isEqualTo(created.json().get("zip_size").asText());
  }
}
