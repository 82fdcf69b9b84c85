package org.lading.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A GET as its client sees it on the wire; nothing is read of the answer before a test does. */
public final class RawDownload implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 60_000;
  private static final Pattern LENGTH = Pattern.compile("(?im)^Content-Length: (\\d+)$");

  private final Socket socket = new Socket();
  private String head;
  private long received;

  /** Asks a server of this machine; takes in no more than a few KiB that are not read. */
  public RawDownload(int port, String path, String... headers) throws IOException {
    socket.setReceiveBufferSize(16 * 1024);
    socket.setSoTimeout(PATIENCE_MILLIS);
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    socket.connect(new InetSocketAddress(loopback, port));
    List<String> lines = new ArrayList<>(List.of("GET " + path + " HTTP/1.1", "Host: x"));
    for (int i = 0; i < headers.length; i += 2) {
      lines.add(headers[i] + ": " + headers[i + 1]);
    }
    String request = String.join("\r\n", lines) + "\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(ISO_8859_1));
  }

  /** The status line and the headers; empty if the connection ended before them. */
  public String head() throws IOException {
    if (head == null) {
      StringBuilder read = new StringBuilder();
      byte[] one = new byte[1];
      while (read.indexOf("\r\n\r\n") < 0 && readSome(one, 1) > 0) {
        read.append((char) (one[0] & 0xff));
      }
      head = read.toString();
    }
    return head;
  }

  /** The length that was announced. */
  public long length() throws IOException {
    Matcher length = LENGTH.matcher(head());
    if (!length.find()) {
      throw new AssertionError("no Content-Length in: " + head());
    }
    return Long.parseLong(length.group(1));
  }

  /** How many bytes of the body were read. */
  public long received() {
    return received;
  }

  /** Reads the next {@code bytes} bytes of the body, or fewer if it ends before. */
  public byte[] read(int bytes) throws IOException {
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    copy(bytes, read);
    return read.toByteArray();
  }

  /** What is left of the body, until it is complete or the connection ends. */
  public byte[] rest() throws IOException {
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    copy(Long.MAX_VALUE, read);
    return read.toByteArray();
  }

  /** Reads what is left of the body, and keeps none of it. */
  public void discard() throws IOException {
    copy(Long.MAX_VALUE, OutputStream.nullOutputStream());
  }

  /** Whether everything came that was announced. */
  public boolean isComplete() throws IOException {
    return !head().isEmpty() && received == length();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void copy(long most, OutputStream to) throws IOException {
    if (head().isEmpty()) {
      return;
    }
    long left = Math.min(most, length() - received);
    byte[] buffer = new byte[64 * 1024];
    while (left > 0) {
      int read = readSome(buffer, (int) Math.min(left, buffer.length));
      if (read < 0) {
        return;
      }
      to.write(buffer, 0, read);
      received += read;
      left -= read;
    }
  }

  /** A reset is an end, too; a connection that stays open without a byte is a failure. */
  private int readSome(byte[] buffer, int most) throws IOException {
    InputStream in = socket.getInputStream();
    try {
      return in.read(buffer, 0, most);
    } catch (SocketException reset) {
      return -1;
    }
  }
}
