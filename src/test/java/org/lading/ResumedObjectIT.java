package org.lading;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.LargeObject;

/** A large object whose download broke off and is taken up again. */
class ResumedObjectIT {
  private static final long SIZE = 2L << 30;
  private static final long BREAK = 3L << 29;
  private static final long FEW = 64 << 20;

  /** The local header of {@code large}: 30 bytes, name, timestamp. */
  private static final int HEADER = 30 + 5 + 9;

  private static final int DESCRIPTOR = 16;

  @TempDir Path directory;
  private LargeObject store;
  private LadingServer server;
  private String page;
  private long length;

  @BeforeEach
  void start() throws IOException {
    store = new LargeObject(SIZE);
    server = LadingServer.start(directory, "roots:\n" + store.root());
    Reply created =
        server.create(
            "{'root': 's3', 'targets': [{'type': 'file', 'path': 'd/large', 'name': 'large'}]}");
    page = LadingServer.page(created, "download");
    length = created.json().get("zip_size").asLong();
  }

  @AfterEach
  void stop() {
    server.close();
    store.close();
  }

  @Test
  void resumedDownload_readsLittleMoreThanTheRest_andHasTheRightChecksum() throws IOException {
    fetch(0, HEADER + BREAK);
    long before = store.sent();
    byte[] end = fetch(HEADER + BREAK, length);
    assertThat(store.sent() - before).isLessThan(SIZE - BREAK + FEW);
    assertChecksum(end);

    // On another node, or after a restart, what was learned is still known.
    server.close();
    server = LadingServer.start(directory, "roots:\n" + store.root());
    before = store.sent();
    assertThat(fetch(HEADER + BREAK, length)).isEqualTo(end);
    assertThat(store.sent() - before).isLessThan(SIZE - BREAK + FEW);
  }

  @Test
  void endThatIsAskedForAlone_costsOneReading_andTheNextTimeNone() throws IOException {
    assertChecksum(fetch(length - 1000, length));
    assertThat(store.sent()).isLessThan(SIZE + FEW);

    long before = store.sent();
    assertChecksum(fetch(length - 1000, length));
    assertThat(store.sent() - before).isLessThan(FEW);
  }

  private void assertChecksum(byte[] end) {
    int crc = (int) store.crc32();
    // Behind the content come the descriptor, the central header and the end record.
    ByteBuffer records = ByteBuffer.wrap(end).order(ByteOrder.LITTLE_ENDIAN);
    int descriptor = end.length - 22 - (46 + 5 + 9) - DESCRIPTOR;
    assertThat(records.getInt(descriptor)).isEqualTo(0x08074b50);
    assertThat(records.getInt(descriptor + 4)).isEqualTo(crc);
    assertThat(records.getInt(descriptor + DESCRIPTOR)).isEqualTo(0x02014b50);
    assertThat(records.getInt(descriptor + DESCRIPTOR + 16)).isEqualTo(crc);
  }

  /** Reads from one position to another and breaks off; the answer is the end of what was read. */
  private byte[] fetch(long from, long to) throws IOException {
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    try (Socket socket = new Socket(loopback, server.port())) {
      String request =
          "GET /downloads%s HTTP/1.1\r\nHost: x\r\nRange: bytes=%d-\r\n\r\n".formatted(page, from);
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      InputStream in = socket.getInputStream();
      skipHead(in);
      byte[] buffer = new byte[1 << 20];
      byte[] end = new byte[200];
      for (long at = from; at < to; ) {
        int read = in.readNBytes(buffer, 0, (int) Math.min(buffer.length, to - at));
        assertThat(read).as("at %d", at).isPositive();
        assertContent(at, buffer, read);
        at += read;
        byte[] seen = Arrays.copyOf(end, end.length + read);
        System.arraycopy(buffer, 0, seen, end.length, read);
        end = Arrays.copyOfRange(seen, seen.length - end.length, seen.length);
      }
      return end;
    }
  }

  /** A byte here and there: all of them are held against the checksum. */
  private static void assertContent(long at, byte[] bytes, int count) {
    for (int i = 0; i < count; i += 10_007) {
      long position = at + i - HEADER;
      if (position >= 0 && position < SIZE) {
        assertThat(bytes[i]).as("at %d", position).isEqualTo(LargeObject.at(position));
      }
    }
  }

  private static void skipHead(InputStream in) throws IOException {
    int ends = 0;
    while (ends < 4) {
      int b = in.read();
      ends = b == (ends % 2 == 0 ? '\r' : '\n') ? ends + 1 : 0;
    }
  }
}
