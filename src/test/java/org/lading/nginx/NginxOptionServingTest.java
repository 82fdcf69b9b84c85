package org.lading.nginx;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.root.RootSettings;
import org.lading.root.s3.S3RootSettings;
import org.lading.testing.Http;
import org.lading.testing.Http.Reply;
import org.lading.testing.NameServer;
import org.lading.testing.NeedsProgram;
import org.lading.testing.NginxServer;

/**
 * What the generator's options do in a real nginx, before an application that keeps the requests it
 * gets. A request with {@code Test-Location} is sent to that location, as mod_zip sends a
 * subrequest.
 */
@NeedsProgram("nginx")
class NginxOptionServingTest {
  private record Seen(String target, Headers headers) {}

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  private final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
  private final int port = NginxServer.freePort();
  private HttpServer application = HttpServer.create();

  NginxOptionServingTest() throws IOException {}

  @BeforeEach
  void startApplication() throws IOException {
    application = store("127.0.0.1", 0, "application");
  }

  @AfterEach
  void stopApplication() {
    application.stop(0);
  }

  private HttpServer store(String address, int atPort, String body) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(address, atPort), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            seen.add(new Seen(exchange.getRequestURI().toString(), exchange.getRequestHeaders()));
            String location = exchange.getRequestHeaders().getFirst("Test-Location");
            if (location != null && body.equals("application")) {
              exchange.getResponseHeaders().set("X-Accel-Redirect", location);
            }
            exchange.sendResponseHeaders(200, body.length());
            exchange.getResponseBody().write(body.getBytes(UTF_8));
          }
        });
    server.start();
    return server;
  }

  private String generated(List<RootSettings> roots, String... options) {
    return NginxConfigurationRenderer.render(
        NginxConfigurationRendererTest.configuration(directory, roots.toArray(RootSettings[]::new)),
        NginxOptions.DEFAULTS
            .with(options)
            .withApplication(URI.create("http://127.0.0.1:" + application.getAddress().getPort()))
            .withListen("127.0.0.1:" + port, "unix:" + directory.resolve("files.sock")));
  }

  private Http http() {
    return new Http(URI.create("http://127.0.0.1:" + port));
  }

  private String target() throws InterruptedException {
    Seen next = seen.poll(10, TimeUnit.SECONDS);
    return next == null ? "nothing came" : next.target();
  }

  @Test
  void range_isPassedOn_onlyIfModZipAnswersItAsItShould() throws Exception {
    try (NginxServer nginx = NginxServer.start(generated(List.of()));
        Http http = http()) {
      for (String range :
          List.of(
              "bytes=0-0",
              "bytes=9-10",
              "bytes=10-",
              "bytes=-5",
              "bytes=123-123",
              "bytes=99-100",
              "bytes=1290-1291",
              "bytes=0-999999999999999999")) {
        assertThat(http.get("/downloads/r/id/get?x=%20", "Range", range).status()).isEqualTo(200);
        assertThat(seen.remove().headers().get("Range")).as(range).containsExactly(range);
      }
      for (String range :
          List.of(
              "bytes=10-5",
              "bytes=0-0,10-5",
              "bytes=abc",
              "items=0-5",
              "bytes=",
              "bytes=-",
              "bytes=100-99",
              "bytes=124-123",
              "bytes=1300-1299",
              "bytes=0-1,5-6",
              "bytes=0-1, 5-6",
              "bytes=9999999999999999999-",
              "bytes=0-0x",
              "Bytes=0-5",
              "bytes =0-5")) {
        Reply reply = http.get("/downloads/r/id/get?x=%20", "Range", range, "X-Other", "kept");
        assertThat(reply.status()).as(range).isEqualTo(200);
        assertThat(reply.text()).isEqualTo("application");
        Seen call = seen.remove();
        assertThat(call.headers().get("Range")).as(range).isNull();
        assertThat(call.headers().getFirst("Host")).isEqualTo("127.0.0.1:" + port);
        assertThat(call.headers().getFirst("X-Other")).isEqualTo("kept");
        assertThat(call.target()).isEqualTo("/downloads/r/id/get?x=%20");
      }
      http.get("/downloads/r/id/download", "Range", "bytes=0-1,5-6");
      assertThat(seen.remove().headers().getFirst("Range")).isEqualTo("bytes=0-1,5-6");
      assertThat(nginx.errorLog()).doesNotContain("[error]");
    }
  }

  @Test
  void requestWithoutTheRange_thatNginxMakesOfAnother_comesFromTheSameClient() throws Exception {
    try (NginxServer nginx = NginxServer.start(generated(List.of()))) {
      for (String range : List.of("bytes=0-0", "bytes=0-0,2-3")) {
        // Not from 127.0.0.1, as the connections of nginx to itself.
        InetAddress own = InetAddress.getByAddress(new byte[] {127, 0, 0, 3});
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port, own, 0)) {
          String head =
              """
              GET /downloads/r/id/get HTTP/1.1
              Host: x
              X-Forwarded-For: "
              Connection: close
              Range: %s

              """
                  .formatted(range);
          socket.getOutputStream().write(head.replace("\n", "\r\n").getBytes(UTF_8));
          assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8)).contains(" 200 ");
        }
        Headers headers = seen.remove().headers();
        assertThat(headers.get("X-Forwarded-For")).as(range).containsExactly("\", 127.0.0.3");
        assertThat(headers.containsKey("Range")).isEqualTo(range.equals("bytes=0-0"));
      }
      assertThat(nginx.errorLog()).doesNotContain("[error]");
    }
  }

  @Test
  void paths_areWhatTheyMean() throws Exception {
    try (NginxServer nginx = NginxServer.start(generated(List.of()));
        Http http = http()) {
      for (String[] path :
          new String[][] {
            {"//downloads/create", "/downloads/create"},
            {"/downloads//create/?x=%2F", "/downloads/create?x=%2F"},
            {"///downloads///r//id///get//", "/downloads/r/id/get"},
            {"/downloads/./r/x/../id/%73tatus", "/downloads/r/id/status"},
            {"/downloads/zip/r/a%2Bb%20c;".replace(";", "%3B"), "/downloads/zip/r/a%2Bb%20c%3B"},
            {"/downloads", "/downloads/"},
            {"/downloads/", "/downloads/"}
          }) {
        assertThat(http.post(path[0], new byte[0]).status()).as(path[0]).isEqualTo(200);
        assertThat(target()).isEqualTo(path[1]);
      }
      assertThat(nginx.errorLog()).doesNotContain("[error]");
    }
  }

  @Test
  void pagesThatAreRestricted_areClosed_howeverTheyAreSpelled() throws Exception {
    String configuration =
        generated(
            List.of(),
            "--allow-create",
            "192.0.2.0/24",
            "--allow-status",
            "192.0.2.1,2001:db8::/32",
            "--allow-metrics",
            "unix:",
            "--allow-health",
            "192.0.2.1");
    try (NginxServer nginx = NginxServer.start(configuration);
        Http http = http()) {
      for (String page : List.of("create", "status", "metrics", "health/ready", "health/live")) {
        for (String path :
            List.of("/downloads/", "//downloads//", "/downloads/x/../", "/./downloads/%2e/")) {
          for (String end : List.of("", "/", "?", "%2F", "/.")) {
            String spelled = path + page.replace("e", "%65") + end;
            assertThat(http.get(spelled).status()).as(spelled).isEqualTo(403);
          }
        }
      }
      assertThat(seen).isEmpty();
      assertThat(http.get("/downloads/r/id/status").status()).isEqualTo(200);
      assertThat(nginx.pid()).isPositive();
    }
  }

  @Test
  void withoutModZip_nothingIsClaimed_andGetRedirects() throws Exception {
    String configuration =
        generated(List.of(S3RootSettings.builder("no-region", "content").build()), "--no-mod-zip");
    try (NginxServer nginx = NginxServer.start(configuration);
        Http http = http()) {
      http.get("/downloads/r/id/download", "X-Archive-Assembler", "mod_zip");
      assertThat(seen.remove().headers())
          .doesNotContainKeys("X-archive-assembler", "X-archive-locations");
      Reply moved = http.get("//downloads/r/id/get?a=b");
      assertThat(moved.status()).isEqualTo(302);
      assertThat(moved.header("Location")).isEqualTo("/downloads/r/id/download?a=b");
      assertThat(http.head("/downloads/r/id/get").status()).isEqualTo(302);
      assertThat(http.get("/internal/roots/files/x").status()).isEqualTo(404);
      assertThat(nginx.errorLog()).doesNotContain("[error]");
    }
    assertThat(configuration).doesNotContain("lading_files", "/internal", "/content");
  }

  @Test
  void linksOfTheAncestor_areServedFromItsStorage() throws Exception {
    String id = "0123456789abcdef".repeat(3);
    Path old = Files.createDirectories(directory.resolve("ol d/01/23/45/" + id + "/content"));
    Path elsewhere = Files.writeString(directory.resolve("elsewhere"), "linked");
    Files.createSymbolicLink(old.resolve("0"), elsewhere);
    String line = "- 6 /internal/01/23/45/" + id + "/content/0 box/a\r\n";
    Files.writeString(old.resolveSibling("manifest.txt"), line);
    String configuration =
        generated(List.of(), "--legacy-storage", directory.resolve("ol d").toString());
    // In the place of mod_zip.
    String visible = configuration.replace("proxy_hide_header X-Archive-Files;", "");
    try (NginxServer nginx = NginxServer.start(visible);
        Http http = http()) {
      String page = "/downloads/medusa/" + id + "/get";
      Reply manifest = http.get(page, "Range", "bytes=2-3", "If-None-Match", "*");
      assertThat(manifest.status()).isEqualTo(200);
      assertThat(manifest.text()).isEqualTo(line);
      assertThat(manifest.header("X-Archive-Files")).isEqualTo("zip");
      assertThat(manifest.header("Content-Type")).isEqualTo("application/zip");
      assertThat(manifest.header("ETag")).isNull();
      assertThat(manifest.header("Content-Disposition")).contains(id + ".zip");
      assertThat(http.get(page.replace("/get", "/download")).text()).isEqualTo(line);
      Reply head = http.head(page);
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.header("X-Archive-Files")).isNull();
      assertThat(head.header("Content-Length")).isNull();
      assertThat(seen).isEmpty();
      String location = line.split(" ", -1)[2];
      assertThat(http.get("/downloads/r/id/get", "Test-Location", location).text())
          .isEqualTo("linked");
      assertThat(http.get(page.replace("012", "a12")).status()).isEqualTo(404);
      for (String hidden : List.of(location, "/legacy/01/23/45/" + id + "/manifest.txt")) {
        assertThat(http.get(hidden).status()).as(hidden).isEqualTo(404);
      }
      assertThat(nginx.pid()).isPositive();
    }
  }

  @Test
  void versionOfModZip_isAnnounced() throws Exception {
    try (NginxServer nginx = NginxServer.start(generated(List.of(), "--mod-zip", "1.4"));
        Http http = http()) {
      http.get("/downloads/r/id/get", "X-Archive-Assembler", "other");
      assertThat(seen.remove().headers().get("X-Archive-Assembler")).containsExactly("mod_zip/1.4");
      assertThat(nginx.pid()).isPositive();
    }
  }

  @Test
  void ownLines_areIncluded() throws Exception {
    String configuration = generated(List.of());
    for (String place :
        List.of(
            "",
            "downloads/",
            "get/",
            "zip/",
            "browse/",
            "create/",
            "status/",
            "metrics/",
            "health/")) {
      Path hook = Files.createDirectories(directory.resolve("lading.d/" + place));
      Files.writeString(hook.resolve("own.conf"), "add_header X-Own \"" + place + "\";\n");
    }
    // nginx looks beside its own configuration, which is elsewhere in a test.
    String there = configuration.replace("include lading.d", "include " + directory + "/lading.d");
    try (NginxServer nginx = NginxServer.start(there);
        Http http = http()) {
      assertThat(http.get("/downloads/r/id/status").header("X-Own")).isEqualTo("downloads/");
      assertThat(http.get("/downloads/zip/r/get").header("X-Own")).contains("zip/");
      assertThat(http.get("/downloads/browse/r/").header("X-Own")).isEqualTo("browse/");
      assertThat(http.get("/downloads/create").header("X-Own")).isEqualTo("create/");
      assertThat(http.get("/downloads/status").header("X-Own")).isEqualTo("status/");
      assertThat(http.get("/downloads/metrics").header("X-Own")).isEqualTo("metrics/");
      assertThat(http.get("/downloads/health/live").header("X-Own")).isEqualTo("health/");
      assertThat(http.get("/downloads/r/id/get").header("X-Own")).contains("get/");
      assertThat(nginx.pid()).isPositive();
    }
  }

  @Test
  void nameOfAStore_isResolvedAgain_andOneWithoutAddressHarmsOnlyItsRoot() throws Exception {
    HttpServer first = store("127.0.0.1", 0, "first");
    int storePort = first.getAddress().getPort();
    HttpServer second = store("127.0.0.2", storePort, "second");
    try (NameServer names = new NameServer()) {
      names.put("s3.test", "127.0.0.1");
      List<RootSettings> roots =
          List.of(
              named("moving", "http://s3.test:" + storePort),
              named("nowhere", "http://nowhere.test:" + storePort),
              named("address", "http://127.0.0.2:" + storePort));
      try (NginxServer nginx = NginxServer.start(generated(roots, "--resolver", names.address()));
          Http http = http()) {
        assertThat(object(http, "moving").text()).isEqualTo("first");
        assertThat(object(http, "nowhere").status()).isEqualTo(502);
        assertThat(object(http, "address").text()).isEqualTo("second");
        names.put("s3.test", "127.0.0.2");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (object(http, "moving").text().equals("first") && System.nanoTime() < end) {
          Thread.sleep(100);
        }
        assertThat(object(http, "moving").text()).isEqualTo("second");
        assertThat(nginx.errorLog()).contains("nowhere.test could not be resolved");
      }
    } finally {
      first.stop(0);
      second.stop(0);
    }
  }

  private static RootSettings named(String bucket, String endpoint) {
    return S3RootSettings.builder(bucket, bucket)
        .endpoint(URI.create(endpoint))
        .pathStyle(true)
        .build();
  }

  private static Reply object(Http http, String bucket) {
    return http.get("/downloads/r/id/get", "Test-Location", "/" + bucket + "/key");
  }
}
