package org.lading;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.lading.testing.HookReceiver.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.base.Digests;
import org.lading.testing.Documents;
import org.lading.testing.HookReceiver;
import org.lading.testing.HookReceiver.Request;
import org.lading.testing.Http;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.LogLines;
import org.lading.testing.NeedsProgram;
import org.lading.testing.NginxServer;
import org.lading.testing.Programs;
import org.lading.testing.SettableClock;
import org.lading.testing.Traces;

/** Applications are told what becomes of the downloads that they asked for. */
class WebhooksTest {
  private static final String OLD = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String NEW = "whsec_bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3";
  private static final String TARGETS = "'targets': [{'type': 'file', 'path': 'a.txt'}]";
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String[] PORTAL = {"Authorization", "Bearer portal"};

  @TempDir static Path directory;
  static final SettableClock CLOCK = SettableClock.atNow(ChronoUnit.SECONDS);
  static LadingServer server;
  static LogLines log;
  static HookReceiver receiver;

  @BeforeAll
  static void start() throws IOException {
    Files.writeString(
        Files.createDirectories(directory.resolve("root")).resolve("a.txt"), "content");
    receiver = new HookReceiver();
    log = new LogLines();
    server =
        LadingServer.start(
            directory,
            """
            roots: [{name: main, path: root}]
            nginx_url: https://files.example.org
            clients:
              - {name: portal, token_sha256: %s, webhook_secrets: [%s, %s]}
              - {name: mute, token_sha256: %s}
            webhooks:
              allow:
                - http://127.0.0.1:%d/hooks
                - http://127.0.0.1/hooks
                - https://app.example.org/hooks
            """
                .formatted(sha256("portal"), OLD, NEW, sha256("mute"), receiver.port()),
            CLOCK);
  }

  @AfterAll
  static void stop() {
    server.close();
    receiver.close();
    log.close();
  }

  @BeforeEach
  void listen() {
    // Receivers compare the time of a message with their own.
    CLOCK.set(Clock.systemUTC().instant().truncatedTo(ChronoUnit.SECONDS));
  }

  @AfterEach
  void forget() {
    awaitRecorded();
    receiver.forget();
  }

  @Test
  void ready_isTold_withTheStatus() throws IOException {
    Reply created = create("/hooks/zip?token=hidden-query");

    Request told = told(1);
    assertThat(told.line()).isEqualTo("POST /hooks/zip?token=hidden-query HTTP/1.1");
    assertThat(told.headers())
        .containsEntry("content-type", "application/json")
        .containsEntry("host", "127.0.0.1:" + receiver.port())
        .containsEntry("webhook-timestamp", "" + CLOCK.instant().getEpochSecond());
    JsonNode event = event(told);
    assertThat(event.get("type").asText()).isEqualTo("download.ready");
    assertThat(Instant.parse(event.get("timestamp").asText())).isEqualTo(CLOCK.instant());
    assertThat(event.get("data")).isEqualTo(server.get(page(created, "status")).json());
    assertThat(event.at("/data/download_url").asText())
        .isEqualTo(created.json().get("download_url").asText())
        .startsWith("https://files.example.org/downloads/main/");
  }

  @Test
  void failure_isTold() throws IOException {
    Reply created =
        server.call(
            "POST",
            "/create",
            body("/hooks", "'targets': [{'type': 'file', 'path': 'gone.txt'}]"),
            "Authorization",
            "Bearer portal",
            "Prefer",
            "respond-async");

    assertThat(created.status()).isEqualTo(202);
    JsonNode event = event(told(1));
    assertThat(event.get("type").asText()).isEqualTo("download.failed");
    assertThat(event.at("/data/status").asText()).isEqualTo("missing_or_invalid_targets");
    assertThat(event.at("/data/id").asText()).isEqualTo(created.json().get("id").asText());
  }

  /** Whichever the client's program gets first, the download that it names is there. */
  @Test
  void failureWhileTheClientWaits_isAnsweredAndTold_andTheDownloadStays() throws IOException {
    Reply refused =
        server.create(body("/hooks", "'targets': [{'type': 'file', 'path': 'gone.txt'}]"), PORTAL);

    assertThat(refused.status()).as(refused.toString()).isEqualTo(400);
    JsonNode event = event(told(1));
    assertThat(event.get("type").asText()).isEqualTo("download.failed");
    Reply status = server.get("/main/" + event.at("/data/id").asText() + "/status");
    assertThat(status.status()).isEqualTo(200);
    assertThat(event.get("data")).isEqualTo(status.json());
  }

