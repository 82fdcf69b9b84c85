package org.lading;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.lading.testing.Traces.eventually;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.SettableClock;

/** Bodies of requests that do not come as they should, in a container with ten threads. */
class RequestBodiesTest {
  private static final String TOKEN = "let me in";
  private static final String SHA256 =
      "992db5e2595725ef68eb5066e014da8c7f6baca0afa96f1021b56b66782133f2";
  private static final String CREATE =
      "{\"root\": \"main\", \"targets\": [{\"type\": \"file\", \"path\": \"a.txt\"}]}";
  private static final String AUTHORIZED =
      "POST /downloads/create HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + TOKEN + "\r\n";
  private static final String UNAUTHORIZED = "POST /downloads/create HTTP/1.1\r\nHost: x\r\n";
  private static final String CHUNKED = "Transfer-Encoding: chunked\r\n\r\n";
  private static final int CLIENTS = 30;
  private static final Duration SOON = Duration.ofSeconds(2);
  private static final int TIMEOUT_MILLIS = 20_000;
  private static final int PAUSE_MILLIS = 200;
  private static final int MAX_PAUSES = 100;

  @TempDir static Path directory;
  static LadingServer server;
  static SettableClock clock = new SettableClock(Instant.parse("2026-03-01T10:00:00Z"));
  private final List<Socket> sockets = new ArrayList<>();

