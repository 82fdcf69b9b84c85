package org.lading.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lading.testing.Http.Reply;

/**
 * Makes archives of manifests where mod_zip would: it stands between nginx's {@code /get} and
 * {@code /zip} and Lading, has nginx fetch each location as a subrequest does, one after another,
 * and answers with the zip, whose layout and length are mod_zip's. What nginx cannot fetch breaks
 * the transfer off.
 */
public final class ManifestAssembler implements AutoCloseable {
  private static final List<String> PASSED_ON =
      List.of(
          "X-Archive-Assembler",
          "X-Archive-Locations",
          "X-Archive-Literals",
          "X-Archive-Audit",
          "X-Forwarded-For",
          "User-Agent",
          "X-Forwarded-Proto",
          "Host");
  private static final List<String> PASSED_BACK =
      List.of(
          "Content-Type",
          "Content-Disposition",
          "Cache-Control",
          "ETag",
          "Last-Modified",
          "Location",
          "X-Robots-Tag",
          "X-Archive-Files",
          "X-Lading-Download",
          "X-Lading-Client",
          "X-Lading-Subject",
          "X-Lading-Roots",
          "X-Lading-Address",
          "X-Lading-Page",
          "X-Lading-Length",
          "X-Lading-Last");

  /** The default of nginx's postpone_output, in bytes. */
  private static final int POSTPONED = 1460;

  private static final Pattern RANGE = Pattern.compile("bytes=(\\d*)-(\\d*)");

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Http lading;
  private final int fetchPort = NginxServer.freePort();
  private final Http nginx = new Http(URI.create("http://127.0.0.1:" + fetchPort));
  private final boolean lastingDates;

