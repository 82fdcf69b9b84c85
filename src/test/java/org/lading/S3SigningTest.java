package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.testing.BareObjects;
import org.lading.testing.BareS3;
import org.lading.testing.Http;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.LogLines;
import org.lading.testing.Manifest;
import org.lading.testing.ScriptedS3.Answer;
import org.lading.testing.ScriptedS3.Request;
import org.lading.testing.SigV4;

/**
 * Stores that hold signatures against a clock, a region and a key that Lading does not know from
 * its settings: what accepts its calls accepts the URLs of its manifests too.
 */
class S3SigningTest {
  private static final Duration MAX_SKEW = Duration.ofMinutes(15);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssX").withZone(ZoneOffset.UTC);

  /** How a store behaves. */
  private static final class Behaviour {
    Duration ahead = Duration.ZERO;
    String region = "us-east-1";
    boolean checksCalls = true;
    boolean namesRegionInSentence;
    boolean isThere = true;
    String settings = "";

    Behaviour ahead(String away) {
      ahead = Duration.parse(away);
      return this;
    }

    Behaviour region(String name, boolean inBody) {
      region = name;
      namesRegionInSentence = inBody;
      return this;
    }

    Behaviour withoutChecksOfCalls() {
      checksCalls = false;
      return this;
    }

    Behaviour urlExpiry(String expiry) {
      settings = "    url_expiry: " + expiry + "\n";
      return this;
    }
  }

  /** The stores, by the names of their buckets and of the roots for these. */
  private static final Map<String, Behaviour> STORES = new TreeMap<>();

  static {
    STORES.put("behind", new Behaviour().ahead("-PT5H"));
    STORES.put("ahead", new Behaviour().ahead("PT13H"));
    // Less than what a store accepts of a call, and more than a URL is valid.
    STORES.put("minutes", new Behaviour().ahead("PT14M").urlExpiry("5m"));
    STORES.put("right", new Behaviour().urlExpiry("20s"));
    // Some stores accept a call of any time, but no URL that is over.
    STORES.put("lax", new Behaviour().ahead("PT13H").withoutChecksOfCalls());
    STORES.put("restart-behind", new Behaviour().ahead("-PT5H"));
    STORES.put("restart-ahead", new Behaviour().ahead("PT13H"));
    STORES.put("restart-gone", new Behaviour());
    STORES.put("restart-region", new Behaviour());
    STORES.put("region", new Behaviour().region("eu-elsewhere-1", false));
    STORES.put("region-sentence", new Behaviour().region("eu-elsewhere-1", true));
    STORES.put("region-none", new Behaviour().region("evil.example.org/", false));
  }

  private static final BareObjects OBJECTS =
      new BareObjects().put("d/a.txt", "hello").put("d/b.txt", "world");
  private static final Map<String, Reply> CREATED_BEFORE = new TreeMap<>();

  @TempDir static Path directory;
  static BareS3 s3;
  static LadingServer server;
  static LogLines log;

  @BeforeAll
  static void start() throws IOException {
    s3 = new BareS3(S3SigningTest::dated);
    String early = roots(name -> name.startsWith("restart"));
    try (LadingServer before = LadingServer.start(directory, early)) {
      for (String name : List.of("behind", "ahead", "gone", "region")) {
        String root = "restart-" + name;
        CREATED_BEFORE.put(root, before.create(request(root, "directory")));
      }
    }
    STORES.get("restart-region").region("eu-elsewhere-1", false);
    STORES.get("restart-gone").isThere = false;
    log = new LogLines();
    server = LadingServer.start(directory, roots(name -> true));
  }

  private static String roots(Predicate<String> wanted) {
    StringBuilder roots = new StringBuilder("roots:\n");
    STORES.forEach(
        (name, store) -> {
          if (wanted.test(name)) {
            roots.append(s3.root(name, name)).append(store.settings);
          }
        });
    return roots.toString();
  }

  @AfterAll
  static void stop() throws IOException {
    log.close();
    server.close();
    s3.close();
  }

  @ParameterizedTest
  @CsvSource({"behind, directory", "ahead, file", "minutes, directory", "right, file", "lax, file"})
  void clock_thatIsAnother_isThatOfTheUrls(String store, String type) throws IOException {
    assertUrlsAreAccepted(store, create(store, type));
  }

  @ParameterizedTest
  @ValueSource(strings = {"restart-behind", "restart-ahead"})
  void clock_afterARestart_isAskedForBeforeTheFirstManifest(String store) throws IOException {
    Reply created = CREATED_BEFORE.get(store);
    assertUrlsAreAccepted(store, created);
    int asked = s3.requests().size();
    server.manifest(created);
    assertThat(s3.requests()).hasSize(asked);
  }