  @BeforeAll
  static void start() throws IOException {
    Files.createDirectories(directory.resolve("root"));
    Files.writeString(directory.resolve("root/a.txt"), "aaa");
    server =
        LadingServer.start(
            directory,
            """
            roots:
              - {name: main, path: root, serve: direct}
            limits: {body: 1MiB}
            clients:
              - {name: tester, token_sha256: %s}
            """
                .formatted(SHA256),
            clock);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @AfterEach
  void leave() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    assertThat(eventually(() -> bodies(), count -> count == 0)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 1000\r\n\r\n{", CHUNKED + "5\r\n{"})
  void bodyWithoutTheRightToCreate_isNotWaitedFor(String rest) throws IOException {
    for (int i = 0; i < CLIENTS; i++) {
      send(UNAUTHORIZED + rest);
    }
    assertHonestCreateIsQuick();
    for (Socket socket : sockets) {
      assertThat(head(socket))
          .startsWith("HTTP/1.1 401 ")
          .containsIgnoringCase("\r\nConnection: close");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 64\r\n\r\n{", CHUNKED + "1\r\n{"})
  void bodiesThatStopHalfWay_holdNoThread_andMayGoOn(String beginning) throws IOException {
    for (int i = 0; i < CLIENTS; i++) {
      send(AUTHORIZED + beginning);
    }
    assertHonestCreateIsQuick();
    String rest = CREATE.substring(1);
    for (Socket socket : sockets) {
      String sent = beginning.contains("chunked") ? "\r\n3f\r\n" + rest + "\r\n0\r\n\r\n" : rest;
      socket.getOutputStream().write(sent.getBytes(ISO_8859_1));
      assertThat(head(socket)).startsWith("HTTP/1.1 201 ");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 64\r\n\r\n{", CHUNKED + "1\r\n{"})
  void bodyThatDoesNotGoOn_isGivenUp(String beginning) throws IOException {
    Socket socket = send(AUTHORIZED + beginning);
    assertThat(eventually(() -> bodies(), count -> count == 1)).isEqualTo(1);

    String answer = whole(socket);
    assertThat(answer)
        .startsWith("HTTP/1.1 408 ")
        .contains("too_slow")
        .contains("came too slowly: 1 bytes in ");
  }

  @Test
  void bodyWhoseClientLeaves_isGivenUp() throws IOException {
    Socket socket = send(AUTHORIZED + "Content-Length: 100000\r\n\r\n" + " ".repeat(50_000));
    assertThat(eventually(() -> number("lading_bodies_bytes"), bytes -> bytes > 0)).isPositive();
    socket.close();
    assertThat(eventually(() -> number("lading_bodies_bytes"), bytes -> bytes == 0)).isZero();
  }

  @Test
  void bodyThatIsDeclaredTooLarge_isRefusedBeforeItComes() throws IOException {
    assertThat(whole(send(AUTHORIZED + "Content-Length: 1048577\r\n\r\n")))
        .startsWith("HTTP/1.1 413 ")
        .contains("more than 1048576 bytes");
  }

  @Test
  void bodyThatComesThoughItIsTooLarge_doesNotHideTheAnswer() throws IOException {
    for (String head :
        List.of(AUTHORIZED + "Content-Length: 6000000", UNAUTHORIZED + "Content-Length: 6000000")) {
      String answer = whole(send(head + "\r\n\r\n" + " ".repeat(6_000_000)));
      assertThat(answer).contains(head.startsWith(AUTHORIZED) ? "too_large" : "unauthorized");
    }
  }

  @Test
  void bodyWithoutEnd_isCutOffAtTheLimit() throws IOException {
    Socket socket = send(AUTHORIZED + CHUNKED);
    byte[] chunk = ("10000\r\n" + " ".repeat(0x10000) + "\r\n").getBytes(ISO_8859_1);
    try {
      for (int i = 0; i < 1000; i++) {
        socket.getOutputStream().write(chunk);
      }
    } catch (SocketException e) {
      // It was closed, as it should be.
      return;
    }
    throw new AssertionError("64 MiB were taken");
  }

  @Test
  void bodyThatWaitsForTheServersWord_getsItsAnswerInstead() throws IOException {
    String expecting = "Expect: 100-continue\r\nContent-Length: 100000\r\n\r\n";
    assertThat(whole(send(UNAUTHORIZED + expecting))).contains("HTTP/1.1 401 ");
    Socket socket = send(AUTHORIZED + "Expect: 100-continue\r\nContent-Length: 64\r\n\r\n");
    assertThat(head(socket)).startsWith("HTTP/1.1 100 ");
    socket.getOutputStream().write(CREATE.getBytes(ISO_8859_1));
    assertThat(head(socket)).startsWith("HTTP/1.1 201 ");
  }

  @Test
  void bodyOnAPageWithoutUseForIt_isNotWaitedFor_andMayBeSmall() throws IOException {
    Reply created = server.create(CREATE, "Authorization", "Bearer " + TOKEN);
    String get = "/downloads" + LadingServer.page(created, "get");
    for (String line :
        List.of(
            "POST /downloads/status", "GET " + get, "GET /downloads/", "PUT /downloads/a%20b/c")) {
      for (int i = 0; i < CLIENTS / 3; i++) {
        send(line + " HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n{");
      }
      send(line + " HTTP/1.1\r\nHost: x\r\nContent-Length: 70000\r\n\r\n{");
    }
    assertHonestCreateIsQuick();

    assertThat(status("GET " + get, "Content-Length: 5\r\n\r\n12345")).isEqualTo("200");
    assertThat(status("GET " + get, CHUNKED + "5\r\n12345\r\n0\r\n\r\n")).isEqualTo("200");
    assertThat(status("POST " + get, "Content-Length: 5\r\n\r\n12345")).isEqualTo("405");
    assertThat(status("POST /downloads/status", CHUNKED + "1\r\n1\r\n0\r\n\r\n")).isEqualTo("405");
    assertThat(status("POST /downloads/create;x", CHUNKED + "1\r\n1\r\n0\r\n\r\n"))
        .isEqualTo("404");
    assertThat(status("GET " + get, "Content-Length: 70000\r\n\r\n")).isEqualTo("413");
  }

  private String status(String line, String rest) throws IOException {
    return head(send(line + " HTTP/1.1\r\nHost: x\r\n" + rest)).split(" ", 3)[1];
  }

  private static void assertHonestCreateIsQuick() {
    long begun = System.nanoTime();
    Reply reply = server.create(CREATE, "Authorization", "Bearer " + TOKEN);
    assertThat(reply.status()).as(reply.toString()).isEqualTo(201);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SOON);
  }

  private static double bodies() {
    return number("lading_bodies_active");
  }

  private static double number(String metric) {
    return server
        .get("/metrics")
        .text()
        .lines()
        .filter(line -> line.startsWith(metric + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(metric.length() + 1)))
        .sum();
  }

  private Socket send(String request) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    sockets.add(socket);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.getOutputStream().write(request.getBytes(ISO_8859_1));
    return socket;
  }

  /** Reads up to the empty line. */
  private static String head(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      assertThat(next).as(head.toString()).isNotNegative();
      head.append((char) next);
    }
    return head.toString();
  }

  /** Reads until the connection ends; the server's time passes while nothing comes. */
  private static String whole(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder answer = new StringBuilder();
    socket.setSoTimeout(PAUSE_MILLIS);
    for (int pauses = 0; pauses < MAX_PAUSES; ) {
      try {
        int next = in.read();
        if (next < 0) {
          return answer.toString();
        }
        answer.append((char) next);
      } catch (SocketTimeoutException e) {
        clock.set(clock.instant().plusSeconds(5));
        pauses++;
      }
    }
    throw new AssertionError("the connection stays open after " + answer);
  }
}
