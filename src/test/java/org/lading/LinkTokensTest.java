package org.lading;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.base.Digests;
import org.lading.testing.Http.Reply;
import org.lading.testing.Jwt;
import org.lading.testing.LadingServer;
import org.lading.testing.LogLines;
import org.lading.testing.SettableClock;

/** Tokens in plain links: what they give, and the attacks of RFC 8725. */
class LinkTokensTest {
  private static final String SECRET = "the secret of the portal, 32 bytes";
  private static final String OLD = "the older secret of the archive system";
  private static final String NEW = "the newer secret of the archive system";
  private static final String BELOW = "'root': 'closed', 'below': 'a/b'";

  /** The number of mutated tokens; 100,000 take about a minute: {@code -Dlading.tokens=100000}. */
  private static final int MUTATED = Integer.getInteger("lading.tokens", 1000);

  @TempDir static Path directory;
  private static final Instant NOW = now();
  private static LadingServer server;

  private static Instant now() {
    return Clock.systemUTC().instant().truncatedTo(ChronoUnit.SECONDS);
  }

  @BeforeAll
  static void start() throws IOException {
    for (String file :
        new String[] {"closed/a/b/c.txt", "closed/a/bc.txt", "other/x.txt", "open/o.txt"}) {
      Path path = directory.resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, file);
    }
    server =
        LadingServer.start(
            directory,
            """
            roots:
              - {name: closed, path: closed}
              - {name: other, path: other}
              - {name: open, path: open, public: true}
            clients:
              - {name: portal, secret: "%s", token_sha256: %s, roots: [closed]}
              - {name: archive, secrets: {old: "%s", new: "%s"}}
              - {name: bare, token_sha256: %s}
            """
                .formatted(
                    SECRET,
                    HexFormat.of().formatHex(Digests.sha256().digest("bearer".getBytes(UTF_8))),
                    OLD,
                    NEW,
                    "0".repeat(64)),
            new SettableClock(NOW));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Reply get(String path, String token, String... headers) {
    return server.get(path + (path.contains("?") ? "&" : "?") + "token=" + token, headers);
  }

  private static String token(String others) {
    return Jwt.signed(Jwt.HS256, Jwt.claims("portal", NOW.plusSeconds(600), others), SECRET);
  }

  @ParameterizedTest
  @CsvSource({
    "/zip/closed/a/b, 200",
    "/zip/closed/a/b/?name=other, 200",
    "/zip/closed/a/b/c.txt, 200",
    "//zip//closed//a//b//, 200",
    "/zip/closed/a/bc.txt, 403",
    "/zip/closed/a, 403",
    "/zip/closed, 403",
    "/zip/closed/a/b/../bc.txt, 400",
    "/zip/closed/a/b/%2e%2e/bc.txt, 400",
    "/zip/closed/a%2Fb, 400",
    "/zip/closed/A/b, 403",
    "/zip/other, 403",
    "/zip/none, 403",
    "/zip/open, 200",
    "/zip, 404",
  })
  void below_coversWhatIsBelow_inItsRoot(String path, int status) {
    assertThat(get(path, token(BELOW)).status()).isEqualTo(status);
    assertThat(get(path, token("'root': 'closed', 'below': '/a/b/'")).status()).isEqualTo(status);
  }

  @Test
  void rootsOfTheClient_applyOnTop() {
    assertThat(get("/zip/other", token("'root': 'other', 'below': ''")).status()).isEqualTo(403);
    assertThat(get("/zip/closed", token("'root': 'closed', 'below': ''")).status()).isEqualTo(200);
    String create = "'create': {'root': 'other', 'targets': [{'type': 'file', 'path': 'x.txt'}]}";
    assertThat(get("/zip", token(create)).status()).isEqualTo(403);
    String inTarget =
        "'create': {'root': 'closed', 'targets': [{'type': 'file', 'root': 'other', 'path': 'x.txt'}]}";
    assertThat(get("/zip", token(inTarget)).status()).isEqualTo(403);
  }

