package org.lading;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.nginx.NginxOptions;
import org.lading.testing.Http;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.NeedsProgram;
import org.lading.testing.NginxFront;

/** Repeated and trailing slashes mean nothing, directly and through the generated nginx. */
@NeedsProgram("nginx")
class PathsTest {
  private static final String NOTE =
      "{\"root\": \"main\", \"targets\": [{\"type\": \"literal\", \"name\": \"n\", \"content\": \"%s\"}]}";
  private static final String BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8";

  @TempDir static Path directory;
  static LadingServer lading;
  static NginxFront front;
  static Http direct;
  static String id;

  @BeforeAll
  static void start() throws IOException {
    Path root = Files.createDirectories(directory.resolve("root/zip"));
    Files.writeString(root.resolve("a.txt"), "a");
    lading =
        LadingServer.start(
            directory, "roots: [{name: main, path: root, serve: direct, public: true}]");
    front = new NginxFront(directory, lading, NginxOptions.DEFAULTS);
    direct = new Http(URI.create("http://127.0.0.1:" + lading.port()));
    id =
        direct
            .post("/downloads/create", NOTE.formatted("x").getBytes(UTF_8))
            .json()
            .get("id")
            .asText();
  }

  @AfterAll
  static void stop() throws IOException {
    direct.close();
    front.close();
    lading.close();
  }

  private static Http http(boolean isThroughNginx) {
    return isThroughNginx ? front.http() : direct;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void pages_areThoseWithoutSuchSlashes(boolean isThroughNginx) {
    Http http = http(isThroughNginx);
    for (String page :
        new String[] {
          "/main/%s/download",
          "/main/%s/manifest",
          "/main/%s/get",
          "/main/%s/status",
          "/openapi.json",
          "/zip/main/zip/a.txt?name=x",
          "/zip/main/zip/",
          "/browse/main/",
          "/"
        }) {
      String plain = page.formatted(id);
      String path = plain.replaceFirst("\\?.*", "");
      String query = plain.substring(path.length());
      Reply expected = http.get("/downloads" + plain);
      assertThat(expected.status()).as(plain).isEqualTo(200);
      String end = path.endsWith("/") || path.startsWith("/zip/") ? "" : "/";
      for (String other :
          new String[] {
            "//downloads" + path,
            "/downloads/" + path,
            "///downloads//" + path + end,
            "/downloads" + path.replaceFirst("(?<=.)/(?!$)", "//") + end + end
          }) {
        Reply reply = http.get(other + query);
        assertThat(reply.status()).as(other).isEqualTo(200);
        if (!path.equals("/openapi.json")) {
          assertThat(reply.text()).as(other).isEqualTo(expected.text());
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void creates_andRemovals(boolean isThroughNginx) {
    Http http = http(isThroughNginx);
    // Large enough to be read piece by piece, after which the request is dispatched anew.
    byte[] large = NOTE.formatted("x".repeat(300_000)).getBytes(UTF_8);
    for (byte[] body : new byte[][] {NOTE.formatted("x").getBytes(UTF_8), large}) {
      Reply created = http.post("//downloads//create/", body, "Prefer", LadingServer.PATIENT);
      assertThat(created.status()).isEqualTo(201);
      String page = "//downloads/main//" + created.json().get("id").asText() + "/";
      assertThat(http.call("DELETE", page, null).status()).isEqualTo(204);
      assertThat(http.post("//downloads//estimate/", body).status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void contextPath_answersPrograms(boolean isThroughNginx) {
    Http http = http(isThroughNginx);
    for (String path : new String[] {"/downloads", "/downloads/", "//downloads", "/downloads//"}) {
      Reply head = http.head(path);
      assertThat(head.status()).as(path).isEqualTo(200);
      assertThat(head.header("Location")).isNull();
      assertThat(http.get(path).json().toString()).as(path).contains("main");
    }
  }

  /** The links of a page are relative, and would lead elsewhere. */
  @ParameterizedTest
  @CsvSource({
    "false, /downloads, /downloads/",
    "true, /downloads?x=1, /downloads/?x=1",
    "false, /downloads/main/%s/status//, /downloads/main/%s/status",
    "true, /downloads/main/%s/status/, /downloads/main/%s/status",
    "false, //downloads//browse//main/?a=b, /downloads/browse/main/?a=b",
    "true, //downloads//browse//main/, /downloads/browse/main/",
  })
  void browser_isSentToTheAddressWithout(boolean isThroughNginx, String path, String address) {
    Reply reply = http(isThroughNginx).get(path.formatted(id), "Accept", BROWSER);

    assertThat(reply.status()).isEqualTo(308);
    assertThat(reply.header("Location")).isEqualTo(address.formatted(id));
    assertThat(front.get(address.formatted(id), "Accept", BROWSER).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "/downloads/main%%2F/%s/status, 404",
    "/downloads/main/%s%%2Fstatus, 404",
    "/downloads/create;x, 404",
    "/downloads/main/./%s, 404",
    "/downloadsx/create, 404",
  })
  void otherWritings_areNoneOfThese(String path, int status) {
    String target = path.formatted(id);
    assertThat(direct.call("POST", target, new byte[0]).status()).as(target).isIn(400, status);
  }

  @Test
  void pathsBelowARoot_stayAsTheyAre() throws IOException {
    Reply reply = direct.get("//downloads/zip/main/zip//a.txt");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(direct.get("/downloads/zip/main/zip/a.txt/").status())
        .as("a directory, which it is not")
        .isNotEqualTo(200);
  }
}