  /**
   * Starts the assembler.
   *
   * @param lastingDates whether it dates entries as the newer mod_zip does, by the manifest, rather
   *     than by the request
   */
  public ManifestAssembler(int ladingPort, boolean lastingDates) throws IOException {
    this.lading = new Http(URI.create("http://127.0.0.1:" + ladingPort));
    this.lastingDates = lastingDates;
    this.server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 0);
    server.createContext("/", this::answer);
    server.createContext("/fetch", ManifestAssembler::redirect);
    server.setExecutor(threads);
    server.start();
  }

  /** Puts the assembler into a generated configuration. */
  public String into(String configuration) {
    String place = "http://127.0.0.1:" + server.getAddress().getPort();
    String assembled = before("/get/", before("/zip", configuration, place), place);
    return assembled
        .replaceFirst("(?m)^( *)listen ", "$1listen 127.0.0.1:" + fetchPort + ";\n$0")
        .replaceFirst(
            "location / \\{",
            "location @broken { return 444; }\nlocation = /fetch { proxy_pass "
                + place
                + "; }\n$0");
  }

  private static String before(String page, String configuration, String place) {
    Matcher location =
        Pattern.compile(
                "(location ~ [^\\n]*"
                    + page
                    + "[^\\n]* \\{[^}]*?)proxy_pass http://lading_app([^;]*);")
            .matcher(configuration);
    if (!location.find()) {
      throw new AssertionError("no location for " + page + " in " + configuration);
    }
    return location.replaceFirst("$1proxy_pass " + place + "$2; error_page 502 = @broken;");
  }

  @Override
  public void close() throws IOException {
    server.stop(0);
    threads.shutdownNow();
    lading.close();
    nginx.close();
  }

  private static void redirect(HttpExchange exchange) throws IOException {
    try (exchange) {
      String location = exchange.getRequestHeaders().getFirst("Location-To-Fetch");
      exchange.getResponseHeaders().set("X-Accel-Redirect", location);
      exchange.sendResponseHeaders(200, -1);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      List<String> headers = new ArrayList<>();
      for (String name : PASSED_ON) {
        String value = exchange.getRequestHeaders().getFirst(name);
        if (value != null) {
          headers.addAll(List.of(name, value));
        }
      }
      String method = exchange.getRequestMethod();
      Reply reply =
          lading.call(
              method, exchange.getRequestURI().toString(), null, headers.toArray(String[]::new));
      for (String name : PASSED_BACK) {
        if (reply.header(name) != null) {
          exchange.getResponseHeaders().set(name, reply.header(name));
        }
      }
      if (reply.header("X-Archive-Files") != null) {
        sendArchive(exchange, Manifest.parse(reply.text()), date(reply));
      } else if (method.equals("HEAD")) {
        exchange.getResponseHeaders().set("Content-Length", reply.header("Content-Length"));
        exchange.sendResponseHeaders(reply.status(), -1);
      } else {
        exchange.sendResponseHeaders(reply.status(), reply.bytes().length);
        exchange.getResponseBody().write(reply.bytes());
      }
    }
  }

  /** The archive of a manifest whose contents can all be fetched. */
  public static byte[] archive(String manifest, Function<String, Reply> fetch) {
    StoredZip zip = new StoredZip();
    for (Manifest line : Manifest.parse(manifest)) {
      Reply source = fetch.apply(line.location());
      if (source.status() != 200) {
        throw new AssertionError(line + ": " + source);
      }
      zip.add(line, source.bytes(), Instant.EPOCH);
    }
    return zip.end();
  }

  private void sendArchive(HttpExchange exchange, List<Manifest> lines, Instant date)
      throws IOException {
    StoredZip zip = new StoredZip();
    long length = StoredZip.length(lines);
    for (Manifest line : lines) {
      if (line.isDirectory()) {
        zip.add(line, new byte[0], date);
        continue;
      }
      Reply source = nginx.get("/fetch", "Location-To-Fetch", line.location());
      if (source.status() != 200 && source.status() != 206) {
        zip.begin(line, date);
        breakOff(exchange, zip, length);
        return;
      }
      zip.add(line, source.bytes(), date);
    }
    send(exchange, zip.end(), lines.stream().noneMatch(line -> line.crc32().equals("-")));
  }

  /** Ends the connection; nginx has held back the head and the first bytes of a small archive. */
  private static void breakOff(HttpExchange exchange, StoredZip zip, long length)
      throws IOException {
    if (zip.soFar().length >= POSTPONED) {
      exchange.sendResponseHeaders(200, length);
      exchange.getResponseBody().write(zip.soFar());
    }
  }

  private Instant date(Reply manifest) {
    String modified = manifest.header("Last-Modified");
    return lastingDates && modified != null
        ? ZonedDateTime.parse(modified, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant()
        : Clock.systemUTC().instant();
  }

  private static void send(HttpExchange exchange, byte[] zip, boolean rangesAllowed)
      throws IOException {
    String header = exchange.getRequestHeaders().getFirst("Range");
    Matcher range = RANGE.matcher(header == null ? "" : header);
    int from = 0;
    int to = zip.length;
    int status = 200;
    if (rangesAllowed && header != null && !header.matches("bytes=(\\d+-\\d*|-\\d+)(,.*)?")) {
      // As mod_zip, though RFC 9110 has such headers ignored.
      exchange.sendResponseHeaders(416, -1);
      return;
    }
    if (rangesAllowed && header != null && header.endsWith(",10-5")) {
      // As mod_zip, if one of several ranges ends before it begins.
      return;
    }
    if (rangesAllowed && range.matches()) {
      boolean isSuffix = range.group(1).isEmpty();
      from = isSuffix ? to - Integer.parseInt(range.group(2)) : Integer.parseInt(range.group(1));
      to = isSuffix || range.group(2).isEmpty() ? to : Integer.parseInt(range.group(2)) + 1;
      if (from >= to) {
        // As mod_zip: the connection ends without an answer.
        return;
      }
      status = 206;
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes %d-%d/%d".formatted(from, to - 1, zip.length));
    }
    if (rangesAllowed) {
      exchange.getResponseHeaders().set("Accept-Ranges", "bytes");
    }
    exchange.sendResponseHeaders(status, to - from);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(zip, from, to - from);
    }
  }

  static byte[] utf8(String name) {
    return name.getBytes(UTF_8);
  }
}
