package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.base.Digests;
import org.lading.testing.ApiDescription;
import org.lading.testing.Http.Reply;
import org.lading.testing.Jwt;
import org.lading.testing.LadingServer;
import org.lading.testing.SettableClock;
import org.lading.testing.Traces;

/** What a running Lading answers is what it says of itself at {@code /openapi.json}. */
class OpenApiTest {
  private static final String TOKEN = "Bearer token";
  private static final String[] NGINX = {
    "X-Archive-Assembler",
    "mod_zip/1.4",
    "X-Archive-Locations",
    "guarded",
    "X-Archive-Literals",
    "proxied"
  };
  private static final String PAGE = "text/html";

  /** The limit of the settings, which the other calls do not reach. */
  private static final int CREATES_A_MINUTE = 50;

  /** A request with every field; single quotes stand for double ones. */
  private static final String EVERY_FIELD =
      """
      {'root': 'main', 'zip_name': 'all', 'timeout': 3, 'repeatable': true,
       'notify': 'http://127.0.0.1:1/hooks', 'subject': 'jane', 'targets': [
        {'type': 'file', 'root': 'main', 'path': 'a.txt', 'zip_path': 'x', 'name': 'b.txt'},
        {'type': 'directory', 'path': 'd', 'recursive': true, 'zip_path': 'y',
         'undeliverable': 'omit'},
        {'type': 'literal', 'name': 'n.txt', 'content': 'text', 'zip_path': 'z'}],
       'action': 'export', 'client_id': 'c', 'return_queue': 'q'}
      """;

  @TempDir static Path directory;
  static SettableClock clock;
  static LadingServer server;
  static ApiDescription api;

  /** What was done: by operation the statuses that came, and the parameters that were sent. */
  private final Map<String, Set<String>> statuses = new TreeMap<>();

  private final Map<String, Set<String>> sent = new TreeMap<>();

