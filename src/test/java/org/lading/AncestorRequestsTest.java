package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lading.testing.Documents;
import org.lading.testing.Http.Reply;
import org.lading.testing.Jwt;
import org.lading.testing.LadingServer;
import org.lading.testing.Manifest;

/**
 * What becomes of requests of which it is known what medusa-downloader makes of them, with and
 * without {@code compatibility: medusa-downloader}. The file has for each body what the ancestor
 * answers ({@code ancestor}: the names in the archive, in which ID is the download's id, or an
 * error), what Lading answers with the setting where that differs ({@code compatible}: names, or
 * the code of an error, and {@code because}: the reason that the document has), and what it answers
 * without ({@code own}).
 */
class AncestorRequestsTest {
  private static final String SECRET = "the secret of the portal, 32 bytes";
  private static final String[] AUTHORIZED = {"Authorization", "Bearer test"};
  private static final String TOKEN_SHA256 =
      "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

  @TempDir static Path directory;
  static LadingServer compatible;
  static LadingServer strict;

  @BeforeAll
  static void start() throws IOException {
    compatible =
        start(
            "compatible",
            """
            compatibility: medusa-downloader
            clients: [{name: portal, token_sha256: %s, secret: "%s"}]
            """
                .formatted(TOKEN_SHA256, SECRET));
    strict = start("strict", "");
  }

