package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.config.ConfigurationLoader;
import org.lading.nginx.NginxConfigurationRenderer;
import org.lading.nginx.NginxOptions;
import org.lading.testing.Http;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.NeedsProgram;
import org.lading.testing.NginxServer;
import org.lading.testing.RawDownload;
import org.lading.testing.TcpProxy;

/** The archive that Lading streams itself, behind a real nginx. */
@NeedsProgram("nginx")
class NginxArchiveTest {
  private static final int MIB = 1 << 20;
  private static final int HUGE_MIB = 200;

  /** The buffers of two connections and of nginx. */
  private static final long BUFFERED = 30L * MIB;

  @TempDir static Path directory;
  static LadingServer lading;
  static int port;
  static NginxServer nginx;
  static Http http;
  static String page;
  static String hugePage;
  static byte[] whole;

  @BeforeAll
  static void start() throws IOException {
    Path root = Files.createDirectories(directory.resolve("root/d"));
    Random random = new Random(4);
    for (int i = 0; i < 50; i++) {
      byte[] content = new byte[i == 20 ? 3 * MIB : 500 * i];
      random.nextBytes(content);
      Files.write(root.resolve("%02d".formatted(i)), content);
    }
    byte[] block = new byte[MIB];
    random.nextBytes(block);
    try (OutputStream huge = Files.newOutputStream(directory.resolve("root/huge"))) {
      for (int i = 0; i < HUGE_MIB; i++) {
        huge.write(block);
      }
    }
    lading = LadingServer.start(directory, "roots:\n  - {name: main, path: root, serve: direct}\n");
    port = NginxServer.freePort();
    nginx = NginxServer.start(generated(port, lading.port()));
    http = new Http(URI.create("http://127.0.0.1:" + port));
    page = page("{'type': 'directory', 'path': 'd'}");
    hugePage = page("{'type': 'file', 'path': 'huge'}");
    whole = lading.get(page.substring("/downloads".length())).bytes();
  }

  @AfterAll
  static void stop() throws IOException {
    http.close();
    nginx.close();
    lading.close();
  }

