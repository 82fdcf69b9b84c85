package org.lading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lading.testing.Traces.awaited;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.config.ConfigurationLoader;
import org.lading.nginx.NginxConfigurationRenderer;
import org.lading.nginx.NginxOptions;
import org.lading.root.PercentEncoding;
import org.lading.testing.Http;
import org.lading.testing.Http.Reply;
import org.lading.testing.Jwt;
import org.lading.testing.LadingServer;
import org.lading.testing.ManifestAssembler;
import org.lading.testing.NeedsProgram;
import org.lading.testing.NginxServer;

/** Plain links through a real nginx with the generated configuration. */
@NeedsProgram("nginx")
class NginxLinksTest {
  private static final String SECRET = "the secret of the portal, 32 bytes";
  private static final String HOSTILE = "100% +&= 'ü'#?\"(a)";
  private static final String PORTABLE = "100% +&= 'ü'#__(a)";

  private static final Set<String> AGENTS = Set.of("first \"one\"", "second", "third", "fourth");

  @TempDir static Path directory;
  static LadingServer lading;
  static ManifestAssembler assembler;
  static NginxServer nginx;
  static Http http;

  @BeforeAll
  static void start() throws IOException {
    Path root = Files.createDirectories(directory.resolve("root/d/" + HOSTILE));
    Files.writeString(root.resolve("a.txt"), "content of a");
    Files.writeString(root.resolve("b.txt"), "b".repeat(5000));
    lading =
        LadingServer.start(
            directory,
            """
            assembler: mod_zip
            roots:
              - {name: main, path: root, serve: direct, public: true}
              - {name: closed, path: root}
            clients: [{name: portal, secret: "%s"}]
            """
                .formatted(SECRET));
    assembler = new ManifestAssembler(lading.port(), true);
    int port = NginxServer.freePort();
    String generated =
        NginxConfigurationRenderer.render(
            ConfigurationLoader.load(directory.resolve("lading.yml"), Map.of()),
            NginxOptions.DEFAULTS
                .withApplication(URI.create("http://127.0.0.1:" + lading.port()))
                .withListen("127.0.0.1:" + port, "unix:" + directory.resolve("files.sock"))
                .with("--access-log", accessLog().toString())
                .with("--audit-log", auditLog().toString()));
    assertThat(NginxServer.check(generated)).startsWith("0 ").doesNotContain("[warn]");
    nginx = NginxServer.start(assembler.into(generated));
    http = new Http(URI.create("http://127.0.0.1:" + port));
  }

  @AfterAll
  static void stop() throws IOException {
    http.close();
    nginx.close();
    assembler.close();
    lading.close();
  }

  private static Path auditLog() {
    return directory.resolve("audit.jsonl");
  }

  private static Path accessLog() {
    return directory.resolve("access.log");
  }

  @Test
  void link_isTheArchiveThatModZipMakes_withRanges() throws IOException {
    String link = "/downloads/zip/main/" + PercentEncoding.path("d/" + HOSTILE) + "/?name=all";
    Reply whole = http.get(link);
    assertThat(whole.status()).as(whole.toString()).isEqualTo(200);
    assertThat(unzipped(whole))
        .containsExactly(
            Map.entry(PORTABLE + "/a.txt", "content of a"),
            Map.entry(PORTABLE + "/b.txt", "b".repeat(5000)));
    assertThat(whole.header("Content-Disposition")).contains("all.zip");
    assertThat(whole.header("X-Robots-Tag")).isEqualTo("noindex, nofollow");
    assertThat(whole.header("X-Archive-Files")).isNull();
    assertThat(whole.header("Vary")).isEqualTo("*");

    Reply head = http.head(link);
    assertThat(head.header("Content-Length")).isEqualTo("" + whole.bytes().length);
    assertThat(head.header("ETag")).isEqualTo(whole.header("ETag"));

    Reply part = http.get(link, "Range", "bytes=100-");
    assertThat(part.status()).isEqualTo(206);
    assertThat(part.bytes())
        .isEqualTo(Arrays.copyOfRange(whole.bytes(), 100, whole.bytes().length));
    Reply ignored = http.get(link, "Range", "bytes=abc");
    assertThat(ignored.status()).isEqualTo(200);
    assertThat(ignored.bytes()).isEqualTo(whole.bytes());
    assertThat(lading.number("select count(*) from link")).isEqualTo(1);
  }

