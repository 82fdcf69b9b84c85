package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.testing.HostileNames;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.Manifest;
import org.lading.testing.RawFiles;

/** The setting {@code names}; without it names are as {@link CreateTest} and others have them. */
class NamesSettingTest {
  private static final String ROOTS =
      """
      roots:
        - {name: main, path: root, public: true}
        - {name: hostile, path: hostile}
        - {name: clash, path: clash}
      """;

  private static final Pattern UNPORTABLE =
      Pattern.compile("[<>:\"|?*\\\\\\p{Cntrl}]|^/|//|(^|/)(\\.\\.?|[^/]*[. ])(/|$)|(^|/) ");

  @TempDir static Path directory;
  static LadingServer portable;
  static LadingServer keeping;

  @BeforeAll
  static void start() throws IOException {
    portable = start("portable");
    keeping = start("keep");
  }

  private static LadingServer start(String names) throws IOException {
    Path place = directory.resolve(names);
    for (String file :
        List.of(
            "odd/a:b.txt",
            "odd/a?b.txt",
            "odd/back\\slash",
            "odd/new\nline",
            "odd/ lead/con.txt",
            "odd/ lead/end. .",
            "fine/a b.txt")) {
      Path path = place.resolve("root").resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, file);
    }
    return LadingServer.start(place, ROOTS + "names: " + names);
  }

  @AfterAll
  static void stop() {
    portable.close();
    keeping.close();
  }

  @Test
  void portable_changesNamesOfContent_numbersThoseThatBecomeTheSame_andListsThem() {
    Reply reply =
        portable.create(
            "{'root': 'main', 'targets': [{'type': 'directory', 'path': '', 'recursive': true}]}");

    assertThat(names(portable, reply))
        .containsExactly(
            "fine/a b.txt",
            "odd/lead/_con.txt",
            "odd/lead/end",
            "odd/a_b.txt",
            "odd/a_b (2).txt",
            "odd/back_slash",
            "odd/new_line");
    assertThat(reply.json().get("renamed_count").asInt()).isEqualTo(6);
    assertThat(reply.json().at("/renamed/2").toString().replace('"', '\''))
        .isEqualTo(
            "{'target_index':0,'from':'odd/a:b.txt','to':'odd/a_b.txt','reason':'not_portable'}");
    assertThat(renamed(reply, "from")).contains("odd/a?b.txt", "odd/new\nline");
    assertThat(renamed(reply, "to")).contains("odd/a_b (2).txt", "odd/new_line");
  }

  @Test
  void portable_numbersAFileAndADirectory_whoseNamesHaveBecomeTheSame() throws IOException {
    for (String file : List.of("a:/x", "a:/y", "a?", "b:", "b?/x", "b?/y", "J", "J./x")) {
      Path path = directory.resolve("portable/clash").resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, file);
    }
    Files.createDirectories(directory.resolve("portable/clash/J.."));

    Reply listed =
        portable.create(
            "{'root': 'clash', 'targets': [{'type': 'directory', 'path': '', 'recursive': true}]}");
    Reply made =
        portable.create(
            """
            {'root': 'main', 'targets': [
              {'type': 'literal', 'name': 'a?', 'content': 'c'},
              {'type': 'literal', 'name': 'x', 'zip_path': 'a:', 'content': 'c'},
              {'type': 'literal', 'name': 'x', 'zip_path': 'b:', 'content': 'c'},
              {'type': 'literal', 'name': 'b?', 'content': 'c'}]}
            """);

    assertThat(listed.status()).as(listed.text()).isEqualTo(201);
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    assertThat(names(portable, listed))
        .containsExactly(
            "J", "J (2)/", "J (2)/x", "a_/x", "a_/y", "a_ (2)", "b_", "b_ (2)/x", "b_ (2)/y");
    assertThat(names(portable, made)).containsExactly("a_", "a_ (2)/x", "b_/x", "b_ (2)");
  }

  @Test
  void portable_changesNamesThatTheRequestMakesUp() {
    Reply reply =
        portable.create(
            """
            {'root': 'main', 'zip_name': 'Box 1: letters', 'targets': [
              {'type': 'file', 'path': 'fine/a b.txt', 'zip_path': 'a|b/nul', 'name': 'x*.'},
              {'type': 'literal', 'name': '\\\\ \\u0000', 'content': 'c'},
              {'type': 'directory', 'path': 'fine', 'zip_path': '...'}]}
            """);

    assertThat(names(portable, reply))
        .containsExactly(
            "Box 1_ letters/a_b/_nul/x_", "Box 1_ letters/_ _", "Box 1_ letters/_/a b.txt");
    assertThat(renamed(reply, "from"))
        .containsExactly(
            "Box 1: letters/a|b/nul/x*.", "Box 1: letters/\\ _", "Box 1: letters/.../a b.txt");
    Reply archive = portable.head(LadingServer.page(reply, "download"));
    assertThat(archive.header("Content-Disposition"))
        .contains("filename=\"Box 1_ letters.zip\"", "Box%201_%20letters.zip");
    assertThat(portable.get(LadingServer.page(reply, "status")).json().get("zip_name").asText())
        .isEqualTo("Box 1: letters");
  }

  @Test
  void portable_delivers_underNamesOfTheirOwn_whatTheNamesOfStrangersWouldHaveRefused()
      throws IOException {
    Path hostile = directory.resolve("portable/hostile");
    for (String name : HostileNames.all()) {
      RawFiles.write(RawFiles.at(hostile, name), name.getBytes(StandardCharsets.UTF_8));
    }
    String request =
        "{'root': 'hostile', 'targets': [{'type': 'directory', 'path': '', 'recursive': true}]}";
    Reply reply = portable.create(request);

    List<String> names = names(portable, reply);
    assertThat(names).hasSameSizeAs(HostileNames.all()).doesNotHaveDuplicates();
    assertThat(names).allSatisfy(name -> assertThat(name).doesNotContainPattern(UNPORTABLE));
    Set<String> contents = new HashSet<>();
    byte[] archive = portable.get(LadingServer.page(reply, "download")).bytes();
    try (ZipInputStream zip =
        new ZipInputStream(new ByteArrayInputStream(archive), StandardCharsets.UTF_8)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        assertThat(names).contains(entry.getName());
        contents.add(new String(zip.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    assertThat(contents).containsExactlyInAnyOrderElementsOf(HostileNames.all());
    assertThat(renamed(reply, "reason")).containsOnly("not_portable").hasSizeGreaterThan(20);
  }

  @Test
  void portable_holdsForPlainLinksAndChoicesToo() {
    assertThat(portable.get("/zip/main/odd").status()).isEqualTo(200);
    assertThat(portable.get("/browse/main/odd/").text()).doesNotContain("obstacle");
    assertThat(keeping.get("/browse/main/odd/").text()).contains("\"obstacle\":\"name\"");
    Reply chosen =
        portable.call(
            "POST",
            "/browse/main/odd/",
            "file=odd%252Fa%253Ab.txt&file=odd%252Fback%255Cslash&name=a%3Ab",
            "Content-Type",
            "application/x-www-form-urlencoded");
    assertThat(chosen.status()).as(chosen.text()).isEqualTo(303);
    String status = chosen.header("Location");
    JsonNode made = portable.get("/" + status.replaceFirst("^[./]*(downloads/)?", "")).json();
    assertThat(made.at("/renamed/0/to").asText()).isEqualTo("a_b/a_b.txt");
  }

  @Test
  void keep_keepsWhatIsSafe() {
    Reply reply =
        keeping.create(
            """
            {'root': 'main', 'zip_name': 'Box 1: letters', 'targets': [
              {'type': 'file', 'path': 'odd/a?b.txt', 'zip_path': 'a|b/nul', 'name': 'x*.'},
              {'type': 'file', 'path': 'odd/a:b.txt'}]}
            """);

    assertThat(names(keeping, reply))
        .containsExactly("Box 1: letters/a|b/nul/x*.", "Box 1: letters/a:b.txt");
    assertThat(reply.json().get("renamed_count").asInt()).isZero();
    assertThat(keeping.head(LadingServer.page(reply, "download")).header("Content-Disposition"))
        .contains("Box 1_ letters.zip");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'zip_path': '/x'",
        "'zip_path': 'a/../b'",
        "'zip_path': 'a//b'",
        "'name': '..'",
        "'name': 'a/b'",
        "'name': ''",
      })
  void waysToElsewhere_areRefused_whateverTheSetting(String place) {
    String request =
        "{'root': 'main', 'targets': [{'type': 'file', 'path': 'fine/a b.txt', %s}]}"
            .formatted(place);
    for (LadingServer server : List.of(portable, keeping)) {
      assertThat(server.create(request).json().path("code").asText()).isEqualTo("invalid_name");
    }
    String unsafe = request.replace(place, "'name': 'a\\\\b'");
    assertThat(keeping.create(unsafe).json().path("code").asText()).isEqualTo("invalid_name");
  }

  private static List<String> names(LadingServer server, Reply created) {
    return Manifest.parse(server.manifest(created)).stream().map(Manifest::name).toList();
  }

  private static List<String> renamed(Reply reply, String field) {
    return StreamSupport.stream(reply.json().get("renamed").spliterator(), false)
        .map(one -> one.get(field).asText())
        .toList();
  }
}