  @Test
  void whatWaits_isInTheStatus_andInTheMetricsOfTheDocument() {
    receiver.answer(status(500));
    create("/hooks");
    told(1);
    // An answer of the status is kept for ten seconds, in which the message is tried again.
    pass(Duration.ofSeconds(10));
    told(2);

    JsonNode events = server.status().json().at("/parts/events");
    assertThat(events.get("status").asText()).isEqualTo("ok");
    assertThat(events.get("waiting").asInt()).isEqualTo(1);
    assertThat(Instant.parse(events.get("oldest").asText()))
        .isBetween(CLOCK.instant().minusSeconds(15), CLOCK.instant());
    // A scrape has figures of the database that are a second old at most.
    String metrics =
        Traces.awaited(
            () -> server.get("/metrics").text(),
            text -> text.contains("lading_events_waiting{channel=\"webhook\"} 1"));
    assertThat(metrics).containsPattern("(?m)^lading_events_oldest_seconds 1[0-9]");
    assertThat(
            Pattern.compile("(?m)^lading_events\\w+(?:\\{\\w+)?")
                .matcher(metrics)
                .results()
                .map(MatchResult::group)
                .map(name -> name.contains("{") ? name + "}" : name)
                .distinct()
                // This one is there without channels, too.
                .filter(name -> !name.equals("lading_events_given_up_total{channel}")))
        .containsExactlyInAnyOrderElementsOf(
            Documents.byCode(Documents.table("docs/operations.md", "<!-- metrics of messages -->"))
                .keySet());
    receiver.answer(status(204));
    pass(Duration.ofMinutes(5));
    told(3);
  }

  @Test
  void failure_isTold_alsoIfTheClientHasItsAnswer() throws IOException {
    Reply refused =
        server.create(body("/hooks", "'targets': [{'type': 'file', 'path': 'gone.txt'}]"), PORTAL);

    assertThat(refused.status()).isEqualTo(400);
    assertThat(event(told(1)).get("type").asText()).isEqualTo("download.failed");
  }

  @Test
  void removal_isTold_afterReady() throws IOException {
    Reply created = create("/hooks");
    told(1);
    String id = created.json().get("id").asText();

    assertThat(server.call("DELETE", "/main/" + id, null, PORTAL).status()).isEqualTo(204);

    JsonNode event = event(told(2));
    assertThat(event.get("type").asText()).isEqualTo("download.expired");
    assertThat(event.at("/data/status").asText()).isEqualTo("expired");
  }

  /** An hour passes while the receiver does not work; the message is the same when it does. */
  @Test
  void receiverThatFails_isToldAgainUntilItTakesTheMessage() throws IOException {
    receiver.answer(status(503));
    create("/hooks");
    told(1);
    pass(Duration.ofSeconds(5));
    told(2);
    receiver.answer(status(302, "Location: http://127.0.0.1:" + receiver.port() + "/hooks/other"));
    pass(Duration.ofMinutes(5));
    told(3);
    receiver.answer((request, out) -> out.flush());
    pass(Duration.ofMinutes(30));
    told(4);
    assertThat(receiver.requests()).extracting(Request::line).containsOnly("POST /hooks HTTP/1.1");
    receiver.answer(status(204));
    pass(Duration.ofHours(2));

    Request last = told(5);
    assertThat(event(last).get("type").asText()).isEqualTo("download.ready");
    assertThat(last.headers())
        .containsEntry("webhook-timestamp", "" + CLOCK.instant().getEpochSecond());
  }

  /** Two applications share a host; one of them asks for a pause. */
  @Test
  void pathThatAsksForAPause_getsIt_andOthersOfItsHostAreTold() {
    receiver.answer(
        (request, out) -> {
          boolean isBusy = request.line().contains("/hooks/busy");
          (isBusy ? status(503, "Retry-After: 3000") : status(204)).answer(request, out);
        });
    create("/hooks/busy");
    told(1);
    awaitRecorded();
    create("/hooks/busy");
    create("/hooks/busy");
    create("/hooks/works");

    assertThat(told(2).line()).contains("/hooks/works");
    receiver.answer(status(410));
    pass(Duration.ofMinutes(50));
    told(5);
  }

  @Test
  void everyTry_hasTheSameId_andASignatureOfItsTime() throws IOException {
    receiver.answer(status(500));
    create("/hooks");
    told(1);
    pass(Duration.ofSeconds(5));
    Request second = told(2);
    Request first = receiver.requests().get(0);

    assertThat(second.headers().get("webhook-id")).isEqualTo(first.headers().get("webhook-id"));
    assertThat(second.headers().get("webhook-signature"))
        .isNotEqualTo(first.headers().get("webhook-signature"));
    receiver.answer(status(410));
    pass(Duration.ofMinutes(5));
    told(3);
  }