  @Test
  void archive_isPassedOn_withoutTheWordsForNginx() {
    Reply reply = http.get(page);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.bytes()).isEqualTo(whole);
    assertThat(reply.header("X-Accel-Buffering")).isNull();
    assertThat(reply.header("Accept-Ranges")).isEqualTo("bytes");
    Reply direct = lading.head(page.substring("/downloads".length()));
    for (String header :
        new String[] {
          "Content-Type",
          "Content-Length",
          "Content-Disposition",
          "ETag",
          "Last-Modified",
          "Cache-Control"
        }) {
      assertThat(reply.header(header)).as(header).isNotNull().isEqualTo(direct.header(header));
      assertThat(http.head(page).header(header)).as(header).isEqualTo(direct.header(header));
    }
  }

  @Test
  void ranges_areSlicesOfTheWhole() {
    int end = whole.length;
    for (int[] range : new int[][] {{0, 100}, {99_999, 2 * MIB}, {end - 3000, end}}) {
      Reply reply = http.get(page, "Range", "bytes=%d-%d".formatted(range[0], range[1] - 1));
      assertThat(reply.status()).isEqualTo(206);
      assertThat(reply.header("Content-Range"))
          .isEqualTo("bytes %d-%d/%d".formatted(range[0], range[1] - 1, end));
      assertThat(reply.bytes()).isEqualTo(Arrays.copyOfRange(whole, range[0], range[1]));
    }
    Reply parts = http.get(page, "Range", "bytes=0-3,-22");
    assertThat(parts.status()).isEqualTo(206);
    assertThat(parts.header("Content-Type")).startsWith("multipart/byteranges; boundary=");
    Reply behind = http.get(page, "Range", "bytes=" + end + "-");
    assertThat(behind.status()).isEqualTo(416);
    assertThat(behind.header("Content-Range")).isEqualTo("bytes */" + end);
  }

  @Test
  void ifRange_decidesWhetherTheRangeCounts() {
    String tag = http.head(page).header("ETag");
    assertThat(http.get(page, "Range", "bytes=5-9", "If-Range", tag).bytes())
        .isEqualTo(Arrays.copyOfRange(whole, 5, 10));
    Reply other = http.get(page, "Range", "bytes=5-9", "If-Range", "\"other\"");
    assertThat(other.status()).isEqualTo(200);
    assertThat(other.bytes()).isEqualTo(whole);
    assertThat(http.get(page, "If-None-Match", tag).status()).isEqualTo(304);
    assertThat(http.get(page, "If-Match", "\"other\"").status()).isEqualTo(412);
  }

  @Test
  void fileThatChangedInTheMiddle_breaksTheBodyForTheClientToo() throws IOException {
    Path file = Files.write(directory.resolve("root/cut"), new byte[40 * MIB]);
    try (RawDownload download = new RawDownload(port, page("{'type': 'file', 'path': 'cut'}"))) {
      assertThat(download.read(MIB)).hasSize(MIB);
      Files.delete(file);
      download.discard();
      assertThat(download.head()).startsWith("HTTP/1.1 200");
      assertThat(download.isComplete()).isFalse();
    }
  }

  @Test
  void slowClient_behindTheGeneratedConfiguration_isWaitedForByLading() throws Exception {
    try (TcpProxy proxy = new TcpProxy(lading.port())) {
      int front = NginxServer.freePort();
      assertThat(sentToASlowClient(generated(front, proxy.port()), front, proxy))
          .isLessThan(BUFFERED);
    }
  }

  @Test
  void slowClient_behindAnNginxThatWouldBuffer_isWaitedForByLading() throws Exception {
    try (TcpProxy proxy = new TcpProxy(lading.port())) {
      int front = NginxServer.freePort();
      assertThat(sentToASlowClient(buffering(front, proxy.port(), ""), front, proxy))
          .isLessThan(BUFFERED);
    }
  }

  /** Shows that the test above would notice if the header were not sent. */
  @Test
  void slowClient_behindAnNginxThatIgnoresTheHeader_isNot() throws Exception {
    try (TcpProxy proxy = new TcpProxy(lading.port())) {
      int front = NginxServer.freePort();
      String ignoring = buffering(front, proxy.port(), "proxy_ignore_headers X-Accel-Buffering;");
      assertThat(sentToASlowClient(ignoring, front, proxy)).isGreaterThan((long) HUGE_MIB * MIB);
    }
  }

  /** How much Lading has sent when it stops, while the client has read one MiB and no more. */
  private static long sentToASlowClient(String configuration, int front, TcpProxy proxy)
      throws Exception {
    try (NginxServer between = NginxServer.start(configuration);
        RawDownload slow = new RawDownload(front, hugePage)) {
      assertThat(slow.read(MIB)).hasSize(MIB);
      long sent = proxy.awaitQuiet();
      assertThat(slow.length()).isGreaterThan((long) HUGE_MIB * MIB);
      assertThat(between.errorLog()).doesNotContain("[error]");
      return sent;
    }
  }

  private static String generated(int listen, int application) {
    return NginxConfigurationRenderer.render(
        ConfigurationLoader.load(directory.resolve("lading.yml"), Map.of()),
        NginxOptions.DEFAULTS
            .withApplication(URI.create("http://127.0.0.1:" + application))
            .withListen("127.0.0.1:" + listen, "127.0.0.1:" + freePort()));
  }

  /** As short as an operator's own may be, with nginx's defaults. */
  private static String buffering(int listen, int application, String more) {
    return """
        server {
            listen 127.0.0.1:%d;
            location / {
                proxy_pass http://127.0.0.1:%d;
                %s
            }
        }
        """
        .formatted(listen, application, more);
  }

  private static int freePort() {
    try {
      return NginxServer.freePort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String page(String target) {
    Reply created =
        lading.create("{'root': 'main', 'zip_name': 'top', 'targets': [" + target + "]}");
    return "/downloads" + LadingServer.page(created, "download");
  }
}
