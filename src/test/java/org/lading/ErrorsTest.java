package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;

/** Every error of a create request: its code, its place, and that nothing stays behind. */
class ErrorsTest {
  private static final String TOKEN = "let me in";
  private static final String AUTHORIZATION = "Bearer " + TOKEN;

  @TempDir static Path directory;
  static LadingServer server;
  private Set<String> before;

  @BeforeAll
  static void start() throws IOException {
    Path root = Files.createDirectories(directory.resolve("root/dir"));
    Files.writeString(root.resolve("a.txt"), "0123456789");
    Files.writeString(root.resolve("b.txt"), "0123456789");
    Files.writeString(root.resolve("c.txt"), "0123456789");
    Files.createSymbolicLink(root.resolve("0-out"), Path.of("/etc/passwd"));
    Files.createDirectories(directory.resolve("root/nothing/but/empty"));
    int closedPort = closedPort();
    server =
        LadingServer.start(
            directory,
            """
            roots:
              - {name: main, path: root}
              - {name: gone, path: not-mounted}
              - {name: other, path: root}
              - name: bucket
                bucket: nobody
                region: us-east-1
                endpoint: http://127.0.0.1:%d
                force_path_style: true
                aws_access_key_id: AKIATEST
                aws_secret_access_key: hidden-secret
            limits: {entries: 3, bytes: 25, body: 2000, targets: 5}
            empty_directories: false
            clients:
              - {name: tester, token_sha256: %s, roots: [main, gone, bucket]}
            """
                .formatted(closedPort, sha256(TOKEN)));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void remember() {
    before = server.stored();
  }

  @AfterEach
  void nothingStaysBehind() {
    assertThat(server.stored()).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``                                              | The body is empty
          not json                                        | The body is not JSON at line 1
          [1]                                             | The body must be an object (line 1, column 1)
          {'root': 'main'                                 | The body is not JSON at line 1
          {'root': 'main', 'targets': []} x               | not JSON at line 1
          {'root': 'main', 'targets': []} {}              | There is more text
          {'root': 7}                                     | root must be a string (line 1, column 10)
          {'root': 'main', 'root': 'main'}                | Duplicate
          {'root': 'main', 'zip_name': ['x']}             | zip_name must be a string
          {'root': 'main', 'timeout': '7'}                | timeout must be a whole number
          {'root': 'main', 'timeout': 1.5}                | timeout must be a whole number
          {'root': 'main', 'timeout': 0}                  | timeout must be at least 1
          {'root': 'main', 'timeout': -99999999999999999999} | timeout must be at least 1
          {'root': 'main', 'targets': {}}                 | targets must be an array
          {'root': 'main', 'wrong': 1}                    | wrong is not a field of a request
          {'root': 'main', 'targets': [7]}                | targets[0] must be an object
          {'root': 'main', 'targets': [{}]}               | targets[0].type is missing
          {'root': 'main', 'targets': [{'type': 'blob'}]} | targets[0].type must be file, directory or literal
          {'root': 'main', 'targets': [{'type': 'file'}]} | targets[0].path is missing
          {'root': 'main', 'targets': [{'type': 'literal', 'content': 'x'}]} | targets[0].name is missing
          {'root': 'main', 'targets': [{'type': 'literal', 'name': 'x'}]}    | targets[0].content is missing
          {'root': 'main', 'targets': [{'type': 'file', 'path': false}]}     | targets[0].path must be a string
          {'root': 'main', 'targets': [{'type': 'directory', 'path': '', 'recursive': 'yes'}]} | targets[0].recursive must be true or false
          {'root': 'main', 'targets': [{'type': 'file', 'path': 'a', 'pth': 1}]} | targets[0].pth is not a field
          {'root': 'main', 'targets': [{'type': 'file', 'path': 'x\\ud800y'}]}   | targets[0].path has half a surrogate pair
          {'targets': [{'type': 'file', 'path': 'a'}]}    | root is missing
          """)
  void unparseable_saysWhatAndWhere(String body, String sentence) {
    requireError(create(body), 400, "unparseable", sentence);
  }

  @Test
  void unparseable_whenTheBodyIsNotUtf8() {
    byte[] latin1 = "{\"root\": \"m\u00e4in\"}".getBytes(StandardCharsets.ISO_8859_1);
    requireError(
        server.create(latin1, "Authorization", AUTHORIZATION), 400, "unparseable", "UTF-8");
  }

  @Test
  void unparseable_namesTheTarget() {
    Reply reply =
        create(
            "{'root': 'main', 'targets': [{'type': 'file', 'path': 'a'},"
                + " {'path': 'b', 'type': 'blob'}]}");
    assertThat(reply.json().get("target_index").asInt()).isEqualTo(1);
    assertThat(reply.json().get("path").asText()).isEqualTo("b");
  }

  @Test
  void invalidRoot_ofTheRequestOrOfATarget() {
    requireError(
        create("{'root': 'x\\ny', 'targets': [{'type': 'file', 'path': 'a'}]}"),
        400,
        "invalid_root",
        "Invalid root: x\\u000ay");
    Reply reply =
        create("{'root': 'main', 'targets': [" + file("dir/a.txt", "'root': 'no'") + "]}");
    requireError(reply, 400, "invalid_root", "Invalid root: no");
    assertThat(reply.json().get("target_index").asInt()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "file, not-there",
    "file, dir",
    "file, ''",
    "file, dir/a.txt/",
    "file, dir/a.txt/x",
    "file, ../root/dir/a.txt",
    "file, dir/../dir/a.txt",
    "file, /etc/passwd",
    "file, dir/0-out",
    "file, dir/a.txt\\u0000",
    "directory, not-there",
    "directory, dir/a.txt",
    "directory, ..",
    "directory, dir",
  })
  void missingOrInvalidTarget_namesIt(String type, String path) {
    Reply reply =
        create(
            "{'root': 'main', 'targets': [{'type': 'literal', 'name': 'x', 'content': 'y'},"
                + "{'type': '%s', 'path': '%s'}]}".formatted(type, path));
    requireError(reply, 400, "missing_or_invalid_target", "");
    assertThat(reply.json().get("target_index").asInt()).isEqualTo(1);
    assertThat(reply.json().get("path").asText()).isEqualTo(path.replace("\\u0000", "\0"));
    assertThat(reply.text()).doesNotContain(directory.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          'zip_path': '/abs'         | is absolute
          'zip_path': 'a/../b'       | has a part ..
          'zip_path': 'a//b'         | has an empty part
          'zip_path': './a'          | has a part .
          'zip_path': 'a\\nb'        | has a control character
          'zip_path': 'C:'           | has :
          'zip_path': 'a /b'         | ends in a space
          'name': ''                 | has an empty part
          'name': 'a/b'              | has a slash
          'name': '..'               | has a part ..
          'name': 'a\\r\\nb'         | has a control character
          'name': 'a\\u0000'         | has a control character
          'name': 'a\\\\b'           | has a backslash
          'name': 'what?'            | has ?
          'name': 'a*'               | has *
          'name': ' a'               | begins with a space
          'name': 'a.'               | ends in a space or dot
          'name': 'nul.txt'          | is the name of a device
          """)
  void invalidName_saysWhy(String field, String why) {
    Reply reply = create("{'root': 'main', 'targets': [" + file("dir/a.txt", field) + "]}");
    requireError(reply, 400, "invalid_name", why);
    assertThat(reply.json().get("target_index").asInt()).isZero();
    assertThat(reply.json().get("path").asText()).isEqualTo("dir/a.txt");
  }

  @Test
  void invalidName_forTheArchiveItself() {
    for (String name : new String[] {"../x", "a/b", "a\\nb", "a\\\"b", "..", "x ".repeat(200)}) {
      requireError(
          create(
              "{'root': 'main', 'zip_name': '"
                  + name
                  + "', 'targets': ["
                  + file("dir/a.txt", "'name': 'x'")
                  + "]}"),
          400,
          "invalid_name",
          "The zip_name");
    }
  }

  @Test
  void invalidName_whenItWouldBeFileAndDirectory() {
    String fileThenDirectory =
        file("dir/a.txt", "'name': 'x'") + "," + file("dir/b.txt", "'zip_path': 'x'");
    String directoryThenFile =
        file("dir/b.txt", "'zip_path': 'x'") + "," + file("dir/a.txt", "'name': 'x'");
    for (String targets : new String[] {fileThenDirectory, directoryThenFile}) {
      requireError(
          create("{'root': 'main', 'targets': [" + targets + "]}"),
          400,
          "invalid_name",
          "both a file and a directory");
    }
  }

  @Test
  void empty_withoutTargetsOrWithNothingInThem() {
    requireError(create("{'root': 'main'}"), 400, "empty", "no targets");
    requireError(create("{'root': 'main', 'targets': []}"), 400, "empty", "no targets");
    requireError(
        create(
            "{'root': 'main', 'targets': [{'type': 'directory', 'path': 'nothing', 'recursive': true}]}"),
        400,
        "empty",
        "nothing to put");
  }

  @Test
  void tooLarge_body() {
    String json = "{'root': 'main', 'zip_name': '" + "x".repeat(2000) + "'}";
    requireError(create(json), 413, "too_large", "more than 2000 bytes");
  }

  @Test
  void tooLarge_bodyOfUndeclaredLength() throws IOException {
    String chunk = "400\r\n" + " ".repeat(0x400) + "\r\n";
    String request =
        "POST /downloads/create HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
            + AUTHORIZATION
            + "\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
            + chunk.repeat(3)
            + "0\r\n\r\n";
    try (Socket socket =
        new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), server.port())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String reply = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertThat(reply).startsWith("HTTP/1.1 413 ").contains("\"too_large\"");
    }
  }

