package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;

/** What becomes of many files between the making of a download and its manifest. */
class ChangedFilesTest {
  private static final int DIRECTORIES = 7;

  @TempDir Path directory;
  private Path root;
  private LadingServer server;

  @BeforeEach
  void start() throws IOException {
    root = directory.resolve("root");
    for (int i = 0; i < DIRECTORIES; i++) {
      Path parent = Files.createDirectories(root.resolve("d" + i + "/deep"));
      Files.writeString(parent.resolve("a"), "a" + i);
      Files.writeString(root.resolve("d" + i + "/z"), "z" + i);
    }
    server =
        LadingServer.start(
            directory,
            """
            roots:
              - {name: linked, path: root}
              - {name: direct, path: root, serve: direct}
            """);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"linked", "direct"})
  void directoryThatBecameALinkOut_isNoticedAndNamed(String rootName) throws IOException {
    Reply created = createAll(rootName);
    Path outside = Files.createDirectory(directory.resolve("outside"));
    Files.move(root.resolve("d4/deep"), outside.resolve("deep"));
    Files.createSymbolicLink(root.resolve("d4/deep"), outside.resolve("deep"));

    Reply reply = get(created);
    assertThat(reply.status()).isEqualTo(409);
    assertThat(reply.json().get("error").asText()).contains("'d4/deep/a'");

    Files.delete(root.resolve("d4/deep"));
    Files.move(outside.resolve("deep"), root.resolve("d4/deep"));
    assertThat(get(created).status()).isEqualTo(200);
  }

  @Test
  void filesOfDirectoriesAndRootsInTurns_areEachFound() throws IOException {
    StringBuilder targets = new StringBuilder();
    for (int i = 0; i < 5 * DIRECTORIES; i++) {
      targets.append(
          "%s{'type': 'file', 'root': '%s', 'path': 'd%d/%s', 'name': '%d'}"
              .formatted(
                  i == 0 ? "" : ",",
                  i % 2 == 0 ? "linked" : "direct",
                  i % DIRECTORIES,
                  i % 3 == 0 ? "z" : "deep/a",
                  i));
    }
    Reply created = server.create("{'root': 'linked', 'targets': [" + targets + "]}");
    assertThat(get(created).text().lines()).hasSize(5 * DIRECTORIES);

    Files.writeString(root.resolve("d6/deep/a"), "another size");

    Reply reply = get(created);
    assertThat(reply.status()).isEqualTo(409);
    assertThat(reply.json().get("error").asText()).contains("'13'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"linked", "direct"})
  void rootThatVanished_isUnavailableUntilItIsBack(String rootName) throws IOException {
    Reply created = createAll(rootName);
    Path elsewhere = directory.resolve("unmounted");
    Files.move(root, elsewhere);

    Reply reply = get(created);
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.json().get("code").asText()).isEqualTo("storage_unavailable");

    Files.move(elsewhere, root);
    assertThat(get(created).status()).isEqualTo(200);
  }

  private Reply createAll(String rootName) {
    return server.create(
        "{'root': '%s', 'targets': [{'type': 'directory', 'path': '', 'recursive': true}]}"
            .formatted(rootName));
  }

  private Reply get(Reply created) {
    return server.get(LadingServer.page(created, "get"));
  }
}
