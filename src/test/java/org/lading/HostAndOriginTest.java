package org.lading;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;

/** Which hosts URLs are made of, and which pages may make a browser create a download. */
class HostAndOriginTest {
  private static final String CREATE =
      "{'root': 'main', 'targets': [{'type': 'file', 'path': 'a.txt'}]}";

  /** A create that is refused for its content, once it is allowed at all. */
  private static final String EMPTY = "{'root': 'main', 'targets': []}";

  private static final String ROOTS = "roots: [{name: main, path: ../root}]\n";

  @TempDir static Path directory;

  /** No setting. */
  static LadingServer open;

  /** The setting hosts. */
  static LadingServer named;

  /** The settings nginx_url and cors_origins. */
  static LadingServer outside;

  /** The status page of a download of the server with the setting hosts. */
  static String page;

  @BeforeAll
  static void start() throws IOException {
    Files.writeString(Files.createDirectories(directory.resolve("root")).resolve("a.txt"), "a");
    open = start("open", "");
    named = start("named", "hosts: [files.example.org, 'intern:8080', '[2001:db8::1]', 10.0.0.1]");
    outside =
        start(
            "outside",
            "nginx_url: https://files.example.org/downloads/\ncors_origins: ['https://app.example.org']");
    page = LadingServer.page(named.create(CREATE, "Host", "files.example.org"), "status");
  }

  private static LadingServer start(String name, String settings) throws IOException {
    return LadingServer.start(
        Files.createDirectories(directory.resolve(name)), ROOTS + settings + "\n");
  }

  @AfterAll
  static void stop() {
    open.close();
    named.close();
    outside.close();
  }

  @ParameterizedTest
  @CsvSource({
    "files.example.org, http://files.example.org",
    "files.example.org:80, http://files.example.org",
    "FILES.example.ORG.:8443, http://files.example.org:8443",
    "localhost:8080, http://localhost:8080",
    "127.0.0.1, http://127.0.0.1",
    "'[2001:DB8:0:0:1:0:0:0]', 'http://[2001:db8:0:0:1::]'",
    "'[10:0:0::1]', 'http://[10::1]'",
    "'[::1]:8080', 'http://[::1]:8080'"
  })
  void host_withoutASetting_isWhatUrlsBeginWith(String host, String url) {
    Reply created = open.create(CREATE, "Host", host);
    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    assertThat(created.json().get("status_url").asText()).startsWith(url + "/downloads/main/");
    assertThat(created.header("Location")).startsWith(url + "/downloads/main/");
  }

  @ParameterizedTest
  @CsvSource({
    "https, https://files.example.org",
    "HTTPS, https://files.example.org",
    "'https, http', https://files.example.org",
    "'http, https', http://files.example.org",
    "javascript, http://files.example.org",
    "'', http://files.example.org"
  })
  void forwardedScheme_isTheFirstOfTheList(String forwarded, String url) {
    Reply created =
        open.create(CREATE, "Host", "files.example.org", "X-Forwarded-Proto", forwarded);
    assertThat(created.json().get("status_url").asText()).startsWith(url + "/downloads/main/");
  }

  @Test
  void otherForwardedHeaders_areNotRead() {
    Reply created =
        named.create(
            CREATE,
            "Host",
            "files.example.org",
            "X-Forwarded-Host",
            "evil.example",
            "Forwarded",
            "host=evil.example",
            "X-Original-Host",
            "evil.example");
    assertThat(created.status()).isEqualTo(201);
    assertThat(created.toString()).doesNotContain("evil");
  }

