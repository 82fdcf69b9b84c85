package org.lading;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.lading.testing.Traces.awaited;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.base.Digests;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.LogLines;
import org.lading.testing.RawDownload;
import org.lading.testing.SettableClock;

/** What the audit log has of requests and downloads, each of which happens by the public door. */
class AuditTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
  private static final String TOKEN = "the token of the portal";
  private static final String[] PORTAL = {"Authorization", "Bearer " + TOKEN};
  private static final int LARGE = 40 << 20;
  private static final int MAX_LINE_BYTES = 4096;
  private static final int MAX_ENTRIES = 3;

  private static final String DUE =
      "select count(*) from recurring_job where task_name = 'expiry' and (picked or"
          + " execution_time = 0)";

  /** A name that no line may be broken by. */
  private static final String ODD_NAME = "a\nb\"\u2028\ud83d\ude00";

  @TempDir static Path directory;
  private static final SettableClock now = new SettableClock(START);
  private static LadingServer server;

  /** The lines before the test that runs. */
  private int before;

  @BeforeAll
  static void start() throws IOException, NoSuchAlgorithmException {
    Path root = Files.createDirectories(directory.resolve("root/many"));
    Files.writeString(directory.resolve("root/a.txt"), "aaa");
    Files.writeString(directory.resolve("root/" + ODD_NAME), "odd");
    for (int i = 0; i <= MAX_ENTRIES; i++) {
      Files.writeString(root.resolve("file" + i), "x");
    }
    try (RandomAccessFile large =
        new RandomAccessFile(directory.resolve("root/large").toFile(), "rw")) {
      large.setLength(LARGE);
    }
    Files.createDirectories(directory.resolve("log"));
    server =
        LadingServer.start(
            directory,
            """
            roots:
              - {name: main, path: root}
              - {name: open, path: root/many, public: true}
            audit: {file: log/audit.jsonl, max_entries: %d}
            limits: {body: 2000}
            clients:
              - name: portal
                token_sha256: %s
                roots: [main]
            """
                .formatted(
                    MAX_ENTRIES,
                    HexFormat.of().formatHex(Digests.sha256().digest(TOKEN.getBytes(UTF_8)))),
            now);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void remember() {
    before = flushed();
  }

  /** The number of lines when all are written of what has happened so far. */
  private static int flushed() {
    int lines = all().size();
    server.get("/list", "User-Agent", "marker" + lines);
    return awaited(
            () -> all(), found -> found.get(found.size() - 1).contains("\"marker" + lines + '"'))
        .size();
  }

  @Test
  void archive_isToldFromItsCreationToItsDelivery() {
    Reply created =
        server.create(
            "{'root': 'main', 'zip_name': 'letters', 'subject': 'J\u00f6rg \ud83d\ude00',"
                + " 'targets': [{'type': 'file', 'path': 'a.txt'}, {'type': 'file', 'path': '"
                + ODD_NAME.replace("\n", "\\n").replace("\"", "\\\"")
                + "', 'name': 'odd'}]}",
            with("User-Agent", "tester/1"));
    byte[] zip =
        server
            .get(
                page(created, "download"),
                "X-Forwarded-For",
                "203.0.113.9, 198.51.100.7",
                "User-Agent",
                "browser")
            .bytes();

    List<JsonNode> lines = awaitedLines(5);
    assertThat(lines)
        .extracting(line -> line.get("event").asText())
        .containsExactly("created", "prepared", "entry", "entry", "delivered");
    JsonNode made = lines.get(0);
    assertThat(made.get("download").asText()).isEqualTo(id(created).substring(0, 12));
    assertThat(made.get("client").asText()).isEqualTo("portal");
    assertThat(made.get("subject").asText()).isEqualTo("J\u00f6rg \ud83d\ude00");
    assertThat(made.get("roots")).hasToString("[\"main\"]");
    assertThat(made.get("address").asText()).isEqualTo("127.0.0.1");
    assertThat(made.get("user_agent").asText()).isEqualTo("tester/1");
    // It is told before there is an answer.
    assertThat(made.has("status")).isFalse();
    assertThat(made.get("zip_name").asText()).isEqualTo("letters");
    assertThat(made.get("targets").asInt()).isEqualTo(2);
    assertThat(made.get("time").asText()).isEqualTo("2026-03-01T10:00:00.000Z");
    assertThat(lines.get(1).get("files").asInt()).isEqualTo(2);
    assertThat(lines.get(1).get("bytes").asInt()).isEqualTo(6);
    assertThat(lines.get(1).get("length").asInt()).isEqualTo(zip.length);
    assertThat(lines.get(1).get("mod_zip_length").asInt()).isPositive();
    assertThat(lines.get(2).get("path").asText()).isEqualTo("a.txt");
    assertThat(lines.get(3).get("path").asText()).isEqualTo(ODD_NAME);
    assertThat(content(zip, lines.get(2))).isEqualTo("aaa");
    assertThat(content(zip, lines.get(3))).isEqualTo("odd");
    JsonNode sent = lines.get(4);
    assertThat(sent.get("client").asText()).isEqualTo("portal");
    assertThat(sent.get("subject").asText()).isEqualTo("J\u00f6rg \ud83d\ude00");
    assertThat(sent.get("address").asText()).isEqualTo("198.51.100.7");
    assertThat(sent.get("user_agent").asText()).isEqualTo("browser");
    assertThat(sent.get("page").asText()).isEqualTo("download");
    assertThat(sent.get("assembler").asText()).isEqualTo("lading");
    assertThat(delivered(sent))
        .isEqualTo("200 0-%1$d/%2$d %2$d true complete".formatted(zip.length - 1, zip.length));
    assertThat(sent.get("duration_ms").asLong()).isNotNegative();
    assertThat(sent.get("first_byte_ms").asLong()).isNotNegative();
  }

  @Test
  void ranges_areALineEach() {
    Reply created = create("a.txt");
    int length = server.get(page(created, "download")).bytes().length;

    server.get(page(created, "download"), "Range", "bytes=10-19");
    server.get(page(created, "download"), "Range", "bytes=0-0,5-9,-3");

    assertThat(awaitedLines(8).stream().skip(4).map(AuditTest::delivered))
        .containsExactly(
            "206 10-19/%d 10 true complete".formatted(length),
            "206 0-0/%d 1 true complete".formatted(length),
            "206 5-9/%d 5 true complete".formatted(length),
            "206 %d-%d/%d 3 true complete".formatted(length - 3, length - 1, length));
  }

  @Test
  void repliesWithoutBytesOfTheArchive_areNoDeliveries() {
    Reply created = create("a.txt");
    String tag = server.head(page(created, "download")).header("ETag");
    server.get(page(created, "download"), "If-None-Match", tag);
    server.get(page(created, "download"), "If-Match", "\"other\"");
    server.get(page(created, "download"), "Range", "bytes=100000-");
    server.get(page(created, "manifest"));
    server.get(page(created, "status"));

    server.get(page(created, "download"));
    assertThat(events(awaitedLines(4)))
        .containsExactly("created", "prepared", "entry", "delivered");
  }

  @Test
  void clientThatLeaves_isTold() throws IOException {
    Reply created = create("large");
    String path = "/downloads" + page(created, "download");
    try (RawDownload download = new RawDownload(server.port(), path)) {
      download.read(100_000);
    }

    JsonNode sent = awaitedLines(4).get(3);
    assertThat(sent.get("ended").asText()).isEqualTo("client");
    assertThat(sent.get("complete").asBoolean()).isFalse();
    assertThat(sent.get("bytes").asInt()).isBetween(100_000, LARGE - 1);
  }

  @Test
  void sourceThatFails_isTold_beforeAndAfterTheFirstByte() throws IOException {
    Path file = Files.writeString(directory.resolve("root/changing"), "old");
    Reply small = create("changing");
    Files.writeString(file, "other");
    assertThat(server.get(page(small, "download")).status()).isEqualTo(409);

    List<JsonNode> lines = awaitedLines(5);
    assertThat(events(lines))
        .containsExactly("created", "prepared", "entry", "changed", "delivered");
    assertThat(lines.get(4).get("ended").asText()).isEqualTo("source");
    assertThat(lines.get(4).get("code").asText()).isEqualTo("changed");
    assertThat(lines.get(4).get("status").asInt()).isEqualTo(409);
    assertThat(lines.get(4).get("bytes").asInt()).isZero();
    assertThat(lines.get(4).has("first_byte_ms")).isFalse();
  }

  @Test
  void refusals_areTold_whateverRefuses() throws IOException {
    server.create("{'root': 'main', 'targets': []}");
    server.create("{'root': 'main'", PORTAL);
    server.create("{'root': 'open', 'targets': [{'type': 'file', 'path': 'file0'}]}", PORTAL);
    server.create("{'root': 'main', 'zip_name': '" + "x".repeat(2000) + "'}", PORTAL);
    server.call("POST", "/estimate", "{}", PORTAL);
    server.get("/list");
    server.get("/zip/main/a.txt");
    Reply created = create("a.txt");
    server.call("DELETE", "/main/" + id(created), null);

    assertThat(
            awaitedLines(11).stream()
                .filter(line -> line.get("event").asText().equals("refused"))
                .map(
                    line ->
                        "%s %s %s %s"
                            .formatted(
                                line.get("page").asText(),
                                line.get("status").asText(),
                                line.get("code").asText(),
                                line.path("client").asText("-"))))
        .containsExactly(
            "create 401 unauthorized -",
            "create 400 unparseable portal",
            "create 403 forbidden portal",
            "create 413 too_large portal",
            "estimate 400 unparseable portal",
            "list 401 unauthorized -",
            "link 403 forbidden -",
            "removal 401 unauthorized -");
  }

  @Test
  void failure_isTold() {
    server.create("{'root': 'main', 'targets': [{'type': 'file', 'path': 'none'}]}", PORTAL);

    List<JsonNode> lines = awaitedLines(3);
    assertThat(events(lines)).containsExactly("created", "failed", "refused");
    assertThat(lines.get(0).has("status")).isFalse();
    assertThat(lines.get(2).get("status").asInt()).isEqualTo(400);
    assertThat(lines.get(1).get("code").asText()).isEqualTo("missing_or_invalid_target");
    assertThat(lines.get(1).get("error").asText()).contains("none");
  }

  @Test
  void removalAndExpiry_areToldOnce() {
    Reply removed = create("a.txt");
    Reply expired = create("a.txt");
    server.call("DELETE", "/main/" + id(removed), null, PORTAL);
    now.set(START.plus(Duration.ofDays(40)));
    try {
      runExpiry();
      awaited(() -> rows(removed, expired), rows -> rows == 0);
      // Whatever comes twice would come before the end of the next run.
      runExpiry();
      awaited(() -> server.number(DUE), count -> count == 0);

      List<JsonNode> ends =
          parsed(linesUntilNow()).stream()
              .filter(line -> List.of("deleted", "expired").contains(line.get("event").asText()))
              .filter(line -> isOf(line, removed) || isOf(line, expired))
              .toList();
      assertThat(events(ends)).containsExactly("deleted", "expired");
      assertThat(isOf(ends.get(0), removed)).isTrue();
      assertThat(ends.get(0).get("address").asText()).isEqualTo("127.0.0.1");
      assertThat(isOf(ends.get(1), expired)).isTrue();
    } finally {
      now.set(START);
    }
  }

  @Test
  void archiveOfMoreFiles_hasNoLinesForThem() {
    server.create("{'root': 'main', 'targets': [{'type': 'directory', 'path': 'many'}]}", PORTAL);
    create("a.txt");

    assertThat(events(awaitedLines(5)))
        .containsExactly("created", "prepared", "created", "prepared", "entry");
  }

  @Test
  void plainLink_isToldWithItsPage() {
    server.get("/zip/open", "User-Agent", "reader");

    List<JsonNode> lines = awaitedLines(3);
    assertThat(events(lines)).containsExactly("created", "prepared", "delivered");
    assertThat(lines.get(0).get("client").asText()).isEqualTo("public");
    assertThat(lines.get(2).get("client").asText()).isEqualTo("public");
    assertThat(lines.get(2).get("page").asText()).isEqualTo("link");
    assertThat(lines.get(2).get("user_agent").asText()).isEqualTo("reader");
  }

  @Test
  void subject_isOneLineOfAtMost256Characters() {
    assertThat(subject("x".repeat(256)).status()).isEqualTo(201);
    assertThat(subject("x".repeat(257)).text()).contains("subject has more than 256 characters");
    assertThat(subject("a\\u0007b").text()).contains("subject has a control character");
    assertThat(subject("\\ud83d").text()).contains("half a surrogate pair");
    awaitedLines(6);
  }

  private static Reply subject(String subject) {
    return server.create(
        "{'root': 'main', 'subject': '%s', 'targets': [{'type': 'file', 'path': 'a.txt'}]}"
            .formatted(subject),
        PORTAL);
  }

  @Test
  void fileThatIsMovedAway_isMadeAnew_forItsGroupAlone() throws IOException {
    create("a.txt");
    awaitedLines(3);
    Path file = directory.resolve("log/audit.jsonl");
    Files.move(file, directory.resolve("log/audit.jsonl.1"));
    create("a.txt");

    awaited(() -> Files.exists(file) ? lines(file).size() : 0, count -> count == 3);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r-----");
    // Back, so that the other tests find all lines in one file.
    Files.write(
        directory.resolve("log/audit.jsonl.1"),
        Files.readAllBytes(file),
        StandardOpenOption.APPEND);
    Files.move(directory.resolve("log/audit.jsonl.1"), file, StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void fileThatCannotBeMade_isNamed_andMadeWhenItCanBe(@TempDir Path other) throws IOException {
    Files.createDirectories(other.resolve("root"));
    try (LogLines log = new LogLines();
        LadingServer faulty =
            LadingServer.start(
                other, "roots: [{name: main, path: root}]\naudit: {file: missing/audit.jsonl}\n")) {
      assertThat(faulty.get("/status").status()).isEqualTo(503);
      assertThat(log.warnings())
          .anySatisfy(
              line ->
                  assertThat(line)
                      .contains("audit.file", "missing/audit.jsonl", "cannot be written by user"));
      assertThat(log.records()).noneMatch(record -> record.contains("\tat "));
      Files.createDirectory(other.resolve("missing"));
      awaited(() -> faulty.get("/status").status(), status -> status == 200);
    }
  }

  @Test
  void fullDisk_failsNoRequest_andIsToldOnce(@TempDir Path other) throws IOException {
    Path root = Files.createDirectories(other.resolve("root"));
    Files.writeString(root.resolve("a.txt"), "aaa");
    try (LogLines log = new LogLines();
        LadingServer full =
            LadingServer.start(
                other, "roots: [{name: main, path: root}]\naudit: {file: /dev/full}\n")) {
      for (int i = 0; i < 3; i++) {
        Reply created =
            full.create("{'root': 'main', 'targets': [{'type': 'file', 'path': 'a.txt'}]}");
        assertThat(full.get(page(created, "download")).status()).isEqualTo(200);
      }
      awaited(
          () -> full.get("/metrics").text(),
          text -> text.contains("\nlading_audit_lost_total 12.0\n"));
      assertThat(log.warnings().stream().filter(line -> line.contains("/dev/full"))).hasSize(1);
    }
  }

  @Test
  void withoutAFile_theLoggerGetsTheLines(@TempDir Path other) throws IOException {
    Path root = Files.createDirectories(other.resolve("root"));
    Files.writeString(root.resolve("a.txt"), "aaa");
    try (LogLines log = new LogLines();
        LadingServer plain =
            LadingServer.start(
                other,
                "roots: [{name: main, path: root}]\naudit: {leave_out: [address, user_agent]}\n")) {
      plain.create("{'root': 'main', 'targets': [{'type': 'file', 'path': 'a.txt'}]}");
      String line =
          awaited(
              () ->
                  log.records().stream()
                      .filter(record -> record.contains("\"event\":\"created\""))
                      .findFirst()
                      .orElse(""),
              found -> !found.isEmpty());
      assertThat(JSON.readTree(line).get("client").asText()).isEqualTo("anyone");
      assertThat(line).doesNotContain("address", "user_agent");
    }
  }

  private static Reply create(String path) {
    return server.create(
        "{'root': 'main', 'targets': [{'type': 'file', 'path': '" + path + "'}]}", PORTAL);
  }

  private static String[] with(String name, String value) {
    return new String[] {PORTAL[0], PORTAL[1], name, value};
  }

  private static String page(Reply created, String page) {
    return LadingServer.page(created, page);
  }

  private static String id(Reply created) {
    return created.json().get("id").asText();
  }

  private static boolean isOf(JsonNode line, Reply created) {
    return id(created).startsWith(line.get("download").asText());
  }

  private static void runExpiry() {
    server.makeDue("recurring_job", "task_name = 'expiry'");
  }

  private static long rows(Reply one, Reply other) {
    return server.number(
        "select count(*) from download where state <> 'EXPIRED' and id in ('%s', '%s')"
            .formatted(id(one), id(other)));
  }

  private static List<String> events(List<JsonNode> lines) {
    return lines.stream().map(line -> line.get("event").asText()).toList();
  }

  /** The part of a line that tells how much was sent, and how it ended. */
  private static String delivered(JsonNode line) {
    return "%s %s-%s/%s %s %s %s"
        .formatted(
            line.get("status"),
            line.get("first"),
            line.get("last"),
            line.get("length"),
            line.get("bytes"),
            line.get("complete"),
            line.get("ended").asText());
  }

  private static String content(byte[] zip, JsonNode entry) {
    int first = entry.get("first").asInt();
    return new String(zip, first, entry.get("last").asInt() - first + 1, UTF_8);
  }

  /** The lines of this test, when there are as many; each is held to what all must be. */
  private List<JsonNode> awaitedLines(int count) {
    List<String> texts =
        awaited(() -> all().stream().skip(before).toList(), found -> found.size() >= count);
    assertThat(texts).hasSize(count);
    return parsed(texts);
  }

  private static List<JsonNode> parsed(List<String> texts) {
    List<JsonNode> lines = new ArrayList<>();
    for (String text : texts) {
      assertThat(text.getBytes(UTF_8).length).isLessThan(MAX_LINE_BYTES);
      assertThat(text).doesNotContain(TOKEN);
      server
          .database()
          .texts("select id from download")
          .forEach(id -> assertThat(text).doesNotContain(id));
      try {
        lines.add(JSON.readTree(text));
      } catch (IOException e) {
        throw new UncheckedIOException(text, e);
      }
    }
    return lines;
  }

  /** The lines of this test, all of what has happened so far. */
  private List<String> linesUntilNow() {
    int end = flushed();
    return all().subList(before, end);
  }

  private static List<String> all() {
    return lines(directory.resolve("log/audit.jsonl"));
  }

  private static List<String> lines(Path file) {
    try {
      return List.of(Files.readString(file).split("\n")).stream()
          .filter(l -> !l.isEmpty())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