  @Test
  void tooLarge_targets() {
    String target = file("dir/a.txt", "'zip_path': 'x'");
    requireError(
        create("{'root': 'main', 'targets': [" + (target + ",").repeat(5) + target + "]}"),
        413,
        "too_large",
        "more than 5 targets");
  }

  @Test
  void tooLarge_entriesOrBytes() {
    String literals =
        "{'type': 'literal', 'name': '1', 'content': ''},{'type': 'literal', 'name': '2', 'content': ''},"
            + "{'type': 'literal', 'name': '3', 'content': ''},{'type': 'literal', 'name': '4', 'content': ''}";
    requireError(
        create("{'root': 'main', 'targets': [" + literals + "]}"),
        413,
        "too_large",
        "more than 3 entries");
    String files =
        file("dir/a.txt", "'name': '1'")
            + ","
            + file("dir/b.txt", "'name': '2'")
            + ","
            + file("dir/c.txt", "'name': '3'");
    requireError(
        create("{'root': 'main', 'targets': [" + files + "]}"),
        413,
        "too_large",
        "more than 25 bytes");
  }

  @Test
  void unauthorized_withoutAKnownToken() {
    for (String authorization : new String[] {"", "Basic bGV0IG1lIGlu", "Bearer", "Bearer wrong"}) {
      Reply reply = server.create("{}", "Authorization", authorization);
      requireError(reply, 401, "unauthorized", "token");
      assertThat(reply.header("WWW-Authenticate")).isEqualTo("Bearer");
    }
  }

