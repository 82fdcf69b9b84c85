package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.nginx.NginxOptions;
import org.lading.testing.ApiDescription;
import org.lading.testing.Http;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.NeedsProgram;
import org.lading.testing.NginxFront;

/** What browsers are told that ask for scripts of another origin. */
class CorsTest {
  private static final String APP = "https://app.example.org";
  private static final String CREATE =
      "{'root': 'main', 'targets': [{'type': 'file', 'path': 'a.txt'}]}";
  private static final String ROOTS = "roots: [{name: main, path: ../root}]\n";
  private static final String TO_CREATE = "POST";

  @TempDir static Path directory;
  static LadingServer sharing;
  static LadingServer closed;

  /** The address of a download's pages, but for the last word. */
  static String download;

  @BeforeAll
  static void start() throws IOException {
    Files.writeString(Files.createDirectories(directory.resolve("root")).resolve("a.txt"), "a");
    sharing = start("sharing", "cors_origins: ['" + APP + "', 'http://localhost:3000']\n");
    closed = start("closed", "");
    download = LadingServer.page(sharing.create(CREATE), "");
  }

  private static LadingServer start(String name, String settings) throws IOException {
    return LadingServer.start(Files.createDirectories(directory.resolve(name)), ROOTS + settings);
  }

  @AfterAll
  static void stop() {
    sharing.close();
    closed.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/create, POST",
    "/zip, 'GET, HEAD'",
    "/zip/main/a%20b/, 'GET, HEAD'",
    "/openapi.json, 'GET, HEAD'",
    "/main/x/status, 'GET, HEAD'",
    "/main/x/download, 'GET, HEAD'",
    "/main/x/get, 'GET, HEAD'",
    "/main/x/manifest, 'GET, HEAD'"
  })
  void preflight_ofAListedOrigin_isToldExactlyWhatThePageTakes(String page, String methods) {
    Reply reply = preflight(sharing, page, APP, methods.replaceAll(",.*", ""));
    assertThat(reply.status()).as(reply.toString()).isEqualTo(204);
    assertThat(reply.bytes()).isEmpty();
    assertThat(reply.header("Access-Control-Allow-Origin")).isEqualTo(APP);
    assertThat(reply.header("Access-Control-Allow-Methods")).isEqualTo(methods);
    assertThat(items(reply, "Access-Control-Allow-Headers"))
        .containsExactlyInAnyOrder(
            "Authorization",
            "Content-Type",
            "Prefer",
            "Range",
            "If-Range",
            "If-Match",
            "If-None-Match",
            "If-Modified-Since",
            "If-Unmodified-Since");
    assertThat(reply.header("Access-Control-Max-Age")).isEqualTo("7200");
    assertThat(reply.header("Access-Control-Allow-Credentials")).isNull();
    assertThat(items(reply, "Vary"))
        .contains("Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers");
  }

  /** A call that is added has to be told here, or in the filter, for whom it is. */
  @Test
  void everyCallOfTheApi_isSharedWithItsMethods_orForPeopleAndOperators() {
    Map<String, Set<String>> methods = new TreeMap<>();
    for (String operation : new ApiDescription(sharing.get("/openapi.json").json()).operations()) {
      String[] words = operation.split(" ", 2);
      methods.computeIfAbsent(words[1], path -> new TreeSet<>()).add(words[0]);
    }
    assertThat(methods).hasSizeGreaterThan(5);
    methods.forEach(
        (template, taken) -> {
          String page =
              template
                  .replace("{root}", "main")
                  .replace("{id}", "x".repeat(32))
                  .replace("{path}", "a%20b/c");
          Reply reply = preflight(sharing, page, APP, taken.iterator().next());
          if (template.matches("/|/status|/metrics|/health/.*|/browse.*")) {
            assertNothingIsShared(reply);
          } else {
            taken.addAll(taken.contains("GET") ? Set.of("HEAD") : Set.of());
            assertThat(reply.status()).as(template).isEqualTo(204);
            assertThat(items(reply, "Access-Control-Allow-Methods")).as(template).isEqualTo(taken);
          }
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example",
        "http://app.example.org",
        "https://app.example.org:8443",
        "https://app.example.org.evil.example",
        "https://app.example.org https://evil.example",
        "null"
      })
  void preflight_ofAnother_isRefused(String origin) {
    for (LadingServer server : List.of(sharing, closed)) {
      for (String page : List.of("/create", "/main/x/status")) {
        Reply reply = preflight(server, page, origin, TO_CREATE);
        assertThat(reply.status()).as(reply.toString()).isEqualTo(403);
        assertThat(reply.json().get("code").asText()).isEqualTo("forbidden");
        assertThat(reply.json().get("error").asText()).contains("cors_origins");
        assertNothingIsShared(reply);
      }
    }
  }

  @Test
  void preflight_withTwoOrigins_isRefused() {
    Reply reply =
        sharing.call(
            "OPTIONS",
            "/create",
            null,
            "Origin",
            APP,
            "Origin",
            "https://evil.example",
            "Access-Control-Request-Method",
            "POST");
    assertThat(reply.status()).isEqualTo(403);
    assertNothingIsShared(reply);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/status", "/metrics", "/main/x/1/0/content", "/nothing", "/create/x"})
  void pagesForOperators_areNotShared(String page) {
    Reply asked = preflight(sharing, page, APP, "GET");
    assertNothingIsShared(asked);
    assertNothingIsShared(sharing.get(page, "Origin", APP));
  }

  @Test
  void answers_nameTheListedOriginAlone_andWhatItMayRead() {
    List<Reply> replies = new ArrayList<>();
    replies.add(sharing.create(CREATE, "Origin", APP, "Sec-Fetch-Site", "cross-site"));
    replies.add(sharing.create("{'root': 'none'}", "Origin", APP));
    replies.add(sharing.create("x".repeat(100), "Origin", APP));
    for (String page : List.of("status", "download", "get", "manifest")) {
      replies.add(sharing.get(download + page, "Origin", APP));
      replies.add(sharing.head(download + page, "Origin", APP));
    }
    replies.add(sharing.get(download + "status", "Origin", APP, "Accept", "text/html"));
    replies.add(sharing.get(download + "download", "Origin", APP, "Range", "bytes=0-3"));
    replies.add(sharing.get(download + "download", "Origin", APP, "Range", "bytes=99999-"));
    replies.add(sharing.get("/main/nosuchid/download", "Origin", APP));
    replies.add(sharing.get("/main/nosuchid/status", "Origin", APP));
    replies.add(sharing.get("/zip/main/a.txt", "Origin", APP));
    replies.add(sharing.call("DELETE", download + "get", null, "Origin", APP));
    assertThat(replies).extracting(Reply::status).contains(200, 201, 206, 400, 404, 405, 416);
    for (Reply reply : replies) {
      assertThat(reply.header("Access-Control-Allow-Origin")).as(reply.toString()).isEqualTo(APP);
      assertThat(items(reply, "Access-Control-Expose-Headers"))
          .as(reply.toString())
          .contains("Location", "Retry-After", "ETag", "Content-Range", "Content-Disposition");
      assertThat(reply.header("Access-Control-Allow-Credentials")).isNull();
      assertThat(items(reply, "Vary")).as(reply.toString()).contains("Origin");
    }
    assertThat(sharing.get(download + "status", "Origin", "http://localhost:3000"))
        .extracting(reply -> reply.header("Access-Control-Allow-Origin"))
        .isEqualTo("http://localhost:3000");
  }

  @Test
  void answers_toOthers_shareNothing_butVary() {
    for (String[] headers :
        new String[][] {
          {},
          {"Origin", "https://evil.example"},
          {"Origin", "null"},
          {"Origin", APP, "Origin", "https://evil.example"}
        }) {
      for (String page : List.of("status", "download", "get", "manifest")) {
        Reply reply = sharing.get(download + page, headers);
        assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
        assertNothingIsShared(reply);
        assertThat(items(reply, "Vary")).as(reply.toString()).contains("Origin");
      }
    }
    assertNothingIsShared(sharing.create(CREATE, "Origin", "https://evil.example"));
  }

  @Test
  void withoutTheSetting_answersAreWhatTheyWere() {
    Reply created = closed.create(CREATE);
    for (String page : List.of("status", "download", "get", "manifest")) {
      Reply reply = closed.get(LadingServer.page(created, page), "Origin", APP);
      assertNothingIsShared(reply);
      assertThat(String.valueOf(reply.header("Vary"))).doesNotContain("Origin");
    }
  }

  @NeedsProgram("nginx")
  @Test
  void nginx_passesAllOfItOn() throws IOException {
    Path place = directory.resolve("sharing");
    try (NginxFront front = new NginxFront(place, sharing, NginxOptions.DEFAULTS);
        Http http = new Http(URI.create("http://127.0.0.1:" + front.port()))) {
      for (String page : List.of("/create", download + "get", download + "download")) {
        Reply asked = http.call("OPTIONS", "/downloads" + page, null, asking(APP, "POST"));
        assertThat(asked.status()).as(asked.toString()).isEqualTo(204);
        assertThat(asked.header("Access-Control-Allow-Origin")).isEqualTo(APP);
      }
      for (String page : List.of("get", "download", "status")) {
        Reply reply = http.get("/downloads" + download + page, "Origin", APP);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Access-Control-Allow-Origin")).isEqualTo(APP);
        assertThat(items(reply, "Access-Control-Expose-Headers")).contains("ETag");
      }
    }
  }

  private static Reply preflight(LadingServer server, String page, String origin, String method) {
    return server.call("OPTIONS", page, null, asking(origin, method));
  }

  private static String[] asking(String origin, String method) {
    return new String[] {
      "Origin", origin,
      "Access-Control-Request-Method", method,
      "Access-Control-Request-Headers", "authorization,content-type"
    };
  }

  private static void assertNothingIsShared(Reply reply) {
    assertThat(reply.toString()).doesNotContain("Access-Control-Allow", "Access-Control-Expose");
  }

  private static Set<String> items(Reply reply, String header) {
    assertThat(reply.header(header)).as("%s of %s", header, reply).isNotNull();
    return new TreeSet<>(List.of(reply.header(header).split(" *, *", -1)));
  }
}
