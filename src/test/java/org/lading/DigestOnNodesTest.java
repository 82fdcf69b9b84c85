package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.testing.DigestClient;
import org.lading.testing.DigestClient.Use;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.NeedsProgram;
import org.lading.testing.PostgresServer;
import org.lading.testing.Programs;
import org.lading.testing.TestDatabase;

/** Two nodes on one database take each other's nonces, and each use of one once. */
@NeedsProgram(Programs.UNSHARE)
class DigestOnNodesTest {
  private static final DigestClient ANNA = DigestClient.of("anna", "the password of Anna");

  @TempDir Path directory;

  @Test
  void digest_isTakenByAnyNode_once() throws IOException {
    TestDatabase database = TestDatabase.postgres(PostgresServer.newDatabase());
    try (LadingServer first = node("first", database);
        LadingServer second = node("second", database)) {
      String nonce = DigestClient.nonce(first.get("/list"));
      String header = ANNA.header(new Use("GET", "/downloads/list", nonce, 1));
      String next = ANNA.header(new Use("GET", "/downloads/list", nonce, 2));

      assertThat(second.get("/list", "Authorization", header).status()).isEqualTo(200);
      Reply replayed = first.get("/list", "Authorization", header);
      assertThat(replayed.status()).isEqualTo(401);
      assertThat(replayed.header("WWW-Authenticate")).contains("stale=true");
      assertThat(first.get("/list", "Authorization", next).status()).isEqualTo(200);
    }
  }

  private LadingServer node(String name, TestDatabase database) throws IOException {
    Path place = Files.createDirectories(directory.resolve(name));
    Files.createDirectories(directory.resolve("root"));
    return LadingServer.start(
        place,
        "roots: [{name: main, path: ../root}]\nclients: [{name: anna, password: '%s'}]\n"
                .formatted(ANNA.password())
            + database.settings());
  }
}
