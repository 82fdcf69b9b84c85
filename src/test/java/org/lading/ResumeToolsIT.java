package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Locale;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lading.testing.Http;
import org.lading.testing.Http.Reply;
import org.lading.testing.Jwt;
import org.lading.testing.LadingProcess;
import org.lading.testing.NginxServer;
import org.lading.testing.Program;
import org.lading.testing.Programs;
import org.lading.testing.S3Server;
import org.lading.testing.TcpProxy;

/** Plain links whose transfer breaks, completed by the programs that people have for it. */
class ResumeToolsIT {
  private static final String SECRET = "the-secret-of-the-portal-of-32-bytes";
  private static final int SMALL_FILES = 300;
  private static final int MIB = 1 << 20;
  private static final int LARGE_MIB = 96;
  private static final int ARIA_CONNECTIONS = 8;

  private static final int MAX_REPEATS = 10;

  @TempDir static Path directory;
  static S3Server s3;
  static int port;
  static LadingProcess lading;
  static String page;
  static Path plain;
  private TcpProxy proxy;
  private Path target;

  /** The programs, each told to go on for as long as it takes; $0 is the file, $1 the address. */
  enum Tool {
    /** Asked again by the shell, as by somebody who sees it break off. */
    CURL("until curl -sS -f -C - -o \"$0\" \"$1\"; do sleep 0.1; done"),
    WGET("wget -nv -c --tries=100 --waitretry=1 --retry-connrefused -O \"$0\" \"$1\""),
    ARIA2C(
        "aria2c -q -x8 -s8 -k1M --max-tries=0 --retry-wait=1 --file-allocation=none"
            + " -d \"${0%/*}\" -o \"${0##*/}\" \"$1\"");

    private final String command;

    Tool(String command) {
      this.command = command;
    }

    Program start(Path to, String url) throws IOException {
      Programs.HERE.require(
          ResumeToolsIT.class.getName() + "." + name(), "bash", name().toLowerCase(Locale.ROOT));
      return Program.start(directory, "bash", "-c", command, to.toString(), url);
    }

    int connections() {
      return this == ARIA2C ? ARIA_CONNECTIONS : 1;
    }
  }

  @BeforeAll
  static void download() throws Exception {
    writeFiles();
    s3 = new S3Server();
    s3.createBucket("content");
    for (int i = 0; i < 5; i++) {
      s3.put("content", "o/" + i, random(i, i == 3 ? 3 * MIB : 1000 * i));
    }
    port = NginxServer.freePort();
    startLading();
    String choice =
        """
        'create': {'root': 'main', 'zip_name': 'all', 'targets': [
          {'type': 'directory', 'path': 'small'},
          {'type': 'directory', 'path': 'o', 'root': 's3'},
          {'type': 'file', 'path': 'large'},
          {'type': 'literal', 'name': 'R.txt', 'content': 'literal'}]}
        """;
    Instant tomorrow = Clock.systemUTC().instant().plus(Duration.ofDays(1));
    page =
        "/downloads/zip?token="
            + Jwt.signed(Jwt.HS256, Jwt.claims("portal", tomorrow, choice), SECRET);
    plain = directory.resolve("plain.zip");
    Files.write(plain, archive().bytes());
    assertChecksums();
  }

  /** Asks as clients of plain links do: 503 means to come again. */
  private static Reply archive() throws InterruptedException {
    try (Http http = lading.http()) {
      Reply reply = http.get(page);
      for (int i = 0; i < MAX_REPEATS && reply.status() == 503; i++) {
        Thread.sleep(1000);
        reply = http.get(page);
      }
      int status = reply.status();
      String refusal = status == 200 ? "" : reply.text();
      assertThat(status).as(refusal).isEqualTo(200);
      return reply;
    }
  }

  private static void assertChecksums() throws IOException {
    try (ZipFile zip = new ZipFile(plain.toFile())) {
      assertThat(zip.size()).isGreaterThan(SMALL_FILES);
      for (ZipEntry entry : Collections.list(zip.entries())) {
        CRC32 crc32 = new CRC32();
        crc32.update(zip.getInputStream(entry).readAllBytes());
        assertThat(crc32.getValue()).as(entry.getName()).isEqualTo(entry.getCrc());
      }
    }
  }

  @AfterAll
  static void stop() throws IOException {
    lading.close();
    s3.close();
  }

  @BeforeEach
  void startProxy() throws IOException {
    proxy = new TcpProxy(port);
    target = directory.resolve("resumed.zip");
  }

  @AfterEach
  void stopProxy() throws IOException {
    proxy.close();
    Files.deleteIfExists(target);
  }

  @ParameterizedTest
  @EnumSource
  void connection_cutAgainAndAgain_endsWithTheIdenticalFile(Tool tool) throws Exception {
    proxy.cut(5 * tool.connections(), 15L * MIB / tool.connections());

    tool.start(target, url(proxy.port())).printed();

    assertIdentical();
    assertThat(proxy.cutsLeft()).isZero();
    assertThat(proxy.mostAtOnce()).isGreaterThanOrEqualTo(tool.connections());
    assertThat(proxy.forwarded()).as("bytes, some twice").isLessThan(2 * Files.size(plain));
  }

  @ParameterizedTest
  @EnumSource
  void server_killedAndStartedAgain_endsWithTheIdenticalFile(Tool tool) throws Exception {
    proxy.haltAfter(50L * MIB);
    Program running = tool.start(target, url(proxy.port()));
    assertThat(proxy.awaitHalt(60)).isTrue();

    lading.kill();
    proxy.goOn();
    startLading();
    running.printed();

    assertIdentical();
    assertThat(proxy.mostAtOnce()).isGreaterThanOrEqualTo(tool.connections());
    assertThat(proxy.forwarded()).as("bytes, some twice").isLessThan(2 * Files.size(plain));
  }

  private void assertIdentical() throws IOException {
    assertThat(Files.mismatch(plain, target)).as("first byte that differs").isNegative();
  }

  private static String url(int atPort) {
    return "http://127.0.0.1:" + atPort + page;
  }

  private static void startLading() throws IOException {
    String settings =
        "create_wait: 5m\nclients: [{name: portal, secret: %s}]\n".formatted(SECRET)
            + "roots:\n  - {name: main, path: root, serve: direct}\n"
            + s3.root("content");
    lading = LadingProcess.start(port, directory, settings, "-Xmx256m");
  }

  private static void writeFiles() throws IOException {
    Path small = Files.createDirectories(directory.resolve("root/small"));
    for (int i = 0; i < SMALL_FILES; i++) {
      Files.write(small.resolve("%03d".formatted(i)), random(i, 50 * i));
    }
    // A number in each MiB tells it from the others.
    ByteBuffer block = ByteBuffer.wrap(random(7, MIB));
    try (OutputStream large = Files.newOutputStream(directory.resolve("root/large"))) {
      for (int i = 0; i < LARGE_MIB; i++) {
        large.write(block.putInt(0, i).array());
      }
    }
  }

  private static byte[] random(long seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
