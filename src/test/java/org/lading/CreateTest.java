package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;

/** What a create request makes of its targets. */
class CreateTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-03-01T10:00:00Z"), ZoneOffset.UTC);

  @TempDir static Path directory;
  static LadingServer server;

  @BeforeAll
  static void start() throws IOException {
    Path root = Files.createDirectories(directory.resolve("root"));
    write(root, "a.txt", "aaa");
    write(root, "dir/b.txt", "b");
    write(root, "dir/sub/c.txt", "cc");
    write(root, "other/b.txt", "another b");
    write(root, "dir.txt", "beside the directory");
    Files.createDirectories(root.resolve("dir/empty"));
    server =
        LadingServer.start(
            directory,
            """
            literals: storage
            roots:
              - {name: main, path: root, serve: direct}
              - {name: linked, path: root}
              - {name: literal, path: root}
            nginx_url: https://files.example.org
            assembler: mod_zip
            """,
            CLOCK);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void create_answersEverythingThatTheContractNames() {
    Reply reply =
        server.create(
            "{'root': 'main', 'zip_name': 'report', 'targets': [{'type': 'file', 'path': 'a.txt'}]}");

    assertThat(reply.status()).isEqualTo(201);
    String id = reply.json().get("id").asText();
    assertThat(id).matches("[A-Za-z0-9_-]{32}");
    String base = "https://files.example.org/downloads/main/" + id;
    assertThat(reply.header("Location")).isEqualTo(base + "/status");
    assertThat(reply.json().get("status").asText()).isEqualTo("ok");
    assertThat(reply.json().get("download_url").asText()).isEqualTo(base + "/get");
    assertThat(reply.json().get("status_url").asText()).isEqualTo(base + "/status");
    assertThat(reply.json().get("manifest_url").asText()).isEqualTo(base + "/manifest");
    assertThat(reply.json().get("approximate_size").asLong()).isEqualTo(3);
    assertThat(reply.json().get("file_count").asLong()).isEqualTo(1);
    // One entry "report/a.txt" of 12 characters whose CRC-32 is known.
    assertThat(reply.json().get("zip_size").asLong())
        .isEqualTo((30 + 12 + 13) + 3 + (46 + 12 + 9) + 22);
    assertThat(reply.json().get("expires_at").asText()).isEqualTo("2026-03-15T10:00:00Z");
  }

  @Test
  void file_withoutZipPathAndName_liesAtTheTopUnderItsLastPart() {
    assertThat(names("{'type': 'file', 'path': 'dir/sub/c.txt'}")).containsExactly("c.txt");
  }

  @Test
  void file_withZipPathAndName_isRenamed() {
    assertThat(names("{'type': 'file', 'path': 'a.txt', 'zip_path': 'docs/x/', 'name': 'new.txt'}"))
        .containsExactly("docs/x/new.txt");
  }

  @Test
  void directory_notRecursive_hasOnlyItsOwnFiles() {
    assertThat(names("{'type': 'directory', 'path': 'dir'}")).containsExactly("dir/b.txt");
  }

  @Test
  void directory_recursive_hasEverythingInByteOrderAndEmptyDirectories() {
    assertThat(names("{'type': 'directory', 'path': '/dir/', 'recursive': true}"))
        .containsExactly("dir/b.txt", "dir/empty/", "dir/sub/c.txt");
  }

  @Test
  void directory_withZipPath_liesThereWithoutItsOwnPath() {
    assertThat(names("{'type': 'directory', 'path': 'dir', 'zip_path': 'data'}"))
        .containsExactly("data/b.txt");
    assertThat(names("{'type': 'directory', 'path': 'dir/sub', 'zip_path': ''}"))
        .containsExactly("c.txt");
  }

  @Test
  void directory_thatIsEmpty_isADirectoryEntry() {
    assertThat(names("{'type': 'directory', 'path': 'dir/empty'}")).containsExactly("dir/empty/");
  }

  @Test
  void root_asDirectory_sortsADirectoryWithItsSlash() {
    for (String path : List.of("", "/")) {
      assertThat(names("{'type': 'directory', 'recursive': true, 'path': '" + path + "'}"))
          .containsExactly(
              "a.txt", "dir.txt", "dir/b.txt", "dir/empty/", "dir/sub/c.txt", "other/b.txt");
    }
  }

  @Test
  void literal_thatReadsLikeAFilesPath_isAnotherSource() {
    assertThat(
            names(
                "{'type': 'file', 'root': 'literal', 'path': 'a.txt', 'name': 'n'},"
                    + "{'type': 'literal', 'content': 'a.txt', 'name': 'n'}"))
        .containsExactly("n", "n (2)");
  }

  @Test
  void literal_isARealFileWithItsChecksum() throws IOException {
    Reply created = create("{'type': 'literal', 'name': 'R.txt', 'content': 'gr\u00fc\u00df'}");

    String line = server.manifest(created);
    String stored = "/internal/" + created.json().get("id").asText() + "/1-0/0";
    assertThat(line).isEqualTo("0ffa612a 6 " + stored + " R.txt\r\n");
    assertThat(directory.resolve("storage/content" + stored.substring("/internal".length())))
        .hasContent("gr\u00fc\u00df");
  }

  @Test
  void storedFiles_canBeReachedByNginxButNotListed() throws IOException {
    Reply created = create("{'type': 'literal', 'name': 'R.txt', 'content': 'x'}");
    Path content = directory.resolve("storage/content");
    Path own = content.resolve(created.json().get("id").asText());
    for (Path path : List.of(content, own, own.resolve("1-0"))) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
          .isEqualTo("rwx--x--x");
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own.resolve("1-0/0"))))
        .isEqualTo("rw-r--r--");
  }

  @Test
  void zipName_isTheDirectoryThatTheArchiveUnpacksInto() {
    Reply created =
        server.create(
            """
            {'root': 'main', 'zip_name': 'report',
             'targets': [{'type': 'directory', 'path': 'dir', 'recursive': true},
                         {'type': 'literal', 'name': 'R.txt', 'content': ''}]}
            """);
    assertThat(namesOf(server.manifest(created)))
        .containsExactly(
            "report/dir/b.txt", "report/dir/empty/", "report/dir/sub/c.txt", "report/R.txt");
  }

  @Test
  void target_withItsOwnRoot_isTakenFromThere() {
    Reply created = create("{'type': 'file', 'path': 'a.txt', 'root': 'linked'}");
    String id = created.json().get("id").asText();
    assertThat(server.manifest(created))
        .isEqualTo("f007732d 3 /internal/" + id + "/1-0/0 a.txt\r\n");
    Path link = directory.resolve("storage/content/" + id + "/1-0/0");
    assertThat(link).isSymbolicLink().hasContent("aaa");
  }

  @Test
  void directServing_writesNothingForAnEntry() {
    var before = server.stored();
    Reply created = create("{'type': 'file', 'path': 'dir/sub/c.txt'}");
    assertThat(server.manifest(created))
        .isEqualTo("dbb21a79 2 /internal/roots/main/dir/sub/c.txt c.txt\r\n");
    assertThat(server.stored()).hasSize(before.size() + 2);
  }

  @Test
  void twoSources_ofOneName_areNumbered() {
    assertThat(
            names(
                """
                {'type': 'file', 'path': 'dir/b.txt'},
                {'type': 'file', 'path': 'other/b.txt'},
                {'type': 'literal', 'name': 'b.txt', 'content': 'x'},
                {'type': 'literal', 'name': 'b.txt', 'content': 'x'}
                """))
        .containsExactly("b.txt", "b (2).txt", "b (3).txt");
  }

  @Test
  void sameSource_twiceUnderOneName_countsOnce() {
    Reply created =
        create(
            """
            {'type': 'file', 'path': 'dir/b.txt', 'zip_path': 'dir'},
            {'type': 'directory', 'path': 'dir'},
            {'type': 'file', 'path': '/dir/./b.txt', 'zip_path': 'dir'},
            {'type': 'file', 'path': 'dir/b.txt', 'zip_path': 'dir', 'name': 'again.txt'}
            """);
    assertThat(namesOf(server.manifest(created))).containsExactly("dir/b.txt", "dir/again.txt");
    assertThat(created.json().get("file_count").asInt()).isEqualTo(2);
  }

  @Test
  void timeout_isDaysUpToTheRetention() {
    assertThat(expiry("'timeout': 3,")).isEqualTo("2026-03-04T10:00:00Z");
    assertThat(expiry("'timeout': null,")).isEqualTo("2026-03-15T10:00:00Z");
    assertThat(expiry("'timeout': 99999999999999999999,")).isEqualTo("2026-03-15T10:00:00Z");
  }

  @Test
  void fieldsOfMedusaDownloader_areAcceptedAndMeanNothing() {
    Reply reply =
        server.create(
            """
            {'action': 'export', 'client_id': {'any': ['thing']}, 'return_queue': null, 'root': 'main',
             'targets': [{'type': 'file', 'path': 'a.txt', 'recursive': true}]}
            """);
    assertThat(reply.status()).isEqualTo(201);
  }

  @Test
  void fieldOfTheOldClients_thatIsHuge_isRefused() {
    StringBuilder fields = new StringBuilder("'n': 0");
    for (int i = 0; i < 10_000; i++) {
      fields.append(", 'n").append(i).append("': 0");
    }
    Reply reply =
        server.create(
            "{'client_id': {%s}, 'root': 'main', 'targets': [{'type': 'file', 'path': 'a.txt'}]}"
                .formatted(fields));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("error").asText()).startsWith("client_id has too many parts");
  }

  @Test
  void createPage_underAnyOtherSpelling_isNotThere() {
    String json = "{'root': 'main', 'targets': [{'type': 'file', 'path': 'a.txt'}]}";
    for (String page :
        List.of("/create;x=1", "/create;/", "/;a/create", "/x/..;/create", "/%63reate")) {
      Reply reply = server.call("POST", page, json.replace('\'', '"'));
      assertThat(reply.status()).as(page).isEqualTo(404);
      assertThat(reply.json().get("code").asText()).isEqualTo("not_found");
    }
  }

  @Test
  void body_sentAsAForm_isReadAsJson() {
    Reply reply =
        server.call(
            "POST",
            "/create",
            "{\"root\": \"main\", \"targets\": [{\"type\": \"file\", \"path\": \"a.txt\"}]}",
            "Content-Type",
            "application/x-www-form-urlencoded");
    assertThat(reply.status()).isEqualTo(201);
  }

  @Test
  void body_ofManyTargets_isReadFromATemporaryFileThatIsRemoved() throws IOException {
    StringBuilder targets = new StringBuilder();
    for (int i = 0; i < 3000; i++) {
      targets.append(i == 0 ? "" : ",");
      targets.append("{'type': 'file', 'path': 'a.txt', 'name': 'copy " + i + ".txt'}");
    }
    Reply created = create(targets.toString());
    assertThat(namesOf(server.manifest(created)))
        .hasSize(3000)
        .startsWith("copy 0.txt")
        .endsWith("copy 2999.txt");
    try (var left =
        Files.find(directory.resolve("tomcat"), 9, (p, a) -> p.toString().endsWith(".json"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void largeBodyThatFailsHalfWay_leavesNoOpenFile() throws IOException {
    String good = "{'type': 'file', 'path': 'a.txt', 'name': '%05d.txt'},";
    StringBuilder targets = new StringBuilder();
    for (int i = 0; i < 3000; i++) {
      targets.append(good.formatted(i));
    }
    Reply reply =
        create(
            targets
                + "{'type': 'file', 'path': 'missing'},"
                + targets
                + good.formatted(0).replace("},", "}"));
    assertThat(reply.json().get("target_index").asInt()).isEqualTo(3000);
    try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
      assertThat(descriptors.map(CreateTest::openFile)).noneMatch(name -> name.contains(".json"));
    }
  }

  private static String openFile(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return "closed meanwhile";
    }
  }

  private static String expiry(String field) {
    Reply reply =
        server.create(
            "{'root': 'main', " + field + " 'targets': [{'type': 'file', 'path': 'a.txt'}]}");
    assertThat(reply.status()).as(reply.toString()).isEqualTo(201);
    return reply.json().get("expires_at").asText();
  }

  private static Reply create(String targets) {
    return server.create("{'root': 'main', 'targets': [" + targets + "]}");
  }

  private static List<String> names(String targets) {
    return namesOf(server.manifest(create(targets)));
  }

  private static List<String> namesOf(String manifest) {
    return manifest.lines().map(line -> line.split(" ", 4)[3]).toList();
  }

  private static void write(Path root, String name, String content) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }
}
