package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.testing.HostileNames;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.Manifest;
import org.lading.testing.RawDownload;
import org.lading.testing.S3Server;

/** Downloads from a bucket, whose store checks every signature. */
class S3DownloadTest {
  @TempDir static Path directory;
  static S3Server s3;
  static LadingServer server;
  static String endpoint;

  @BeforeAll
  static void start() throws IOException {
    Files.createDirectories(directory.resolve("root"));
    Files.writeString(directory.resolve("root/local.txt"), "from the file system");
    s3 = new S3Server();
    s3.createBucket("content");
    s3.createBucket("many");
    s3.put("content", "my/collection/path/to/file.txt", "hello".getBytes(StandardCharsets.UTF_8));
    s3.put("content", "my/collection/path/to/other.txt", new byte[0]);
    s3.put("content", "my/collection/path/marker/", new byte[0]);
    s3.put("content", "other/secret.txt", "not below the prefix".getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < 2500; i++) {
      s3.put("many", "d/%04d.bin".formatted(i), ("#" + i).getBytes(StandardCharsets.UTF_8));
    }
    endpoint =
        """
            endpoint: %s
            force_path_style: true
            aws_access_key_id: %s
            aws_secret_access_key: %s
        """
            .formatted(s3.endpoint(), s3.accessKeyId(), s3.secretAccessKey());
    server =
        LadingServer.start(
            directory,
            "roots:\n  - {name: main, path: root, serve: direct}\n"
                + "  - name: medusa-s3\n    bucket: content\n    prefix: my/collection\n"
                + endpoint
                + "  - name: many\n    bucket: many\n"
                + endpoint);
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
    s3.close();
  }

  @Test
  void smallObjects_areForLading_sinceModZipFetchesThemOneAfterAnother() {
    Reply created =
        server.create(
            "{'root': 'many', 'targets': [{'type': 'directory', 'path': 'd'}]}",
            "X-Archive-Assembler",
            "mod_zip");

    JsonNode assembler = created.json().get("assembler");
    assertThat(assembler.get("name").asText()).isEqualTo("embedded");
    assertThat(assembler.get("reason").asText()).isEqualTo("2,500 small objects of a remote root");
    assertThat(created.json().get("download_url").asText()).endsWith("/download");
    assertThat(assembler.at("/predicted_seconds/mod_zip").asDouble())
        .isGreaterThan(1.2 * assembler.at("/predicted_seconds/embedded").asDouble());
  }

  @Test
  void exampleOfTheDocuments_comesOutExactly() throws IOException {
    Reply created =
        server.create(
            "{'root': 'medusa-s3', 'targets': [{'type': 'file', 'path': 'path/to/file.txt'}]}");

    String manifest = server.manifest(created);
    assertThat(manifest)
        .matches("- 5 /content/my/collection/path/to/file\\.txt\\?[^ ?]+ file\\.txt\r\n");
    String location = Manifest.parse(manifest).get(0).location();
    assertThat(location).contains("X-Amz-SignedHeaders=host&").contains("X-Amz-Expires=43200");
    assertThat(s3.fetch(location)).asString().isEqualTo("hello");
    assertThat(s3.status(location.substring(0, location.indexOf('?')))).isEqualTo(403);
  }

  @Test
  void mixedRoots_everyLocationGivesItsBytes() throws IOException {
    Reply created =
        server.create(
            """
            {'root': 'medusa-s3', 'zip_name': 'mixed', 'targets': [
              {'type': 'directory', 'path': 'path', 'recursive': true},
              {'type': 'file', 'path': 'local.txt', 'root': 'main'},
              {'type': 'literal', 'name': 'R.txt', 'content': 'text'}]}
            """);
    List<Manifest> lines = Manifest.parse(server.manifest(created));

    assertThat(lines)
        .extracting(Manifest::name)
        .containsExactly(
            "mixed/path/marker/",
            "mixed/path/to/file.txt",
            "mixed/path/to/other.txt",
            "mixed/local.txt",
            "mixed/R.txt");
    assertThat(s3.fetch(lines.get(1).location())).asString().isEqualTo("hello");
    assertThat(s3.fetch(lines.get(2).location())).isEmpty();
  }

  @Test
  void listing_ofSeveralPages_isCompleteAndFetched() throws IOException {
    Reply created =
        server.create("{'root': 'many', 'targets': [{'type': 'directory', 'path': 'd'}]}");
    List<Manifest> lines = Manifest.parse(server.manifest(created));

    assertThat(lines).hasSize(2500);
    for (int i = 0; i < lines.size(); i++) {
      assertThat(lines.get(i).name()).isEqualTo("d/%04d.bin".formatted(i));
      if (i % 100 == 0) {
        assertThat(s3.fetch(lines.get(i).location())).asString().isEqualTo("#" + i);
      }
    }
  }

