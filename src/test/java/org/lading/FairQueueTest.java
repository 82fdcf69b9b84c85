package org.lading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lading.testing.Traces.awaited;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.base.Digests;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.ScriptedS3;
import org.lading.testing.ScriptedS3.Answer;
import org.lading.testing.ScriptedS3.Request;

/** Clients that share one Lading, of which one asks for more than it can have. */
class FairQueueTest {
  private static final String OBJECT =
      "{'root': 'main', 'targets': [{'type': 'file', 'path': 'a', 'root': 's3'}]}";
  private static final String LARGE =
      "{'root': 'main', 'targets': [{'type': 'directory', 'path': 'large', 'recursive': true}]}";

  @TempDir Path directory;
  private volatile Function<Request, Answer> script = request -> Answer.hang();
  private ScriptedS3 store;
  private LadingServer server;

  @BeforeEach
  void start() throws IOException {
    store = new ScriptedS3(request -> script.apply(request));
    Files.createDirectories(directory.resolve("root"));
    server =
        LadingServer.start(
            directory,
            """
            roots:
              - {name: main, path: root, serve: direct}
            %sclients:
              - {name: greedy, token_sha256: %s}
              - {name: modest, token_sha256: %s}
            """
                .formatted(store.root(), sha256("greedy"), sha256("modest")));
  }

  @AfterEach
  void stop() {
    script = request -> Answer.object(Map.of());
    store.letGo();
    server.close();
    store.close();
  }

  @Test
  void clientWithManyDownloadsThatHang_leavesThreadsToOthers_andGetsItsOwnLater()
      throws IOException {
    Path large = Files.createDirectory(directory.resolve("root/large"));
    for (int i = 0; i < 5_100; i++) {
      Files.createFile(large.resolve(Integer.toString(i)));
    }
    for (int i = 0; i < 40; i++) {
      assertThat(create("greedy", OBJECT, "wait=0").status()).isEqualTo(202);
    }
    awaited(
        () ->
            server.number(
                "select count(*) from download"
                    + " where lane = 'LONG' and state = 'CREATING_MANIFEST'"),
        running -> running == 12);
    long began = System.nanoTime();
    assertThat(create("modest", LARGE, "wait=60").status()).isEqualTo(201);
    assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(10));
    assertThat(server.number("select count(*) from download where state = 'READY'")).isEqualTo(1);

    script = request -> Answer.object(Map.of());
    store.letGo();
    awaited(
        () -> server.number("select count(*) from download where state = 'READY'"),
        ready -> ready == 41);
  }

  @Test
  void clientThatLeft_endsItsCreate() throws IOException {
    createAndLeave(server, "Prefer: wait=1\r\nAuthorization: Bearer greedy");
    awaited(() -> server.number("select count(*) from download"), count -> count == 0);
    awaited(server::jobs, jobs -> jobs.isEmpty());
  }

  @Test
  void clientThatLeft_andWaitedForAsLongAsItTakes_leavesNoDownload() throws Exception {
    Path place = directory.resolve("compatible");
    Files.createDirectories(place.resolve("root"));
    String settings = "compatibility: medusa-downloader\nroots:\n  - {name: main, path: root}\n";
    try (LadingServer compatible = LadingServer.start(place, settings + store.root())) {
      createAndLeave(compatible, "Accept: */*");
      TimeUnit.MILLISECONDS.sleep(1_200);
      script = request -> Answer.object(Map.of());
      store.letGo();
      awaited(() -> compatible.number("select count(*) from download"), count -> count == 0);
    }
  }

  private static void createAndLeave(LadingServer asked, String headers) throws IOException {
    String body = OBJECT.replace('\'', '"');
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), asked.port())) {
      socket
          .getOutputStream()
          .write(
              ("POST /downloads/create HTTP/1.1\r\nHost: localhost\r\n"
                      + headers
                      + "\r\nContent-Length: "
                      + body.length()
                      + "\r\n\r\n"
                      + body)
                  .getBytes(StandardCharsets.US_ASCII));
      awaited(() -> asked.number("select count(*) from download"), count -> count == 1);
    }
  }

  private Reply create(String token, String json, String preference) {
    return server.create(json, "Authorization", "Bearer " + token, "Prefer", preference);
  }

  private static String sha256(String token) {
    return java.util.HexFormat.of()
        .formatHex(Digests.sha256().digest(token.getBytes(StandardCharsets.UTF_8)));
  }
}
