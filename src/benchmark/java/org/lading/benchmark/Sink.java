package org.lading.benchmark;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads at hardly any cost, throws away and counts; so that what is timed is who writes. */
public final class Sink {
  private static final int BUFFER = 1 << 20;
  private static final Pattern LENGTH = Pattern.compile("(?i)\r\nContent-Length: *(\\d+)\r\n");

  private static final int LONGEST_SECONDS = 300;
  private static final ScheduledExecutorService ALARM =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "alarm");
            thread.setDaemon(true);
            return thread;
          });

  private Sink() {}

  /**
   * Returns the length of the body of a GET from the loopback address; fails unless 200 and whole.
   */
  public static long get(int port, String target) throws IOException {
    try (SocketChannel socket = request(port, target, 0)) {
      Future<?> alarm = ALARM.schedule(() -> close(socket), LONGEST_SECONDS, TimeUnit.SECONDS);
      try {
        return readReply(socket);
      } finally {
        alarm.cancel(false);
      }
    }
  }

  private static long readReply(SocketChannel socket) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    String head = "";
    int end = -1;
    while (end < 0) {
      read(socket, buffer);
      head += ISO_8859_1.decode(buffer.flip());
      buffer.clear();
      end = head.indexOf("\r\n\r\n");
    }
    Matcher length = LENGTH.matcher(head);
    if (!head.startsWith("HTTP/1.1 200") || !length.find() || length.start() > end) {
      throw new IOException(head);
    }
    long expected = Long.parseLong(length.group(1));
    for (long left = expected - (head.length() - end - 4); left > 0; buffer.clear()) {
      left -= read(socket, buffer);
    }
    return expected;
  }

  /**
   * A connection on which a request was sent; with a receive buffer of that size unless it is 0.
   */
  static SocketChannel request(int port, String target, int receiveBuffer) throws IOException {
    SocketChannel socket = SocketChannel.open();
    if (receiveBuffer > 0) {
      socket.socket().setReceiveBufferSize(receiveBuffer);
    }
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    String request = "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".formatted(target);
    socket.write(ByteBuffer.wrap(request.getBytes(US_ASCII)));
    return socket;
  }

  /** Of a socket that is still open when a benchmark must be over. */
  private static void close(SocketChannel socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int read(SocketChannel socket, ByteBuffer buffer) throws IOException {
    int read = socket.read(buffer);
    if (read < 0) {
      throw new IOException("the body broke off");
    }
    return read;
  }

  /** How much a command writes into a pipe; fails unless it ends with 0. */
  public static long output(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    long length = 0;
    byte[] buffer = new byte[BUFFER];
    try (InputStream out = process.getInputStream()) {
      for (int read = 0; read >= 0; read = out.read(buffer)) {
        length += read;
      }
    }
    if (process.waitFor() != 0) {
      throw new IOException(command + " ended with " + process.exitValue());
    }
    return length;
  }

  /** How much bsdtar writes for a zip without compression of what lies in a directory. */
  public static long bsdtarZip(Path directory, String name)
      throws IOException, InterruptedException {
    return output(
        List.of(
            "bsdtar",
            "--format=zip",
            "--options=zip:compression=store",
            "-cf",
            "-",
            "-C",
            directory.toString(),
            name));
  }
}
