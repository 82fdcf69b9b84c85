package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.NeedsProgram;
import org.lading.testing.Program;
import org.lading.testing.RawFiles;
import org.lading.testing.ScriptedS3;
import org.lading.testing.ScriptedS3.Answer;

/** Directories in which something cannot be delivered, in roots that refuse and roots that omit. */
class UndeliverableContentTest {
  private static final String NOTE = "NOT INCLUDED.txt";

  @TempDir Path directory;
  private LadingServer server;
  private ScriptedS3 store;
  private Path root;

  @BeforeEach
  void start() throws IOException {
    root = RawFiles.makeDirectories(directory.resolve("root"));
    RawFiles.write(root.resolve("d/a.txt"), new byte[] {'a'});
    RawFiles.write(root.resolve("d/sub/z.txt"), new byte[] {'z'});
    store = new ScriptedS3(UndeliverableContentTest::answer);
    server =
        LadingServer.start(
            directory,
            """
            roots:
              - {name: refusing, path: root}
              - {name: omitting, path: root, undeliverable: omit}
              - {name: direct, path: root, undeliverable: omit, serve: direct}
            """
                + store.root()
                + "    undeliverable: omit\n");
  }

  @AfterEach
  void stop() {
    server.close();
    store.close();
  }

  private static Answer answer(ScriptedS3.Request request) {
    if (request.isListing()) {
      return listing();
    }
    // Archived objects have a HEAD, and no content.
    return request.method().equals("HEAD")
        ? Answer.object(Map.of("x-amz-storage-class", "DEEP_ARCHIVE"))
        : Answer.error(403, "InvalidObjectState");
  }

  private static Answer listing() {
    String object =
        "<Contents><Key>%s</Key><LastModified>2026-02-03T04:05:06.000Z</LastModified>"
            + "<ETag>\"abc\"</ETag><Size>%d</Size><StorageClass>%s</StorageClass></Contents>";
    return Answer.ok(
        "<ListBucketResult><IsTruncated>false</IsTruncated>"
            + object.formatted("d/../up", 5, "STANDARD")
            + object.formatted("d/a", 5, "STANDARD")
            + object.formatted("d/b\\c", 5, "STANDARD")
            + object.formatted("d/cold", 5, "DEEP_ARCHIVE")
            + object.formatted("d/full/", 5, "STANDARD")
            + "</ListBucketResult>");
  }

  private Reply create(String rootName, String targets) {
    return server.create("{'root': '%s', 'targets': [%s]}".formatted(rootName, targets));
  }

  private Reply createDirectory(String rootName) {
    return create(rootName, "{'type': 'directory', 'path': 'd', 'recursive': true}");
  }

  private Map<String, String> contents(Reply created) throws IOException {
    assertThat(created.status()).as(created.text()).isEqualTo(201);
    Map<String, String> contents = new LinkedHashMap<>();
    byte[] archive = server.get(LadingServer.page(created, "download")).bytes();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        contents.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return contents;
  }

  /** Makes something undeliverable; returns what the sentence about it names. */
  private String make(String kind) throws Exception {
    Path d = root.resolve("d");
    switch (kind) {
      case "dead link" -> Files.createSymbolicLink(d.resolve(".#a.txt"), Path.of("joe@host.1234"));
      case "link out" -> Files.createSymbolicLink(d.resolve(".#a.txt"), Path.of("/etc/hostname"));
      case "link to itself" -> Files.createSymbolicLink(d.resolve(".#a.txt"), Path.of(".#a.txt"));
      case "loop" -> Files.createSymbolicLink(d.resolve("sub/.#a.txt"), Path.of(".."));
      case "pipe" -> Program.run(directory, "mkfifo", d.resolve(".#a.txt").toString());
      case "backslash" -> RawFiles.write(RawFiles.at(d, ".#a.txt\\"), new byte[1]);
      case "line feed" -> RawFiles.write(RawFiles.at(d, ".#a.txt\nx"), new byte[1]);
      default -> throw new IllegalArgumentException(kind);
    }
    return ".#a.txt";
  }

