package org.lading.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lading.deploy.Installation.FILES;
import static org.lading.deploy.Installation.assertServed;
import static org.lading.deploy.Installation.createDownload;
import static org.lading.testing.Traces.awaited;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.testing.Http;
import org.lading.testing.Http.Reply;

/** The WAR without a container. */
class WarAloneIT {
  private static final Path WAR = Path.of(System.getProperty("lading.war"));
  private static final String CONTEXT = "/archive/downloads";

  /** More than a container and the connections of two clients that read nothing hold. */
  private static final long LARGE = 48 << 20;

  @TempDir Path directory;

  @Test
  void server_servesEveryPage_untilItIsTerminated_alsoWhenAnotherWarHasItsPlace() throws Exception {
    configure("");
    Path war = Files.copy(WAR, directory.resolve("downloads.war"));
    try (WarProcess server = start(war)) {
      try (Http http = new Http(server.address())) {
        assertServed(http, CONTEXT, createDownload(http, CONTEXT, FILES, "dir"), "a%20b.txt");
        for (String hidden : List.of("/org/lading/launch/Main.class", "/META-INF/MANIFEST.MF")) {
          assertThat(http.get(CONTEXT + hidden).status()).as(hidden).isEqualTo(404);
        }
      }
      assertThat(server.log().lines())
          .allMatch(
              line ->
                  line.matches("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z (INFO|WARNING) +(org|lading)\\..*"));
      Files.writeString(war, "another one");

      server.terminate();

      assertThat(server.exitStatus()).as(server.log()).isZero();
      assertThat(server.log()).endsWith("Lading has stopped\n").doesNotContain("WARNING");
      assertThat(server.temporaryFiles()).isEmpty();
    }
  }

  @Test
  void server_thatIsTerminated_finishesWhatItSendsWithinTheDrain_andBeginsNothing()
      throws Exception {
    try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      configure(
          """
            - {name: mute, bucket: content, endpoint: 'http://127.0.0.1:%d', aws_access_key_id: a,
               aws_secret_access_key: b}
          drain: 5s
          """
              .formatted(mute.getLocalPort()));
      try (RandomAccessFile large =
          new RandomAccessFile(directory.resolve("root/dir/large").toFile(), "rw")) {
        large.setLength(LARGE);
      }
      try (WarProcess server = start(WAR);
          Http http = new Http(server.address())) {
        String archive = createDownload(http, CONTEXT, FILES, "dir") + "download";
        try (Socket slow = request(server, archive);
            Socket stuck = request(server, archive)) {
          long length = lengthOf(slow);
          assertThat(lengthOf(stuck)).isEqualTo(length);
          CompletableFuture<Reply> waiting =
              CompletableFuture.supplyAsync(() -> create(http, "mute", "Prefer", "wait=60"));
          mute.accept();

          server.terminate();

          Reply ready =
              awaited(() -> http.get(CONTEXT + "/health/ready"), reply -> reply.status() == 503);
          assertThat(ready.text()).contains("Lading is stopping");
          Reply refused = create(http, FILES);
          assertThat(refused.status()).isEqualTo(503);
          assertThat(refused.json().get("code").asText()).isEqualTo("stopping");
          assertThat(refused.header("Retry-After")).isEqualTo("5");
          assertThat(http.get(CONTEXT + "/health/live").status()).isEqualTo(200);
          assertThat(read(slow)).isEqualTo(length);
          assertThat(waiting.join().status()).as(server.log()).isEqualTo(202);
          assertThat(server.exitStatus()).as(server.log()).isZero();
          assertThat(read(stuck)).isLessThan(length);
          assertThat(server.log()).contains("what is left breaks off: 1").doesNotContain("\tat ");
        }
      }
    }
  }

  @Test
  void server_whoseStartWaitsForADatabase_outlivesAReload_andStopsInOrder() throws Exception {
    try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      configure(
          "database: {url: 'jdbc:postgresql://127.0.0.1:%d/lading', user: lading, password: p}\n"
              .formatted(mute.getLocalPort()));
      try (WarProcess server = start(WAR);
          Socket asked = mute.accept()) {
        assertThat(asked.isConnected()).isTrue();
        server.signal("HUP");
        awaited(() -> server.isAlive() ? server.log() : "", log -> log.contains("SIGHUP came"));

        server.terminate();

        assertThat(server.exitStatus()).as(server.log()).isZero();
        assertThat(server.log())
            .contains("SIGTERM came")
            .endsWith("Lading has stopped\n")
            .doesNotContain("\tat ", "Lading listens", "The start takes longer");
        assertThat(server.temporaryFiles()).isEmpty();
      }
    }
  }

  private WarProcess start(Path war) throws IOException {
    return WarProcess.start(
        directory, war, "--config=lading.yml", "--port=0", "--context-path=" + CONTEXT);
  }

  private static Reply create(Http http, String root, String... headers) {
    String body =
        "{\"root\": \"%s\", \"targets\": [{\"type\": \"directory\", \"path\": \"dir\"}]}"
            .formatted(root);
    return http.post(CONTEXT + "/create", body.getBytes(StandardCharsets.US_ASCII), headers);
  }

  private static Socket request(WarProcess server, String path) throws IOException {
    return RawHttp.send(
        server.address(), "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n".formatted(path));
  }

  private static long lengthOf(Socket reply) throws IOException {
    String head = RawHttp.head(reply);
    assertThat(head).startsWith("HTTP/1.1 200 ");
    return head.lines()
        .filter(line -> line.startsWith("Content-Length: "))
        .mapToLong(line -> Long.parseLong(line.substring(16)))
        .sum();
  }

  /** Returns the number of bytes that come until the connection ends. */
  private static long read(Socket reply) throws IOException {
    long count = 0;
    byte[] buffer = new byte[1 << 16];
    try {
      for (int read = reply.getInputStream().read(buffer);
          read >= 0;
          read = reply.getInputStream().read(buffer)) {
        count += read;
      }
    } catch (SocketException reset) {
      return count;
    }
    return count;
  }

  private void configure(String more) throws IOException {
    write("root/dir/a b.txt", "file");
    write(
        "lading.yml",
        """
        storage: storage
        clients: open
        roots:
          - {name: files, path: root, serve: direct}
        """
            + more);
  }

  @Test
  void port_thatIsTaken_endsTheStartWithASentence() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        WarProcess server = WarProcess.start(directory, WAR, "--port=" + taken.getLocalPort())) {
      assertThat(server.exitStatus()).isEqualTo(1);
      assertThat(server.log()).contains("" + taken.getLocalPort()).hasLineCount(1);
      assertThat(server.temporaryFiles()).isEmpty();
    }
  }

  @Test
  void wrongArguments_areTold() throws Exception {
    try (WarProcess server = WarProcess.start(directory, WAR, "--config=nowhere.yml")) {
      assertThat(server.exitStatus()).isEqualTo(2);
      assertThat(server.log())
          .isEqualTo(
              "--config: %s is not a file that can be read (--help tells more)\n"
                  .formatted(directory.resolve("nowhere.yml")));
    }
  }

  @Test
  void program_isThatOfTheApplication() throws Exception {
    Path settings = Path.of("conf-examples/production.yml").toAbsolutePath();
    try (WarProcess nginx = WarProcess.start(directory, WAR, "nginx", settings.toString())) {
      assertThat(nginx.exitStatus()).as(nginx.log()).isZero();
      assertThat(nginx.out()).isEqualTo(Files.readString(Path.of("nginx/lading.conf")));
      assertThat(nginx.temporaryFiles()).isEmpty();
    }
  }

  private void write(String name, String content) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }
}