  @Test
  void downloadOfObjects_isServedWithoutReadingAllOfItFirst() throws IOException {
    Reply created = withoutItsLastEntries();
    String page = "/downloads" + LadingServer.page(created, "get");

    assertThat(server.head(LadingServer.page(created, "get")).status()).isEqualTo(200);
    try (RawDownload get = new RawDownload(server.port(), page)) {
      assertThat(get.head()).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void changedFileAmongObjects_isNoticedAndNamed() throws IOException {
    Files.writeString(directory.resolve("root/changing.txt"), "before");
    Reply created =
        server.create(
            """
            {'root': 'many', 'targets': [
              {'type': 'directory', 'path': 'd'},
              {'type': 'file', 'path': 'changing.txt', 'root': 'main'}]}
            """);
    assertThat(created.status()).isEqualTo(201);

    Files.writeString(directory.resolve("root/changing.txt"), "after it");

    for (String page : List.of("get", "manifest")) {
      Reply reply = server.get(LadingServer.page(created, page));
      assertThat(reply.status()).isEqualTo(409);
      assertThat(reply.json().get("code").asText()).isEqualTo("changed");
      assertThat(reply.json().get("error").asText()).contains("'changing.txt'");
    }
  }

  @Test
  void bucketThatIsGoneFromTheConfiguration_orBecameADirectory_isAnAnswer() throws IOException {
    Path other = Files.createDirectories(directory.resolve("other"));
    Files.createDirectories(other.resolve("root"));
    String main = "roots:\n  - {name: main, path: root}\n";
    String page;
    try (LadingServer before =
        LadingServer.start(other, main + "  - name: many\n    bucket: many\n" + endpoint)) {
      page =
          LadingServer.page(
              before.create("{'root': 'many', 'targets': [{'type': 'directory', 'path': 'd'}]}"),
              "get");
      assertThat(before.get(page).status()).isEqualTo(200);
    }
    for (String after : List.of(main, main + "  - {name: many, path: root}\n")) {
      try (LadingServer server = LadingServer.start(other, after)) {
        Reply reply = server.get(page);
        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.json().get("error").asText()).contains("'d/0000.bin'");
      }
    }
  }

  /** A download of many objects, of which the database has lost all but the first rows. */
  private static Reply withoutItsLastEntries() {
    Reply created =
        server.create("{'root': 'many', 'targets': [{'type': 'directory', 'path': 'd'}]}");
    server.sql(
        "delete from entry_chunk where first_entry > 0 and download_id = '" + id(created) + "'");
    return created;
  }

  private static String id(Reply created) {
    return LadingServer.page(created, "").split("/", -1)[2];
  }

  @Test
  void keyOutsideThePrefix_isNotReached() {
    for (String path : List.of("../../other/secret.txt", "/../other/secret.txt", "../..")) {
      Reply reply =
          server.create(
              "{'root': 'medusa-s3', 'targets': [{'type': 'file', 'path': '" + path + "'}]}");
      assertThat(reply.json().get("code").asText()).isEqualTo("missing_or_invalid_target");
    }
  }

  @Test
  void hostileKeys_workOrAreRefusedByName_inBothEncodings() throws IOException {
    Map<String, byte[]> accepted = new LinkedHashMap<>();
    for (String name : HostileNames.all()) {
      byte[] content = ("content of " + name).getBytes(StandardCharsets.UTF_8);
      s3.put("content", "my/collection/hostile/" + name, content);
      Reply created = create("medusa-s3", "hostile/" + name);
      if (HostileFiles.isRefused(created, name)) {
        continue;
      }
      accepted.put(name, content);
      Manifest plain = Manifest.parse(server.manifest(created)).get(0);
      assertThat(plain.name()).isEqualTo("in/" + name);
      assertThat(s3.fetch(plain.location())).as(name).isEqualTo(content);
      Manifest exact =
          Manifest.parse(server.manifest(created, "X-Archive-Locations", "exact")).get(0);
      assertThat(s3.fetch(decodedOnce(exact.location()))).as(name).isEqualTo(content);
    }
    assertThat(accepted).hasSizeGreaterThan(60);
  }

  /** What nginx makes of the path of a location; the query stays as it is. */
  private static String decodedOnce(String location) {
    int query = location.indexOf('?');
    return URLDecoder.decode(
            location.substring(0, query).replace("+", "%2B"), StandardCharsets.UTF_8)
        + location.substring(query);
  }

  private static Reply create(String root, String path) throws IOException {
    Map<String, Object> target = new LinkedHashMap<>();
    target.put("type", "file");
    target.put("path", path);
    target.put("zip_path", "in");
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("root", root);
    request.put("targets", new ArrayList<>(List.of(target)));
    return server.create(
        new com.fasterxml.jackson.databind.ObjectMapper().writeValueAsBytes(request));
  }
}
