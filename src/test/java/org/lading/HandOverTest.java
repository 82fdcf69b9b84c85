package org.lading;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.config.ConfigurationLoader;
import org.lading.nginx.NginxConfigurationRenderer;
import org.lading.nginx.NginxOptions;
import org.lading.testing.Http;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.ManifestAssembler;
import org.lading.testing.NeedsProgram;
import org.lading.testing.NginxServer;

/**
 * An application behind the same nginx that answers its own user's request with {@code
 * X-Accel-Redirect} to a download, as docs/applications.md has it. A reader of manifests stands in
 * mod_zip's place.
 */
@NeedsProgram("nginx")
class HandOverTest {
  /** The name that the application gives an archive itself, as frameworks do. */
  private static final String NAMED = "attachment; filename=\"named.zip\"";

  private static final String[] USER = {"Cookie", "session=ok"};

  @TempDir static Path directory;
  static LadingServer lading;
  static HttpServer portal;
  static ManifestAssembler assembler;
  static NginxServer nginx;
  static Http http;
  static String download;

  @BeforeAll
  static void start() throws IOException {
    Path root = Files.createDirectories(directory.resolve("root"));
    Files.writeString(root.resolve("a.txt"), "content of a");
    Files.writeString(root.resolve("b.txt"), "b".repeat(5000));
    lading = LadingServer.start(directory, "roots: [{name: main, path: root, public: true}]");
    portal = server(HandOverTest::handOver);
    assembler = new ManifestAssembler(lading.port(), true);
    int port = NginxServer.freePort();
    nginx = NginxServer.start(assembler.into(generated(port, lading.port())));
    http = new Http(URI.create("http://127.0.0.1:" + port));
    Reply created =
        lading.create(
            "{'root': 'main', 'zip_name': 'handed', 'targets': [{'type': 'directory', 'path': ''}]}");
    download = "/downloads" + LadingServer.page(created, "");
  }

  @AfterAll
  static void stop() throws IOException {
    http.close();
    nginx.close();
    assembler.close();
    portal.stop(0);
    lading.close();
  }

  /** The generated configuration, with the application where {@code lading.d} would have it. */
  private static String generated(int port, int application) throws IOException {
    String text =
        NginxConfigurationRenderer.render(
            ConfigurationLoader.load(directory.resolve("lading.yml"), Map.of()),
            NginxOptions.DEFAULTS
                .withApplication(URI.create("http://127.0.0.1:" + application))
                .withListen("127.0.0.1:" + port, "unix:" + directory.resolve(port + ".sock")));
    String own =
        "location /portal/ { proxy_pass http://127.0.0.1:%d; }"
            .formatted(portal.getAddress().getPort());
    assertThat(text).contains("include lading.d/*.conf;");
    return text.replace("include lading.d/*.conf;", own);
  }

