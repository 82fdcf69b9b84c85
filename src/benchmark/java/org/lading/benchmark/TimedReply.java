package org.lading.benchmark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * What a client saw of a body of unknown length that it read at hardly any cost and threw away.
 *
 * @param firstByteNanos from before the connection was made to the first byte of the reply
 * @param nanos the same to its end
 * @param bytes of the body, with what chunked coding adds
 * @param lines how many ends of line the body has
 */
public record TimedReply(long firstByteNanos, long nanos, long bytes, long lines) {
  private static final int BUFFER = 256 * 1024;

  /**
   * Reads a page from the loopback address; fails unless the reply has the status 200, is in
   * chunked coding and whole.
   */
  public static TimedReply get(int port, String target) throws IOException {
    long began = System.nanoTime();
    try (SocketChannel socket = Sink.request(port, target, 0)) {
      byte[] bytes = new byte[BUFFER];
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      ChunkedLines lines = new ChunkedLines();
      long first = 0;
      while (!lines.isOver()) {
        int read = socket.read(buffer.clear());
        if (read < 0) {
          throw new IOException("the body broke off");
        }
        first = first == 0 ? System.nanoTime() - began : first;
        lines.add(bytes, read);
      }
      return new TimedReply(first, System.nanoTime() - began, lines.bytes, lines.lines);
    }
  }

  /** Counts the lines of a body that comes piece by piece. */
  private static final class ChunkedLines {
    private static final int IN_HEAD = 0;
    private static final int IN_SIZE = 1;
    private static final int IN_CHUNK = 2;
    private static final int AT_END = 3;
    private static final int OVER = 4;

    private final StringBuilder head = new StringBuilder();
    private int state = IN_HEAD;
    private int left;
    private long bytes;
    private long lines;

    boolean isOver() {
      return state == OVER;
    }

    void add(byte[] piece, int length) throws IOException {
      int at = 0;
      while (at < length) {
        if (state == IN_CHUNK) {
          int end = Math.min(length, at + left);
          left -= end - at;
          bytes += end - at;
          lines += newlines(piece, at, end);
          at = end;
          state = left == 0 ? AT_END : IN_CHUNK;
        } else {
          addToHead((char) piece[at++]);
        }
      }
    }

    private void addToHead(char c) throws IOException {
      head.append(c);
      if (state == IN_HEAD) {
        if (c == '\n' && head.toString().endsWith("\r\n\r\n")) {
          requireChunked(head.toString());
          begin(IN_SIZE);
        }
      } else if (c == '\n' && state == AT_END) {
        begin(left < 0 ? OVER : IN_SIZE);
      } else if (c == '\n' && state == IN_SIZE) {
        left = Integer.parseInt(head.toString().trim(), 16);
        begin(left == 0 ? AT_END : IN_CHUNK);
        left = left == 0 ? -1 : left;
      }
    }

    private void begin(int next) {
      head.setLength(0);
      state = next;
    }

    private static void requireChunked(String head) throws IOException {
      if (!head.startsWith("HTTP/1.1 200") || !head.contains("ransfer-Encoding: chunked")) {
        throw new IOException(head);
      }
    }

    private static int newlines(byte[] bytes, int from, int to) {
      int count = 0;
      for (int i = from; i < to; i++) {
        count += bytes[i] == '\n' ? 1 : 0;
      }
      return count;
    }
  }
}
