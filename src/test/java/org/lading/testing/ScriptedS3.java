package org.lading.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** An S3 server that answers what a test tells it to, and keeps what it was asked. */
public final class ScriptedS3 implements AutoCloseable {
  private final HttpServer server;
  private static final String THREADS = "scripted-s3";

  private final ExecutorService threads =
      Executors.newCachedThreadPool(work -> new Thread(work, THREADS));
  private final AtomicInteger inProgress = new AtomicInteger();
  private volatile CountDownLatch hanging = new CountDownLatch(1);
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Set<InetSocketAddress> clients = ConcurrentHashMap.newKeySet();
  private final Function<Request, Answer> script;

  /**
   * A request as it arrived: the path still encoded, the query decoded, header names lower case.
   */
  public record Request(
      String method, String path, Map<String, String> query, Map<String, String> headers) {
    /** Whether it asks for a listing. */
    public boolean isListing() {
      return query.containsKey("list-type");
    }
  }

  /** What happens when as much of a body has been sent as shall be. */
  public enum Ending {
    /** The connection is cut if the body is not complete. */
    CUT,
    /** Nothing more comes, until {@link #letGo} cuts the connection. */
    HANG
  }

  /**
   * An answer; a status of 0 stands for none at all, until {@link #letGo} cuts the connection.
   *
   * @param sent how much of the body is sent, in bytes
   * @param ending what happens then, if that is not all
   */
  public record Answer(
      int status, Map<String, String> headers, String body, int sent, Ending ending) {
    /** An answer that is sent whole. */
    public Answer(int status, Map<String, String> headers, String body) {
      this(status, headers, body, Integer.MAX_VALUE, Ending.CUT);
    }

    /** The same answer with a header more. */
    public Answer with(String header, String value) {
      Map<String, String> more = new TreeMap<>(headers);
      more.put(header, value);
      return new Answer(status, more, body, sent, ending);
    }

    /** The same answer, of which only the first {@code bytes} bytes of the body are sent. */
    public Answer endingAfter(int bytes, Ending how) {
      return new Answer(status, headers, body, bytes, how);
    }

    /** 200 with an XML body. */
    public static Answer ok(String xml) {
      return new Answer(200, Map.of(), xml);
    }

    /** 200 for a HEAD of an object of 5 bytes, with these headers besides. */
    public static Answer object(Map<String, String> headers) {
      Map<String, String> all = new TreeMap<>(headers);
      all.putIfAbsent("Content-Length", "5");
      all.putIfAbsent("Last-Modified", "Tue, 03 Feb 2026 04:05:06 GMT");
      all.putIfAbsent("ETag", "\"abc\"");
      return new Answer(200, all, "");
    }

    /** An error with S3's body for it, which a HEAD leaves out. */
    public static Answer error(int status, String code) {
      return new Answer(
          status,
          Map.of(),
          "<Error><Code>%s</Code><Message>words of the store</Message></Error>".formatted(code));
    }

    /** No answer. */
    public static Answer hang() {
      return new Answer(0, Map.of(), "");
    }
  }

  /** Starts a server on a free port of the loopback interface. */
  public ScriptedS3(Function<Request, Answer> script) throws IOException {
    this.script = script;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  /** The base URL, without a trailing slash. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** The settings of a root named {@code s3} for it; one line of the list under {@code roots}. */
  public String root() {
    return """
      - name: s3
        bucket: content
        region: us-east-1
        endpoint: %s
        force_path_style: true
        aws_access_key_id: id
        aws_secret_access_key: secret
    """
        .formatted(endpoint());
  }

  /** How many connections clients have opened for what was asked so far. */
  public int connections() {
    return clients.size();
  }

  /** Everything asked so far, in order. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** How many requests are being answered now, or hang. */
  public int inProgress() {
    return inProgress.get();
  }

  /** Cuts every connection that hangs. */
  public void letGo() {
    CountDownLatch old = hanging;
    hanging = new CountDownLatch(1);
    old.countDown();
  }

  /** Whether this thread is one that a server of this kind started for itself. */
  public static boolean isOwn(Thread thread) {
    return thread.getName().equals(THREADS)
        || thread.getName().startsWith("HTTP-Dispatcher")
        || thread.getName().equals("idle-timeout-task");
  }

  @Override
  public void close() {
    letGo();
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    CountDownLatch letGo = hanging;
    inProgress.incrementAndGet();
    try (exchange) {
      Request request = request(exchange);
      clients.add(exchange.getRemoteAddress());
      requests.add(request);
      Answer answer = script.apply(request);
      if (answer.status() == 0) {
        letGo.await();
        return;
      }
      answer.headers().forEach(exchange.getResponseHeaders()::set);
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      if (request.method().equals("HEAD") || body.length == 0) {
        exchange.sendResponseHeaders(answer.status(), -1);
      } else {
        exchange.getResponseHeaders().set("Content-Type", "application/xml");
        exchange.sendResponseHeaders(answer.status(), body.length);
        int sent = Math.min(answer.sent(), body.length);
        exchange.getResponseBody().write(body, 0, sent);
        exchange.getResponseBody().flush();
        if (sent < body.length && answer.ending() == Ending.HANG) {
          letGo.await();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      inProgress.decrementAndGet();
    }
  }

  private static Request request(HttpExchange exchange) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
    Map<String, String> query = new TreeMap<>();
    String raw = exchange.getRequestURI().getRawQuery();
    for (String pair : raw == null ? new String[0] : raw.split("&", -1)) {
      String[] parts = pair.split("=", 2);
      query.put(decoded(parts[0]), parts.length == 1 ? "" : decoded(parts[1]));
    }
    String path = exchange.getRequestURI().getRawPath();
    return new Request(exchange.getRequestMethod(), path, query, headers);
  }

  private static String decoded(String part) {
    return URLDecoder.decode(part, StandardCharsets.UTF_8);
  }
}
