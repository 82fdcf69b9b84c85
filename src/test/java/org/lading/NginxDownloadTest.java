package org.lading;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.nginx.NginxOptions;
import org.lading.testing.HostileNames;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.Manifest;
import org.lading.testing.NeedsProgram;
import org.lading.testing.NginxFront;
import org.lading.testing.RawFiles;
import org.lading.testing.S3Server;

/**
 * A manifest that came through nginx as shipped, and each of its locations carried by that nginx to
 * its bytes. In the place of mod_zip stands a location that answers with {@code X-Accel-Redirect},
 * which nginx decodes once as mod_zip does.
 */
@NeedsProgram("nginx")
class NginxDownloadTest {
  /** What nginx encodes differently from AWS, see the plain form in docs/s3.md. */
  private static final String LOST_IN_PLAIN_FORM = "+&=()'*!@:;,$[]";

  @TempDir static Path directory;
  static S3Server s3;
  static LadingServer lading;
  private static final List<String> NAMES =
      HostileNames.all().stream()
          .filter(n -> n.indexOf('\\') < 0 && n.chars().noneMatch(Character::isISOControl))
          .toList();

  @BeforeAll
  static void start() throws IOException {
    Path root = Files.createDirectories(directory.resolve("root/d"));
    s3 = new S3Server();
    s3.createBucket("medusa-content");
    for (String name : NAMES) {
      RawFiles.write(RawFiles.at(root, name), ("file " + name).getBytes(UTF_8));
      s3.put("medusa-content", "pre/fix/" + name, ("object " + name).getBytes(UTF_8));
    }
    lading =
        LadingServer.start(
            directory,
            """
            assembler: mod_zip
            roots:
              - {name: linked, path: root}
              - {name: direct, path: root, serve: direct}
              - name: s3
                bucket: medusa-content
                prefix: pre
                endpoint: %s
                force_path_style: true
                aws_access_key_id: %s
                aws_secret_access_key: %s
            """
                    .formatted(s3.endpoint(), s3.accessKeyId(), s3.secretAccessKey())
                + s3.root("medusa-content").replace("s3", "late")
                + "    prefix: pre\n    sign: entry\n");
  }

  @AfterAll
  static void stop() throws IOException {
    lading.close();
    s3.close();
  }

  @Test
  void exactForm_carriesEveryLocationOfAMixedManifestToItsBytes() throws IOException {
    try (Front front = new Front(true)) {
      List<Manifest> lines = front.manifest();
      assertThat(lines).hasSize(4 * NAMES.size() + 1);
      for (Manifest line : lines) {
        assertThat(front.fetch(line)).as(line.location()).isEqualTo(expected(line));
      }
    }
  }

