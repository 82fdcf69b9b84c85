package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;

/** Requests that are short, and would take much work for little or nothing. */
class BoundedWorkTest {
  @TempDir Path directory;
  private LadingServer server;

  @BeforeEach
  void start() throws IOException {
    Files.createDirectories(directory.resolve("root"));
    Files.writeString(directory.resolve("root/a.txt"), "aaa");
    server = LadingServer.start(directory, "roots:\n  - {name: main, path: root, serve: direct}");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "zip_path, d/, 501, is more than 500 levels deep",
    "zip_path, 12345678/, 228, is longer than 2048 bytes",
    "zip_path, d/, 1000000, is longer than 2048 bytes",
    "name, x, 256, has a part of more than 255 bytes",
  })
  void nameThatIsTooLongOrDeep_isRefusedWhenTheRequestIsRead(
      String field, String part, int times, String why) {
    Reply reply =
        server.create(
            "{'root': 'main', 'targets': [%s, {'type': 'file', 'path': 'a.txt', '%s': '%s'}]}"
                .formatted(file("d/".repeat(500)), field, part.repeat(times)),
            "Prefer",
            "respond-async");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("code").asText()).isEqualTo("invalid_name");
    assertThat(reply.json().get("error").asText()).startsWith("The " + field + " '").endsWith(why);
    assertThat(reply.json().get("target_index").asInt()).isEqualTo(1);
    assertThat(reply.text().length()).isLessThan(600);
  }

  @Test
  void pathThatIsTooLongForEveryRoot_isRefusedWhenTheRequestIsRead() {
    for (String type : new String[] {"file", "directory"}) {
      Reply reply =
          server.create(
              "{'root': 'main', 'targets': [{'type': '%s', 'path': '%s'}]}"
                  .formatted(type, "./".repeat(1_000_000)),
              "Prefer",
              "respond-async");
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.json().get("code").asText()).isEqualTo("missing_or_invalid_target");
      assertThat(reply.json().get("error").asText()).contains("more than 4096 bytes");
      assertThat(reply.json().get("target_index").asInt()).isZero();
      assertThat(reply.text().length()).isLessThan(600);
    }
  }

  @Test
  void deepestNamesOverManyDirectories_takeNoTimeForTheLevelsTheyShare() throws IOException {
    for (int i = 0; i < 300; i++) {
      Files.createDirectories(directory.resolve("root/many/" + i + "/e"));
    }
    String zipPath = "abc/".repeat(500).replaceFirst("/$", "");
    long began = System.nanoTime();
    Reply created =
        server.create(
            "{'root': 'main', 'targets': [{'type': 'directory', 'path': 'many',"
                + "'recursive': true, 'zip_path': '%s'}]}".formatted(zipPath));
    assertThat(created.status()).isEqualTo(201);
    assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(10));
    assertThat(server.manifest(created)).contains(zipPath + "/299/e/\r\n");
  }

  private static String file(String zipPath) {
    return "{'type': 'file', 'path': 'a.txt', 'zip_path': '%s'}".formatted(zipPath);
  }
}