  @Test
  void auditLog_hasALineForEachReplyOfModZip_andClientsDoNotSeeItsFields() throws IOException {
    String link = "/downloads/zip/main/" + PercentEncoding.path("d/" + HOSTILE) + "/?name=all";
    Reply whole = http.get(link, "User-Agent", "first \"one\"");
    Reply part = http.get(link, "Range", "bytes=100-199", "User-Agent", "second");
    http.head(link, "User-Agent", "third");
    http.get("/downloads/zip/closed/d", "User-Agent", "fourth");

    assertThat(whole.headerNames()).noneMatch(name -> name.startsWith("x-lading-"));
    assertThat(part.bytes()).hasSize(100);
    List<JsonNode> lines =
        awaited(NginxLinksTest::audited, found -> found.size() >= 2).stream().toList();
    assertThat(lines).hasSize(2);
    int length = whole.bytes().length;
    JsonNode first = lines.get(0);
    assertThat(first.get("download").asText()).hasSize(12);
    assertThat(
            lading.number(
                "select count(*) from download where id like '%s%%'"
                    .formatted(first.get("download").asText())))
        .isEqualTo(1);
    assertThat(first.get("client").asText()).isEqualTo("public");
    assertThat(first.get("roots").asText()).isEqualTo("main");
    assertThat(first.get("address").asText()).isEqualTo("127.0.0.1");
    assertThat(first.get("user_agent").asText()).isEqualTo("first \"one\"");
    assertThat(first.get("page").asText()).isEqualTo("link");
    assertThat(lines)
        .extracting(NginxLinksTest::sent)
        .containsExactly(
            "200 0-%d/%d %d true".formatted(length - 1, length, length),
            "206 100-199/%d 100 true".formatted(length));
  }

  /** The lines of the audit log about the archives of the test above. */
  private static List<JsonNode> audited() {
    try {
      List<JsonNode> lines = new ArrayList<>();
      for (String line : Files.readAllLines(auditLog())) {
        JsonNode read = new ObjectMapper().readTree(line);
        if (AGENTS.contains(read.get("user_agent").asText())) {
          lines.add(read);
        }
      }
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sent(JsonNode line) {
    return "%s %s-%s/%s %s %s"
        .formatted(
            line.get("status"),
            line.get("first"),
            line.get("last"),
            line.get("length"),
            line.get("bytes"),
            line.get("complete"));
  }

  @Test
  void pathThatLooksLikeAPageOfADownload_isALink() {
    Reply reply = http.get("/downloads/zip/main/get");
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.text()).contains("not_found", "Not found: get");
  }

  @Test
  void token_isInNoLogOfNginx() throws IOException {
    String token =
        Jwt.signed(
            Jwt.HS256,
            Jwt.claims(
                "portal",
                Clock.systemUTC().instant().plusSeconds(60),
                "'root': 'closed', 'below': 'd'"),
            SECRET);
    String link = "/downloads/zip/closed/d?token=" + token;
    assertThat(http.get(link, "Referer", "http://portal/?token=" + token).status()).isEqualTo(200);
    assertThat(http.get(link, "Range", "bytes=abc").status()).isEqualTo(200);
    assertThat(http.get("/downloads/zip/closed?token=" + token).status()).isEqualTo(403);
    http.get("/downloads/browse/closed/d/?token=" + token);
    assertThat(http.get("/downloads/?token=" + token).status()).isEqualTo(200);
    assertThat(http.get("/downloads?token=" + token).status()).isEqualTo(200);

    String log = Files.readString(accessLog());
    assertThat(log)
        .contains(
            "\"GET /downloads/zip/closed/d HTTP/1.1\" 200 ",
            "\"GET /downloads/zip/closed HTTP/1.1\" 403 ",
            "/browse/",
            "\"GET /downloads/ HTTP/1.1\" 200 ",
            "\"GET /downloads HTTP/1.1\" 200 ");
    assertThat(log + nginx.errorLog()).doesNotContain(token, "token=");
  }

  private static Map<String, String> unzipped(Reply reply) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(reply.bytes()))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        files.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return files;
  }
}
