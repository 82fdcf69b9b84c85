package org.lading;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.lading.testing.Traces.awaited;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.nginx.NginxOptions;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.LogLines;
import org.lading.testing.Manifest;
import org.lading.testing.NeedsProgram;
import org.lading.testing.NginxFront;
import org.lading.testing.PostgresServer;
import org.lading.testing.Programs;
import org.lading.testing.TestDatabase;

/**
 * Literals of downloads at two nodes on one database, each of which has a storage, and an nginx, of
 * its own: whichever node prepares a download, the other one has its literals too.
 */
@NeedsProgram(Programs.UNSHARE)
class LiteralsOnNodesTest {
  /** More than a row of the database has. */
  private static final String LONG = "0123456789".repeat(30_000);

  private static final int SHORT_ONES = 150;

  private static final String SETTINGS =
      """
      assembler: mod_zip
      roots: [{name: main, path: ../root, serve: direct}, {name: linked, path: ../root}]
      """;

  @TempDir static Path directory;
  private static TestDatabase database;
  private static final List<LadingServer> NODES = new ArrayList<>();

  @BeforeAll
  static void start() throws IOException {
    database = TestDatabase.postgres(PostgresServer.newDatabase());
    Files.writeString(Files.createDirectories(directory.resolve("root")).resolve("a"), "bytes");
    for (String name : List.of("one", "other")) {
      NODES.add(
          LadingServer.start(
              Files.createDirectories(directory.resolve(name)), SETTINGS + database.settings()));
    }
  }

  @AfterAll
  static void stop() {
    NODES.forEach(LadingServer::close);
  }

  @Test
  @NeedsProgram("nginx")
  void literals_areGivenToNginxByEveryNode() throws IOException {
    Map<String, String> expected = literals();
    Reply created = create(expected);

    for (int i = 0; i < NODES.size(); i++) {
      Path place = directory.resolve(i == 0 ? "one" : "other");
      try (NginxFront nginx = new NginxFront(place, NODES.get(i), NginxOptions.DEFAULTS)) {
        Reply manifest = nginx.get("/downloads" + LadingServer.page(created, "get"));
        List<Manifest> lines = Manifest.parse(manifest.text());
        assertThat(lines).hasSameSizeAs(expected.keySet());
        for (Manifest line : lines) {
          byte[] bytes = expected.get(line.name()).getBytes(UTF_8);
          assertThat(line.size()).isEqualTo(bytes.length);
          assertThat(line.crc32()).isEqualTo(crc32(bytes));
          assertThat(nginx.fetch(line.location()).bytes()).as(line.name()).isEqualTo(bytes);
        }
        Manifest large =
            lines.stream().filter(line -> line.name().equals("long")).findFirst().get();
        Reply part =
            nginx
                .http()
                .get(
                    "/fetch",
                    "Location-To-Fetch",
                    large.location(),
                    "Range",
                    "bytes=131070-131075");
        assertThat(part.status()).isEqualTo(206);
        assertThat(part.text()).isEqualTo(LONG.substring(131_070, 131_076));
        String unproved = large.location().replaceFirst("\\?.*", "?AAAAAAAAAAAAAAAAAAAAAA");
        assertThat(nginx.fetch(unproved).status()).isEqualTo(404);
        assertThat(nginx.get(large.location()).status()).isEqualTo(404);
      }
      assertThat(content(place))
          .noneMatch(path -> path.endsWith(created.json().get("id").asText()));
    }
  }

  @Test
  void literals_areInTheArchiveThatAnyNodeStreams_andInPartsOfIt() throws IOException {
    Map<String, String> expected = literals();
    Reply created = create(expected);
    byte[] first = null;
    for (LadingServer node : NODES) {
      byte[] archive = node.get(LadingServer.page(created, "download")).bytes();
      assertThat(members(archive)).isEqualTo(expected);
      assertThat(first == null ? archive : first).isEqualTo(archive);
      first = archive;
      Reply part = node.get(LadingServer.page(created, "download"), "Range", "bytes=200000-280000");
      assertThat(part.bytes()).isEqualTo(Arrays.copyOfRange(archive, 200_000, 280_001));
    }
  }

  @Test
  void nginxWhoseConfigurationIsOlder_getsAnArchiveOfLading() throws IOException {
    Map<String, String> expected = Map.of("a", "some text", "empty", "");
    Reply created = create(expected);

    Reply older =
        NODES.get(1).get(LadingServer.page(created, "get"), "X-Archive-Locations", "guarded");
    assertThat(older.header("X-Archive-Files")).isNull();
    assertThat(members(older.bytes())).isEqualTo(expected);

    Reply empty = create(Map.of("empty", ""));
    assertThat(members(NODES.get(0).get(LadingServer.page(empty, "get")).bytes()))
        .isEqualTo(Map.of("empty", ""));
  }

