package org.lading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lading.testing.BareObjects.error;
import static org.lading.testing.Traces.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lading.testing.BareObjects;
import org.lading.testing.BareS3;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.LogLines;
import org.lading.testing.RawDownload;
import org.lading.testing.ScriptedS3.Answer;
import org.lading.testing.ScriptedS3.Request;

/**
 * One object among many that is refused is named, in the answer and the log; what is true of the
 * bucket is said of the bucket.
 */
class RefusedSourcesTest {
  private static final String REFUSED = "d/m.bin";

  @TempDir static Path directory;
  static BareS3 s3;
  static LadingServer server;

  private static final BareObjects OBJECTS = new BareObjects();

  /** What becomes of the proper answer to a request. */
  private static volatile BiFunction<Request, Answer, Answer> fault = (request, proper) -> proper;

  private LogLines log;

  @BeforeAll
  static void start() throws IOException {
    for (int i = 0; i < 20; i++) {
      OBJECTS.put("d/%02d".formatted(i), "1");
    }
    OBJECTS.put(REFUSED, "2").put("late/1", "x".repeat(2 << 20)).put("late/m.bin", "2");
    s3 = new BareS3(request -> fault.apply(request, OBJECTS.answer(request)));
    Files.createDirectories(directory.resolve("root"));
    server =
        LadingServer.start(
            directory,
            "roots:\n  - {name: disk, path: root, serve: direct}\n" + s3.root("s3", "content"));
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
    s3.close();
  }

  @BeforeEach
  void listen() {
    log = new LogLines();
  }

  @AfterEach
  void end() {
    log.close();
    fault = (request, proper) -> proper;
  }

  @ParameterizedTest
  @CsvSource({
    // of another account, or encrypted with a key that may not be used
    "403, AccessDenied",
    "403, Forbidden",
    "400, KMS.DisabledException",
    "400, KMS.NotFoundException",
    // encrypted with the customer's key
    "400, InvalidRequest",
    "405, MethodNotAllowed",
    "409, OperationAborted",
    "410, Gone",
    "451, UnavailableForLegalReasons",
  })
  void object_thatIsRefused_isNamed(int status, String code) {
    String page = directory("d");
    fault = refusing(REFUSED, error(status, code));

    Reply reply = server.get(page);

    assertThat(reply.status()).as(reply.toString()).isEqualTo(409);
    assertThat(reply.json().get("code").asText()).isEqualTo("unreadable");
    assertThat(reply.json().get("error").asText())
        .isEqualTo("The object 'd/m.bin' of root s3 cannot be read: its store refuses it");
    assertThat(reply.header("Retry-After")).isNull();
    assertThat(log.warnings())
        .anyMatch(
            line -> line.contains("root s3") && line.contains(REFUSED) && line.contains(code));
  }

  @ParameterizedTest
  @CsvSource({"404, NoSuchKey", "412, PreconditionFailed", "416, InvalidRange"})
  void object_thatIsNotThereAnyMore_isAChange(int status, String code) {
    String page = directory("d");
    fault =
        (request, proper) ->
            BareObjects.key(request).isEmpty()
                ? BareObjects.error(404, "NoSuchKey")
                : refusing(REFUSED, error(status, code)).apply(request, proper);

    Reply reply = server.get(page);

    assertThat(reply.status()).as(reply.toString()).isEqualTo(409);
    assertThat(reply.json().get("code").asText()).isEqualTo("changed");
    assertThat(reply.json().get("error").asText()).contains("'d/m.bin'");
    assertThat(reply.header("Retry-After")).isNull();
  }

  @ParameterizedTest
  @CsvSource({"412, PreconditionFailed", "416, InvalidRange"})
  void object_thatIsThereAndAlwaysRefused_isNamed(int status, String code) {
    String page = directory("d");
    fault = refusing(REFUSED, error(status, code));

    Reply reply = server.get(page);

    assertThat(reply.json().get("code").asText()).as(reply.toString()).isEqualTo("unreadable");
    assertThat(reply.json().get("error").asText()).contains("'d/m.bin'");
  }

  @ParameterizedTest
  @CsvSource({"403, AccessDenied", "400, InvalidRequest"})
  void object_refusedAfterTheBeginning_breaksTheBodyAndIsLogged(int status, String code)
      throws IOException {
    String page = directory("late");
    fault = refusing("late/m.bin", error(status, code));

    try (RawDownload download = new RawDownload(server.port(), "/downloads" + page)) {
      assertThat(download.rest()).hasSizeGreaterThan(1 << 20);
      assertThat(download.head()).startsWith("HTTP/1.1 200");
      assertThat(download.isComplete()).isFalse();
    }
    assertLogged("breaks off", "[root s3, late/m.bin]");
  }