  @NeedsProgram("mkfifo")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "dead link",
        "link out",
        "link to itself",
        "loop",
        "pipe",
        "backslash",
        "line feed"
      })
  void oneThatCannotBeDelivered_isRefusedOrLeftOutAndListed_asTheRootSays(String kind)
      throws Exception {
    String name = make(kind);
    Reply refused = createDirectory("refusing");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().get("error").asText()).contains(name);
    for (String rootName : new String[] {"omitting", "direct"}) {
      Reply created = createDirectory(rootName);
      Map<String, String> contents = contents(created);
      assertThat(contents.keySet()).containsExactly("d/a.txt", "d/sub/z.txt", NOTE);
      assertThat(contents.get(NOTE)).contains(name).hasLineCount(3);
      assertThat(created.json().get("omitted_count").asInt()).isEqualTo(1);
      assertThat(created.json().get("file_count").asInt()).isEqualTo(3);
      Reply status = server.get(LadingServer.page(created, "status"));
      assertThat(status.json().get("omitted_count").asInt()).isEqualTo(1);
      Reply page = server.get(LadingServer.page(created, "status"), "Accept", "text/html");
      assertThat(page.text()).contains("Left out");
    }
  }

  @Test
  void allOfADirectory_isLeftOut_andTheTextRemains() throws Exception {
    Path only = Files.createDirectories(root.resolve("only"));
    Files.createSymbolicLink(only.resolve("gone"), Path.of("nowhere"));
    Reply created = create("omitting", "{'type': 'directory', 'path': 'only', 'recursive': true}");
    assertThat(contents(created)).containsOnlyKeys("only/", NOTE);
  }

  @Test
  void nothingToLeaveOut_leavesNoText() throws Exception {
    Reply created = createDirectory("omitting");
    assertThat(contents(created)).containsOnlyKeys("d/a.txt", "d/sub/z.txt");
    assertThat(created.json().get("omitted_count").asInt()).isZero();
    assertThat(server.get(LadingServer.page(created, "status"), "Accept", "text/html").text())
        .doesNotContain("Left out");
  }

  @Test
  void contentWithTheNameOfTheText_isKept() throws Exception {
    make("dead link");
    Reply created =
        create(
            "omitting",
            "{'type': 'directory', 'path': 'd'}, {'type': 'literal', 'name': '%s', 'content': 'mine'}"
                .formatted(NOTE));
    Map<String, String> contents = contents(created);
    assertThat(contents).containsEntry(NOTE, "mine").containsKey("NOT INCLUDED (2).txt");
  }

  @Test
  void whatIsAskedForByName_isRefused_whateverTheRootSays() throws Exception {
    make("dead link");
    Files.createSymbolicLink(root.resolve("gone"), Path.of("nowhere"));
    for (String target :
        new String[] {
          "{'type': 'file', 'path': 'd/.#a.txt'}",
          "{'type': 'file', 'path': 'd/missing'}",
          "{'type': 'directory', 'path': 'gone'}",
          "{'type': 'directory', 'path': 'missing', 'recursive': true}"
        }) {
      Reply refused = create("omitting", target);
      assertThat(refused.json().get("code").asText()).isEqualTo("missing_or_invalid_target");
    }
  }

  @Test
  void objectsThatCannotBeDelivered_areLeftOutAndListed() throws Exception {
    Reply created = createDirectory("s3");
    assertThat(created.status()).as(created.text()).isEqualTo(201);
    assertThat(created.json().get("omitted_count").asInt()).isEqualTo(4);
    String manifest = server.manifest(created);
    assertThat(manifest.lines()).hasSize(2);
    assertThat(manifest).contains(" d/a\r\n").contains(" " + NOTE + "\r\n");
  }

  @Test
  void directoryTarget_saysOtherwiseThanItsRoot() throws IOException {
    Files.createSymbolicLink(root.resolve("d/broken"), Path.of("nowhere"));
    String target = "{'type': 'directory', 'path': 'd', 'undeliverable': '%s'}";
    Reply omitting = create("refusing", target.formatted("omit"));
    assertThat(contents(omitting)).containsOnlyKeys("d/a.txt", NOTE);
    assertThat(contents(omitting).get(NOTE)).contains("broken");
    assertThat(omitting.json().get("omitted_count").asInt()).isEqualTo(1);

    Reply refusing = create("omitting", target.formatted("refuse"));
    assertThat(refusing.status()).isEqualTo(400);
    assertThat(refusing.json().get("code").asText()).isEqualTo("missing_or_invalid_target");
    Reply neither = create("omitting", target.formatted("both"));
    assertThat(neither.json().get("error").asText()).contains("must be refuse or omit");
  }
}
