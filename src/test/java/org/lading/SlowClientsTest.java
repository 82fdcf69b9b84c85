package org.lading;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.Traces;

/** Many clients that read nothing for a while, in a container with ten threads. */
class SlowClientsTest {
  private static final int CLIENTS = 80;

  @TempDir Path directory;
  private final List<Socket> sockets = new ArrayList<>();
  private LadingServer server;
  private String page;
  private long length;

  @BeforeEach
  void start() throws IOException {
    byte[] content = new byte[8 << 20];
    new Random(9).nextBytes(content);
    Files.createDirectories(directory.resolve("root"));
    Files.write(directory.resolve("root/large"), content);
    server = LadingServer.start(directory, "roots:\n  - {name: main, path: root, serve: direct}\n");
    Reply created =
        server.create("{'root': 'main', 'targets': [{'type': 'file', 'path': 'large'}]}");
    page = LadingServer.page(created, "download");
    length = created.json().get("zip_size").asLong();
  }

  @AfterEach
  void stop() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    server.close();
  }

  @Test
  void clientsThatReadNothing_holdNoThread_andGetTheirArchiveInTheEnd() throws IOException {
    for (int i = 0; i < CLIENTS; i++) {
      sockets.add(request());
    }

    byte[] whole = server.get(page).bytes();
    assertThat(whole).hasSize((int) length);
    assertThat(server.status().status()).isEqualTo(200);
    Reply status =
        Traces.awaited(
            () -> server.get(page.replace("/download", "/status")),
            reply -> reply.json().at("/delivery/running").asInt() == CLIENTS);
    assertThat(status.json().at("/delivery/bytes").asLong()).isBetween(1L, CLIENTS * length);
    assertThat(server.get(page.replace("/download", "/status"), "Accept", "text/html").text())
        .contains("Being delivered by this server 80 times at once");

    for (Socket socket : sockets) {
      InputStream in = socket.getInputStream();
      skipHead(in);
      assertThat(in.readNBytes((int) length)).isEqualTo(whole);
    }
    Traces.awaited(
        () -> server.get(page.replace("/download", "/status")),
        reply -> !reply.json().has("delivery"));
  }

  @Test
  void clientsThatLeave_leaveNoFileOpen() throws IOException {
    for (int i = 0; i < CLIENTS; i++) {
      Socket socket = request();
      assertThat(socket.getInputStream().read()).isEqualTo('H');
      socket.close();
    }
    long deadline = System.nanoTime() + 30_000_000_000L;
    while (openFiles() > 0) {
      assertThat(System.nanoTime()).as("%d files are open", openFiles()).isLessThan(deadline);
      server.status();
    }
    assertThat(server.get(page).bytes()).hasSize((int) length);
  }

  private long openFiles() throws IOException {
    try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.filter(this::isLarge).count();
    }
  }

  private boolean isLarge(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).endsWith("root/large");
    } catch (IOException e) {
      return false;
    }
  }

  private Socket request() throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(16 * 1024);
    socket.setSoTimeout(60_000);
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    socket.connect(new InetSocketAddress(loopback, server.port()));
    socket
        .getOutputStream()
        .write(("GET /downloads" + page + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(US_ASCII));
    return socket;
  }

  private static void skipHead(InputStream in) throws IOException {
    int ends = 0;
    while (ends < 4) {
      int b = in.read();
      ends = b == (ends % 2 == 0 ? '\r' : '\n') ? ends + 1 : 0;
    }
  }
}
