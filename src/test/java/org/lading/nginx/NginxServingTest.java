package org.lading.nginx;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.root.PercentEncoding;
import org.lading.root.filesystem.FilesystemRootSettings;
import org.lading.root.filesystem.FilesystemRootSettings.Serve;
import org.lading.root.s3.S3RootSettings;
import org.lading.testing.NeedsProgram;
import org.lading.testing.NginxServer;
import org.lading.testing.Swapper;

/**
 * nginx as generated, between an application that answers every call with the X-Accel-Redirect that
 * the test asks for, which nginx decodes once as mod_zip does a location, and a store that keeps
 * the requests it gets.
 */
@NeedsProgram("nginx")
class NginxServingTest {
  private static final List<String> HOSTILE =
      List.of(
          "plain.txt",
          "a b+c&d=e",
          "100%25 %zz",
          "q?x=1#frag",
          "quo\"te's",
          "back\\slash",
          "semi;colon{brace}$dollar",
          "[brackets]()<>|^`~!@,:*",
          "new\nline\ttab",
          "Übergröße 漢字 🚢",
          "...dots");

  /** Makes the application answer itself, as it does with a manifest. */
  private static final String ARCHIVE = "archive";

  private record Seen(String target, Headers headers) {}

  private final BlockingQueue<Seen> atStore = new LinkedBlockingQueue<>();
  private final BlockingQueue<Seen> atApplication = new LinkedBlockingQueue<>();
  private final HttpClient client = HttpClient.newHttpClient();

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  private @Nullable HttpServer application;
  private @Nullable HttpServer store;
  private @Nullable NginxServer nginx;
  private int publicPort;
  private int storePort;

  @BeforeEach
  void startServers() throws IOException {
    application =
        serve(
            exchange -> {
              atApplication.add(seen(exchange));
              String location = exchange.getRequestHeaders().getFirst("Test-Location");
              boolean archive = location.equals(ARCHIVE);
              if (!archive) {
                exchange.getResponseHeaders().set("X-Accel-Redirect", location);
              }
              exchange.getResponseHeaders().set("X-Archive-Files", archive ? "zip" : "seen");
              exchange.sendResponseHeaders(200, -1);
            });
    store =
        serve(
            exchange -> {
              atStore.add(seen(exchange));
              exchange.getResponseHeaders().set("X-Accel-Redirect", "/internal/secret");
              byte[] body = "object".getBytes(UTF_8);
              exchange.sendResponseHeaders(200, body.length);
              exchange.getResponseBody().write(body);
            });
    storePort = store.getAddress().getPort();
  }

  private static Seen seen(HttpExchange exchange) {
    return new Seen(exchange.getRequestURI().toString(), exchange.getRequestHeaders());
  }

