package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.testing.LadingServer;
import org.lading.testing.NeedsProgram;
import org.lading.testing.PostgresServer;
import org.lading.testing.Programs;
import org.lading.testing.TestDatabase;

/** Many requests at once for a link that nobody has asked for yet. */
class LinkBurstTest {
  /** The number of requests; for more: {@code -Dlading.burst=1000}. */
  private static final int REQUESTS = Integer.getInteger("lading.burst", 60);

  private static final int FILES = 300;

  @TempDir Path directory;
  private final List<LadingServer> nodes = new ArrayList<>();

  @AfterEach
  void stop() {
    nodes.forEach(LadingServer::close);
  }

  @Test
  void oneNode_preparesTheLinkOnce() throws IOException {
    start(1, "storage: \"%s\"".formatted(directory.resolve("storage")));
    assertPreparedOnce(TestDatabase.embedded(directory.resolve("storage")));
  }

  @Test
  @NeedsProgram(Programs.UNSHARE)
  void threeNodesOnOneDatabase_withAStorageEach_prepareTheLinkOnce() throws IOException {
    TestDatabase database = TestDatabase.postgres(PostgresServer.newDatabase());
    start(3, database.settings());
    assertPreparedOnce(database);
  }

  private void assertPreparedOnce(TestDatabase database) {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    List<CompletableFuture<HttpResponse<byte[]>>> replies = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      int port = nodes.get(i % nodes.size()).port();
      URI link = URI.create("http://127.0.0.1:" + port + "/downloads/zip/open/d");
      replies.add(
          client.sendAsync(HttpRequest.newBuilder(link).build(), BodyHandlers.ofByteArray()));
    }
    byte[] first = replies.get(0).join().body();
    assertThat(replies)
        .allSatisfy(
            reply -> {
              assertThat(reply.join().statusCode()).isEqualTo(200);
              assertThat(reply.join().body()).isEqualTo(first);
            });
    assertThat(database.number("select count(*) from download")).isEqualTo(1);
  }

  private void start(int count, String database) throws IOException {
    Path root = Files.createDirectories(directory.resolve("root/d"));
    for (int i = 0; i < FILES; i++) {
      Files.writeString(root.resolve("file-" + i), "content " + i);
    }
    String settings =
        """
        create_wait: 5m
        roots: [{name: open, path: "%s", public: true, serve: direct}]
        """
            .formatted(directory.resolve("root"));
    for (int i = 0; i < count; i++) {
      Path node = Files.createDirectories(directory.resolve("node-" + i));
      nodes.add(LadingServer.start(node, settings + database));
    }
  }
}