  private static LadingServer start(String name, String settings) throws IOException {
    Path place = directory.resolve(name);
    for (String file :
        List.of(
            "cat.txt",
            "dog.txt",
            "child/son.txt",
            "child/daughter.txt",
            "child/grandchild/grandson.txt",
            "child/grandchild/granddaughter.txt")) {
      Path path = place.resolve("root").resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, file);
    }
    return LadingServer.start(place, settings + "roots: [{name: test, path: root}]");
  }

  @AfterAll
  static void stop() {
    compatible.close();
    strict.close();
  }

  static Stream<Named<JsonNode>> requests() throws IOException {
    try (InputStream in = AncestorRequestsTest.class.getResourceAsStream("request/ancestor.json")) {
      List<JsonNode> all = new ArrayList<>();
      new ObjectMapper().readTree(in).forEach(all::add);
      assertThat(all).hasSize(68);
      return all.stream().map(one -> Named.of(one.get("title").asText(), one));
    }
  }

  @ParameterizedTest
  @MethodSource("requests")
  void withCompatibility_namesAreTheAncestors_butForThoseOfTheDocument(JsonNode request)
      throws IOException {
    JsonNode ancestor = request.get("ancestor");
    Reply reply = post(compatible, "/create", request);
    if (request.has("compatible") || ancestor.isArray()) {
      assertAnswer(
          compatible,
          reply,
          request.path("compatible").isMissingNode() ? ancestor : request.get("compatible"));
    }
    if (reply.status() != 201 && ancestor.has("error")) {
      assertThat(reply.json().get("error").asText()).startsWith(ancestor.get("error").asText());
    }
    JsonNode estimate = post(compatible, "/estimate", request).json();
    if (reply.status() == 201) {
      assertThat(estimate.path("zip_size")).isEqualTo(reply.json().get("zip_size"));
    } else {
      assertThat(estimate.path("would").asText("fail")).isEqualTo("fail");
    }
  }

  @ParameterizedTest
  @MethodSource("requests")
  void withoutCompatibility_formIsLadingsOwn(JsonNode request) throws IOException {
    assertAnswer(strict, post(strict, "/create", request), request.get("own"));
  }

  @Test
  void everyDifference_isInTheDocument() throws IOException {
    List<String> documented =
        Documents.table("docs/api.md", "<!-- differences from medusa-downloader -->").stream()
            .map(row -> row.get(0))
            .toList();
    requests()
        .map(Named::getPayload)
        .forEach(
            request -> {
              boolean differs = request.get("ancestor").isArray() && request.has("compatible");
              assertThat(request.has("because")).isEqualTo(differs);
              if (differs) {
                assertThat(documented).contains(request.get("because").asText());
              }
            });
  }

  @Test
  void archiveWithoutEntries_isLadingsOwn_alsoWhereModZipIsAsked() throws IOException {
    Reply reply = compatible.create("{'root': 'test', 'targets': []}", AUTHORIZED);
    assertThat(reply.json().get("zip_size").asInt()).isEqualTo(22);
    for (String page : List.of("get", "download")) {
      Reply archive = compatible.get(LadingServer.page(reply, page));
      assertThat(archive.header("X-Archive-Files")).isNull();
      assertThat(archive.bytes()).hasSize(22).startsWith('P', 'K', 5, 6);
    }
    assertThat(compatible.get(LadingServer.page(reply, "manifest")).text()).isEmpty();
  }

  @Test
  void status_hasTheFieldsThatChecksOfTheAncestorLookAt() {
    JsonNode status = compatible.status().json();
    assertThat(status.at("/delayedJobs/status").asText()).isEqualTo("running");
    // There is no broker in the settings.
    assertThat(status.at("/amqpListener/status").asText()).isEqualTo("stopped");
    assertThat(strict.status().json().has("delayedJobs")).isFalse();
  }

  @Test
  void pathOutsideOfTheRoot_isRefused_andPlaceOutsideOfTheArchiveToo() {
    for (String target :
        List.of(
            "'path': '../secret'",
            "'path': 'child/../../secret'",
            "'path': 'cat.txt', 'zip_path': '../x'",
            "'path': 'cat.txt', 'zip_path': 'x/../../y'",
            "'path': 'cat.txt', 'name': '../x'")) {
      Reply reply =
          compatible.create(
              "{'root': 'test', 'zip_name': 'z', 'targets': [{'type': 'file', %s}]}"
                  .formatted(target),
              AUTHORIZED);
      assertThat(reply.status()).as(reply.text()).isEqualTo(400);
    }
    Reply named =
        compatible.create("{'root': 'test', 'zip_name': '../z', 'targets': []}", AUTHORIZED);
    assertThat(named.json().get("code").asText()).isEqualTo("invalid_name");
  }

  @Test
  void tokenOfALink_mayHaveACreateOfThisFormToo() throws IOException {
    String claims =
        Jwt.claims(
            "portal",
            Instant.now().plusSeconds(60),
            "'create': {'root': 'test', 'zip_name': 5, 'comment': 'c', 'targets': ["
                + "{'type': 'file', 'path': 'cat.txt', 'zip_path': '//a|b/./', 'size': 4}]}");
    Reply archive = compatible.get("/zip?token=" + Jwt.signed(Jwt.HS256, claims, SECRET));
    assertThat(namesIn(archive)).containsExactly("5/a_b/cat.txt");
  }

  @Test
  void contents_areThoseOfTheRequest_alsoAfterCommentsAndOtherThings() {
    Reply reply =
        compatible.create(
            "\ufeff{'root': 'test', /* \u00e4 */ 'more': {'targets': [[{'content': 'no'}]]}, // \u6f22\n"
                + "'targets': [{'content': 'no', 'type': 'literal', 'name': 'a', /* / */"
                + " 'content': '\u00e4\u00f6', 'x': [1, 'y']}, {'type': 'literal', 'name': 'b',"
                + " 'content': 1.50}, {'type': 'literal', 'name': 'c', 'content': null}]}",
            AUTHORIZED);
    List<Manifest> lines = Manifest.parse(compatible.manifest(reply));
    assertThat(lines).extracting(Manifest::size).containsExactly(4L, 4L, 0L);
    assertThat(compatible.get(LadingServer.page(reply, "download")).text())
        .contains("\u00e4\u00f6", "1.50")
        .doesNotContain("no");
  }

  @Test
  void targetsThatAreThereTwice_areRefused() {
    Reply reply = compatible.create("{'root': 'test', 'targets': [], 'targets': []}", AUTHORIZED);
    assertThat(reply.json().get("error").asText())
        .startsWith("Unable to parse request body: targets is there twice");
  }

  private static Reply post(LadingServer server, String page, JsonNode request) {
    return server.call(
        "POST",
        page,
        request.get("body").asText(),
        "Content-Type",
        request.path("content_type").asText("application/json"),
        AUTHORIZED[0],
        AUTHORIZED[1]);
  }

  private static void assertAnswer(LadingServer server, Reply reply, JsonNode expected)
      throws IOException {
    if (expected.isArray()) {
      TreeSet<String> names = new TreeSet<>();
      expected.forEach(name -> names.add(name.asText()));
      assertThat(reply.status()).as(reply.text()).isEqualTo(201);
      assertThat(names(server, reply)).containsExactlyInAnyOrderElementsOf(names);
    } else {
      assertThat(reply.json().path("code")).isEqualTo(expected);
    }
  }

  private static List<String> names(LadingServer server, Reply created) throws IOException {
    String id = created.json().get("id").asText();
    return namesIn(server.get(LadingServer.page(created, "download"))).stream()
        .map(name -> name.replace(id, "ID"))
        .toList();
  }

  private static List<String> namesIn(Reply archive) throws IOException {
    assertThat(archive.status()).as(archive.text()).isEqualTo(200);
    List<String> names = new ArrayList<>();
    try (ZipInputStream in =
        new ZipInputStream(new ByteArrayInputStream(archive.bytes()), StandardCharsets.UTF_8)) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        names.add(entry.getName());
      }
    }
    return names;
  }
}
