package org.lading.testing;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.lading.testing.ScriptedS3.Answer;
import org.lading.testing.ScriptedS3.Request;

/**
 * An S3 server whose answers have the headers that a test gives them and no others: no date, no
 * length. A {@code Transfer-Encoding: chunked} is carried out; a body with neither that nor a
 * length ends with its connection. {@link ScriptedS3} adds what belongs to good manners.
 */
public final class BareS3 implements AutoCloseable {
  private final ServerSocket listener;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Function<Request, Answer> script;

  /** Starts a server on a free port of the loopback interface. */
  public BareS3(Function<Request, Answer> script) throws IOException {
    this.script = script;
    this.listener = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
    threads.execute(this::listen);
  }

  /** The base URL, without a trailing slash. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  /** The settings of a root for a bucket of it, in the list under {@code roots}. */
  public String root(String name, String bucket) {
    return """
      - name: %s
        bucket: %s
        region: us-east-1
        endpoint: %s
        force_path_style: true
        aws_access_key_id: id
        aws_secret_access_key: secret
    """
        .formatted(name, bucket, endpoint());
  }

  /** Everything asked so far, in order. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** Everything asked so far of an object. */
  public List<Request> requestsOf(String key) {
    return requests.stream().filter(request -> request.path().endsWith("/" + key)).toList();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
    threads.shutdownNow();
  }

  private void listen() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        sockets.add(socket);
        threads.execute(() -> serve(socket));
      } catch (SocketException closed) {
        return;
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private void serve(Socket socket) {
    try (socket;
        InputStream in = new BufferedInputStream(socket.getInputStream());
        OutputStream out = new BufferedOutputStream(socket.getOutputStream())) {
      String first = line(in);
      while (!first.isEmpty()) {
        Request request = request(first, in);
        requests.add(request);
        if (!answer(request, script.apply(request), out)) {
          return;
        }
        first = line(in);
      }
    } catch (IOException e) {
      // The client has closed its connection, as it may at any time.
      sockets.remove(socket);
    } finally {
      sockets.remove(socket);
    }
  }

  /** Returns whether the connection can serve another request. */
  private static boolean answer(Request request, Answer answer, OutputStream out)
      throws IOException {
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    boolean chunked = "chunked".equals(answer.headers().get("Transfer-Encoding"));
    boolean bodiless =
        request.method().equals("HEAD") || answer.status() == 304 || answer.status() == 204;
    StringBuilder head = new StringBuilder("HTTP/1.1 " + answer.status() + " Whatever\r\n");
    answer.headers().forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    int sent = Math.min(answer.sent(), body.length);
    if (!bodiless && chunked) {
      if (sent > 0) {
        out.write((Integer.toHexString(sent) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.write(body, 0, sent);
        out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
      }
      if (sent == body.length) {
        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      }
    } else if (!bodiless) {
      out.write(body, 0, sent);
    }
    out.flush();
    return bodiless
        || (sent == body.length && (chunked || answer.headers().containsKey("Content-Length")));
  }

  private static Request request(String first, InputStream in) throws IOException {
    String[] words = first.split(" ", -1);
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(line.substring(0, colon), line.substring(colon + 1).trim());
    }
    int question = words[1].indexOf('?');
    String path = question < 0 ? words[1] : words[1].substring(0, question);
    Map<String, String> query = new TreeMap<>();
    if (question >= 0) {
      for (String pair : words[1].substring(question + 1).split("&", -1)) {
        String[] parts = pair.split("=", 2);
        query.put(decoded(parts[0]), parts.length == 1 ? "" : decoded(parts[1]));
      }
    }
    return new Request(words[0], path, query, headers);
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      if (next != '\r') {
        line.write(next);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  private static String decoded(String part) {
    return URLDecoder.decode(part, StandardCharsets.UTF_8);
  }
}
