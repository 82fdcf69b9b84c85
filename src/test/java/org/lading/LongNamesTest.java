package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.NeedsProgram;
import org.lading.testing.Program;
import org.lading.testing.RawFiles;

/** Names that Lading makes longer than the request or the file system had them, unpacked. */
@NeedsProgram({"unzip", "7z", "curl"})
class LongNamesTest {
  private static final String LONGEST = "n".repeat(251) + ".txt";

  @TempDir static Path directory;
  static LadingServer server;
  static Path root;

  @BeforeAll
  static void start() {
    root = RawFiles.makeDirectories(directory.resolve("root"));
    server = LadingServer.start(directory, "roots:\n  - {name: main, path: root, serve: direct}\n");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private void write(String path) {
    RawFiles.write(RawFiles.at(root, path), path.getBytes(StandardCharsets.UTF_8));
  }

  /** Creates a download and unpacks its archive with two programs; returns the files' names. */
  private List<String> unpacked(String targets) throws Exception {
    Reply created = server.create("{'root': 'main', 'targets': [" + targets + "]}");
    assertThat(created.status()).as(created.text()).isEqualTo(201);
    Path unpacked = Files.createTempDirectory(directory, "unpacked");
    Path archive = unpacked.resolve("archive.zip");
    Files.write(archive, server.get(LadingServer.page(created, "download")).bytes());
    Path first = unpacked.resolve("unzip");
    Path second = unpacked.resolve("7z");
    Program.run(directory, "unzip", "-q", archive.toString(), "-d", first.toString());
    Program.run(directory, "7z", "x", "-bso0", "-bsp0", "-o" + second, archive.toString());
    assertThat(names(second)).isEqualTo(names(first));
    return names(first);
  }

  private static List<String> names(Path unpacked) throws IOException {
    try (Stream<Path> files = Files.walk(unpacked)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> unpacked.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void twoFilesOfOneName_thatIsAsLongAsItCanBe_areBothUnpacked() throws Exception {
    write("a/" + LONGEST);
    write("b/" + LONGEST);
    assertThat(
            unpacked(
                "{'type': 'file', 'path': 'a/%1$s'}, {'type': 'file', 'path': 'b/%1$s'}"
                    .formatted(LONGEST)))
        .containsExactly("n".repeat(247) + " (2).txt", LONGEST);
  }

  @Test
  void twoLiteralsOfOneName_thatIsAsLongAsItCanBe_areBothUnpacked() throws Exception {
    String name = "L".repeat(255);
    assertThat(
            unpacked(
                "{'type': 'literal', 'name': '%1$s', 'content': '1'}, {'type': 'literal', 'name': '%1$s', 'content': '2'}"
                    .formatted(name)))
        .containsExactly("L".repeat(251) + " (2)", name);
  }

  @Test
  void namesOfAnOldEncoding_thatEscapesMakeTooLong_areShortenedAndStayDifferent() throws Exception {
    Charset shiftJis = Charset.forName("Shift_JIS");
    Path old = RawFiles.makeDirectories(root.resolve("old"));
    for (String end : List.of("\u3042", "\u3044")) {
      byte[] name = ("\u3042".repeat(99) + end + ".txt").getBytes(shiftJis);
      RawFiles.write(RawFiles.at(old, name), name);
    }
    byte[] deep = ("\u3042".repeat(100) + "/\u3042.txt").getBytes(shiftJis);
    RawFiles.write(RawFiles.at(old, deep), deep);
    List<String> names = unpacked("{'type': 'directory', 'path': 'old', 'recursive': true}");
    assertThat(names)
        .hasSize(3)
        .allSatisfy(name -> assertThat(name).startsWith("old/%82%A0%82").endsWith(".txt"));
    // Listed or asked for by name, it is called the same.
    assertThat(names).filteredOn(name -> name.length() == "old/".length() + 255).hasSize(2);
  }

  @Test
  void numberedFile_whoseNameIsADirectoryOfTheRequest_leavesBothInTheArchive() throws Exception {
    for (String path : List.of("a/x", "b/x", "c/x (2)/y")) {
      write(path);
    }
    assertThat(
            unpacked(
                """
                {'type': 'file', 'path': 'a/x'}, {'type': 'file', 'path': 'b/x'},
                {'type': 'directory', 'path': 'c', 'zip_path': '', 'recursive': true}\
                """))
        .containsExactly("x", "x (2)", "x (2) (2)/y");
  }

  @ParameterizedTest
  @ValueSource(ints = {251, 252, 255})
  void zipName_asLongAsADirectorysNameCanBe_givesAFileThatCanBeWritten(int length)
      throws Exception {
    write("a.txt");
    Reply created =
        server.create(
            "{'root': 'main', 'zip_name': '%s', 'targets': [{'type': 'file', 'path': 'a.txt'}]}"
                .formatted("z".repeat(length)));
    Path saved = Files.createTempDirectory(directory, "saved");
    Program.run(
        directory,
        "curl",
        "-sSfOJ",
        "--output-dir",
        saved.toString(),
        created.json().get("download_url").asText());
    assertThat(names(saved)).containsExactly("z".repeat(251) + ".zip");
  }

  @Test
  void zipName_ofWideCharacters_isCutBetweenTwo() {
    write("a.txt");
    Reply created =
        server.create(
            "{'root': 'main', 'zip_name': '%s', 'targets': [{'type': 'file', 'path': 'a.txt'}]}"
                .formatted("\ud83d\udea2".repeat(63)));
    String disposition =
        server.head(LadingServer.page(created, "download")).header("Content-Disposition");
    assertThat(disposition)
        .endsWith("filename*=UTF-8''" + "%F0%9F%9A%A2".repeat(62) + ".zip")
        .contains("filename=\"" + "_".repeat(62) + ".zip\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"com\u00b9", "LPT\u00b3.txt", "nul .txt", "CONIN$", "aux.tar.gz", "com7"})
  void nameOfADevice_inEveryForm_isRefused(String name) {
    write("a.txt");
    Reply refused =
        server.create(
            "{'root': 'main', 'targets': [{'type': 'file', 'path': 'a.txt', 'name': '%s'}]}"
                .formatted(name));
    assertThat(refused.json().get("code").asText()).isEqualTo("invalid_name");
    assertThat(refused.json().get("error").asText()).contains("device");
  }

  @ParameterizedTest
  @ValueSource(strings = {"com0", "com10", "console", "nullable.txt", "lpt.txt"})
  void nameThatOnlyLooksLikeADevice_isTaken(String name) {
    write("a.txt");
    assertThat(
            server
                .create(
                    "{'root': 'main', 'targets': [{'type': 'file', 'path': 'a.txt', 'name': '%s'}]}"
                        .formatted(name))
                .status())
        .isEqualTo(201);
  }
}