  @Test
  void plainForm_carriesWhatNginxEncodesAsAwsDoes() throws IOException {
    try (Front front = new Front(false)) {
      int carried = 0;
      for (Manifest line : front.manifest()) {
        boolean lost =
            line.name().matches("(objects|signed)/.*")
                && line.name().chars().anyMatch(c -> LOST_IN_PLAIN_FORM.indexOf(c) >= 0);
        if (!lost) {
          assertThat(front.fetch(line)).as(line.location()).isEqualTo(expected(line));
          carried++;
        }
      }
      assertThat(carried).isGreaterThan(4 * NAMES.size() - 100);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"linked", "direct"})
  void filesThroughLinksInsideTheRoot_areServed(String root) throws IOException {
    Path through = Files.createDirectories(directory.resolve("root/through " + root));
    Path real = Files.createDirectories(directory.resolve("root/real " + root));
    Files.writeString(real.resolve("f%20"), "file f%20");
    Files.createSymbolicLink(through.resolve("absolute"), real.resolve("f%20"));
    Files.createSymbolicLink(through.resolve("dir"), Path.of("../real " + root));
    Map<String, Object> all =
        Map.of("type", "directory", "path", "through " + root, "recursive", true);
    Map<String, Object> below =
        Map.of("type", "directory", "path", "through " + root + "/dir", "zip_path", "below");
    Map<String, Object> one = Map.of("type", "file", "path", "through " + root + "/dir/f%20");

    try (Front front = new Front(true)) {
      Reply created = front.create(root, List.of(all, below, one));
      List<Manifest> lines =
          Manifest.parse(front.nginx.get("/downloads" + LadingServer.page(created, "get")).text());

      assertThat(lines)
          .extracting(Manifest::name)
          .containsExactly(
              "through " + root + "/absolute",
              "through " + root + "/dir/f%20",
              "below/f%20",
              "f%20");
      assertThat(lines).allSatisfy(l -> assertThat(front.fetch(l)).isEqualTo("file f%20"));
      Reply streamed = front.nginx.get("/downloads" + LadingServer.page(created, "download"));
      assertThat(streamed.text().split("file f%20", -1)).hasSize(5);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void clients_seeNeitherTheHeaderNorTheLocations(boolean exact) throws IOException {
    try (Front front = new Front(exact)) {
      Manifest line = front.manifest().get(0);
      assertThat(front.nginx.get(line.location()).status()).isEqualTo(404);
      Reply reply = front.nginx.get(front.page("get"));
      assertThat(reply.header("X-Archive-Files")).isNull();
      assertThat(reply.header("ETag")).startsWith("W/\"");
      assertThat(reply.header("Cache-Control")).isEqualTo("private");
      Reply head = front.nginx.http().head(front.page("get"));
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.header("Content-Length"))
          .isEqualTo(front.created.json().get("zip_size").asText());
    }
  }

  @Test
  void urls_areThoseOfNginx() throws IOException {
    try (Front front = new Front(true)) {
      assertThat(front.created.json().get("download_url").asText())
          .startsWith("http://127.0.0.1:" + front.nginx.port() + "/downloads/linked/");
    }
  }

  private static String expected(Manifest line) {
    String name = line.name().substring(line.name().indexOf('/') + 1);
    return switch (line.name().substring(0, line.name().indexOf('/'))) {
      case "objects", "signed" -> "object " + name;
      case "text" -> "literal";
      default -> "file " + name;
    };
  }

  /** nginx in front, with one download made through it. */
  private static final class Front implements AutoCloseable {
    private final NginxFront nginx;
    private final Reply created;

    Front(boolean exact) throws IOException {
      this.nginx = new NginxFront(directory, lading, NginxOptions.DEFAULTS.withExact(exact));
      List<Map<String, Object>> targets = new ArrayList<>();
      for (String root : List.of("linked", "direct")) {
        targets.add(Map.of("type", "directory", "path", "d", "root", root, "zip_path", root));
      }
      targets.add(Map.of("type", "directory", "path", "fix", "root", "s3", "zip_path", "objects"));
      targets.add(Map.of("type", "directory", "path", "fix", "root", "late", "zip_path", "signed"));
      targets.add(
          Map.of("type", "literal", "name", "R.txt", "zip_path", "text", "content", "literal"));
      this.created = create("linked", targets);
    }

    Reply create(String root, List<Map<String, Object>> targets) throws IOException {
      return nginx
          .http()
          .post(
              "/downloads/create",
              new ObjectMapper().writeValueAsBytes(Map.of("root", root, "targets", targets)),
              "Prefer",
              LadingServer.PATIENT);
    }

    String page(String page) {
      return "/downloads" + LadingServer.page(created, page);
    }

    List<Manifest> manifest() {
      return Manifest.parse(nginx.get(page("get")).text());
    }

    String fetch(Manifest line) {
      Reply reply = nginx.fetch(line.location());
      return reply.status() == 200 ? reply.text() : reply.toString();
    }

    @Override
    public void close() throws IOException {
      nginx.close();
    }
  }
}
