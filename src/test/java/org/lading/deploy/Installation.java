package org.lading.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.lading.testing.Http;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.S3Server;
import org.lading.testing.TestDatabase;
import org.lading.testing.Traces;

/** What an operator puts beside the WAR, and what users then do with it. */
final class Installation {
  /** The name of a filesystem root. */
  static final String FILES = "files";

  /** The name of an S3 root whose keys are in the configuration. */
  static final String BUCKET = "bucket";

  /** The name of an S3 root whose keys are in system properties. */
  static final String CHAIN = "chain";

  /** Several chunks of stored entries, and more than a container buffers of their manifest. */
  private static final int MANY_FILES = 2500;

  private final Path directory;

  /** An installation below the directory, with files and the store's objects to offer. */
  Installation(Path directory, S3Server s3) {
    this.directory = directory;
    write("files/dir/a b.txt", "file");
    String store =
        "bucket: content, prefix: my/collection, endpoint: '%s', force_path_style: true"
            .formatted(s3.endpoint());
    configure(
        """
        roots:
          - {name: files, path: files, serve: direct}
          - {name: bucket, aws_access_key_id: %s, aws_secret_access_key: %s, %s}
          - {name: chain, %s}
        storage: storage
        clients: open
        """
            .formatted(s3.accessKeyId(), s3.secretAccessKey(), store, store));
  }

  /** A store with the objects that the installations offer. */
  static S3Server store() {
    S3Server s3 = new S3Server();
    s3.createBucket("content");
    s3.put("content", "my/collection/dir/a b.txt", bytes("object"));
    return s3;
  }

  /** The configuration file. */
  Path configuration() {
    return directory.resolve("lading.yml");
  }

  /** The storage directory. */
  Path storage() {
    return directory.resolve("storage");
  }

  /** Replaces the configuration file. */
  void configure(String yaml) {
    write("lading.yml", yaml);
  }

  /** Adds the directory {@code many} to the files, with empty ones named by four digits. */
  void addManyFiles() {
    for (int i = 0; i < MANY_FILES; i++) {
      write("files/many/file-%04d.txt".formatted(i), "");
    }
  }

  /** Has another database than the embedded one, as the setting {@code database} says. */
  void useDatabase(String setting) {
    try {
      configure(Files.readString(configuration()) + "database: {" + setting + "}\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Opens the embedded database, which works only when no application has it open. */
  Connection database() throws SQLException {
    return TestDatabase.embedded(storage()).connect();
  }

  /** Makes a download of a directory and a literal; the answer is its path with its last slash. */
  static String createDownload(Http http, String context, String root, String path) {
    String body =
        """
        {"root": "%s", "targets": [{"type": "directory", "path": "%s"},
         {"type": "literal", "name": "README.txt", "content": "text"}]}
        """
            .formatted(root, path);
    Reply created = http.post(context + "/create", bytes(body), "Prefer", LadingServer.PATIENT);
    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    String location = created.header("Location");
    assertThat(location).endsWith("/status").contains(context + "/" + root + "/");
    return location.substring(location.indexOf(context + "/"), location.length() - 6);
  }

  /**
   * Asks for every page of a download, and for those that need none. The filter's come last: Jersey
   * has then cleaned up after its own, which it may do when the answer is already out.
   */
  static void assertServed(Http http, String context, String download, String location) {
    assertIsUp(http, context);
    assertThat(http.get(context + "/").json().has("roots")).isTrue();
    assertThat(http.get(context + "/", "Accept", "text/html").text()).contains("<h1>Lading</h1>");
    assertThat(http.get(context + "/nowhere").status()).isEqualTo(404);
    assertThat(http.get(download + "status", "Accept", "text/html").text()).contains("<h1>");

    Reply status = http.get(download + "status", "X-Archive-Assembler", "mod_zip");
    assertThat(status.json().get("status").asText()).isEqualTo("ready");
    Reply head = http.head(download + "get", "X-Archive-Literals", "proxied");
    assertThat(head.header("X-Archive-Files")).isNull();
    assertThat(head.header("Content-Length")).isEqualTo(status.json().get("zip_size").asText());

    assertStreamed(http, download);
    Reply manifest = http.get(download + "manifest");
    assertThat(manifest.header("X-Archive-Files")).isNull();
    assertThat(manifest.header("Content-Type")).startsWith("text/plain");
    assertThat(manifest.text().lines()).hasSize(2);

    Reply get = http.get(download + "get", "X-Archive-Literals", "proxied");
    assertThat(get.status()).as(get.toString()).isEqualTo(200);
    assertThat(get.header("X-Archive-Files")).isEqualTo("zip");
    assertThat(get.text().lines())
        .hasSize(2)
        .first()
        .asString()
        .matches("(-|[0-9a-f]{8}) [0-9]+ .*")
        .contains(location)
        .endsWith(" dir/a b.txt");
  }

  /** Gives the first calls to a store their time, in which classes are still loaded. */
  static void assertIsUp(Http http, String context) {
    Traces.awaited(() -> http.get(context + "/status"), reply -> reply.status() == 200);
  }

  /** Asks for the archive that Lading streams itself, and for its end. */
  private static void assertStreamed(Http http, String download) {
    Reply archive = http.get(download + "download");
    assertThat(archive.status()).as(archive.toString()).isEqualTo(200);
    assertThat(archive.header("Content-Length"))
        .isEqualTo(http.get(download + "status").json().get("zip_size").asText());
    assertThat(namesIn(archive.bytes())).containsExactly("dir/a b.txt", "README.txt");
    Reply end = http.get(download + "download", "Range", "bytes=-22");
    assertThat(end.status()).isEqualTo(206);
    assertThat(end.bytes()).startsWith('P', 'K', 5, 6);
  }

  private static List<String> namesIn(byte[] archive) {
    List<String> names = new ArrayList<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        names.add(entry.getName());
        zip.readAllBytes();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return names;
  }

  private void write(String name, String content) {
    try {
      Path file = directory.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