  @Test
  void clock_hoursAway_isToldInTheLogAndTheStatus() {
    create("behind", "directory");
    create("right", "directory");
    JsonNode parts = server.status().json().get("parts");
    assertThat(parts.at("/root behind/warning").asText())
        .matches("The store's clock is (5 h 0|4 h 59) min earlier than this machine's.*");
    assertThat(log.warnings().stream().filter(line -> line.contains("root behind")))
        .hasSize(1)
        .allMatch(line -> line.contains("earlier than this machine's"));

    assertThat(parts.get("root right").has("warning")).isFalse();
    assertThat(log.warnings()).noneMatch(line -> line.contains("root right"));
  }

  @Test
  void store_thatDoesNotAnswer_isNotAskedTwice() {
    Reply created = CREATED_BEFORE.get("restart-gone");
    server.manifest(created);
    int asked = s3.requests().size();
    server.manifest(created);
    assertThat(s3.requests()).hasSize(asked);
  }

  @ParameterizedTest
  @CsvSource({"region, file", "region-sentence, directory"})
  void region_namedByARefusal_isThatOfTheUrls(String store, String type) throws IOException {
    assertUrlsAreAccepted(store, create(store, type));
    assertThat(log.warnings())
        .anyMatch(
            line ->
                line.contains("the bucket " + store + " is")
                    && line.contains("in the region eu-elsewhere-1, not in us-east-1"));
  }

  @Test
  void region_thatIsAnotherAfterARestart_isThatOfTheUrls() throws IOException {
    assertUrlsAreAccepted("restart-region", CREATED_BEFORE.get("restart-region"));
  }

  @Test
  void region_thatIsNoRegion_isNotLearned() {
    Reply reply = server.create(request("region-none", "directory"));
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.json().get("error").asText()).contains("is in another region");
  }

  private static Reply create(String root, String type) {
    Reply created = server.create(request(root, type));
    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    return created;
  }

  private static String request(String root, String type) {
    String path = type.equals("file") ? "d/a.txt" : "d";
    return "{'root': '%s', 'targets': [{'type': '%s', 'path': '%s'}]}".formatted(root, type, path);
  }

  /** Fetches each URL of a manifest as nginx does, and the archive that Lading streams. */
  private static void assertUrlsAreAccepted(String store, Reply created) throws IOException {
    try (Http nginx = new Http(s3.endpoint())) {
      for (Manifest line : Manifest.parse(server.manifest(created))) {
        Reply object = nginx.get(line.location());
        assertThat(object.status()).as(object.toString()).isEqualTo(200);
        URI url = URI.create(line.location());
        assertThat(SigV4.value(url.getRawQuery(), "X-Amz-Signature"))
            .isEqualTo(
                SigV4.expected(
                    "secret", s3.endpoint().getAuthority(), url.getRawPath(), url.getRawQuery()));
      }
    }
    Reply archive = server.get(LadingServer.page(created, "download"));
    assertThat(archive.status()).as(store + ": " + archive).isEqualTo(200);
  }

  private static Answer dated(Request request) {
    String path = request.path().substring(1);
    int slash = path.indexOf('/');
    Behaviour store = STORES.get(slash < 0 ? path : path.substring(0, slash));
    Instant now = Instant.now().plus(store.ahead);
    return answer(store, now, request).with("Date", BareObjects.date(now));
  }

  private static Answer answer(Behaviour store, Instant now, Request request) {
    if (!store.isThere) {
      return BareObjects.error(500, "InternalError");
    }
    boolean isUrl = request.query().containsKey("X-Amz-Signature");
    String scope =
        isUrl ? request.query().get("X-Amz-Credential") : request.headers().get("Authorization");
    if (!scope.contains("/" + store.region + "/s3/")) {
      String message = "the region is wrong; expecting '" + store.region + "'";
      return store.namesRegionInSentence
          ? BareObjects.error(400, "AuthorizationHeaderMalformed", message)
          : BareObjects.error(400, "AuthorizationHeaderMalformed", "")
              .with("x-amz-bucket-region", store.region);
    }
    String date = isUrl ? request.query().get("X-Amz-Date") : request.headers().get("x-amz-date");
    Instant signed = Instant.from(TIME.parse(date));
    if (isUrl) {
      Instant end = signed.plusSeconds(Long.parseLong(request.query().get("X-Amz-Expires")));
      return now.isBefore(signed.minus(MAX_SKEW)) || now.isAfter(end)
          ? BareObjects.error(403, "AccessDenied")
          : OBJECTS.answer(request);
    }
    Duration skew = Duration.between(signed, now).abs();
    return store.checksCalls && skew.compareTo(MAX_SKEW) > 0
        ? BareObjects.error(403, "RequestTimeTooSkewed")
        : OBJECTS.answer(request);
  }
}