  @ParameterizedTest
  @CsvSource({
    "403, AccessDenied, refused the request",
    "403, InvalidAccessKeyId, does not accept the credentials",
    "403, SignatureDoesNotMatch, does not accept the credentials",
    "403, RequestTimeTooSkewed, clock",
    "400, ExpiredToken, does not accept the credentials",
    "404, NoSuchBucket, does not exist",
  })
  void bucket_thatIsRefused_isTheBuckets(int status, String code, String what) {
    String page = directory("d");
    fault = (request, proper) -> error(status, code);

    Reply reply = server.get(page);

    assertThat(reply.status()).as(reply.toString()).isEqualTo(503);
    assertThat(reply.json().get("code").asText()).isEqualTo("storage_unavailable");
    assertThat(reply.json().get("error").asText())
        .contains("The bucket content of root s3 ")
        .contains(what);
    assertThat(reply.header("Retry-After")).isEqualTo("30");
  }

  @ParameterizedTest
  @CsvSource({"403, may not be read", "400, cannot be read", "404, is not there"})
  void object_refusedAtTheCreate_isTheTargets(int status, String what) {
    fault = refusing(REFUSED, error(status, "AccessDenied"));

    Reply reply =
        server.create("{'root': 's3', 'targets': [{'type': 'file', 'path': '" + REFUSED + "'}]}");

    assertThat(reply.status()).as(reply.toString()).isEqualTo(400);
    assertThat(reply.json().get("code").asText()).isEqualTo("missing_or_invalid_target");
    assertThat(reply.json().get("path").asText()).isEqualTo(REFUSED);
    assertThat(reply.json().get("error").asText())
        .contains("'d/m.bin' " + (status == 403 ? "is not there or " : "") + what);
  }

  @Test
  void object_withATrailOfBytesTooMany_isAChange() {
    String page = directory("d");
    AtomicInteger asked = new AtomicInteger();
    fault =
        (request, proper) ->
            BareObjects.key(request).equals(REFUSED) && request.method().equals("GET")
                ? BareObjects.chunked(
                    new Answer(200, proper.headers(), asked.incrementAndGet() == 1 ? "23" : "234"))
                : proper;

    Reply reply = server.get(page);

    assertThat(reply.json().get("code").asText()).as(reply.toString()).isEqualTo("changed");
    assertThat(reply.json().get("error").asText()).contains("'d/m.bin'");
  }

  @Test
  void object_withBytesTooFew_isNeverTakenForWhole() {
    String page = directory("d");
    fault =
        (request, proper) ->
            BareObjects.key(request).equals(REFUSED) && request.method().equals("GET")
                ? BareObjects.chunked(new Answer(200, proper.headers(), ""))
                : proper;

    Reply reply = server.get(page);

    assertThat(reply.status()).as(reply.toString()).isEqualTo(503);
    assertThat(reply.json().get("error").asText()).contains("'d/m.bin'");
  }

  @Test
  void file_thatIsGone_isNamedWithItsRoot() throws IOException {
    Files.write(directory.resolve("root/before"), new byte[3 << 20]);
    Path file = Files.write(directory.resolve("root/changing"), new byte[10]);
    Reply created =
        server.create(
            "{'root': 'disk', 'targets': [{'type': 'file', 'path': 'before'},"
                + " {'type': 'file', 'path': 'changing'}]}");
    Files.delete(file);

    try (RawDownload download =
        new RawDownload(server.port(), "/downloads" + LadingServer.page(created, "download"))) {
      download.rest();
      assertThat(download.isComplete()).isFalse();
    }
    assertLogged("breaks off", "'changing'", "[root disk, changing]");
  }

  @Test
  void literal_thatIsGone_isNamed() throws IOException {
    Reply created =
        server.create(
            "{'root': 'disk', 'targets': [{'type': 'literal', 'name': 'R.txt', 'content': 'text'}]}");
    String page = LadingServer.page(created, "download");
    String id = page.split("/", -1)[2];
    try (Stream<Path> files = Files.walk(directory.resolve("storage/content"))) {
      for (Path file :
          files.filter(f -> f.toString().contains(id) && Files.isRegularFile(f)).toList()) {
        Files.delete(file);
      }
    }

    Reply reply = server.get(page);

    assertThat(reply.status()).as(reply.toString()).isEqualTo(409);
    assertThat(reply.json().get("code").asText()).isEqualTo("unreadable");
    assertThat(reply.json().get("error").asText()).contains("'R.txt'");
    assertLogged("[the storage, R.txt]");
  }

  private void assertLogged(String... words) {
    assertThat(
            eventually(
                log::warnings, lines -> lines.stream().anyMatch(line -> hasAll(line, words))))
        .anyMatch(line -> hasAll(line, words));
  }

  private static boolean hasAll(String line, String... words) {
    return Stream.of(words).allMatch(line::contains);
  }

  private static BiFunction<Request, Answer, Answer> refusing(String key, Answer refusal) {
    return (request, proper) -> BareObjects.key(request).equals(key) ? refusal : proper;
  }

  private static String directory(String path) {
    Reply created =
        server.create("{'root': 's3', 'targets': [{'type': 'directory', 'path': '" + path + "'}]}");
    return LadingServer.page(created, "download");
  }
}
