package org.lading.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.net.ServerSocketFactory;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLSocket;

/** A server that takes webhooks on 127.0.0.1, keeps what it was sent, and answers as it is told. */
public final class HookReceiver implements AutoCloseable {
  private final ServerSocket listener;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final AtomicInteger total = new AtomicInteger();
  private volatile Behaviour behaviour = status(204);

  /**
   * What came.
   *
   * @param line the request line
   * @param headers the headers by their names in lower case; after TLS also {@code tls-server-name}
   * @param text the body, which is UTF-8
   */
  public record Request(String line, Map<String, String> headers, String text) {
    /** The bytes of the body. */
    public byte[] body() {
      return text.getBytes(UTF_8);
    }
  }

  /** Answers one request, in HTTP or not; the connection ends when it returns. */
  @FunctionalInterface
  public interface Behaviour {
    /** Writes the answer. */
    void answer(Request request, OutputStream out) throws IOException, InterruptedException;
  }

  /** Starts it on a free port. */
  public HookReceiver() {
    this(ServerSocketFactory.getDefault());
  }

  /** As above, with sockets of a factory: TLS, say. */
  public HookReceiver(ServerSocketFactory sockets) {
    try {
      listener = sockets.createServerSocket();
      listener.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start(this::accept);
  }

  /** Answers a status with these lines of headers and no body. */
  public static Behaviour status(int status, String... headers) {
    String lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    return (request, out) ->
        out.write(
            ("HTTP/1.1 " + status + " Told\r\n" + lines + "Content-Length: 0\r\n\r\n")
                .getBytes(ISO_8859_1));
  }

  /** Has it answer otherwise from now on. */
  public void answer(Behaviour next) {
    behaviour = next;
  }

  /** Everything that came so far, or since {@link #forget}. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** The number of requests that came since the start. */
  public int total() {
    return total.get();
  }

  /** Forgets what came, and answers 204 again. */
  public void forget() {
    requests.clear();
    behaviour = status(204);
  }

  /** The port it listens on. */
  public int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        open.add(socket);
        start(() -> serve(socket));
      } catch (IOException e) {
        if (!listener.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      Request request = read(new DataInputStream(socket.getInputStream()));
      if (socket instanceof SSLSocket secure) {
        request.headers().put("tls-server-name", name(secure));
      }
      Behaviour now = behaviour;
      requests.add(request);
      total.incrementAndGet();
      now.answer(request, socket.getOutputStream());
    } catch (IOException e) {
      // The other side has left, as it may at any time: the tests look at what it did.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(socket);
    }
  }

  /** The name by which the client asked in TLS. */
  private static String name(SSLSocket socket) {
    return ((ExtendedSSLSession) socket.getSession())
        .getRequestedServerNames().stream()
            .map(name -> new String(name.getEncoded(), ISO_8859_1))
            .collect(Collectors.joining(" "));
  }

  private static Request read(DataInputStream in) throws IOException {
    String line = line(in);
    Map<String, String> headers = new TreeMap<>();
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      String[] parts = header.split(":", 2);
      String name = parts[0].toLowerCase(Locale.ROOT);
      String value = parts[1].strip();
      headers.merge(name, value, (first, second) -> first + " and " + second);
    }
    byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    return new Request(line, headers, new String(body, UTF_8));
  }

  private static String line(DataInputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.readUnsignedByte(); c != '\n'; c = in.readUnsignedByte()) {
      line.append((char) c);
    }
    return line.toString().stripTrailing();
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "hook-receiver");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