  private interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  private static HttpServer serve(Answer answer) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            answer.to(exchange);
          }
        });
    server.start();
    return server;
  }

  private void startNginx(boolean exact, boolean followSymlinks) throws IOException {
    publicPort = NginxServer.freePort();
    int applicationPort = application == null ? 0 : application.getAddress().getPort();
    NginxOptions options =
        NginxOptions.DEFAULTS
            .withExact(exact)
            .withApplication(URI.create("http://127.0.0.1:" + applicationPort))
            .withListen("127.0.0.1:" + publicPort, "127.0.0.1:" + NginxServer.freePort());
    nginx =
        NginxServer.start(
            NginxConfigurationRenderer.render(
                NginxConfigurationRendererTest.configuration(
                    Files.createDirectories(directory.resolve("stor age")),
                    new FilesystemRootSettings(
                        "files",
                        Files.createDirectories(directory.resolve("ro;ot {x}")),
                        followSymlinks,
                        Serve.DIRECT),
                    S3RootSettings.builder("objects", "con.tent")
                        .endpoint(URI.create("http://127.0.0.1:" + storePort + "/base"))
                        .pathStyle(true)
                        .build()),
                options));
  }

  @AfterEach
  void stopServers() throws IOException {
    if (nginx != null) {
      nginx.close();
    }
    for (HttpServer server : new @Nullable HttpServer[] {application, store}) {
      if (server != null) {
        server.stop(0);
      }
    }
  }

  private HttpResponse<String> get(String path, String location, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + publicPort + path))
            .header("Test-Location", location);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString(UTF_8));
  }

  private HttpResponse<String> fetch(String location, String... headers)
      throws IOException, InterruptedException {
    return get("/downloads/a/b/get", location, headers);
  }

  private static String encoded(String path) {
    return PercentEncoding.path(path);
  }

  @Test
  void linkAndLiteral_areServedFromTheStoragesContent() throws Exception {
    startNginx(true, false);
    Path content = Files.createDirectories(directory.resolve("stor age/content/id"));
    Files.writeString(content.resolve("literal"), "literal text");
    Path elsewhere = Files.writeString(directory.resolve("elsewhere %25?"), "linked text");
    Files.createSymbolicLink(content.resolve("0"), elsewhere);
    Files.writeString(directory.resolve("stor age/lading.mv.db"), "database");

    assertThat(fetch("/internal/id/literal").body()).isEqualTo("literal text");
    assertThat(fetch("/internal/id/0").body()).isEqualTo("linked text");
    assertThat(fetch("/internal/id/1").statusCode()).isEqualTo(404);
    assertThat(fetch("/internal/lading.mv.db").statusCode()).isEqualTo(404);
    assertThat(fetch("/internal/../lading.mv.db").body()).doesNotContain("database");
  }

  @Test
  void directRoot_servesHostileNames() throws Exception {
    startNginx(true, false);
    for (String name : HOSTILE) {
      Path file = directory.resolve("ro;ot {x}/dir " + name).resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "content of " + name);

      HttpResponse<String> response =
          fetch("/internal/roots/files/" + encoded("dir " + name + "/" + name));

      assertThat(response.statusCode()).as("%s", name).isEqualTo(200);
      assertThat(response.body()).isEqualTo("content of " + name);
    }
  }

  @Test
  void directRoot_servesRanges_andFollowsNoLink() throws Exception {
    startNginx(true, false);
    Path root = directory.resolve("ro;ot {x}");
    Files.writeString(root.resolve("file"), "0123456789");
    Files.createSymbolicLink(root.resolve("link"), Path.of("file"));

    assertThat(fetch("/internal/roots/files/link").statusCode()).isEqualTo(403);
    HttpResponse<String> part =
        fetch(
            "/internal/roots/files/file",
            "Range",
            "bytes=2-4",
            "If-Modified-Since",
            "Fri, 01 Jan 2038 00:00:00 GMT");
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo("234");
  }

  @Test
  void directRootThatFollowsLinks_servesThem() throws Exception {
    startNginx(true, true);
    Files.writeString(directory.resolve("elsewhere"), "linked text");
    Files.createSymbolicLink(directory.resolve("ro;ot {x}/link"), directory.resolve("elsewhere"));

    assertThat(fetch("/internal/roots/files/link").body()).isEqualTo("linked text");
  }

  @Test
  void directRoot_whoseDirectoryIsSwappedForALinkOut_givesNothingFromOutside() throws Exception {
    startNginx(true, false);
    Path root = directory.resolve("ro;ot {x}");
    Path inside = Files.createDirectories(root.resolve("d/deep")).getParent();
    Path outside = Files.createDirectories(directory.resolve("outside/deep")).getParent();
    Files.writeString(inside.resolve("deep/file"), "inside");
    Files.writeString(outside.resolve("deep/file"), "secret");
    Path link = Files.createSymbolicLink(root.resolve("link"), outside);

    int served = 0;
    try (Swapper swapper = new Swapper(inside, link, 40)) {
      for (int i = 0; i < 300; i++) {
        HttpResponse<String> reply = fetch("/internal/roots/files/d/deep/file");
        assertThat(reply.body()).doesNotContain("secret");
        served += reply.statusCode() == 200 ? 1 : 0;
      }
      assertThat(swapper.swaps()).isGreaterThan(100);
    }
    assertThat(served).isPositive();
  }

  @Test
  void internalLocations_areHiddenFromClients() throws Exception {
    startNginx(true, false);
    Path content = Files.createDirectories(directory.resolve("stor age/content"));
    Files.writeString(content.resolve("literal"), "x");

    for (String path : List.of("/internal/literal", "/con.tent/key", "/other")) {
      assertThat(get(path, "/none").statusCode()).as(path).isEqualTo(404);
    }
    assertThat(atStore).isEmpty();
  }

  @Test
  void exactForm_sendsTheSignedPathOnUntouched() throws Exception {
    startNginx(true, false);
    for (String name : HOSTILE) {
      String signed = encoded("pre fix/" + name) + "";

      HttpResponse<String> response =
          fetch("/con.tent/" + encoded(signed) + "?X-Amz-Signature=a%2Bb%2Fc&d=e");

      assertThat(response.body()).isEqualTo("object");
      assertThat(next(atStore).target())
          .isEqualTo("/base/con.tent/" + signed + "?X-Amz-Signature=a%2Bb%2Fc&d=e");
    }
  }

  @Test
  void plainForm_sendsTheKeyOn_encodedNginxsWay() throws Exception {
    startNginx(false, false);

    assertThat(fetch("/con.tent/" + encoded("a b/ü%?.txt") + "?d=e%2F").body()).isEqualTo("object");

    assertThat(next(atStore).target()).isEqualTo("/base/con.tent/a%20b/%C3%BC%25%3F.txt?d=e%2F");
  }

  @Test
  void store_getsNoHeadersOfTheClientButRange() throws Exception {
    startNginx(true, false);
    String[] headers = {
      "Authorization",
      "Bearer token",
      "Cookie",
      "a=b",
      "If-None-Match",
      "*",
      "If-Range",
      "\"x\"",
      "Accept-Encoding",
      "gzip",
      "Range",
      "bytes=1-2"
    };

    fetch("/con.tent/key", headers);

    Headers sent = next(atStore).headers();
    assertThat(sent.getFirst("Host")).isEqualTo("127.0.0.1:" + storePort);
    assertThat(sent.getFirst("Range")).isEqualTo("bytes=1-2");
    assertThat(sent)
        .doesNotContainKeys(
            "Authorization", "Cookie", "If-none-match", "If-range", "Accept-encoding");
  }

  @Test
  void application_isToldWhatNginxCanDo_whateverTheClientSays() throws Exception {
    startNginx(false, false);

    HttpResponse<String> response =
        fetch(
            "/con.tent/key",
            "X-Archive-Locations",
            "exact",
            "X-Archive-Assembler",
            "embedded",
            "X-Forwarded-Proto",
            "gopher",
            "Accept-Encoding",
            "gzip");

    Seen call = next(atApplication);
    assertThat(call.target()).isEqualTo("/downloads/a/b/get");
    assertThat(call.headers().getFirst("X-Archive-Assembler")).isEqualTo("mod_zip");
    assertThat(call.headers().getFirst("X-Forwarded-Proto")).isEqualTo("http");
    assertThat(call.headers().getFirst("Host")).isEqualTo("127.0.0.1:" + publicPort);
    assertThat(call.headers()).doesNotContainKeys("X-archive-locations", "Accept-encoding");
    assertThat(response.headers().firstValue("X-Archive-Files")).isEmpty();
  }

  @Test
  void archive_isForNoCache_andItsEndIsTheConnections() throws Exception {
    startNginx(true, false);

    HttpResponse<String> archive = get("/downloads/a/b/get", ARCHIVE);
    HttpResponse<String> other = get("/downloads/a/b/manifest", ARCHIVE);

    assertThat(archive.statusCode()).isEqualTo(200);
    // mod_zip's own Cache-Control cannot be replaced, so no line of another one may come beside it.
    assertThat(archive.headers().allValues("Cache-Control")).isEmpty();
    assertThat(archive.headers().allValues("Vary")).containsExactly("*");
    assertThat(archive.headers().allValues("Connection")).containsExactly("close");
    assertThat(archive.headers().firstValue("X-Archive-Files")).isEmpty();
    assertThat(other.headers().allValues("Vary")).isEmpty();
    assertThat(other.headers().allValues("Connection")).containsExactly("keep-alive");
  }

  @Test
  void answerThatIsNoArchive_mayBeCached() throws Exception {
    startNginx(true, false);
    Files.createDirectories(directory.resolve("stor age/content"));
    Files.writeString(directory.resolve("stor age/content/literal"), "x");

    assertThat(fetch("/internal/literal").headers().firstValue("Vary")).isEmpty();
  }

  @Test
  void pathParameters_doNotLeadPastTheApplication() throws Exception {
    startNginx(true, false);

    for (String path :
        List.of("/downloads/..;/manager/html", "/downloads/create;x", "/downloads/x;/../create")) {
      assertThat(get(path, "/con.tent/key").statusCode()).as(path).isEqualTo(404);
    }
    assertThat(atApplication).isEmpty();
    assertThat(get("/downloads/status?a;b", "/con.tent/a;b").statusCode()).isEqualTo(200);
  }

  private static Seen next(BlockingQueue<Seen> queue) throws InterruptedException {
    Seen seen = queue.poll(10, TimeUnit.SECONDS);
    if (seen == null) {
      throw new AssertionError("no request came");
    }
    return seen;
  }
}