  @Test
  void gone_endsTheMessagesOfTheDownload() throws IOException {
    receiver.answer(status(410));
    String id = create("/hooks").json().get("id").asText();
    told(1);
    assertThat(server.call("DELETE", "/main/" + id, null, PORTAL).status()).isEqualTo(204);

    receiver.answer(status(204));
    create("/hooks/next");
    told(2);
    pass(Duration.ofMinutes(5));
    assertThat(receiver.requests())
        .extracting(Request::line)
        .containsExactly("POST /hooks HTTP/1.1", "POST /hooks/next HTTP/1.1");
  }

  /**
   * The example of docs/applications.md takes what is signed with either secret, and nothing else.
   */
  @NeedsProgram("python3")
  @ParameterizedTest
  @ValueSource(strings = {OLD, NEW})
  void receiverOfTheDocument_knowsTheSignature(String secret) throws Exception {
    receiver.answer(status(410));
    create("/hooks");
    Request told = told(1);
    MatchResult snippet =
        Pattern.compile("<!-- receiver -->\n\n```python\n(.*?)\n```", Pattern.DOTALL)
            .matcher(Documents.text(Path.of("docs/applications.md")))
            .results()
            .findFirst()
            .orElseThrow();
    int port = NginxServer.freePort();
    Path program = Files.writeString(directory.resolve("receiver.py"), snippet.group(1) + "\n");
    Path output = directory.resolve("receiver.out");
    ProcessBuilder builder =
        new ProcessBuilder(Programs.HERE.get("python3").toString(), program.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("LADING_WEBHOOK_SECRET", secret);
    builder.environment().put("PORT", Integer.toString(port));
    Process process = builder.start();
    try (Http http = new Http(URI.create("http://127.0.0.1:" + port))) {
      String[] headers = signed(told);
      assertThat(Traces.within(PATIENCE, () -> post(http, told.body(), headers), Objects::nonNull))
          .isEqualTo(204);
      byte[] changed = told.text().replace("ready", "gone!").getBytes(UTF_8);
      assertThat(post(http, changed, headers)).isEqualTo(400);
      assertThat(post(http, told.body())).isEqualTo(400);
    } finally {
      process.destroy();
      process.waitFor();
    }
    assertThat(Files.readString(output))
        .contains("download.ready " + event(told).at("/data/id").asText() + "\n");
  }

  @NeedsProgram("npm:standardwebhooks")
  @Test
  void libraryOfStandardWebhooks_knowsBothSignatures() throws Exception {
    receiver.answer(status(410));
    create("/hooks");
    Request told = told(1);
    assertThat(told.headers().get("webhook-signature").split(" ", -1)).hasSize(2);

    assertThat(verified(told, OLD)).isEqualTo("download.ready\n");
    assertThat(verified(told, NEW)).isEqualTo("download.ready\n");
    assertThat(verified(told, "whsec_" + "b3Ro".repeat(8))).contains("WebhookVerificationError");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'http://127.0.0.1:PORT/'",
        "'http://127.0.0.1:PORT/hooksx'",
        "'http://127.0.0.1:PORT/hooks/../admin'",
        "'http://127.0.0.1:PORT/hooks/%2e%2e/admin'",
        "'http://127.0.0.1:PORT/hooks/..;a=b/admin'",
        "'http://user@127.0.0.1:PORT/hooks'",
        "'http://127.0.0.1:PORT@evil.example/hooks'",
        "'http://localhost:PORT/hooks'",
        "'http://[::1]:PORT/hooks'",
        "'http://2130706433:PORT/hooks'",
        "'http://127.0.0.2:PORT/hooks'",
        "'http://169.254.169.254/hooks'",
        "'http://127.0.0.1:22/hooks'",
        "'https://127.0.0.1:PORT/hooks'",
        "'https://app.example.org.evil.example/hooks'",
        "'https://app.example.org:8443/hooks'",
        "'file:///etc/passwd'",
        "'http://127.0.0.1:PORT/hooks\\r\\nX-Other: 1'",
        "''",
      })
  void addressThatIsNotAllowed_isRefused(String address) throws IOException {
    String notify = address.replace("PORT", Integer.toString(receiver.port()));
    String body = "{'root': 'main', 'notify': " + notify + ", " + TARGETS + "}";

    Reply refused = server.create(body, PORTAL);
    assertThat(refused.status()).as(refused.toString()).isEqualTo(400);
    assertThat(refused.json().get("code").asText()).isEqualTo("invalid_notify");
    assertThat(refused.json().get("error").asText()).startsWith("notify ");

    JsonNode estimate = server.call("POST", "/estimate", body.replace('\'', '"'), PORTAL).json();
    assertThat(estimate.get("would").asText()).isEqualTo("fail");
    assertThat(estimate.at("/faults/0/code").asText()).isEqualTo("invalid_notify");
    assertThat(receiver.requests()).isEmpty();
  }