  @BeforeAll
  static void start() throws IOException {
    clock = new SettableClock(Clock.systemUTC().instant().truncatedTo(ChronoUnit.MILLIS));
    Path root = Files.createDirectories(directory.resolve("root"));
    Files.writeString(root.resolve("a.txt"), "a");
    Files.writeString(Files.createDirectories(root.resolve("d/e")).resolve("f.txt"), "f");
    server =
        LadingServer.start(
            directory,
            """
            roots: [{name: main, path: root}, {name: open, path: root, public: true}]
            clients:
              - name: tester
                token_sha256: %s
                limits: {creates_per_minute: 50, preparations_at_once: 50}
                secret: the secret of the tester of 32 bytes
                webhook_secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
            webhooks: {allow: ['http://127.0.0.1:1']}
            """
                .formatted(
                    HexFormat.of()
                        .formatHex(
                            Digests.sha256().digest("token".getBytes(StandardCharsets.UTF_8)))),
            clock);
    api = new ApiDescription(server.get("/openapi.json").json());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void everyOperation_withEveryFieldAndParameter_isAnsweredAsDescribed() throws IOException {
    Map<String, String> ready = create();
    refusedCreates();
    estimates();
    fetch(ready);
    link();
    lists();
    limits();
    watch(ready);
    repeat(ready);
    browse();
    removals();
    operators();

    assertThat(statuses.keySet()).isEqualTo(api.operations());
    for (String operation : api.operations()) {
      assertThat(sent.get(operation)).as(operation).isEqualTo(api.parameters(operation));
      assertThat(statuses.get(operation)).as(operation).containsAll(api.statuses(operation));
    }
  }

  private Map<String, String> create() throws IOException {
    JsonNode body = json(EVERY_FIELD);
    JsonNode schema =
        api.operation("POST /create").at("/requestBody/content/application~1json/schema");
    assertThat(api.faults(schema, body)).isEmpty();
    assertThat(names(body)).isEqualTo(api.fields(schema));
    Set<String> ofTargets = new TreeSet<>();
    body.get("targets").forEach(target -> ofTargets.addAll(names(target)));
    assertThat(ofTargets).isEqualTo(api.fields(api.component("schemas", "Target")));

    String own = "http://127.0.0.1:" + server.port();
    Reply created =
        call(
            "POST /create",
            Map.of(),
            EVERY_FIELD,
            with(NGINX, "Authorization", TOKEN, "Prefer", "wait=300", "Origin", own));
    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    assertThat(
            call(
                    "POST /create",
                    Map.of(),
                    EVERY_FIELD,
                    "Authorization",
                    TOKEN,
                    "Prefer",
                    "respond-async")
                .status())
        .isIn(201, 202);
    return Map.of("root", "main", "id", created.json().get("id").asText());
  }

  /** What a schema refuses Lading refuses, and the other way round. */
  private void refusedCreates() throws IOException {
    JsonNode schema = api.component("schemas", "CreateRequest");
    for (String body :
        List.of(
            "{'root': 'main'}",
            "{'root': 'main', 'targets': []}",
            "{'targets': [{'type': 'file', 'path': 'a.txt'}]}",
            "{'root': 5, 'targets': [{'type': 'file', 'path': 'a.txt'}]}",
            "{'root': 'main', 'misspelt': 1, 'targets': [{'type': 'file', 'path': 'a.txt'}]}",
            "{'root': 'main', 'timeout': 0, 'targets': [{'type': 'file', 'path': 'a.txt'}]}",
            "{'root': 'main', 'timeout': 1.5, 'targets': [{'type': 'file', 'path': 'a.txt'}]}",
            "{'root': 'main', 'targets': [{'type': 'file'}]}",
            "{'root': 'main', 'targets': [{'type': 'pipe', 'path': 'a.txt'}]}",
            "{'root': 'main', 'targets': [{'type': 'literal', 'name': 'x'}]}",
            "{'root': 'main', 'targets': [{'type': 'file', 'path': 'a.txt', 'x': 1}]}",
            "{'root': 'main', 'targets': [{'type': 'directory', 'path': 'd', 'recursive': 1}]}")) {
      Reply reply = call("POST /create", Map.of(), body, "Authorization", TOKEN);
      assertThat(reply.status()).as(body + reply).isEqualTo(400);
      assertThat(api.faults(schema, json(body))).as(body).isNotEmpty();
    }
    String nulls =
        "{'root': 'main', 'zip_name': null, 'timeout': null, 'targets': [{'type': 'file', 'path':"
            + " 'a.txt', 'root': null, 'zip_path': null, 'name': null, 'recursive': null, 'undeliverable': null,"
            + " 'content': null}]}";
    assertThat(call("POST /create", Map.of(), nulls, "Authorization", TOKEN).status())
        .isEqualTo(201);
    assertThat(api.faults(schema, json(nulls))).isEmpty();
    call("POST /create", Map.of(), "{}");
    call("POST /create", Map.of(), "{}", "Authorization", TOKEN, "Origin", "https://evil.example");
    call("POST /create", Map.of(), "{}", "Authorization", TOKEN, "Accept", PAGE);
  }

  private void estimates() {
    String own = "http://127.0.0.1:" + server.port();
    String estimate = "POST /estimate";
    String[] headers = with(NGINX, "Authorization", TOKEN, "Origin", own);
    String[] all = with(headers, "Content-Type", "application/json");
    call(estimate, Map.of(), EVERY_FIELD, all);
    call(estimate, Map.of(), "{}", "Authorization", TOKEN);
    call(estimate, Map.of(), "{}");
    call(
        estimate,
        Map.of(),
        "{'root': 'main', 'targets': [{'type': 'file', 'path': 'none'}]}",
        "Authorization",
        TOKEN);
  }

  private void lists() {
    String list = "GET /list";
    String[] all =
        with(NGINX, "Authorization", TOKEN, "Origin", "http://127.0.0.1:" + server.port());
    Reply first = call(list, Map.of("limit", "1", "state", "ready"), null, all);
    String next = first.json().get("next_cursor").asText();
    call(list, Map.of("cursor", next), null, "Authorization", TOKEN);
    call(list, Map.of("cursor", "none"), null, "Authorization", TOKEN);
    call(list, Map.of(), null);
  }

  private void limits() {
    call("GET /limits", Map.of(), null);
    call("GET /limits", Map.of(), null, "Authorization", TOKEN);
    call("GET /limits", Map.of(), null, "Authorization", "Bearer none");
    for (int i = 0; i < CREATES_A_MINUTE; i++) {
      call("POST /create", Map.of(), "{}", "Authorization", TOKEN);
    }
    assertThat(call("POST /create", Map.of(), "{}", "Authorization", TOKEN).status())
        .isEqualTo(429);
    clock.set(clock.instant().plusSeconds(60));
  }

  private void removals() throws IOException {
    Map<String, String> gone = create();
    String remove = "DELETE /{root}/{id}";
    String own = "http://127.0.0.1:" + server.port();
    call(remove, gone, null);
    assertThat(call(remove, gone, null, "Authorization", TOKEN, "Origin", own).status())
        .isEqualTo(204);
    assertThat(call(remove, gone, null, "Authorization", TOKEN).status()).isEqualTo(410);
    call(remove, Map.of("root", "main", "id", "x".repeat(32)), null, "Authorization", TOKEN);
  }

  private void fetch(Map<String, String> ready) {
    for (String method : List.of("GET", "HEAD")) {
      for (String page : List.of("get", "manifest", "download")) {
        String operation = method + " /{root}/{id}/" + page;
        call(operation, ready, null, page.equals("download") ? new String[0] : NGINX);
        call(operation, Map.of("root", "main", "id", "x".repeat(32)), null);
        call(operation, Map.of("root", "main", "id", "x".repeat(32)), null, "Accept", PAGE);
      }
      String download = method + " /{root}/{id}/download";
      String tag = call(download, ready, null).header("ETag");
      call(download, ready, null, "If-None-Match", tag);
      call(download, ready, null, "If-Match", "\"another\"");
      call(download, ready, null, "If-Modified-Since", "Fri, 31 Dec 2100 00:00:00 GMT");
      call(download, ready, null, "If-Unmodified-Since", "Sat, 01 Jan 2000 00:00:00 GMT");
    }
    String download = "GET /{root}/{id}/download";
    String tag = call(download, ready, null).header("ETag");
    call(download, ready, null, "Range", "bytes=0-3", "If-Range", tag);
    call(download, ready, null, "Range", "bytes=0-0,2-3");
    call(download, ready, null, "Range", "bytes=9999999-");
  }

  private void link() {
    follow("/zip/{root}/{path}", Map.of("root", "open", "path", "d/", "name", "all"));
    for (String method : List.of("GET", "HEAD")) {
      String operation = method + " /zip/{root}/{path}";
      call(operation, Map.of("root", "open", "path", "none"), null);
      call(operation, Map.of("root", "open", "path", ".."), null);
      call(operation, Map.of("root", "main", "path", "d"), null);
      call(operation, Map.of("root", "main", "path", "d"), null, "Accept", PAGE);
      call(operation, Map.of("root", "main", "path", "d"), null, "Authorization", "Bearer none");
      String below = token(60, "'root': 'main', 'below': 'd'");
      call(operation, Map.of("root", "main", "path", "d", "token", below), null);
      String late = token(-120, "'root': 'main', 'below': 'd'");
      call(operation, Map.of("root", "main", "path", "d", "token", late), null);
      call(method + " /zip", Map.of("token", late), null);
      call(method + " /zip", Map.of(), null);
    }
    String choice = "'root': 'main', 'targets': [{'type': 'file', 'path': 'a.txt'}]";
    follow("/zip", Map.of("token", token(60, "'create': {" + choice + "}")));
  }

  private static String token(int seconds, String others) {
    Instant expires = clock.instant().plusSeconds(seconds);
    return Jwt.signed(
        Jwt.HS256, Jwt.claims("tester", expires, others), "the secret of the tester of 32 bytes");
  }

  private void follow(String path, Map<String, String> link) {
    for (String method : List.of("GET", "HEAD")) {
      String operation = method + " " + path;
      String tag = call(operation, link, null).header("ETag");
      call(operation, link, null, NGINX);
      call(operation, link, null, "Accept", PAGE);
      call(operation, link, null, "If-None-Match", tag);
      call(operation, link, null, "If-Match", "\"another\"");
      call(operation, link, null, "If-Modified-Since", "Fri, 31 Dec 2100 00:00:00 GMT");
      call(operation, link, null, "If-Unmodified-Since", "Sat, 01 Jan 2000 00:00:00 GMT");
    }
    String operation = "GET " + path;
    String tag = call(operation, link, null).header("ETag");
    call(operation, link, null, "Range", "bytes=0-3", "If-Range", tag);
    call(operation, link, null, "Range", "bytes=0-0,2-3");
    call(operation, link, null, "Range", "bytes=9999999-");
  }

  private void watch(Map<String, String> ready) {
    String status = "GET /{root}/{id}/status";
    call(status, ready, null, NGINX);
    call(status, ready, null, "Accept", PAGE, "Accept-Language", "de");
    call(status, ready, null, "Accept", "image/png");
    call(status, Map.of("root", "other", "id", ready.get("id")), null);
    String missing =
        call(
                "POST /create",
                Map.of(),
                "{'root': 'main', 'targets': [{'type': 'file', 'path': 'none'}]}",
                "Authorization",
                TOKEN,
                "Prefer",
                "respond-async")
            .json()
            .get("id")
            .asText();
    Traces.awaited(
        Duration.ofMinutes(1),
        () -> call(status, Map.of("root", "main", "id", missing), null),
        reply -> reply.json().has("target_index"));
    call("GET /{root}/{id}/download", Map.of("root", "main", "id", missing), null);
    Instant now = clock.instant();
    clock.set(now.plus(Duration.ofDays(4)));
    try {
      call(status, ready, null);
      call(status, ready, null, "Accept", PAGE);
      call("GET /{root}/{id}/get", ready, null);
    } finally {
      clock.set(now);
    }
  }

  private void repeat(Map<String, String> ready) throws IOException {
    String again = "POST /{root}/{id}/again";
    String own = "http://127.0.0.1:" + server.port();
    Files.writeString(directory.resolve("root/a.txt"), "changed");
    call("GET /{root}/{id}/get", ready, null);
    Reply status = call("GET /{root}/{id}/status", ready, null);
    assertThat(status.json().has("changed") && status.json().has("again_url")).isTrue();
    clock.set(clock.instant().plusSeconds(31));
    call(again, ready, null, with(NGINX, "Origin", own, "Accept", PAGE));
    call(again, ready, null);
    call(again, Map.of("root", "main", "id", "x".repeat(32)), null);
  }

  private void browse() {
    String browse = "GET /browse/{root}{path}";
    Map<String, String> root = Map.of("root", "main", "path", "/");
    String[] page = {"Authorization", TOKEN, "Accept", PAGE, "Accept-Language", "de"};
    String[] json = {"Authorization", TOKEN, "Accept", "*/*"};
    call(browse, root, null, page);
    call(browse, Map.of("root", "main", "path", "/", "in", "d"), null, json);
    call(browse, Map.of("root", "main", "path", "/d/", "after", "e/"), null, json);
    call(browse, Map.of("root", "main", "path", "/none"), null, json);
    call(browse, root, null);
    String pick = "POST /browse/{root}{path}";
    String[] form = {"Authorization", TOKEN, "Content-Type", "application/x-www-form-urlencoded"};
    call(pick, root, "file=a.txt&directory=d&all=1&name=n", form);
    call(pick, Map.of("root", "main", "path", "/", "in", "d"), "file=none", form);
    List<String> browser = new ArrayList<>(List.of(form));
    browser.addAll(
        List.of("Accept", PAGE, "Accept-Language", "de", "Origin", "https://evil.example"));
    call(pick, root, "", browser.toArray(String[]::new));
    List<String> turning = new ArrayList<>(List.of(form));
    turning.addAll(List.of("Accept", PAGE, "Accept-Language", "de"));
    call(pick, root, "file=a.txt&to=", turning.toArray(String[]::new));
    call(pick, root, "{}", "Authorization", TOKEN);
  }

  private void operators() throws IOException {
    String[] page = {"Accept", PAGE, "Accept-Language", "de"};
    call("GET /status", Map.of(), null, with(page, "Prefer", "wait=5"));
    for (String method : List.of("GET", "HEAD")) {
      call(method + " /health/live", Map.of(), null);
      call(method + " /health/ready", Map.of(), null);
    }
    call("GET /metrics", Map.of(), null);
    call("GET /openapi.json", Map.of(), null, "Accept", "application/json");
    call("GET /openapi.json", Map.of(), null, "Accept", PAGE, "Accept-Language", "de");
    call("GET /", Map.of(), null, "Accept", PAGE, "Accept-Language", "de");
    call("GET /", Map.of(), null);
    server.sql("alter table download rename to aside");
    try {
      clock.set(clock.instant().plusSeconds(60));
      call("GET /status", Map.of(), null, "Prefer", "wait=5");
    } finally {
      server.sql("alter table aside rename to download");
    }
    Path content = directory.resolve("storage/content");
    Files.move(content, directory.resolve("aside"));
    clock.set(clock.instant().plusSeconds(60));
    for (String method : List.of("GET", "HEAD")) {
      Traces.awaited(
          () -> call(method + " /health/ready", Map.of(), null), reply -> reply.status() == 503);
    }
    Files.move(directory.resolve("aside"), content);
  }

  private Reply call(
      String operation, Map<String, String> variables, String body, String... headers) {
    String[] words = operation.split(" ", 2);
    Set<String> parameters = sent.computeIfAbsent(operation, o -> new TreeSet<>());
    String path = words[1];
    // Those in the query have no place in the path, and come last.
    List<Map.Entry<String, String>> inOrder = new ArrayList<>(variables.entrySet());
    inOrder.sort(
        Comparator.comparing(variable -> !words[1].contains("{" + variable.getKey() + "}")));
    for (Map.Entry<String, String> variable : inOrder) {
      String place = "{" + variable.getKey() + "}";
      boolean isInPath = path.contains(place);
      path =
          isInPath
              ? path.replace(place, variable.getValue())
              : path
                  + (path.contains("?") ? '&' : '?')
                  + variable.getKey()
                  + '='
                  + variable.getValue();
      parameters.add((isInPath ? "path " : "query ") + variable.getKey());
    }
    for (int i = 0; i < headers.length; i += 2) {
      String parameter = "header " + headers[i];
      if (api.parameters(operation).contains(parameter)) {
        parameters.add(parameter);
      }
    }
    Reply reply =
        server.call(words[0], path, body == null ? null : body.replace('\'', '"'), headers);
    api.check(operation, reply);
    statuses
        .computeIfAbsent(operation, o -> ConcurrentHashMap.newKeySet())
        .add(Integer.toString(reply.status()));
    return reply;
  }

  private static String[] with(String[] some, String... more) {
    String[] all = Arrays.copyOf(some, some.length + more.length);
    System.arraycopy(more, 0, all, some.length, more.length);
    return all;
  }

  private static JsonNode json(String quoted) throws IOException {
    return new ObjectMapper().readTree(quoted.replace('\'', '"'));
  }

  private static Set<String> names(JsonNode object) {
    Set<String> names = new TreeSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
