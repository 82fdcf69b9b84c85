package org.lading;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.base.Digests;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;

/** Headers of requests in every form that RFC 9110 allows: lists, lines, case, dates. */
class RequestHeadersTest {
  private static final String TOKEN = "let me in";
  private static final String CREATE =
      "{'root': 'main', 'targets': [{'type': 'file', 'path': 'a.txt'}]}";

  @TempDir static Path directory;
  static LadingServer server;
  static String page;
  static String etag;
  static Instant modified;

  @BeforeAll
  static void start() throws IOException {
    Files.writeString(Files.createDirectories(directory.resolve("root")).resolve("a.txt"), "a");
    String hash = HexFormat.of().formatHex(Digests.sha256().digest(TOKEN.getBytes(UTF_8)));
    server =
        LadingServer.start(
            directory,
            "roots: [{name: main, path: root}]\nclients: [{name: tester, token_sha256: %s}]"
                .formatted(hash));
    page = LadingServer.page(server.create(CREATE, "Authorization", "Bearer " + TOKEN), "download");
    Reply head = server.head(page);
    etag = head.header("ETag");
    modified =
        Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(head.header("Last-Modified")));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** Lines are separated by a slash; ETAG stands for the tag. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          If-Match      | "a", ETAG                 | 200
          If-Match      | "a" / ETAG                | 200
          If-Match      | "a" / "b","c" / "d", ETAG | 200
          If-Match      | "a" / "b"                 | 412
          If-Match      | "a" / W/ETAG              | 412
          If-Match      | "a,b", ETAG               | 200
          If-Match      | "a, ETAG"                 | 412
          If-Match      | , ,"a" ,, ETAG ,          | 200
          If-Match      | "a\\", ETAG               | 200
          If-Match      | a, ETAG                   | 412
          If-Match      | "a" ETAG                  | 412
          If-Match      | ETAG-z                    | 412
          If-None-Match | "a", ETAG                 | 304
          If-None-Match | "a" / ETAG                | 304
          If-None-Match | "a" / W/ETAG              | 304
          If-None-Match | "a" / w/ETAG              | 200
          If-None-Match | "a,b", W/ETAG             | 304
          If-None-Match | "a" / "b"                 | 200
          If-None-Match | , *                       | 304
          """)
  void tags_ofOneLineAndOfSeveral_areOneList(String header, String lines, int status) {
    List<String> headers = new ArrayList<>();
    for (String line : lines.split(" / ", -1)) {
      headers.addAll(List.of(header, line.replace("ETAG", etag)));
    }
    assertThat(server.get(page, headers.toArray(String[]::new)).status()).isEqualTo(status);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "EEE, dd MMM yyyy HH:mm:ss 'GMT'",
        "EEEE, dd-MMM-yy HH:mm:ss 'GMT'",
        "EEE MMM ppd HH:mm:ss yyyy"
      })
  void dates_ofAllThreeForms_areTheSame(String pattern) {
    DateTimeFormatter form =
        DateTimeFormatter.ofPattern(pattern, Locale.US).withZone(ZoneOffset.UTC);
    String then = form.format(modified);
    String before = form.format(modified.minusSeconds(1));
    assertThat(server.get(page, "If-Modified-Since", then).status()).as(then).isEqualTo(304);
    assertThat(server.get(page, "If-Modified-Since", before).status()).isEqualTo(200);
    assertThat(server.get(page, "If-Unmodified-Since", then).status()).isEqualTo(200);
    assertThat(server.get(page, "If-Unmodified-Since", before).status()).isEqualTo(412);
    assertThat(server.get(page, "Range", "bytes=0-3", "If-Range", then).status()).isEqualTo(206);
    assertThat(server.get(page, "Range", "bytes=0-3", "If-Range", before).status()).isEqualTo(200);
    String longAgo = form.format(Instant.parse("1994-11-06T08:49:37Z"));
    assertThat(server.get(page, "If-Unmodified-Since", longAgo).status()).isEqualTo(412);
  }

  @Test
  void headersThatAreNoLists_inTwoLines_countIfTheyAreEqual() {
    String name = "If-Unmodified-Since";
    String old = "Sun, 06 Nov 1994 08:49:37 GMT";
    String older = "Sun, 06 Nov 1983 08:49:37 GMT";
    assertThat(server.get(page, name, old, name, old).status()).isEqualTo(412);
    assertThat(server.get(page, name, old, name, older).status()).isEqualTo(200);

    String range = "bytes=0-3";
    assertThat(server.get(page, "Range", range, "Range", range).status()).isEqualTo(206);
    assertThat(server.get(page, "Range", range, "Range", "bytes=8-9").status()).isEqualTo(200);

    assertThat(server.get(page, "Range", range, "If-Range", etag, "If-Range", etag).status())
        .isEqualTo(206);
    assertThat(server.get(page, "Range", range, "If-Range", etag, "If-Range", "\"x\"").status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          bytes=0-3           | 206
          BYTES=0-3           | 206
          bytes=,0-3          | 206
          bytes=0-3 , ,, 6-7, | 206
          bytes=, ,           | 200
          bytes =0-3          | 200
          bytes=0 -3          | 200
          """)
  void ranges_areAList(String range, int status) {
    assertThat(server.get(page, "Range", range).status()).isEqualTo(status);
  }

  /** Lines are separated by a slash. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          handling=lenient / wait=7            | wait=7
          x="a, wait=1", wait=7                | wait=7
          x="a\\", wait=1" ; y="wait=2",wait=7 | wait=7
          x; y="b;c", Wait="7"; z              | wait=7
          foo / Respond-Async; x               | respond-async
          respond-async=""                     | respond-async
          x="respond-async"                    |
          wait="7                              |
          """)
  void preferences_areAList(String lines, String applied) {
    List<String> headers = new ArrayList<>(List.of("Authorization", "Bearer " + TOKEN));
    for (String line : lines.split(" / ", -1)) {
      headers.addAll(List.of("Prefer", line));
    }
    assertThat(server.create(CREATE, headers.toArray(String[]::new)).header("Preference-Applied"))
        .isEqualTo(applied);
  }

  @Test
  void authorization_isOneHeader_inAnyCaseOfItsScheme() {
    String name = "Authorization";
    String right = "Bearer " + TOKEN;
    assertThat(server.create(CREATE, name, "BEARER  " + TOKEN).status()).isEqualTo(201);
    assertThat(server.create(CREATE, name, right, name, "Bearer other").status()).isEqualTo(401);
    assertThat(server.create(CREATE, name, "Basic eDp5", name, right).status()).isEqualTo(401);
  }
}
