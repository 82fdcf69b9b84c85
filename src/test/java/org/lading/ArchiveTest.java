package org.lading;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.S3Server;

/** The archive that Lading streams itself. */
class ArchiveTest {
  private static final int LARGE = 3 << 20;

  @TempDir static Path directory;
  static S3Server s3;
  static LadingServer server;
  static Reply created;
  static byte[] whole;
  private static final Map<String, byte[]> EXPECTED = new LinkedHashMap<>();

  @BeforeAll
  static void start() throws IOException {
    Random random = new Random(1);
    s3 = new S3Server();
    s3.createBucket("content");
    for (int i = 0; i < 300; i++) {
      byte[] content = new byte[i == 7 ? LARGE : random.nextInt(2000)];
      random.nextBytes(content);
      Path file = directory.resolve("root/d/f\u00fc%03d".formatted(i));
      Files.createDirectories(file.getParent());
      Files.write(file, content);
      Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1_600_000_000L + i)));
      EXPECTED.put("top/d/f\u00fc%03d".formatted(i), content);
    }
    Files.createDirectories(directory.resolve("root/d/empty"));
    for (int i = 0; i < 5; i++) {
      byte[] content = new byte[i == 3 ? LARGE : 100 * i];
      random.nextBytes(content);
      s3.put("content", "o/" + i, content);
      EXPECTED.put("top/o/" + i, content);
    }
    EXPECTED.put("top/R.txt", "literal".getBytes(UTF_8));
    server =
        LadingServer.start(
            directory, "roots:\n  - {name: main, path: root}\n" + s3.root("content"));
    created =
        server.create(
            """
            {'root': 'main', 'zip_name': 'top', 'targets': [
              {'type': 'directory', 'path': 'd', 'recursive': true},
              {'type': 'directory', 'path': 'o', 'root': 's3'},
              {'type': 'literal', 'name': 'R.txt', 'content': 'literal'}]}
            """);
    whole = server.get(page()).bytes();
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
    s3.close();
  }

  @Test
  void archive_hasEveryEntryWithItsBytesAndTime() throws IOException {
    Path file = Files.write(directory.resolve("whole.zip"), whole);
    try (ZipFile zip = new ZipFile(file.toFile())) {
      assertThat(zip.size()).isEqualTo(EXPECTED.size() + 1);
      assertThat(zip.getEntry("top/d/empty/").isDirectory()).isTrue();
      for (Map.Entry<String, byte[]> expected : EXPECTED.entrySet()) {
        ZipEntry entry = zip.getEntry(expected.getKey());
        assertThat(zip.getInputStream(entry).readAllBytes())
            .as(expected.getKey())
            .isEqualTo(expected.getValue());
      }
      assertThat(zip.getEntry("top/d/f\u00fc042").getLastModifiedTime().toInstant())
          .isEqualTo(Instant.ofEpochSecond(1_600_000_042L));
    }
  }

  @Test
  void head_hasTheLengthAndTheValidators() {
    Reply get = server.get(page());
    Reply head = server.head(page());
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("Content-Length")).isEqualTo(Integer.toString(whole.length));
    assertThat(head.bytes()).isEmpty();
    for (String name :
        new String[] {
          "Content-Type",
          "Content-Disposition",
          "ETag",
          "Last-Modified",
          "Accept-Ranges",
          "Content-Length",
          "Cache-Control"
        }) {
      assertThat(head.header(name)).as(name).isNotNull().isEqualTo(get.header(name));
    }
    assertThat(get.header("X-Accel-Buffering")).isEqualTo("no");
    assertThat(get.header("X-Archive-Files")).isNull();
  }

  @Test
  void bytes_areTheSameEveryTime() {
    assertThat(server.get(page()).bytes()).isEqualTo(whole);
    Reply again =
        server.create(
            """
            {'root': 'main', 'zip_name': 'top', 'targets': [
              {'type': 'directory', 'path': 'd', 'recursive': true}]}
            """);
    Reply once =
        server.create(
            """
            {'root': 'main', 'zip_name': 'top', 'targets': [
              {'type': 'directory', 'path': 'd', 'recursive': true}]}
            """);
    assertThat(server.get(LadingServer.page(again, "download")).bytes())
        .isEqualTo(server.get(LadingServer.page(once, "download")).bytes());
  }

  @Test
  void anyRange_isThatSliceOfTheWhole() {
    Random random = new Random(3);
    for (int i = 0; i < 300; i++) {
      int from = random.nextInt(whole.length);
      int to = Math.min(whole.length, from + 1 + random.nextInt(i % 10 == 0 ? whole.length : 5000));
      Reply reply = server.get(page(), "Range", "bytes=" + from + "-" + (to - 1));
      assertThat(reply.status()).isEqualTo(206);
      assertThat(reply.header("Content-Range"))
          .isEqualTo("bytes " + from + "-" + (to - 1) + "/" + whole.length);
      assertThat(reply.bytes()).isEqualTo(Arrays.copyOfRange(whole, from, to));
    }
  }

  @Test
  void openAndSuffixRanges_areSlicesToo() {
    assertThat(server.get(page(), "Range", "bytes=100-").bytes())
        .isEqualTo(Arrays.copyOfRange(whole, 100, whole.length));
    assertThat(server.get(page(), "Range", "bytes=-100").bytes())
        .isEqualTo(Arrays.copyOfRange(whole, whole.length - 100, whole.length));
    assertThat(server.get(page(), "Range", "bytes=-99999999999999999999").bytes()).isEqualTo(whole);
    assertThat(server.get(page(), "Range", "bytes=0-99999999999999999999").status()).isEqualTo(206);
  }

  @Test
  void severalRanges_areParts() throws IOException {
    Reply reply = server.get(page(), "Range", "bytes=0-3, 5000-5999,-22");
    assertThat(reply.status()).isEqualTo(206);
    String type = reply.header("Content-Type");
    assertThat(type).startsWith("multipart/byteranges; boundary=");
    String boundary = type.substring(type.indexOf('=') + 1);
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    int[][] ranges = {{0, 4}, {5000, 6000}, {whole.length - 22, whole.length}};
    for (int[] range : ranges) {
      expected.write(
          ("\r\n--"
                  + boundary
                  + "\r\nContent-Type: application/zip\r\nContent-Range: bytes "
                  + range[0]
                  + "-"
                  + (range[1] - 1)
                  + "/"
                  + whole.length
                  + "\r\n\r\n")
              .getBytes(US_ASCII));
      expected.write(whole, range[0], range[1] - range[0]);
    }
    expected.write(("\r\n--" + boundary + "--\r\n").getBytes(US_ASCII));
    assertThat(reply.bytes()).isEqualTo(expected.toByteArray());
    assertThat(reply.header("Content-Length")).isEqualTo(Integer.toString(expected.size()));
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=LENGTH-, 416",
    "bytes=99999999999999999999-, 416",
    "bytes=-0, 416",
    "bytes=5-4, 200",
    "bytes=, 200",
    "bytes=a-b, 200",
    "lines=1-2, 200",
    "'bytes=0-,0-,0-', 200",
  })
  void rangesThatAreNone_areRefusedOrNotCounted(String range, int status) {
    Reply reply =
        server.get(page(), "Range", range.replace("LENGTH", Integer.toString(whole.length)));
    assertThat(reply.status()).isEqualTo(status);
    if (status == 416) {
      assertThat(reply.header("Content-Range")).isEqualTo("bytes */" + whole.length);
    } else {
      assertThat(reply.bytes()).hasSize(whole.length);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          If-None-Match       | ETAG                          | 304
          If-None-Match       | "x", W/ETAG                   | 304
          If-None-Match       | *                             | 304
          If-None-Match       | "x"                           | 200
          If-Match            | ETAG                          | 200
          If-Match            | *                             | 200
          If-Match            | "x"                           | 412
          If-Match            | W/ETAG                        | 412
          If-Modified-Since   | DATE                          | 304
          If-Modified-Since   | Sat, 01 Jan 2000 00:00:00 GMT | 200
          If-Modified-Since   | yesterday                     | 200
          If-Unmodified-Since | DATE                          | 200
          If-Unmodified-Since | Sat, 01 Jan 2000 00:00:00 GMT | 412
          """)
  void conditions_areThoseOfRfc9110(String header, String value, int status) {
    Reply head = server.head(page());
    String actual =
        value.replace("ETAG", head.header("ETag")).replace("DATE", head.header("Last-Modified"));
    Reply reply = server.get(page(), header, actual);
    assertThat(reply.status()).isEqualTo(status);
    if (status == 304) {
      assertThat(reply.header("ETag")).isEqualTo(head.header("ETag"));
      assertThat(reply.bytes()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ETAG, 206",
    "DATE, 206",
    "'\"x\"', 200",
    "W/ETAG, 200",
    "'Sat, 01 Jan 2000 00:00:00 GMT', 200"
  })
  void ifRange_decidesWhetherTheRangeCounts(String condition, int status) {
    Reply head = server.head(page());
    String actual =
        condition
            .replace("ETAG", head.header("ETag"))
            .replace("DATE", head.header("Last-Modified"));
    assertThat(server.get(page(), "Range", "bytes=0-9", "If-Range", actual).status())
        .isEqualTo(status);
  }

  @Test
  void fileThatChangedBeforeTheBeginning_isAnAnswer() throws IOException {
    Path file = Files.writeString(directory.resolve("root/changing"), "one");
    Reply download =
        server.create("{'root': 'main', 'targets': [{'type': 'file', 'path': 'changing'}]}");
    Files.writeString(file, "another");
    Reply reply = server.get(LadingServer.page(download, "download"));
    assertThat(reply.status()).isEqualTo(409);
    assertThat(reply.json().get("code").asText()).isEqualTo("changed");
    assertThat(reply.header("ETag")).isNull();
  }

  @Test
  void fileThatChangedInTheMiddle_cutsTheConnection() throws IOException {
    Path root = Files.createDirectories(directory.resolve("root/cut"));
    for (int i = 0; i < 40; i++) {
      Files.write(root.resolve("%02d".formatted(i)), new byte[100_000]);
    }
    Reply download =
        server.create("{'root': 'main', 'targets': [{'type': 'directory', 'path': 'cut'}]}");
    Files.write(root.resolve("20"), new byte[99_999]);
    String request =
        "GET /downloads" + LadingServer.page(download, "download") + " HTTP/1.1\r\nHost: x\r\n\r\n";
    try (Socket socket =
        new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), server.port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      byte[] received = readToTheEnd(socket.getInputStream());
      String head = new String(received, 0, 500, US_ASCII);
      assertThat(head).startsWith("HTTP/1.1 200");
      long length = download.json().get("zip_size").asLong();
      assertThat(head)
          .contains(
              "Content-Length: "
                  + server.head(LadingServer.page(download, "download")).header("Content-Length"));
      assertThat(received.length).isLessThan((int) length).isGreaterThan(1_000_000);
    }
    // The next download is not disturbed.
    assertThat(server.get(page()).bytes()).isEqualTo(whole);
  }

  /** A reset connection ends it as well as a closed one. */
  private static byte[] readToTheEnd(InputStream in) {
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    byte[] buffer = new byte[65536];
    try {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        received.write(buffer, 0, n);
      }
    } catch (java.net.SocketTimeoutException e) {
      throw new AssertionError("the connection stays open", e);
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("reset");
    }
    return received.toByteArray();
  }

  private static String page() {
    return LadingServer.page(created, "download");
  }
}