  @Test
  void theSameLiteralTwice_takesNoRoom_andWhatFollowsIsWhole() throws IOException {
    String twice = literal("a", "x".repeat(1000));
    Reply created =
        NODES
            .get(0)
            .create(
                "{\"root\": \"main\", \"targets\": [%s, %s, %s]}"
                    .formatted(twice, twice, literal("b", "y".repeat(10))),
                "Prefer",
                LadingServer.PATIENT);
    assertThat(members(NODES.get(1).get(LadingServer.page(created, "download")).bytes()))
        .isEqualTo(Map.of("a", "x".repeat(1000), "b", "y".repeat(10)));
    String rows = "select sum(length(data)) from literal_chunk where download_id = '%s'";
    assertThat(database.number(rows.formatted(created.json().get("id").asText()))).isEqualTo(1010);
  }

  @Test
  void attemptThatFails_leavesNoLiterals() {
    Reply created = create(Map.of("a", LONG));
    String id = created.json().get("id").asText();
    String rows = "select count(*) from literal_chunk where download_id = '" + id + "'";
    assertThat(database.number(rows)).isEqualTo(3);

    // A target that is missing makes the attempt fail after its literals are written.
    int status =
        NODES
            .get(1)
            .create(
                "{\"root\": \"main\", \"targets\": [%s, {\"type\": \"file\", \"path\": \"none\"}]}"
                    .formatted(literal("a", LONG)),
                "Prefer",
                LadingServer.PATIENT)
            .status();
    assertThat(status).isGreaterThanOrEqualTo(400);
    assertThat(
            database.texts(
                "select distinct download_id from literal_chunk where download_id"
                    + " in (select id from download where state <> 'READY')"))
        .isEmpty();
  }

  @Test
  void nodeThatStarts_removesWhatOthersHaveExpired_andTellsWhichLinksItLacks() throws IOException {
    String expired = createLink();
    String here = createLink();
    createLink();
    assertThat(
            database.texts(
                "update download set state = 'EXPIRED', expires_at = now() - interval '2 days',"
                    + " due_at = now() + interval '28 days' where id = '%s' returning id"
                        .formatted(expired)))
        .containsExactly(expired);
    Path content = directory.resolve("third/storage/content");
    for (String id : List.of(expired, here, "A".repeat(32))) {
      Files.createSymbolicLink(
          Files.createDirectories(content.resolve(id + "/1-0")).resolve("0"),
          directory.resolve("root/a"));
      Files.setLastModifiedTime(
          content.resolve(id), FileTime.from(Instant.now().minus(Duration.ofDays(2))));
    }
    try (LogLines log = new LogLines();
        LadingServer third =
            LadingServer.start(directory.resolve("third"), SETTINGS + database.settings())) {
      assertThat(log.records())
          .anyMatch(
              line -> line.contains("have to share") && line.contains("links of the root linked"));
      awaited(() -> content(directory.resolve("third")), List.of(content.resolve(here))::equals);
      Reply status =
          awaited(
              () -> third.get("/status"), reply -> reply.text().contains("incomplete_downloads"));
      assertThat(status.json().get("parts").get("storage").get("incomplete_downloads").asInt())
          .isEqualTo(1);
    }
  }

  private static String createLink() {
    Reply created =
        NODES.get(0).create("{'root': 'linked', 'targets': [{'type': 'file', 'path': 'a'}]}");
    assertThat(created.status()).isEqualTo(201);
    return created.json().get("id").asText();
  }

  private static Map<String, String> literals() {
    Map<String, String> literals = new LinkedHashMap<>();
    literals.put("empty", "");
    for (int i = 0; i < SHORT_ONES; i++) {
      literals.put("short-" + i, "the literal \u00e4 of number " + i);
    }
    literals.put("long", LONG);
    literals.put("last", "the last one");
    return literals;
  }

  private static Reply create(Map<String, String> literals) {
    List<String> targets = new ArrayList<>();
    literals.forEach((name, text) -> targets.add(literal(name, text)));
    Reply created =
        NODES
            .get(0)
            .create(
                "{\"root\": \"main\", \"targets\": [%s]}".formatted(String.join(",", targets)),
                "Prefer",
                LadingServer.PATIENT);
    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    return created;
  }

  private static String literal(String name, String text) {
    return "{\"type\": \"literal\", \"name\": \"%s\", \"content\": \"%s\"}".formatted(name, text);
  }

  private static String crc32(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return "%08x".formatted(crc.getValue());
  }

  private static List<Path> content(Path node) {
    try (Stream<Path> files = Files.list(node.resolve("storage/content"))) {
      return files.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> members(byte[] archive) throws IOException {
    Map<String, String> members = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        members.put(entry.getName(), new String(zip.readAllBytes(), UTF_8));
      }
    }
    return members;
  }
}
