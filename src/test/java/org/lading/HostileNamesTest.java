package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.testing.HostileNames;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.Manifest;
import org.lading.testing.RawFiles;

/** File names from strangers, in filesystem roots; S3DownloadTest does the same with keys. */
class HostileNamesTest {
  @TempDir Path directory;
  private LadingServer server;

  @BeforeEach
  void start() {
    server =
        LadingServer.start(
            directory,
            """
            roots:
              - {name: linked, path: root}
              - {name: direct, path: root, serve: direct}
            """);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void files_workOrAreRefusedByName() throws IOException {
    Path root = Files.createDirectories(directory.resolve("root"));
    List<String> accepted = new ArrayList<>();
    for (String name : HostileNames.all()) {
      RawFiles.write(RawFiles.at(root, name), name.getBytes(StandardCharsets.UTF_8));
      for (String rootName : List.of("linked", "direct")) {
        Reply created = create(rootName, Map.of("type", "file", "path", name, "zip_path", "in"));
        if (!HostileFiles.isRefused(created, name)) {
          accepted.add(name);
          Manifest line = Manifest.parse(server.manifest(created)).get(0);
          assertThat(line.name()).isEqualTo("in/" + name);
          assertThat(served(line.location())).as(name).hasContent(name);
        }
      }
    }
    assertThat(accepted).hasSizeGreaterThan(120);
  }

  @Test
  void directory_withAllOfThem_isOneWellFormedManifest() throws IOException {
    Path root = Files.createDirectories(directory.resolve("root/d"));
    List<String> names =
        HostileNames.all().stream()
            .filter(n -> n.indexOf('\\') < 0 && n.chars().noneMatch(Character::isISOControl))
            .toList();
    for (String name : names) {
      RawFiles.write(RawFiles.at(root, name), new byte[0]);
    }
    Reply created = create("direct", Map.of("type", "directory", "path", "d", "recursive", true));
    assertThat(Manifest.parse(server.manifest(created)))
        .extracting(Manifest::name)
        .containsExactlyInAnyOrderElementsOf(names.stream().map(n -> "d/" + n).toList());
  }

  @Test
  void nameThatIsNotUtf8_isShownWithItsBytesEscaped() throws IOException {
    Path root = Files.createDirectories(directory.resolve("root/d"));
    RawFiles.write(RawFiles.at(root, (byte) 'a', (byte) 0xe9), new byte[] {1, 2});
    Reply created = create("direct", Map.of("type", "directory", "path", "d", "recursive", true));
    assertThat(server.manifest(created))
        .isEqualTo("b6cc4292 2 /internal/roots/direct/d/a%E9 d/a%E9\r\n");
  }

  @Test
  void leadingSpaceAtTheVeryBeginning_isRefused_becauseALineCannotSayIt() throws IOException {
    Path root = Files.createDirectories(directory.resolve("root"));
    Files.writeString(root.resolve(" x"), "");
    Reply refused = create("direct", Map.of("type", "file", "path", " x"));
    assertThat(refused.json().get("code").asText()).isEqualTo("invalid_name");
    assertThat(create("direct", Map.of("type", "file", "path", " x", "name", "x")).status())
        .isEqualTo(201);
  }

  @Test
  void slashesAndDotsInAPath_areTheFileSystems() throws IOException {
    Path root = Files.createDirectories(directory.resolve("root/a/b"));
    Files.writeString(root.resolve("c"), "");
    for (String path : List.of("a//b/./c", "/a/b/c", "./a/b//c")) {
      Reply created = create("direct", Map.of("type", "file", "path", path));
      assertThat(server.manifest(created))
          .isEqualTo("00000000 0 /internal/roots/direct/a/b/c c\r\n");
    }
    Reply created = create("direct", Map.of("type", "directory", "path", "a//./b/"));
    assertThat(server.manifest(created))
        .isEqualTo("00000000 0 /internal/roots/direct/a/b/c a/b/c\r\n");
  }

  @Test
  void zipName_cannotAddAHeader() throws IOException {
    Files.createDirectories(directory.resolve("root"));
    Files.writeString(directory.resolve("root/a"), "");
    for (String name : List.of("x\r\nSet-Cookie: a=b", "x\nX-Archive-Files: zip", "x\"; y=\"z")) {
      byte[] request =
          new ObjectMapper()
              .writeValueAsBytes(
                  Map.of(
                      "root",
                      "direct",
                      "zip_name",
                      name,
                      "targets",
                      List.of(Map.of("type", "file", "path", "a"))));
      assertThat(server.create(request).json().get("code").asText()).isEqualTo("invalid_name");
    }
  }

  /** The file that nginx serves for a location below /internal/. */
  private Path served(String location) {
    String root = "/internal/roots/direct/";
    return location.startsWith(root)
        ? Path.of(
            java.net.URI.create(
                directory.resolve("root").toUri() + location.substring(root.length())))
        : directory.resolve("storage/content" + location.substring("/internal".length()));
  }

  private Reply create(String root, Map<String, Object> target) throws IOException {
    return server.create(
        new ObjectMapper().writeValueAsBytes(Map.of("root", root, "targets", List.of(target))));
  }
}
