package org.lading;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.LogLines;

/** Refusals have Lading's form and not the container's, and are pages for browsers. */
class OwnAnswersTest {
  private static final String BROWSER =
      "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";

  @TempDir static Path directory;
  static LadingServer server;
  static String download;

  @BeforeAll
  static void start() throws IOException {
    Files.writeString(Files.createDirectories(directory.resolve("root")).resolve("a.txt"), "a");
    server = LadingServer.start(directory, "roots: [{name: main, path: root}]\n");
    download =
        LadingServer.page(
            server.create("{'root': 'main', 'targets': [{'type': 'file', 'path': 'a.txt'}]}"), "");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET      | /nothing            | 404 | not_found
          GET      | /error              | 404 | not_found
          GET      | /WEB-INF/web.xml    | 404 | not_found
          GET      | /main/x/y/z         | 404 | not_found
          GET      | /main/none/status   | 404 | not_found
          GET      | /main/none/download | 404 | not_found
          GET      | /create             | 405 | method_not_allowed
          DELETE   | /status             | 405 | method_not_allowed
          PROPFIND | /                   | 405 | method_not_allowed
          TRACE    | /status             | 405 | method_not_allowed
          TRACE    | /create             | 405 | method_not_allowed
          POST     | DOWNLOADdownload    | 405 | method_not_allowed
          TRACE    | DOWNLOADget         | 405 | method_not_allowed
          """)
  void refusal_isJson_andAPageForBrowsers(String method, String path, int status, String code) {
    String page = path.replace("DOWNLOAD", download);
    Reply json = server.call(method, page, null);
    assertThat(json.status()).as(json.toString()).isEqualTo(status);
    assertThat(json.header("Content-Type")).isEqualTo("application/json");
    assertThat(json.json().get("code").asText()).isEqualTo(code);
    assertThat(json.header("Vary")).isEqualTo("Accept");

    Reply html = server.call(method, page, null, "Accept", BROWSER);
    assertThat(html.status()).isEqualTo(status);
    assertThat(html.header("Content-Type")).isEqualTo("text/html;charset=UTF-8");
    assertThat(html.text())
        .startsWith("<!DOCTYPE html>")
        .contains(json.json().get("error").asText());
    assertThat(html.header("Content-Security-Policy")).contains("default-src 'none'");
    assertThat(html.header("Cache-Control")).isEqualTo("no-store");
    assertThat(html.text()).doesNotContain("Apache", "Tomcat");
    if (status == 405) {
      assertThat(json.header("Allow")).isNotNull();
      assertThat(html.header("Allow")).isEqualTo(json.header("Allow"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"image/png", "text/csv;q=1, image/*", "text/html"})
  void accept_thatNothingFits_isAnAnswerOfOurs(String accept) {
    Reply reply = server.get("/list", "Accept", accept);
    assertThat(reply.status()).as(reply.toString()).isEqualTo(406);
    assertThat(reply.text()).contains("This page has no form that the Accept header names");
    assertThat(reply.header("Content-Type"))
        .startsWith(accept.equals("text/html") ? "text/html" : "application/json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"garbage", "/", "text/html;q=abc", "text", ";;;", "application/json;q=2"})
  void accept_thatIsMalformed_isAnAnswerOfOurs(String accept) {
    Reply reply = server.get(download + "status", "Accept", accept);
    assertThat(reply.text()).doesNotContain("Apache", "Tomcat");
    assertThat(reply.status()).as(reply.toString()).isIn(200, 400, 406);
    assertThat(reply.text()).containsAnyOf("\"status\":\"", "<!DOCTYPE html>");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          text/html                             | text/html
          text/*                                | text/html
          text/html;level=1;q=0.5, */*;q=0.1    | text/html
          TEXT/HTML                             | text/html
          */*                                   | application/json
          application/json, text/html           | application/json
          text/html;q=0.5, application/json     | application/json
          text/html;q=0, */*                    | application/json
          application/*                         | application/json
          x="a,text/html"                       | application/json
          """)
  void formOfARefusal_isTheOneThatIsPreferred(String accept, String type) {
    assertThat(server.get("/main/none/download", "Accept", accept).header("Content-Type"))
        .startsWith(type);
  }

  @Test
  void accept_inSeveralLines_isOneList() {
    assertThat(
            server
                .get(
                    "/main/none/download",
                    "Accept",
                    "application/json;q=0.1",
                    "Accept",
                    "text/html")
                .header("Content-Type"))
        .startsWith("text/html");
  }

  @Test
  void refusedCreate_isAPage_whereABrowserAsks() {
    Reply reply =
        server.create(
            "{'root': 'main', 'targets': [{'type': 'file', 'path': '<b>'}]}", "Accept", BROWSER);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.text()).contains("Not found: &lt;b&gt;").contains("(target 1)");
  }

  @Test
  void headOfARefusal_hasTheHeadersAndNoBody() {
    Reply head = server.head("/main/none/download", "Accept", BROWSER);
    assertThat(head.status()).isEqualTo(404);
    assertThat(head.header("Content-Type")).startsWith("text/html");
    assertThat(head.bytes()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "zz\r\n{}\r\n0\r\n\r\n",
        "-1\r\n{}\r\n0\r\n\r\n",
        "2\r\n{}x\r\n0\r\n\r\n",
        "FFFFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n"
      })
  void chunks_thatAreBroken_neverGiveAPageOfTheContainer_norAnIncident(String chunks)
      throws IOException {
    String request =
        "POST /downloads/create HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
    try (LogLines log = new LogLines();
        Socket socket =
            new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), server.port())) {
      socket.getOutputStream().write((request + chunks).getBytes(ISO_8859_1));
      socket.shutdownOutput();
      String reply = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
      // Tomcat takes no answer once it could not read a body without blocking.
      assertThat(reply)
          .satisfiesAnyOf(
              nothing -> assertThat(nothing).isEmpty(),
              ours -> assertThat(ours).startsWith("HTTP/1.1 400").contains("\"unparseable\""));
      assertThat(log.records()).noneMatch(record -> record.contains("incident"));
    }
  }
}
