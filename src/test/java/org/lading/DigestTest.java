package org.lading;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.testing.DigestClient;
import org.lading.testing.DigestClient.Use;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.RawDownload;
import org.lading.testing.SettableClock;

/** Clients name themselves by the digest of their passwords, RFC 7616. */
class DigestTest {
  /** The number of headers with a fault that are tried; 10,000 were. */
  private static final int MUTATIONS = Integer.getInteger("lading.testing.mutations", 300);

  private static final DigestClient ANNA = DigestClient.of("anna", "the password of Anna");
  private static final DigestClient BERT = DigestClient.of("bert", "the password of Bert");
  private static final DigestClient UMLAUT = DigestClient.of("Jürgen \uD83D\uDE00", "пароль");
  private static final DigestClient OLD = DigestClient.of("idb", "4711");
  private static final String NOTE =
      "{'root': '%s', 'targets': [{'type': 'literal', 'name': 'n', 'content': 'n'}]}";

  @TempDir static Path directory;
  static final SettableClock now = SettableClock.atNow(ChronoUnit.SECONDS);
  static LadingServer server;

  @BeforeAll
  static void start() throws IOException {
    for (String root : List.of("main", "other")) {
      Files.writeString(Files.createDirectories(directory.resolve(root)).resolve("a.txt"), root);
    }
    server =
        LadingServer.start(
            directory,
            """
            roots: [{name: main, path: main}, {name: other, path: other}]
            clients:
              - {name: anna, password: the password of Anna, roots: [main]}
              - {name: bert, digest_ha1: [%s, %s]}
              - {name: "%s", password: "%s"}
              - {name: token, token_sha256: %s}
            auth:
              users:
                idb: 4711
            """
                .formatted(
                    BERT.hash("bert:Lading:the password of Bert"),
                    BERT.with("MD5").hash("bert:Lading:the password of Bert"),
                    UMLAUT.name(),
                    UMLAUT.password(),
                    ANNA.hash("the token")),
            now);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void postWithoutCredentialsAndBody_isTheChallenge() {
    Reply reply = server.call("POST", "/create", "");

    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.json().get("code").asText()).isEqualTo("unauthorized");
    String nonce = DigestClient.nonce(reply);
    assertThat(reply.header("WWW-Authenticate"))
        .isEqualTo(
            ("Digest realm=\"Lading\", qop=\"auth\", algorithm=SHA-256, nonce=\"%1$s\","
                    + " charset=UTF-8, Bearer, Digest realm=\"Lading\","
                    + " qop=\"auth\", algorithm=MD5, nonce=\"%1$s\", charset=UTF-8")
                .formatted(nonce));
    assertThat(nonce).isNotEqualTo(DigestClient.nonce(server.call("POST", "/create", "")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"SHA-256", "MD5"})
  void everyClientWithAPassword_creates(String algorithm) throws IOException {
    for (DigestClient client : List.of(ANNA, BERT, OLD)) {
      assertThat(create(client.with(algorithm), "main").status()).isEqualTo(201);
    }
    Use list = use("GET", "/downloads/list");
    // The container makes a character of each byte.
    String header = UMLAUT.with(algorithm).header(list);
    try (RawDownload raw =
        new RawDownload(
            server.port(),
            "/downloads/list",
            "Authorization",
            new String(header.getBytes(UTF_8), ISO_8859_1))) {
      assertThat(raw.head()).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void passwordOpens_whatATokenOpens() {
    Reply created = create(ANNA, "main");
    String download = LadingServer.page(created, "").replaceFirst("/$", "");
    String note = NOTE.formatted("main").replace('\'', '"');

    assertThat(call(ANNA, "POST", "/estimate", note).status()).isEqualTo(200);
    assertThat(call(ANNA, "GET", "/list", null).text()).contains(download);
    assertThat(call(ANNA, "GET", "/zip/main/a.txt?name=b", null).status()).isEqualTo(200);
    assertThat(call(ANNA, "GET", "/browse/main/", null).text()).contains("a.txt");
    assertThat(call(ANNA, "GET", "/", null).text()).contains("main").doesNotContain("other");
    assertThat(call(BERT, "DELETE", download, null).status()).isEqualTo(403);
    assertThat(call(ANNA, "DELETE", download, null).status()).isEqualTo(204);
  }

  /** Programs with a password send it only if they are asked for it. */
  @ParameterizedTest
  @CsvSource({
    "POST, /estimate",
    "GET, /list",
    "DELETE, /main/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "GET, /zip/main/a.txt",
    "HEAD, /zip/none",
    "GET, /browse/main/",
    "POST, /browse/main/",
  })
  void pagesThatNeedAClient_askForIt(String method, String page) {
    Reply reply =
        server.call(method, page, null, "Content-Type", "application/x-www-form-urlencoded");

    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.header("WWW-Authenticate")).contains("Digest", "Bearer");
  }

  @Test
  void rootsOfAClient_boundWhatItsPasswordOpens() {
    assertThat(create(ANNA, "other").status()).isEqualTo(403);
    assertThat(call(ANNA, "GET", "/zip/other/a.txt", null).status()).isEqualTo(403);
    assertThat(create(BERT, "other").status()).isEqualTo(201);
    assertThat(server.create(NOTE.formatted("other"), "Authorization", "Bearer the token").status())
        .isEqualTo(201);
  }

  @Test
  void secondUseOfADigest_isRefused_andTheNextOfItsNonceIsTaken() {
    Use first = use("GET", "/downloads/list");

    assertThat(get(ANNA.header(first)).status()).isEqualTo(200);
    requireStale(get(ANNA.header(first)));
    requireStale(get(BERT.header(first)));
    Use later = new Use("GET", first.uri(), first.nonce(), 3);
    Use between = new Use("GET", first.uri(), first.nonce(), 2);
    assertThat(get(ANNA.header(later)).status()).isEqualTo(200);
    assertThat(get(ANNA.header(between)).status()).as("overtaken by another").isEqualTo(200);
  }

  @Test
  void digestThatIsSentManyTimesAtOnce_isTakenOnce() {
    String header = ANNA.header(use("GET", "/downloads/list"));
    AtomicInteger taken = new AtomicInteger();

    IntStream.range(0, 8)
        .parallel()
        .forEach(
            i -> {
              if (get(header).status() == 200) {
                taken.incrementAndGet();
              }
            });

    assertThat(taken).hasValue(1);
  }

  @Test
  void oldNonce_isStale_andAnotherOneFollows() {
    Use use = use("GET", "/downloads/list");
    Use used = new Use("GET", use.uri(), use.nonce(), 2);
    assertThat(get(ANNA.header(used)).status()).isEqualTo(200);
    now.set(now.instant().plus(Duration.ofMinutes(5)).plusSeconds(1));

    Reply reply = get(ANNA.header(use));

    requireStale(reply);
    Use next = new Use("GET", use.uri(), DigestClient.nonce(reply), 1);
    assertThat(get(ANNA.header(next)).status()).isEqualTo(200);
  }

  /** The clock of the node that removes uses may be ahead, and a clock may be set back. */
  @Test
  void useOfANonce_isRememberedLongerThanTheNonceIsTaken_byAnyClock() {
    Use use = use("GET", "/downloads/list");
    Instant start = now.instant();
    assertThat(get(ANNA.header(use)).status()).isEqualTo(200);
    now.set(start.plusSeconds(302));
    assertThat(get(ANNA.header(use("GET", "/downloads/list"))).status()).isEqualTo(200);
    now.set(start.plusSeconds(290));
    requireStale(get(ANNA.header(use)));
  }

  @Test
  void usesOfNonces_areRemoved_alsoAfterTheClockWasSetBack() {
    Instant start = now.instant();
    now.set(start.plus(Duration.ofHours(1)));
    assertThat(get(ANNA.header(use("GET", "/downloads/list"))).status()).isEqualTo(200);
    now.set(start);
    assertThat(get(ANNA.header(use("GET", "/downloads/list"))).status()).isEqualTo(200);
    now.set(start.plus(Duration.ofMinutes(11)));
    assertThat(get(ANNA.header(use("GET", "/downloads/list"))).status()).isEqualTo(200);

    String ended = "select count(*) from nonce_use where kept_until < ";
    assertThat(server.number(ended + server.database().time(now.instant()))).isZero();
  }

  @Test
  void nonceOfAnother_isStale_evenIfTheClientMadeItUp() {
    String nonce = use("GET", "/downloads/list").nonce();
    String forged = (nonce.startsWith("B") ? "C" : "B") + nonce.substring(1);
    for (String other : List.of("1", forged, nonce + "A", nonce.substring(1))) {
      requireStale(get(ANNA.header(new Use("GET", "/downloads/list", other, 1))));
    }
  }

  @Test
  void changedDigest_provesNothing() {
    Use use = use("GET", "/downloads/list");
    String header = ANNA.header(use);
    List<String> changed =
        List.of(
            header.replace("anna", "bert"),
            header.replace("anna", "nobody"),
            header.replace("realm=\"Lading\"", "realm=\"Other\""),
            header.replace("nc=00000001", "nc=00000002"),
            header.replace("nc=00000001", "nc=1"),
            header.replace("0a4f113b", "0a4f113c"),
            header.replace("SHA-256", "MD5"),
            header.replace("SHA-256", "SHA-512-256"),
            header.replace("SHA-256", "SHA-256-sess"),
            header.replace("qop=auth", "qop=auth-int"),
            header.replace("qop=auth, ", ""),
            header.replaceAll("response=\"..", "response=\"zz"),
            header.replaceAll("response=\".*", "response=\"\""),
            header.replaceAll("uri=\"[^\"]*", "uri=\"/downloads/create"),
            ANNA.header(new Use("DELETE", use.uri(), use.nonce(), 1)),
            ANNA.header(new Use("GET", "/downloads/create", use.nonce(), 1)),
            ANNA.header(new Use("GET", use.uri() + "?limit=1", use.nonce(), 1)),
            header + ", nonce=\"1\"",
            header + " \"",
            header.substring(0, header.length() - 1),
            "Digest",
            "Digest ,,,");

    for (String one : changed) {
      Reply reply = get(one);
      assertThat(reply.status()).as(one).isEqualTo(401);
      assertThat(reply.header("WWW-Authenticate")).as(one).doesNotContain("stale");
    }
    assertThat(get(header).status()).as("none of them has used it up").isEqualTo(200);
  }

  /**
   * As kumquat sends it: everything in quotes, no algorithm, and a path that differs by a slash.
   */
  @Test
  void headerOfAClientThatMakesItItself_isTaken() {
    DigestClient md5 = OLD.with("MD5");
    Use use = use("POST", "/downloads/create");
    String header =
        "Digest realm=\"Lading\", qop=\"auth\", nonce=\"%s\", username=\"idb\", uri=\"%s\", nc=\"%s\", cnonce=\"0a4f113b\", response=\"%s\""
            .formatted(use.nonce(), use.uri(), use.nc(), md5.response(use));

    Reply reply =
        server.call(
            "POST",
            "//create/",
            NOTE.formatted("main").replace('\'', '"'),
            "Authorization",
            header);

    assertThat(reply.status()).isEqualTo(201);
  }

  @Test
  void formsThatTheRfcAllows_areTaken() {
    for (String uri :
        List.of("http://x/downloads/list", "/downloads/l%69st", "/downloads//list/")) {
      assertThat(get(ANNA.header(use("GET", uri))).status()).as(uri).isEqualTo(200);
    }
    String hashed = ANNA.hash("anna:Lading");
    String header = ANNA.header(use("GET", "/downloads/list"));
    assertThat(get(header.replace("\"anna\"", "\"" + hashed + "\"") + ", userhash=true").status())
        .isEqualTo(200);
    String extended = UMLAUT.header(use("GET", "/downloads/list"));
    String encoded = "username*=UTF-8''J%C3%BCrgen%20%F0%9F%98%80";
    assertThat(get(extended.replaceFirst("username=\"[^\"]*\"", encoded)).status()).isEqualTo(200);
    String odd =
        ANNA.header(use("GET", "/downloads/list"))
            .replace("anna", "an\\na")
            .replace("Digest ", "dIGEST ,, unknown=1 , ")
            .replace("algorithm", "Algorithm");
    assertThat(get(odd).status()).isEqualTo(200);
  }

  @Test
  void severalHeaders_andOtherSchemes_nameNobody() {
    String header = ANNA.header(use("GET", "/downloads/list"));
    assertThat(
            server
                .get("/list", "Authorization", header, "Authorization", "Bearer the token")
                .status())
        .isEqualTo(401);
    assertThat(get("Basic YW5uYTp0aGUgcGFzc3dvcmQgb2YgQW5uYQ==").status()).isEqualTo(401);
  }

  @Test
  void headersWithFaults_neverMakeTheServerFail() {
    Random random = new Random(16);
    for (int i = 0; i < MUTATIONS; i++) {
      String header = mutated(ANNA.header(use("GET", "/downloads/list")), random);
      assertThat(get(header).status()).as(header).isIn(200, 400, 401);
    }
    for (String part : List.of("a=\"", ",", "\\\"", "=", "a=b,", "\"a\\", "%")) {
      assertThat(get("Digest " + part.repeat(6000 / part.length())).status()).isEqualTo(401);
    }
  }

  private static String mutated(String header, Random random) {
    StringBuilder mutated = new StringBuilder(header);
    for (int changes = random.nextInt(3); changes >= 0; changes--) {
      int at = "Digest ".length() + random.nextInt(mutated.length() - "Digest ".length() - 1);
      char other = "\"\\,= \t*'%:;/aZ0~ü".charAt(random.nextInt(17));
      switch (random.nextInt(4)) {
        case 0 -> mutated.setCharAt(at, other);
        case 1 -> mutated.insert(at, other);
        case 2 -> mutated.deleteCharAt(at);
        default -> mutated.append(mutated.substring(at));
      }
    }
    return mutated.toString();
  }

  private static void requireStale(Reply reply) {
    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.header("WWW-Authenticate"))
        .containsSubsequence("SHA-256", "stale=true", "MD5", "stale=true");
  }

  private static Use use(String method, String uri) {
    return new Use(method, uri, DigestClient.nonce(server.get("/list")), 1);
  }

  private static Reply create(DigestClient client, String root) {
    return call(client, "POST", "/create", NOTE.formatted(root).replace('\'', '"'));
  }

  private static Reply call(DigestClient client, String method, String page, String body) {
    String header = client.header(use(method, "/downloads" + page));
    return server.call(method, page, body, "Authorization", header, "Prefer", LadingServer.PATIENT);
  }

  private static Reply get(String authorization) {
    return server.get("/list", "Authorization", authorization);
  }
}