  @Test
  void create_isAChoiceOfFiles_preparedOnceWhateverItsForm() {
    String create =
        "'create': {'root': 'closed', 'zip_name': 'choice', 'targets': ["
            + "{'type': 'file', 'path': 'a/bc.txt'}, {'path': 'a/b', 'type': 'directory'},"
            + "{'type': 'literal', 'name': 'n.txt', 'content': 'ä'}]}";
    long before = downloads();
    Reply reply = get("/zip", token(create));

    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    assertThat(reply.header("Content-Disposition")).contains("choice.zip");
    assertThat(reply.text()).contains("choice/bc.txt", "choice/a/b/c.txt", "choice/n.txt", "ä");
    String other =
        create.replace("'type': 'file', 'path': 'a/bc.txt'", "'path': 'a/bc.txt', 'type': 'file'");
    assertThat(get("/zip/", token(other)).header("ETag")).isEqualTo(reply.header("ETag"));
    assertThat(server.head("/zip?token=" + token(create)).header("ETag"))
        .isEqualTo(reply.header("ETag"));
    assertThat(downloads()).isEqualTo(before + 1);
    assertThat(get("/zip/closed/a", token(create)).status()).isEqualTo(403);
  }

  @Test
  void archive_isAtItsLinkAlone_whoeverKnowsItsId() {
    String[] portal = {"Authorization", "Bearer bearer"};
    String create =
        "'create': {'root': 'closed', 'repeatable': true,"
            + " 'targets': [{'type': 'file', 'path': 'a/bc.txt'}]}";
    Reply reply = get("/zip", token(create));
    String id =
        server.text(
            "select id from download where client = 'portal' order by created_at desc limit 1");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("Content-Disposition")).contains("\"closed.zip\"");
    assertThat(reply.toString()).doesNotContain(id);
    for (String page : List.of("get", "download", "manifest", "status")) {
      Reply refused = server.get("/closed/" + id + "/" + page, portal);
      assertThat(refused.status()).as(page).isEqualTo(404);
      assertThat(refused.text())
          .isEqualTo(server.get("/closed/" + "x".repeat(32) + "/" + page, portal).text());
    }
    assertThat(server.call("POST", "/closed/" + id + "/again", null, portal).status())
        .isEqualTo(404);
    assertThat(server.call("DELETE", "/closed/" + id, null, portal).status()).isEqualTo(404);
    assertThat(server.get("/list", portal).json().get("downloads")).isEmpty();
    assertThat(get("/zip", token(create)).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'create': {'root': 'closed', 'targets': []}",
        "'create': {'root': 'closed'}",
        "'create': {'root': 'closed', 'targets': [{'type': 'file', 'path': '../x'}]}",
        "'create': {'root': 'closed', 'targets': [{'type': 'file', 'path': 'none'}]}",
        "'create': {'root': 'closed', 'zip_name': '../x', 'targets': [{'type': 'file', 'path': 'a'}]}",
        "'create': {'root': 'closed', 'misspelt': 1, 'targets': [{'type': 'file', 'path': 'a'}]}",
      })
  void create_isReadAsThatOfACall(String create) {
    assertThat(get("/zip", token(create)).status()).isBetween(400, 409);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {'alg': 'none'}
          {'alg': 'None', 'typ': 'JWT'}
          {'alg': 'HS384', 'typ': 'JWT'}
          {'alg': 'RS256', 'typ': 'JWT'}
          {'alg': 'dir', 'enc': 'A128GCM'}
          {'alg': 'hs256'}
          {'typ': 'JWT'}
          {'alg': 'HS256', 'crit': ['x'], 'x': 1}
          {'alg': 'HS256', 'b64': false, 'crit': ['b64']}
          {'alg': 'HS256', 'b64': false}
          {'alg': 'HS256', 'typ': 'at+jwt'}
          {'alg': 'HS256', 'alg': 'HS256'}
          {'alg': ['HS256']}
          {'alg': 5}
          ['HS256']
          []
          """)
  void otherHeader_isForged(String header) {
    String claims = Jwt.claims("portal", NOW.plusSeconds(600), BELOW);
    assertForged(Jwt.signed(header, claims, SECRET));
    assertForged(Jwt.signed(header, claims, SECRET, "HmacSHA384"));
    String unsigned = Jwt.signed(header, claims, SECRET).replaceFirst("\\.[^.]*$", "");
    assertForged(unsigned);
    assertForged(unsigned + '.');
  }

  @Test
  void keyOfTheHeader_isNotUsed() {
    String key =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString("a key that the attacker has chosen".getBytes(UTF_8));
    String claims = Jwt.claims("portal", NOW.plusSeconds(600), BELOW);
    String jwk = "{'alg': 'HS256', 'jwk': {'kty': 'oct', 'k': '" + key + "'}}";
    assertForged(Jwt.signed(jwk, claims, "a key that the attacker has chosen"));
    String url = "{'alg': 'HS256', 'jku': 'http://127.0.0.1:%d/keys'}".formatted(server.port());
    assertForged(Jwt.signed(url, claims, "a key that the attacker has chosen"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {'exp': EXP, BELOW}
          {'iss': 'archive', 'exp': EXP, BELOW}
          {'iss': 'bare', 'exp': EXP, BELOW}
          {'iss': 'nobody', 'exp': EXP, BELOW}
          {'iss': ['portal'], 'exp': EXP, BELOW}
          {'iss': null, 'exp': EXP, BELOW}
          {'iss': 'portal', BELOW}
          {'iss': 'portal', 'exp': null, BELOW}
          {'iss': 'portal', 'exp': 'EXP', BELOW}
          {'iss': 'portal', 'exp': -1, BELOW}
          {'iss': 'portal', 'exp': 1e300, BELOW}
          {'iss': 'portal', 'exp': 9223372036854775807, BELOW}
          {'iss': 'portal', 'exp': EXP, 'exp': EXP, BELOW}
          {'iss': 'portal', 'exp': EXP, 'aud': 'another', BELOW}
          {'iss': 'portal', 'exp': EXP, 'aud': [], BELOW}
          {'iss': 'portal', 'exp': EXP, 'root': 'closed'}
          {'iss': 'portal', 'exp': EXP, 'below': 'a/b'}
          {'iss': 'portal', 'exp': EXP}
          {'iss': 'portal', 'exp': EXP, 'root': 'closed', 'below': 'a/b/../..'}
          {'iss': 'portal', 'exp': EXP, 'root': 'closed', 'below': '..'}
          {'iss': 'portal', 'exp': EXP, 'root': 'closed', 'below': './a/b'}
          {'iss': 'portal', 'exp': EXP, 'root': 'closed', 'below': ['a/b']}
          {'iss': 'portal', 'exp': EXP, 'root': 'closed', 'below': 'a%2Fb'}
          {'iss': 'portal', 'exp': EXP, 'create': {}, BELOW}
          {'iss': 'portal', 'exp': EXP, 'create': 'x', BELOW}
          ['iss', 'portal']
          'portal'
          """)
  void otherClaims_areForgedOrDoNotCover(String claims) {
    String whole =
        claims.replace("EXP", Long.toString(NOW.getEpochSecond() + 600)).replace("BELOW", BELOW);
    assertForged(Jwt.signed(Jwt.HS256, whole, SECRET));
  }

  private static void assertForged(String token) {
    Reply reply = get("/zip/closed/a/b", token);
    assertThat(reply.status()).as(reply.text()).isEqualTo(403);
    assertThat(reply.json().get("code").asText()).isEqualTo("forbidden");
    assertThat(reply.text()).doesNotContain(token, "Exception", SECRET);
    assertThat(reply.header("Referrer-Policy")).isEqualTo("no-referrer");
  }

  @ParameterizedTest
  @CsvSource({
    "exp: 600, 200",
    "exp: -59, 200",
    "exp: -61, 410",
    "exp: 604800, 200",
    "exp: 604859, 200",
    "exp: 604861, 403",
    "exp: 600; iat: 0, 200",
    "exp: 600; iat: 59, 200",
    "exp: 600; iat: 61, 403",
    "exp: 600; iat: -604200, 200",
    "exp: 600; iat: -604201, 403",
    "exp: 600; nbf: 59, 200",
    "exp: 600; nbf: 61, 403",
    "exp: 600.5; nbf: -1.5, 200",
  })
  void times_haveALeewayOfAMinute_andALongestLife(String times, int status) {
    StringBuilder claims = new StringBuilder("{'iss': 'portal', " + BELOW);
    for (String time : times.split("; ", -1)) {
      String[] parts = time.split(": ", -1);
      claims.append(", '").append(parts[0]).append("': ");
      claims.append(
          parts[1].contains(".")
              ? Double.toString(NOW.getEpochSecond() + Double.parseDouble(parts[1]))
              : Long.toString(NOW.getEpochSecond() + Long.parseLong(parts[1])));
    }
    Reply reply = get("/zip/closed/a/b", Jwt.signed(Jwt.HS256, claims + "}", SECRET));
    assertThat(reply.status()).as(reply.text()).isEqualTo(status);
  }

  @Test
  void keyId_choosesOneOfTwoSecrets() {
    String claims = Jwt.claims("archive", NOW.plusSeconds(600), BELOW);
    String oldKey = "{'alg': 'HS256', 'kid': 'old'}";
    String newKey = "{'alg': 'HS256', 'kid': 'new'}";
    assertThat(get("/zip/closed/a/b", Jwt.signed(oldKey, claims, OLD)).status()).isEqualTo(200);
    assertThat(get("/zip/closed/a/b", Jwt.signed(newKey, claims, NEW)).status()).isEqualTo(200);
    assertForged(Jwt.signed(oldKey, claims, NEW));
    assertForged(Jwt.signed("{'alg': 'HS256', 'kid': 'none'}", claims, NEW));
    assertForged(Jwt.signed("{'alg': 'HS256', 'kid': '../old'}", claims, NEW));
    assertForged(Jwt.signed(Jwt.HS256, claims, NEW));
  }

  @Test
  void anotherQueryOrToken_isRefused() {
    String token = token(BELOW);
    assertThat(get("/zip/closed/a/b?token=" + token, token).status()).isEqualTo(400);
    assertThat(server.get("/zip/closed/a/b?token=").status()).isEqualTo(403);
    assertThat(server.get("/zip/closed/a/b?Token=" + token).status()).isEqualTo(403);
    assertThat(get("/zip/closed/a/b", token, "Authorization", "Bearer of another").status())
        .isEqualTo(200);
  }

  @Test
  void browser_getsAPage_withoutTheToken() {
    String late = Jwt.signed(Jwt.HS256, Jwt.claims("portal", NOW.minusSeconds(600), BELOW), SECRET);
    Reply page = get("/zip/closed/a/b", late, "Accept", "text/html");
    assertThat(page.status()).isEqualTo(410);
    assertThat(page.header("Content-Type")).startsWith("text/html");
    assertThat(page.text()).doesNotContain(late);
  }

  @Test
  void mutatedTokens_areRefused_andNothingFails() {
    Random random = new Random(8725);
    String good = token(BELOW);
    int refused = 0;
    try (LogLines log = new LogLines()) {
      for (int i = 0; i < MUTATED; i++) {
        String token = mutated(good, random);
        Reply reply = get("/zip/closed/a/b", token);
        // What differs in the last two bits of a signature only, means the same bytes.
        assertThat(reply.status()).as(token).isIn(200, 400, 403);
        refused += reply.status() == 200 ? 0 : 1;
        if (reply.status() == 200) {
          assertThat(token).startsWith(good.substring(0, good.length() - 1));
        }
      }
      assertThat(String.join("\n", log.records())).doesNotContain(good.substring(0, 60));
    }
    assertThat(refused).isGreaterThan(MUTATED * 9 / 10);
  }

  private static String mutated(String good, Random random) {
    String safe = "ABCXYZabcxyz0189-_.~%41+&=";
    StringBuilder token = new StringBuilder(good);
    for (int edits = 1 + random.nextInt(3); edits > 0 && !token.isEmpty(); edits--) {
      int at = random.nextInt(token.length());
      char c = safe.charAt(random.nextInt(safe.length()));
      switch (random.nextInt(5)) {
        case 0 -> token.setCharAt(at, c);
        case 1 -> token.insert(at, c);
        case 2 -> token.deleteCharAt(at);
        case 3 -> token.delete(at, Math.min(token.length(), at + random.nextInt(40)));
        default -> token.insert(at, token.substring(random.nextInt(at + 1), at));
      }
    }
    String result = token.toString();
    return result.equals(good) ? result + "x" : result;
  }

  private static long downloads() {
    return server.number("select count(*) from download");
  }
}