  private static HttpServer server(com.sun.net.httpserver.HttpHandler handler) throws IOException {
    HttpServer server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 0);
    server.createContext("/", handler);
    server.start();
    return server;
  }

  /** Sends its own user to the page that the query names. */
  private static void handOver(HttpExchange exchange) throws IOException {
    try (exchange) {
      boolean known = "session=ok".equals(exchange.getRequestHeaders().getFirst("Cookie"));
      if (known) {
        exchange
            .getResponseHeaders()
            .set("X-Accel-Redirect", address(exchange.getRequestURI().getQuery()));
        exchange.getResponseHeaders().set("Set-Cookie", "seen=1");
        if (exchange.getRequestURI().getPath().endsWith("/named")) {
          exchange.getResponseHeaders().set("Content-Disposition", NAMED);
        }
      }
      exchange.sendResponseHeaders(known ? 200 : 401, -1);
    }
  }

  /** A plain link, or a page of the download. */
  private static String address(String page) {
    return page.equals("zip") ? "/downloads/zip/main/?name=handed" : download + page;
  }

  /** The directory in the archive: that of a link is named after what lies at its path. */
  private static String top(String page) {
    return page.equals("zip") ? "main" : "handed";
  }

  @ParameterizedTest
  @ValueSource(strings = {"get", "download", "zip"})
  void archive_comesUnderTheApplicationsUrl_withItsAuthorisation(String page) throws IOException {
    String url = "/portal/archive?" + page;
    assertThat(http.get(url).status()).isEqualTo(401);
    Reply whole = http.get(url, USER);
    assertThat(whole.status()).as(whole.toString()).isEqualTo(200);
    assertThat(unzipped(whole))
        .containsExactly(
            Map.entry(top(page) + "/a.txt", "content of a"),
            Map.entry(top(page) + "/b.txt", "b".repeat(5000)));
    assertThat(whole.header("Content-Disposition"))
        .isEqualTo("attachment; filename=\"handed.zip\"; filename*=UTF-8''handed.zip");
    assertThat(whole.header("Content-Type")).isEqualTo("application/zip");
    assertThat(whole.header("Set-Cookie")).as("the application's").isEqualTo("seen=1");
    assertThat(whole.header("X-Archive-Files")).isNull();
    Reply head = http.head(url, USER);
    assertThat(head.header("Content-Length")).isEqualTo("" + whole.bytes().length);
    assertThat(head.header("Content-Disposition")).isEqualTo(whole.header("Content-Disposition"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"get", "download", "zip"})
  void ranges_areThoseOfTheArchive(String page) {
    String url = "/portal/archive?" + page;
    byte[] whole = http.get(url, USER).bytes();
    Reply part = http.get(url, with("Range", "bytes=100-4099"));
    assertThat(part.status()).as(part.toString()).isEqualTo(206);
    assertThat(part.header("Content-Range")).isEqualTo("bytes 100-4099/" + whole.length);
    if (page.equals("download")) {
      assertThat(part.bytes()).isEqualTo(Arrays.copyOfRange(whole, 100, 4100));
    }
    Reply ignored = http.get(url, with("Range", "bytes=10-5"));
    assertThat(ignored.status()).as("asked of the application once more").isEqualTo(200);
    assertThat(ignored.bytes()).hasSize(whole.length);
  }

  @ParameterizedTest
  @ValueSource(strings = {"get", "download", "zip"})
  void nameThatTheApplicationGives_isTheOnlyOne(String page) {
    String url = "/portal/named?" + page;
    for (String range : List.of("bytes=0-", "bytes=10-5", "bytes=a")) {
      Reply reply = http.get(url, with("Range", range));
      assertThat(reply.bytes()).as(range).isNotEmpty();
      assertThat(reply.header("Content-Disposition")).as(range).isEqualTo(NAMED);
    }
    assertThat(http.head(url, USER).header("Content-Disposition")).isEqualTo(NAMED);
    assertThat(http.get(address(page)).header("Content-Disposition")).contains("handed.zip");
  }

  @Test
  void post_ofAForm_isHandedOverAsWell() {
    Reply reply = http.post("/portal/archive?download", "{}".getBytes(UTF_8), USER);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.bytes()).isEqualTo(http.get("/portal/archive?download", USER).bytes());
  }

  @Test
  void failures_areThoseOfLading() {
    Reply reply = http.get("/portal/archive?nopage", USER);
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.json().get("code").asText()).isEqualTo("not_found");
  }

  @Test
  void credentialsOfTheApplication_doNotReachLading_butThoseForLadingDo() throws IOException {
    BlockingQueue<List<String>> seen = new LinkedBlockingQueue<>();
    HttpServer spy =
        server(
            exchange -> {
              try (exchange) {
                List<String> credentials = new ArrayList<>();
                exchange
                    .getRequestHeaders()
                    .forEach(
                        (name, values) -> {
                          if (name.matches("(?i)cookie|authorization")) {
                            credentials.addAll(values);
                          }
                        });
                seen.add(credentials);
                exchange.sendResponseHeaders(200, -1);
              }
            });
    int port = NginxServer.freePort();
    try (NginxServer second = NginxServer.start(generated(port, spy.getAddress().getPort()));
        Http client = new Http(URI.create("http://127.0.0.1:" + port))) {
      String[] credentials = with("Authorization", "Bearer secret");
      for (String page : List.of("get", "download", "status", "zip")) {
        assertThat(client.get("/portal/archive?" + page, credentials).status()).isEqualTo(200);
        assertThat(seen.remove()).as(page).isEmpty();
        assertThat(client.get(address(page), credentials).status()).isEqualTo(200);
        assertThat(seen.remove()).contains("Bearer secret");
      }
      client.post("/downloads/create", "{}".getBytes(UTF_8), credentials);
      assertThat(seen.remove()).contains("Bearer secret");
      assertThat(second.errorLog()).doesNotContain("[error]", "[crit]");
    } finally {
      spy.stop(0);
    }
  }

  private static String[] with(String... more) {
    List<String> all = new ArrayList<>(List.of(USER));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private static Map<String, String> unzipped(Reply zip) throws IOException {
    Map<String, String> content = new TreeMap<>();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip.bytes()))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        content.put(entry.getName(), new String(in.readAllBytes(), UTF_8));
      }
    }
    return content;
  }
}