  @Test
  void clientWithoutASecret_cannotBeTold() {
    Reply refused = server.create(body("/hooks", TARGETS), "Authorization", "Bearer mute");

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().get("code").asText()).isEqualTo("invalid_notify");
    assertThat(refused.json().get("error").asText()).contains("webhook_secret");
  }

  @Test
  void estimate_ofAnAllowedAddress_tellsNobody() throws IOException {
    JsonNode estimate = server.call("POST", "/estimate", body("/hooks", TARGETS), PORTAL).json();

    assertThat(estimate.get("would").asText()).isEqualTo("succeed");
    create("/hooks/after");
    assertThat(told(1).line()).contains("/hooks/after");
  }

  @Test
  void log_hasNoSecretAndNoPath() throws IOException {
    receiver.answer(status(500));
    create("/hooks/hidden-path?token=hidden-query");
    told(1);
    receiver.answer(status(410));
    pass(Duration.ofSeconds(5));
    told(2);

    assertThat(log.records()).anySatisfy(line -> assertThat(line).contains("410"));
    assertThat(String.join("\n", log.records()))
        .doesNotContain("hidden", OLD.substring(6), NEW.substring(6), "v1,");
  }

  private static Reply create(String path) {
    Reply created = server.create(body(path, TARGETS), PORTAL);
    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    return created;
  }

  private static String body(String path, String targets) {
    return "{'root': 'main', 'notify': 'http://127.0.0.1:%d%s', %s}"
        .formatted(receiver.port(), path, targets)
        .replace('\'', '"');
  }

  /** The last of so many requests, when it has come. */
  private Request told(int count) {
    List<Request> all =
        Traces.within(PATIENCE, () -> receiver.requests(), come -> come.size() >= count);
    assertThat(all).hasSize(count);
    return all.get(count - 1);
  }

  /** Waits until what became of each request is recorded, from when on the pauses count. */
  private static void awaitRecorded() {
    Traces.awaited(WebhooksTest::recorded, recorded -> recorded == receiver.total());
  }

  private static int recorded() {
    return Pattern.compile("lading_events_(?:delivered|failed|given_up)_total\\{[^}]*} (\\d+)")
        .matcher(server.get("/metrics").text())
        .results()
        .mapToInt(line -> Integer.parseInt(line.group(1)))
        .sum();
  }

  /** Lets time pass, some more than the pauses after tries, which may be made longer. */
  private static void pass(Duration time) {
    awaitRecorded();
    CLOCK.set(CLOCK.instant().plus(time.multipliedBy(5).dividedBy(4)));
  }

  private static String page(Reply created, String page) {
    return LadingServer.page(created, page);
  }

  private static JsonNode event(Request request) throws IOException {
    return new ObjectMapper().readTree(request.body());
  }

  private static String[] signed(Request told) {
    return new String[] {
      "webhook-id", told.headers().get("webhook-id"),
      "webhook-timestamp", told.headers().get("webhook-timestamp"),
      "webhook-signature", told.headers().get("webhook-signature")
    };
  }

  /** The status of the answer, or null while nobody listens. */
  private static Integer post(Http http, byte[] body, String... headers) {
    try {
      return http.post("/", body, headers).status();
    } catch (UncheckedIOException e) {
      return null;
    }
  }

  private static String verified(Request told, String secret) throws Exception {
    Path program = Path.of("src/test/resources/org/lading/verify_webhook.js").toAbsolutePath();
    ProcessBuilder builder =
        new ProcessBuilder(Programs.HERE.get("npm:standardwebhooks").toString(), program.toString())
            .redirectErrorStream(true);
    builder.environment().put("SECRET", secret);
    builder.environment().put("HEADERS", new ObjectMapper().writeValueAsString(told.headers()));
    Process process = builder.start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(told.body());
    }
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    return said;
  }

  private static String sha256(String token) {
    return HexFormat.of().formatHex(Digests.sha256().digest(token.getBytes(UTF_8)));
  }
}
