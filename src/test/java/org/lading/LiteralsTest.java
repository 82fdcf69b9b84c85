package org.lading;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;

/**
 * Texts of literals, from the request through the embedded database to the archive, and the limits
 * of all other strings.
 */
class LiteralsTest {
  private static final String LITERAL =
      "{\"root\": \"main\", \"targets\": [{\"type\": \"literal\", \"name\": \"n\", \"content\": \"%s\"}]}";

  @TempDir static Path directory;
  static LadingServer server;

  @BeforeAll
  static void start() throws IOException {
    Files.createDirectories(directory.resolve("root"));
    server =
        LadingServer.start(directory, "literals: database\nroots:\n  - {name: main, path: root}\n");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static Stream<Arguments> texts() {
    return Stream.of(
        Arguments.of("", ""),
        Arguments.of("\\\"\\\\\\/\\b\\f\\n\\r\\t", "\"\\/\b\f\n\r\t"),
        Arguments.of("\\u0000\\u00e4\\u20aC\\ud83d\\uDE00", "\0\u00e4\u20ac\ud83d\ude00"),
        Arguments.of("\u00e4\u20ac\ud83d\ude00", "\u00e4\u20ac\ud83d\ude00"),
        Arguments.of("a\\\\\u00e4\\u005c\\\\", "a\\\u00e4\\\\"));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void text_comesOutAsItWasWritten(String json, String expected) throws IOException {
    assertThat(archive(create(LITERAL.formatted(json)))).containsEntry("n", expected);
    String shifted = " ".repeat(20_000) + LITERAL.formatted(json);
    assertThat(archive(create(shifted))).containsEntry("n", expected);
    assertThat(archive(create("\ufeff" + LITERAL.formatted(json)))).containsEntry("n", expected);
  }

  @Test
  void text_largerThanAnyBuffer_comesOutAsItWasWritten() throws IOException {
    StringBuilder json = new StringBuilder();
    StringBuilder text = new StringBuilder();
    Random random = new Random(3);
    while (text.length() < 300_000) {
      switch (random.nextInt(5)) {
        case 0 -> append(json, text, "\\n", "\n");
        case 1 -> append(json, text, "\\ud83d\\ude00", "\ud83d\ude00");
        case 2 -> append(json, text, "\ud83d\ude00", "\ud83d\ude00");
        case 3 -> append(json, text, "\u20ac", "\u20ac");
        default -> append(json, text, "abc", "abc");
      }
    }
    assertThat(archive(create(LITERAL.formatted(json)))).containsEntry("n", text.toString());
  }

  private static void append(StringBuilder json, StringBuilder text, String one, String other) {
    json.append(one);
    text.append(other);
  }

  @Test
  void contents_comeInAnyOrderOfFields_andTheSameOneTwiceCountsOnce() throws IOException {
    String long1 = "x".repeat(50_000);
    String long2 = "y".repeat(50_000);
    Reply created =
        create(
            """
            {"targets": [
              {"content": "%1$s", "name": "a", "zip_path": "z", "type": "literal"},
              {"content": "%1$s", "name": "a", "zip_path": "z", "type": "literal"},
              {"content": "%2$s", "name": "a", "zip_path": "z", "type": "literal"},
              {"content": "", "name": "b", "type": "literal"}], "root": "main"}
            """
                .formatted(long1, long2));
    assertThat(archive(created))
        .containsExactly(Map.entry("z/a", long1), Map.entry("z/a (2)", long2), Map.entry("b", ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          x\\ud800y   | targets[0].content is not UTF-8, or has half a surrogate pair
          \\udc00     | targets[0].content is not UTF-8, or has half a surrogate pair
          \\ud800     | targets[0].content is not UTF-8, or has half a surrogate pair
          \\x         | The body is not JSON at line 1
          \\u12g4     | The body is not JSON at line 1
          """)
  void text_thatIsNone_isRefused(String json, String sentence) {
    Set<String> before = server.stored();
    Reply reply = create(LITERAL.formatted(json));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("error").asText()).startsWith(sentence);
    assertThat(server.stored()).isEqualTo(before);
  }

  @Test
  void bodyOfAnotherCharset_isRefused() {
    Reply reply = server.create(LITERAL.formatted("x").getBytes(UTF_16));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("error").asText()).isEqualTo("The body is not UTF-8");
    byte[] overlong = LITERAL.formatted("x??y").getBytes(UTF_8);
    int at = new String(overlong, UTF_8).indexOf("??");
    overlong[at] = (byte) 0xc0;
    overlong[at + 1] = (byte) 0x80;
    reply = server.create(overlong);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("error").asText()).contains("is not UTF-8");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'root': '@'}",
        "{'zip_name': '@'}",
        "{'timeout': 9@}",
        "{'client_id': 9@}",
        "{'client_id': '@', 'root': 'main', 'root': 'main'}",
        "{'client_id': {'@': 1}}",
        "{'@': 1}",
        "{'root': 'main', 'targets': [{'type': 'file', 'path': '@'}]}",
        "{'root': 'main', 'targets': [{'type': 'literal', 'content': 'x', 'name': '@'}]}",
        "{'root': 'main', 'targets': [{'type': 'file', 'path': 'x', 'zip_path': '@'}]}",
      })
  void stringsBesidesTexts_haveALimit(String json) {
    Reply reply = create(json.replace('\'', '"').replace("@", "1".repeat(2_000_000)));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.text()).hasSizeLessThan(1000);
    if (json.contains("'root': 'main', 'root'")) {
      assertThat(reply.text()).contains("Duplicate");
    } else {
      assertThat(reply.json().get("error").asText())
          .matches(
              "The body is over a limit at line 1, column .*maximum allowed \\((65535|256)\\)"
                  + "|[a-z_0.\\[\\]]+ has more than 65535 characters \\(line 1, column [0-9]+\\)");
    }
  }

  @Test
  void nesting_hasALimit() {
    Reply reply = create("{\"client_id\": " + "[".repeat(100_000));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("error").asText()).startsWith("The body is over a limit at line 1");
  }

  private static Reply create(String json) {
    return server.create(json.getBytes(UTF_8));
  }

  private static Map<String, String> archive(Reply created) throws IOException {
    byte[] bytes = server.get(LadingServer.page(created, "download")).bytes();
    Map<String, String> members = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        members.put(entry.getName(), new String(zip.readAllBytes(), UTF_8));
      }
    }
    return members;
  }
}
