package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.LargeTree;
import org.lading.testing.NeedsProgram;
import org.lading.testing.Program;
import org.lading.testing.Programs;
import org.lading.testing.S3Server;

/** An archive of everything that is hard, in the hands of the programs that people have. */
class ArchiveToolsIT {
  private static final int FILES = 70_000;
  private static final long OVER_4_GIB = (4L << 30) + 12_345;
  private static final Instant TIME = Instant.parse("2021-06-05T04:03:02Z");

  @TempDir static Path directory;
  static S3Server s3;
  static LadingServer server;
  static Path archive;
  static Reply created;

  @BeforeAll
  static void download() throws Exception {
    Path root = directory.resolve("root");
    LargeTree.makeLinked(root.resolve("many"), FILES, new byte[] {'x'});
    Files.createDirectories(root.resolve("hard/empty"));
    Files.write(root.resolve("hard/0 bytes"), new byte[0]);
    Path named =
        Files.writeString(root.resolve("hard/\u00fcber \ud83d\udea2 \u6f22\u5b57.txt"), "x");
    Files.setLastModifiedTime(named, FileTime.from(TIME));
    try (RandomAccessFile large = new RandomAccessFile(root.resolve("hard/large").toFile(), "rw")) {
      large.setLength(OVER_4_GIB);
      large.write("begin".getBytes(StandardCharsets.UTF_8));
      large.seek(OVER_4_GIB - 3);
      large.write("end".getBytes(StandardCharsets.UTF_8));
    }
    s3 = new S3Server();
    s3.createBucket("content");
    s3.put("content", "o/small", new byte[1000]);
    s3.put("content", "o/large", new byte[2 << 20]);
    server =
        LadingServer.start(
            directory,
            "roots:\n  - {name: main, path: root, serve: direct}\n" + s3.root("content"));
    created =
        server.create(
            """
            {'root': 'main', 'zip_name': 'all', 'targets': [
              {'type': 'directory', 'path': 'hard', 'recursive': true},
              {'type': 'directory', 'path': 'o', 'root': 's3'},
              {'type': 'literal', 'name': 'R.txt', 'content': 'literal'},
              {'type': 'directory', 'path': 'many', 'recursive': true}]}
            """);
    archive = directory.resolve("all.zip");
    URI url = URI.create(created.json().get("download_url").asText());
    try (InputStream body = url.toURL().openStream();
        OutputStream file = Files.newOutputStream(archive)) {
      byte[] buffer = new byte[1 << 20];
      for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
        file.write(buffer, 0, read);
      }
    }
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
    s3.close();
  }

  @Test
  void length_isTheOneThatWasAnnounced() throws IOException {
    assertThat(Files.size(archive)).isEqualTo(created.json().get("zip_size").asLong());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "unzip -qq -t FILE -x all/hard/large",
        "zipinfo -h -t FILE",
        "7z t -bso0 -bsp0 FILE",
        "bsdtar -tf FILE",
        "python3 -c import\u00a0sys,zipfile;z=zipfile.ZipFile(sys.argv[1]);assert\u00a0len(z.namelist())==70007,len(z.namelist());assert\u00a0z.testzip()\u00a0is\u00a0None FILE"
      })
  void tool_readsItWithoutComplaint(String command) throws Exception {
    String tool = command.substring(0, command.indexOf(' '));
    Programs.HERE.require(ArchiveToolsIT.class.getName() + "." + tool, tool);
    List<String> words = new ArrayList<>();
    for (String word : command.split(" ", -1)) {
      words.add(word.equals("FILE") ? archive.toString() : word.replace('\u00a0', ' '));
    }
    String printed = Program.run(directory, words.toArray(String[]::new));
    assertThat(printed).doesNotContainIgnoringCase("warning").doesNotContainIgnoringCase("error");
  }

  @Test
  void java_readsNamesTimesAndTheLargeFile() throws IOException {
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      assertThat(zip.size()).isEqualTo(FILES + 7);
      assertThat(zip.getEntry("all/hard/large").getSize()).isEqualTo(OVER_4_GIB);
      assertThat(zip.getEntry("all/hard/empty/").isDirectory()).isTrue();
      var named = zip.getEntry("all/hard/\u00fcber \ud83d\udea2 \u6f22\u5b57.txt");
      assertThat(named.getLastModifiedTime().toInstant()).isEqualTo(TIME);
      assertThat(zip.getInputStream(named).readAllBytes()).asString().isEqualTo("x");
    }
  }

  @NeedsProgram({"curl", "cmp"})
  @Test
  void cutDownload_isCompletedByCurl() throws Exception {
    Path part = directory.resolve("part.zip");
    long length = Files.size(archive);
    String url = created.json().get("download_url").asText();
    Program.run(directory, "curl", "-sS", "-f", "-r", "0-999999", "-o", part.toString(), url);
    try (RandomAccessFile file = new RandomAccessFile(part.toFile(), "rw");
        RandomAccessFile whole = new RandomAccessFile(archive.toFile(), "r")) {
      // What lies between is spared the test: the connection broke in the middle of the large file.
      file.setLength(length - (64 << 20));
      whole.seek(file.length() - 1000);
      byte[] before = new byte[1000];
      whole.readFully(before);
      file.seek(file.length() - 1000);
      file.write(before);
    }
    Program.run(directory, "curl", "-sS", "-f", "-C", "-", "-o", part.toString(), url);
    assertThat(Files.size(part)).isEqualTo(length);
    Program.run(
        directory,
        "cmp",
        "--ignore-initial=" + (length - (64 << 20) - 1000),
        part.toString(),
        archive.toString());
  }
}
