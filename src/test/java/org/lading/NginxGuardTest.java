package org.lading;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lading.nginx.NginxOptions;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.Manifest;
import org.lading.testing.NeedsProgram;
import org.lading.testing.NginxFront;
import org.lading.testing.S3Server;

/**
 * Sources that change between the create and the moment when nginx opens them: what mod_zip would
 * put into an archive is refused, so that it breaks off, or is what was listed.
 */
@NeedsProgram("nginx")
class NginxGuardTest {
  private static final String BUCKET = "guarded";
  private static final byte[] LISTED = "what was there when it was listed".getBytes(UTF_8);

  @TempDir static Path directory;
  static S3Server s3;
  static LadingServer lading;
  static NginxFront front;
  private static int files;

  /** A way of changing a source. */
  enum Change {
    LONGER,
    SHORTER,
    SAME_SIZE,
    GONE;

    byte[] content() {
      String other = new String(LISTED, UTF_8).toUpperCase(Locale.ROOT);
      return switch (this) {
        case LONGER -> (other + "!").getBytes(UTF_8);
        case SHORTER -> other.substring(1).getBytes(UTF_8);
        default -> other.getBytes(UTF_8);
      };
    }
  }

  @BeforeAll
  static void start() throws IOException {
    Files.createDirectories(directory.resolve("root"));
    s3 = new S3Server();
    s3.createBucket(BUCKET);
    lading =
        LadingServer.start(
            directory,
            """
            checksum_budget: none
            roots:
              - {name: links, path: root}
              - {name: direct, path: root, serve: direct}
            """
                + s3.root(BUCKET));
    front = new NginxFront(directory, lading, NginxOptions.DEFAULTS);
  }

  @AfterAll
  static void stop() throws IOException {
    front.close();
    lading.close();
    s3.close();
  }

  @ParameterizedTest
  @CsvSource({
    "s3, false",
    "s3, true",
    "direct, false",
    "direct, true",
    "links, false",
    "links, true",
    "literal, true"
  })
  void sourceThatChanged_isRefused(String source, boolean crcKnown) throws IOException {
    for (Change change : Change.values()) {
      for (boolean beforeTheManifest : new boolean[] {true, false}) {
        String name = put(source);
        String page = create(source, name, crcKnown);
        if (beforeTheManifest) {
          change(source, name, page, change);
        }
        Reply reply = front.get(page);
        if (beforeTheManifest && reply.status() != 200) {
          assertThat(reply.header("X-Archive-Files")).isNull();
          continue;
        }
        Manifest line = Manifest.parse(reply.text()).get(0);
        assertThat(line.crc32().equals("-")).isNotEqualTo(crcKnown);
        if (!beforeTheManifest) {
          change(source, name, page, change);
        }
        assertThat(front.fetch(line.location()).status())
            .as("%s %s %s", change, beforeTheManifest, line)
            // What S3 refuses, Lading may look at itself, and answers that it changed.
            .isIn(404, 409, 412);
      }
    }
  }

  @Test
  void sourcesThatDidNotChange_arrive_whateverTheirBuffers() throws IOException {
    for (int size : new int[] {0, 1, 4097, 20_000, 100_000}) {
      byte[] content = "x".repeat(size).getBytes(UTF_8);
      for (String source : List.of("s3", "direct", "links", "literal")) {
        String name = put(source, content);
        Reply reply = front.get(create(source, name, false, content));
        Manifest line = Manifest.parse(reply.text()).get(0);
        assertThat(line.location())
            .startsWith(size > 65_536 ? "/256k/if-match/" : size > 4096 ? "/" : "/if-match/");
        Reply fetched = front.fetch(line.location());
        assertThat(fetched.status()).as(line.toString()).isEqualTo(200);
        assertThat(fetched.bytes()).isEqualTo(content);
      }
    }
  }

  /** Lading behind a configuration of an older generator, and nginx before an older Lading. */
  @Test
  void exactForm_isStillSpoken() throws IOException {
    for (String source : List.of("s3", "direct", "links", "literal")) {
      String page = create(source, put(source), false).substring("/downloads".length());
      Manifest line =
          Manifest.parse(lading.get(page, "X-Archive-Locations", "exact").text()).get(0);
      assertThat(line.location()).matches("/(internal|guarded)/.*");
      assertThat(front.fetch(line.location()).bytes()).isEqualTo(LISTED);
    }
  }

  @Test
  void fileOfBefore1970_isTheOneThatWasListed() throws IOException {
    String name = put("direct");
    Path file = directory.resolve("root").resolve(name);
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("1969-07-20T20:17:40.5Z")));
    Manifest line = Manifest.parse(front.get(create("direct", name, false)).text()).get(0);
    assertThat(front.fetch(line.location()).bytes()).isEqualTo(LISTED);
  }

  private static String put(String source) throws IOException {
    return put(source, LISTED);
  }

  /** Puts a new source, as it was an hour ago; returns its name. */
  private static String put(String source, byte[] content) throws IOException {
    String name = "source " + files++;
    if (source.equals("s3")) {
      s3.put(BUCKET, name, content);
    } else if (!source.equals("literal")) {
      Path file = Files.write(directory.resolve("root").resolve(name), content);
      Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(1, ChronoUnit.HOURS)));
    }
    return name;
  }

  private static String create(String source, String name, boolean crcKnown) {
    return create(source, name, crcKnown, LISTED);
  }

  /** Creates a download of one source; the path of its manifest. */
  private static String create(String source, String name, boolean crcKnown, byte[] content) {
    String target =
        source.equals("literal")
            ? "{'type': 'literal', 'name': '%s', 'content': '%s'}"
                .formatted(name, new String(content, UTF_8))
            : "{'type': 'file', 'path': '%s'}".formatted(name);
    String request =
        "{'root': '%s', 'targets': [%s]}"
            .formatted(source.equals("literal") ? "direct" : source, target);
    if (crcKnown) {
      // What is streamed once is remembered.
      lading.get(LadingServer.page(lading.create(request), "download"));
    }
    return "/downloads" + LadingServer.page(lading.create(request), "get");
  }

  private static void change(String source, String name, String page, Change change)
      throws IOException {
    if (source.equals("s3")) {
      if (change == Change.GONE) {
        s3.delete(BUCKET, name);
      } else {
        s3.put(BUCKET, name, change.content());
      }
      return;
    }
    Path file = source.equals("literal") ? literal(page) : directory.resolve("root").resolve(name);
    if (change == Change.GONE) {
      Files.delete(file);
    } else {
      Files.write(file, change.content());
      // As if some seconds had passed since a literal was written.
      Instant later = Instant.now().plusSeconds(source.equals("literal") ? 5 : 0);
      Files.setLastModifiedTime(file, FileTime.from(later));
    }
  }

  private static Path literal(String page) throws IOException {
    String id = page.split("/", -1)[3];
    try (Stream<Path> all = Files.walk(directory.resolve("storage/content").resolve(id))) {
      return new ArrayList<>(all.filter(Files::isRegularFile).toList()).get(0);
    }
  }
}
