package org.lading.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * An S3 server with one object, {@code d/large}, as large as one likes, whose bytes are counted.
 */
public final class LargeObject implements AutoCloseable {
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");

  /** The object repeats this; not a power of two, so that no two pieces of it are the same. */
  private static final byte[] PATTERN = new byte[(1 << 20) + 7];

  static {
    new Random(13).nextBytes(PATTERN);
  }

  private final long size;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicLong sent = new AtomicLong();

  /** Starts a server on a free port of the loopback interface, with an object of that size. */
  public LargeObject(long size) throws IOException {
    this.size = size;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  /** The settings of a root named {@code s3} that has it. */
  public String root() {
    return """
      - name: s3
        bucket: content
        region: us-east-1
        endpoint: http://127.0.0.1:%d
        force_path_style: true
        aws_access_key_id: id
        aws_secret_access_key: secret
    """
        .formatted(server.getAddress().getPort());
  }

  /** Bytes of the object that were sent so far. */
  public long sent() {
    return sent.get();
  }

  /** The CRC-32 of the object. */
  public long crc32() {
    CRC32 crc = new CRC32();
    for (long at = 0; at < size; at += PATTERN.length) {
      crc.update(PATTERN, 0, (int) Math.min(PATTERN.length, size - at));
    }
    return crc.getValue();
  }

  /** The byte at a position of the object. */
  public static byte at(long position) {
    return PATTERN[(int) (position % PATTERN.length)];
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().set("ETag", "\"abc\"");
      exchange.getResponseHeaders().set("Last-Modified", "Tue, 03 Feb 2026 04:05:06 GMT");
      if (String.valueOf(exchange.getRequestURI().getQuery()).contains("list-type")) {
        byte[] listing =
            new ListingXml().object("d/large", size).toString().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, listing.length);
        exchange.getResponseBody().write(listing);
      } else if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.getResponseHeaders().set("Content-Length", Long.toString(size));
        exchange.sendResponseHeaders(200, -1);
      } else {
        sendPart(exchange);
      }
    }
  }

  private void sendPart(HttpExchange exchange) throws IOException {
    String header = exchange.getRequestHeaders().getFirst("Range");
    Matcher range = RANGE.matcher(header == null ? "bytes=0-" : header);
    if (!range.matches()) {
      throw new IOException("a range that is not understood: " + header);
    }
    long from = Long.parseLong(range.group(1));
    long to = range.group(2).isEmpty() ? size : Long.parseLong(range.group(2)) + 1;
    if (header != null) {
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + size);
    }
    exchange.sendResponseHeaders(header == null ? 200 : 206, to - from);
    OutputStream out = exchange.getResponseBody();
    for (long at = from; at < to; ) {
      int begin = (int) (at % PATTERN.length);
      int length = (int) Math.min(Math.min(64 * 1024, PATTERN.length - begin), to - at);
      out.write(PATTERN, begin, length);
      sent.addAndGet(length);
      at += length;
    }
  }
}
