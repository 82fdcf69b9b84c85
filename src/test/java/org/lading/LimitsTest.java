package org.lading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lading.testing.Traces.awaited;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.base.Digests;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.ScriptedS3;
import org.lading.testing.ScriptedS3.Answer;
import org.lading.testing.ScriptedS3.Request;
import org.lading.testing.SettableClock;

/** What clients get that ask for more than they may have. */
class LimitsTest {
  private static final String FILE =
      "{'root': 'main', 'targets': [{'type': 'file', 'path': 'a.txt'}]}";
  private static final String OBJECT = "{'root': 's3', 'targets': [{'type': 'file', 'path': 'a'}]}";

  @TempDir static Path directory;
  private static volatile Function<Request, Answer> script = request -> Answer.object(Map.of());
  private static final SettableClock CLOCK =
      new SettableClock(Instant.parse("2026-06-01T12:00:00Z"));
  private static ScriptedS3 store;
  private static LadingServer server;

  @BeforeAll
  static void start() throws IOException {
    store = new ScriptedS3(request -> script.apply(request));
    Files.writeString(Files.createDirectories(directory.resolve("root")).resolve("a.txt"), "a");
    server =
        LadingServer.start(
            directory,
            """
            roots:
              - {name: main, path: root, serve: direct}
            %slimits:
              client: {creates_per_minute: 600}
            clients:
              - {name: portal, token_sha256: %s, limits: {creates_per_minute: 4}}
              - {name: batch, token_sha256: %s, limits: {preparations_at_once: 3}}
              - {name: other, token_sha256: %s}
              - {name: free, token_sha256: %s, limits: {creates_per_minute: none}}
            """
                .formatted(
                    store.root(),
                    sha256("portal"),
                    sha256("batch"),
                    sha256("other"),
                    sha256("free")),
            CLOCK);
  }

  @AfterAll
  static void stop() {
    script = request -> Answer.object(Map.of());
    store.letGo();
    server.close();
    store.close();
  }

  @Test
  void createsAMinute_areRefusedWithTheTimeWhenTheNextOneMayCome_andOthersAreNot() {
    for (int i = 3; i >= 0; i--) {
      Reply created = create("portal", FILE);
      assertThat(created.status()).isEqualTo(201);
      assertThat(created.header("RateLimit-Policy")).isEqualTo("\"creates\";q=4;w=60");
      assertThat(created.header("RateLimit"))
          .isEqualTo("\"creates\";r=%d;t=%d".formatted(i, 60 - 15 * i));
    }
    Reply refused = create("portal", FILE);
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.header("Retry-After")).isEqualTo("15");
    assertThat(refused.header("RateLimit")).isEqualTo("\"creates\";r=0;t=60");
    assertThat(refused.header("Cache-Control")).isEqualTo("no-store");
    assertThat(refused.json().get("code").asText()).isEqualTo("too_many_requests");
    assertThat(refused.json().get("retry_at").asText()).isEqualTo("2026-06-01T12:00:15Z");
    assertThat(create("other", FILE).status()).isEqualTo(201);
    assertThat(create("free", FILE).header("RateLimit")).isNull();

    move(Duration.ofSeconds(14));
    assertThat(create("portal", FILE).header("Retry-After")).isEqualTo("1");
    move(Duration.ofSeconds(1));
    assertThat(create("portal", FILE).status()).isEqualTo(201);
    assertThat(create("portal", FILE).status()).isEqualTo(429);
    Reply page = create("portal", FILE, "Accept", "text/html", "Accept-Language", "de");
    assertThat(page.text()).contains("Zu viele Anfragen", "2026-06-01 12:00:30 UTC");
    move(Duration.ofMinutes(1));
  }

  @Test
  void refusedCreate_isNotRead_andEstimatesAreNotCounted() {
    Instant now = CLOCK.instant();
    for (int i = 0; i < 4; i++) {
      create("portal", FILE);
    }
    assertThat(create("portal", "no JSON").status()).isEqualTo(429);
    assertThat(server.call("POST", "/estimate", FILE.replace('\'', '"'), bearer("portal")).status())
        .isEqualTo(200);
    assertThat(server.get("/metrics").text())
        .contains("lading_creates_total{outcome=\"too_many_requests\"}");
    CLOCK.set(now.plus(Duration.ofMinutes(2)));
  }

  @Test
  void preparationsAtOnce_areExact_howeverManyAskAtOnce() {
    script = request -> Answer.hang();
    List<Integer> statuses =
        IntStream.range(0, 8)
            .parallel()
            .mapToObj(i -> create("batch", OBJECT, "Prefer", "respond-async"))
            .map(Reply::status)
            .sorted()
            .toList();
    assertThat(statuses).containsExactly(202, 202, 202, 429, 429, 429, 429, 429);
    Reply refused = create("batch", OBJECT, "Prefer", "respond-async");
    assertThat(refused.header("Retry-After")).isEqualTo("5");
    assertThat(refused.header("RateLimit-Policy"))
        .isEqualTo("\"preparations\";q=3;qu=\"concurrent-requests\"");
    assertThat(left("batch").get(1).get("remaining").asInt()).isZero();
    assertThat(create("other", FILE).status()).isEqualTo(201);

    script = request -> Answer.object(Map.of());
    store.letGo();
    awaited(() -> left("batch").get(1).get("remaining").asInt(), left -> left == 3);
    assertThat(create("batch", OBJECT).status()).isEqualTo(201);
  }

  @Test
  void limitsPage_hasThePublicFigures_andWithATokenOnesOwn() {
    JsonNode everybody = server.get("/limits").json();
    assertThat(everybody.get("client").isNull()).isTrue();
    assertThat(everybody.at("/limits/creates_per_minute").asInt()).isEqualTo(600);
    assertThat(everybody.at("/limits/bytes_per_day").isNull()).isTrue();
    assertThat(everybody.at("/download/entries").asInt()).isEqualTo(5_000_000);
    assertThat(everybody.get("left")).isEmpty();

    CLOCK.set(CLOCK.instant().plus(Duration.ofMinutes(2)));
    create("other", FILE);
    Reply own = server.get("/limits", bearer("other"));
    assertThat(own.json().get("client").asText()).isEqualTo("other");
    assertThat(own.json().at("/left/0/name").asText()).isEqualTo("creates");
    assertThat(own.json().at("/left/0/quota").asInt()).isEqualTo(600);
    assertThat(own.json().at("/left/0/remaining").asInt()).isEqualTo(599);
    assertThat(own.header("RateLimit")).isEqualTo("\"creates\";r=599;t=1");
    assertThat(server.get("/limits", bearer("stranger")).status()).isEqualTo(401);
  }

  private static JsonNode left(String client) {
    return server.get("/limits", bearer(client)).json().get("left");
  }

  private static void move(Duration time) {
    CLOCK.set(CLOCK.instant().plus(time));
  }

  private static String[] bearer(String token) {
    return new String[] {"Authorization", "Bearer " + token};
  }

  private static Reply create(String token, String json, String... headers) {
    String[] all = java.util.Arrays.copyOf(headers, headers.length + 2);
    all[headers.length] = "Authorization";
    all[headers.length + 1] = "Bearer " + token;
    return server.create(json, all);
  }

  private static String sha256(String token) {
    return HexFormat.of()
        .formatHex(Digests.sha256().digest(token.getBytes(StandardCharsets.UTF_8)));
  }
}