  @Test
  void request_ofHttp10WithoutAHost_getsUrlsOfTheAddressItCameTo() throws IOException {
    String reply = raw(open, "HTTP/1.0");
    assertThat(reply).startsWith("HTTP/1.1 201");
    assertThat(reply)
        .containsPattern("\"status_url\":\"http://[^/]+:" + open.port() + "/downloads/");
    assertThat(raw(named, "HTTP/1.0")).startsWith("HTTP/1.1 421");
    assertThat(raw(outside, "HTTP/1.0")).startsWith("HTTP/1.1 201");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "files.example.org",
        "Files.Example.Org.",
        "files.example.org:9999",
        "intern:8080",
        "[2001:DB8:0::1]",
        "[2001:db8::1]:8080",
        "10.0.0.1:80"
      })
  void host_thatTheSettingNames_isServed(String host) {
    Reply status = named.get(page, "Host", host);
    assertThat(status.status()).as(status.toString()).isEqualTo(200);
    assertThat(named.create(EMPTY, "Host", host).json().get("code").asText()).isEqualTo("empty");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.files.example.org",
        "files.example.org.evil.example",
        "xfiles.example.org",
        "intern",
        "intern:8081",
        "[2001:db8::2]",
        "10.0.0.10",
        "localhost",
        "127.0.0.1"
      })
  void host_thatTheSettingDoesNotName_isMisdirected_whereUrlsAreMadeOfIt(String host) {
    Reply created = named.create(EMPTY, "Host", host);
    assertThat(created.status()).as(created.toString()).isEqualTo(421);
    assertThat(created.json().get("code").asText()).isEqualTo("misdirected");
    assertThat(named.get(page, "Host", host).status()).isEqualTo(421);
    assertThat(named.get(page, "Host", host, "Accept", "text/html").status()).isEqualTo(421);
    for (String accept : List.of("application/json", "text/html")) {
      assertThat(named.get("/", "Host", host, "Accept", accept).status()).isEqualTo(421);
    }
    assertThat(named.get(page.replace("/status", "/download"), "Host", host).status())
        .as("has no URL")
        .isEqualTo(200);
    assertThat(named.get("/status", "Host", host).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "user@files.example.org",
        "files.example.org/x",
        "files.example.org:99999",
        "files.example.org:x",
        "a b",
        "-a",
        "a..b",
        "[::1",
        "[::g]",
        "files.example.org, evil.example",
        "<script>"
      })
  void host_thatIsNone_isRefused_byTheContainerOrByLading(String host) {
    for (LadingServer server : List.of(open, named)) {
      Reply reply = server.create(EMPTY, "Host", host);
      assertThat(reply.status()).as(host).isEqualTo(400);
      assertThat(reply.text()).as(host).doesNotContain("\"empty\"");
    }
  }

  @Test
  void hostOfAnyKind_withAPublicUrl_isServed_sinceNoUrlIsMadeOfIt() {
    Reply created = outside.create(CREATE, "Host", "localhost:8080");
    assertThat(created.json().get("status_url").asText())
        .startsWith("https://files.example.org/downloads/main/");
  }

  /** Programs send neither of the two headers. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          open    | localhost:8080    | http://localhost:8080      | -           | 400
          open    | localhost:8080    | http://localhost:8080      | same-origin | 400
          open    | 127.0.0.1:8080    | http://127.0.0.1:8080      | -           | 400
          open    | [::1]:8080        | http://[::1]:8080          | -           | 400
          open    | a.localhost       | http://a.localhost         | -           | 400
          open    | localhost         | HTTP://LOCALHOST:80        | -           | 400
          open    | localhost         | https://localhost          | -           | 400
          open    | localhost         | -                          | none        | 400
          open    | localhost         | -                          | Same-Origin | 400
          open    | localhost:8080    | http://localhost:3000      | same-site   | 403
          open    | localhost:8080    | http://localhost           | -           | 403
          open    | localhost         | http://evil.example        | cross-site  | 403
          open    | localhost         | http://evil.example        | -           | 403
          open    | localhost         | http://evil.example        | same-origin | 403
          open    | localhost         | http://localhost           | cross-site  | 403
          open    | localhost         | -                          | cross-site  | 403
          open    | localhost         | -                          | same-site   | 403
          open    | localhost         | -                          | anything    | 403
          open    | localhost         | null                       | -           | 403
          open    | localhost         | null                       | same-origin | 403
          open    | localhost         | file://                    | -           | 403
          open    | localhost         | http://localhost@evil      | -           | 403
          open    | localhost         | http://localhost http://b  | -           | 403
          open    | localhost         | http://localhost.evil.example | -        | 403
          open    | evil.example:8080 | http://evil.example:8080   | -           | 403
          open    | evil.example      | http://evil.example        | same-origin | 403
          open    | 2130706433        | http://2130706433          | -           | 403
          named   | files.example.org | https://files.example.org  | same-origin | 400
          named   | files.example.org | http://files.example.org   | -           | 400
          named   | files.example.org | http://intern:8080         | -           | 403
          named   | files.example.org | http://www.example.org     | same-site   | 403
          outside | files.example.org | https://files.example.org  | same-origin | 400
          outside | lading-app        | https://files.example.org  | -           | 400
          outside | files.example.org | https://app.example.org    | same-site   | 400
          outside | files.example.org | https://app.example.org:443 | cross-site | 400
          outside | files.example.org | http://app.example.org     | cross-site  | 403
          outside | files.example.org | https://evil.example       | cross-site  | 403
          outside | localhost         | http://localhost           | -           | 400
          outside | evil.example      | http://evil.example        | -           | 403
          """)
  void page_ofAnotherOrigin_createsNothing(
      String server, String host, String origin, String site, int status) {
    List<String> headers = new ArrayList<>(List.of("Host", host));
    if (origin != null) {
      headers.addAll(List.of("Origin", origin));
    }
    if (site != null) {
      headers.addAll(List.of("Sec-Fetch-Site", site));
    }
    LadingServer asked =
        switch (server) {
          case "open" -> open;
          case "named" -> named;
          default -> outside;
        };
    Reply reply = asked.create(EMPTY, headers.toArray(String[]::new));
    assertThat(reply.status()).as(reply.toString()).isEqualTo(status);
    assertThat(reply.json().get("code").asText()).isEqualTo(status == 403 ? "forbidden" : "empty");
  }

  @Test
  void origin_inTwoLines_countsOnlyIfBothMay() {
    String[] two = {"Host", "localhost", "Origin", "http://localhost", "Origin", "http://evil"};
    assertThat(open.create(EMPTY, two).status()).isEqualTo(403);
  }

  @Test
  void contentType_isJson_whereAnOriginIsSent() throws IOException {
    String own = "http://127.0.0.1:" + open.port();
    for (String type :
        List.of("text/plain", "application/x-www-form-urlencoded", "multipart/form-data")) {
      String reply = raw(open, "HTTP/1.1", "Origin: " + own, "Content-Type: " + type);
      assertThat(reply).as(type).startsWith("HTTP/1.1 415").contains("unsupported_media_type");
    }
    assertThat(raw(open, "HTTP/1.1", "Origin: " + own)).startsWith("HTTP/1.1 415");
    for (String type : List.of("application/json", "Application/JSON;charset=utf-8")) {
      assertThat(raw(open, "HTTP/1.1", "Origin: " + own, "Content-Type: " + type))
          .as(type)
          .startsWith("HTTP/1.1 201");
    }
    assertThat(raw(open, "HTTP/1.1", "Content-Type: application/x-www-form-urlencoded"))
        .as("a program, such as curl -d")
        .startsWith("HTTP/1.1 201");
  }

  /** Sends a create; HTTP/1.0 has no Host. */
  private static String raw(LadingServer server, String version, String... headers)
      throws IOException {
    byte[] body = CREATE.replace('\'', '"').getBytes(ISO_8859_1);
    List<String> lines = new ArrayList<>(List.of("POST /downloads/create " + version));
    if (version.equals("HTTP/1.1")) {
      lines.add("Host: 127.0.0.1:" + server.port());
    }
    lines.addAll(List.of(headers));
    lines.addAll(List.of("Content-Length: " + body.length, "Connection: close", "", ""));
    try (Socket socket =
        new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), server.port())) {
      socket.getOutputStream().write(String.join("\r\n", lines).getBytes(ISO_8859_1));
      socket.getOutputStream().write(body);
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }
}
