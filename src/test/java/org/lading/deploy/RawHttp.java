package org.lading.deploy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A client that sees a reply as it is on the wire. */
final class RawHttp {
  private static final int TIMEOUT_MILLIS = 20_000;

  private RawHttp() {}

  /**
   * Everything that is sent back for a GET until the connection ends, ISO 8859-1; fails if it does
   * not end. HTTP/1.1 asks for a connection that stays open, with which a reply ends by itself.
   */
  static String exchange(URI server, String path, String version) {
    String request =
        "GET " + path + " " + version + "\r\nHost: " + server.getAuthority() + "\r\n\r\n";
    return exchange(server, request, false);
  }

  /** Everything that is sent back for a POST of chunks, after which the client sends no more. */
  static String chunked(URI server, String path, String chunks) {
    String head =
        "POST %s HTTP/1.1\r\nHost: %s\r\nTransfer-Encoding: chunked\r\n\r\n"
            .formatted(path, server.getAuthority());
    return exchange(server, head + chunks, true);
  }

  private static String exchange(URI server, String request, boolean isAll) {
    ByteArrayOutputStream reply = new ByteArrayOutputStream();
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      if (isAll) {
        socket.shutdownOutput();
      }
      copy(socket.getInputStream(), reply);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return reply.toString(StandardCharsets.ISO_8859_1);
  }

  /** Sends the beginning of a request, and leaves the connection open. */
  static Socket send(URI server, String beginning) throws IOException {
    Socket socket = new Socket(server.getHost(), server.getPort());
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.getOutputStream().write(beginning.getBytes(StandardCharsets.ISO_8859_1));
    return socket;
  }

  /** Reads the head of a reply. */
  static String head(Socket socket) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        throw new EOFException(head.toString());
      }
      head.append((char) next);
    }
    return head.toString();
  }

  /** A reset is an end, too. */
  private static void copy(InputStream in, ByteArrayOutputStream reply) throws IOException {
    byte[] buffer = new byte[8192];
    try {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        reply.write(buffer, 0, read);
      }
    } catch (SocketException e) {
      reply.write("[reset]".getBytes(StandardCharsets.ISO_8859_1));
    }
  }
}