  @Test
  void forbidden_forARootOfOthers() {
    requireError(
        create("{'root': 'other', 'targets': [" + file("dir/a.txt", "'name': 'x'") + "]}"),
        403,
        "forbidden",
        "The root other");
    requireError(
        create("{'root': 'main', 'targets': [" + file("dir/a.txt", "'root': 'other'") + "]}"),
        403,
        "forbidden",
        "The root other");
  }

  @Test
  void storageUnavailable_whenARootDoesNotAnswer() {
    for (String root : new String[] {"gone", "bucket"}) {
      Reply reply =
          create("{'root': '" + root + "', 'targets': [" + file("dir/a.txt", "'name': 'x'") + "]}");
      requireError(reply, 503, "storage_unavailable", "");
      assertThat(reply.header("Retry-After")).isEqualTo("30");
      assertThat(reply.text()).doesNotContain("hidden-secret", "AKIATEST", directory.toString());
    }
  }

  @Test
  void internal_namesAnIncidentAndNothingElse() {
    server.sql("alter table entry_chunk rename to aside");
    try {
      Reply reply =
          create("{'root': 'main', 'targets': [" + file("dir/a.txt", "'name': 'x'") + "]}");
      requireError(reply, 500, "internal", "Something went wrong; the log has the details of ");
      assertThat(reply.json().get("error").asText())
          .endsWith(reply.json().get("incident").asText());
      assertThat(reply.text()).doesNotContainIgnoringCase("entry_chunk").doesNotContain("java");
    } finally {
      server.sql("alter table aside rename to entry_chunk");
    }
  }

  @Test
  void storageUnavailable_whenTheStorageCannotBeWritten() throws IOException {
    Path content = directory.resolve("storage/content");
    Path aside = directory.resolve("storage/aside");
    Files.move(content, aside);
    Files.writeString(content, "not a directory");
    try {
      Reply reply =
          create("{'root': 'main', 'targets': [{'type': 'literal', 'name': 'x', 'content': 'y'}]}");
      requireError(reply, 503, "storage_unavailable", "The storage directory cannot be written");
    } finally {
      Files.delete(content);
      Files.move(aside, content);
    }
  }

  private static void requireError(Reply reply, int status, String code, String sentence) {
    assertThat(reply.status()).as(reply.toString()).isEqualTo(status);
    assertThat(reply.header("Content-Type")).startsWith("application/json");
    assertThat(reply.json().get("status").asText()).isEqualTo("error");
    assertThat(reply.json().get("code").asText()).isEqualTo(code);
    assertThat(reply.json().get("error").asText()).contains(sentence);
  }

  private static Reply create(String json) {
    return server.create(json, "Authorization", AUTHORIZATION);
  }

  private static String file(String path, String more) {
    return "{'type': 'file', 'path': '" + path + "', " + more + "}";
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static String sha256(String text) {
    try {
      return java.util.HexFormat.of()
          .formatHex(
              java.security.MessageDigest.getInstance("SHA-256")
                  .digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
