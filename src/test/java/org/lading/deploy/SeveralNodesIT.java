package org.lading.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.testing.Http;
import org.lading.testing.Http.Reply;
import org.lading.testing.JavaProcess;
import org.lading.testing.LargeTree;
import org.lading.testing.NeedsProgram;
import org.lading.testing.PostgresServer;
import org.lading.testing.Programs;
import org.lading.testing.TestDatabase;
import org.lading.testing.Traces;

/**
 * Three containers with the WAR, each in a JVM of its own, on one database, which has the literals,
 * and one storage, which has the links.
 */
@NeedsProgram(Programs.UNSHARE)
class SeveralNodesIT {
  private static final int DOWNLOADS = 12;
  private static final int FILES = 9_999;
  private static final int ENTRIES = FILES + 1;

  /** One in this number of downloads is served through links, which fill the storage. */
  private static final int LINKED = 5;

  @TempDir Path directory;
  private final TestDatabase database = TestDatabase.postgres(PostgresServer.newDatabase());
  private final List<JavaProcess> nodes = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    LargeTree.makeLinked(directory.resolve("root"), FILES, new byte[] {'x'});
    Files.writeString(
        directory.resolve("lading.yml"),
        """
        roots:
          - {name: direct, path: root, serve: direct}
          - {name: linked, path: root}
        storage: storage
        clients: open
        """
            + database.settings());
    nodes.add(startNode("tomcat", 0));
    nodes.add(startNode("jetty", 1));
    nodes.add(startNode("tomcat", 2));
  }

  private JavaProcess startNode(String kind, int number) throws IOException {
    return Node.start(
        kind, directory.resolve("node-" + number), directory.resolve("lading.yml"), "-Xmx256m");
  }

  @AfterEach
  void stop() throws IOException {
    for (JavaProcess node : nodes) {
      node.close();
    }
  }

  @Test
  void nodeThatIsKilledWhileItPrepares_losesNothing() throws Exception {
    List<String> downloads = createAll();
    await(
        () ->
            count(
                    "select count(*) from download where entry_count > 0 and state = 'CREATING_MANIFEST'")
                > 2);

    nodes.get(1).kill();

    Set<String> interrupted =
        new HashSet<>(database.texts("select id from download where state = 'CREATING_MANIFEST'"));
    assertThat(interrupted).as("downloads being prepared at that time").isNotEmpty();
    await(() -> count("select count(*) from download where state = 'READY'") == DOWNLOADS);
    assertThat(count("select count(*) from download where attempt > 1"))
        .as("downloads that were begun again")
        .isPositive();
    assertThat(count("select max(failures) from download")).isEqualTo(1);

    nodes.set(1, startNode("jetty", 1));
    List<String> names = expectedNames();
    for (String download : downloads) {
      assertIsTheSameEverywhere(download, names);
    }
    assertNothingElseIsStored();
  }

  private List<String> createAll() {
    List<String> downloads = new ArrayList<>();
    for (int i = 0; i < DOWNLOADS; i++) {
      String root = i % LINKED == 0 ? "linked" : "direct";
      String body =
          """
          {"root": "%s", "targets": [{"type": "directory", "path": "", "recursive": true},
           {"type": "literal", "name": "README.txt", "content": "download %d"}]}
          """
              .formatted(root, i);
      try (Http http = nodes.get(i % nodes.size()).http()) {
        Reply created =
            http.post(
                "/downloads/create",
                body.getBytes(StandardCharsets.UTF_8),
                "Prefer",
                "respond-async");
        assertThat(created.status()).as(created.toString()).isEqualTo(202);
        downloads.add("/downloads/" + root + "/" + created.json().get("id").asText());
      }
    }
    return downloads;
  }

  private void assertIsTheSameEverywhere(String download, List<String> names) {
    Set<String> seen = new HashSet<>();
    for (JavaProcess node : nodes) {
      try (Http http = node.http()) {
        Reply manifest = http.get(download + "/get", "X-Archive-Literals", "proxied");
        assertThat(manifest.text().lines().map(line -> line.split(" ", 4)[3]).toList())
            .isEqualTo(names);
        Reply archive = http.get(download + "/download");
        assertThat(archive.status()).isEqualTo(200);
        seen.add(
            String.join(
                " ",
                manifest.header("ETag"),
                digest(manifest.bytes()),
                archive.header("ETag"),
                digest(archive.bytes())));
      }
    }
    assertThat(seen).as("what three nodes serve").hasSize(1);
  }

  private List<String> expectedNames() throws IOException {
    List<String> names = new ArrayList<>();
    Path root = directory.resolve("root");
    try (Stream<Path> files = Files.walk(root)) {
      files
          .filter(Files::isRegularFile)
          .map(file -> root.relativize(file).toString())
          .sorted()
          .forEach(names::add);
    }
    names.add("README.txt");
    assertThat(names).hasSize(ENTRIES);
    return names;
  }

  private void assertNothingElseIsStored() throws IOException {
    assertThat(count("select sum(entry_count) from entry_chunk"))
        .isEqualTo((long) DOWNLOADS * ENTRIES);
    assertThat(count("select count(*) from target_chunk")).isZero();
    assertThat(count("select count(*) from preparation_job")).isZero();
    assertThat(count("select count(*) from literal_chunk")).isEqualTo(DOWNLOADS);
    Set<String> owned =
        new HashSet<>(database.texts("select id from download where root = 'linked'"));
    Path content = directory.resolve("storage/content");
    try (Stream<Path> found = Files.list(content)) {
      assertThat(found.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(owned);
    }
    for (String id : owned) {
      try (Stream<Path> files = Files.walk(content.resolve(id))) {
        assertThat(files.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)))
            .as("links of " + id)
            .hasSize(FILES);
      }
    }
  }

  private long count(String query) {
    return database.number(query);
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(BooleanSupplier condition) {
    Traces.awaited(Duration.ofMinutes(4), condition::getAsBoolean, holds -> holds);
  }
}
