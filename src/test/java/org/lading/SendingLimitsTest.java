package org.lading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lading.testing.Traces.awaited;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.base.Digests;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.RawDownload;
import org.lading.testing.SettableClock;

/** What bounds the archives that are sent: bytes a day and a second, and archives at once. */
class SendingLimitsTest {
  private static final int LARGE_BYTES = 16 << 20;
  private static final int RATE = 4 << 20;
  private static final long PORTAL_BYTES = 10_000_000;
  private static final String[] PAGE = {"Accept", "text/html"};
  private static final String[] NGINX = {
    "X-Archive-Assembler", "mod_zip/1.4", "X-Archive-Locations", "guarded"
  };

  @TempDir static Path directory;
  private static final SettableClock CLOCK =
      new SettableClock(Instant.parse("2026-06-01T12:00:00Z"));
  private static LadingServer server;
  private static String small;
  private static String large;

  @BeforeAll
  static void start() throws IOException {
    Path root = Files.createDirectories(directory.resolve("root"));
    Files.write(root.resolve("small"), new byte[200_000]);
    for (String name : new String[] {"x", "y", "z"}) {
      Files.writeString(root.resolve(name), name);
    }
    try (RandomAccessFile file = new RandomAccessFile(root.resolve("large").toFile(), "rw")) {
      file.setLength(LARGE_BYTES);
    }
    server =
        LadingServer.start(
            directory,
            """
            roots:
              - {name: main, path: root, serve: direct}
              - {name: open, path: root, serve: direct, public: true}
            limits:
              address: {creates_per_minute: 2, bytes_per_day: 300000}
              bytes_per_second: 4 MiB
              archives_at_once: 2
            clients:
              - {name: free, token_sha256: %s}
              - {name: portal, token_sha256: %s, limits: {bytes_per_day: %d}}
              - {name: nginx, token_sha256: %s, limits: {bytes_per_day: 250000}}
            """
                .formatted(sha256("free"), sha256("portal"), PORTAL_BYTES, sha256("nginx")),
            CLOCK);
    small = create("free", "small");
    large = create("free", "large");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @AfterEach
  void nothingIsSent_andADayPasses() {
    awaited(() -> metric("lading_archives_active"), active -> active == 0);
    CLOCK.set(
        Instant.ofEpochSecond((CLOCK.instant().getEpochSecond() / 86_400 + 1) * 86_400 + 43_200));
    awaited(() -> metric("lading_archives_waiting"), waiting -> waiting == 0);
  }

  @Test
  void bytesOfADay_areThoseThatAreSent_andADeliveryIsRefusedWhenTheyAreUsed() throws IOException {
    String page = create("portal", "small");
    long length = server.get(page).bytes().length;
    server.head(page);
    assertThat(server.get(page, "Range", "bytes=0-99").status()).isEqualTo(206);
    assertThat(server.get(page, "Range", "bytes=9999999-").status()).isEqualTo(416);
    assertThat(left("portal")).isEqualTo(PORTAL_BYTES - length - 100);

    String tooLarge = create("portal", "large");
    try (RawDownload running = new RawDownload(server.port(), "/downloads" + tooLarge)) {
      assertThat(running.head()).as("it is begun while any bytes are left").contains(" 200 ");
      Reply refused = server.get(page);
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.json().get("code").asText()).isEqualTo("quota_exceeded");
      assertThat(refused.json().get("retry_at").asText()).endsWith("T00:00:00Z");
      assertThat(refused.header("Retry-After")).isEqualTo("43200");
      assertThat(refused.header("RateLimit-Policy"))
          .isEqualTo("\"bytes\";q=10000000;qu=\"content-bytes\";w=86400");
      assertThat(refused.header("RateLimit")).isEqualTo("\"bytes\";r=0;t=43200");
      assertThat(server.get(page, PAGE).text()).contains("Enough for today", " 00:00:00 UTC");
      assertThat(server.get(small).status()).as("that of another client").isEqualTo(200);
    }
    awaited(() -> left("portal"), left -> left > 0);
    assertThat(server.get(page).status()).isEqualTo(200);

    CLOCK.set(CLOCK.instant().plus(Duration.ofHours(12)));
    assertThat(left("portal")).isEqualTo(PORTAL_BYTES);
  }

  @Test
  void archivesOfModZip_countWhenTheManifestIsServed() {
    String page = create("nginx", "small").replace("/download", "/get");
    long length = Long.parseLong(server.head(page, NGINX).header("Content-Length"));
    assertThat(left("nginx")).isEqualTo(250_000);
    assertThat(server.get(page, NGINX).header("X-Archive-Files")).isEqualTo("zip");
    assertThat(left("nginx")).isEqualTo(250_000 - length);
    String[] range = {
      "X-Archive-Assembler", "mod_zip/1.4", "X-Archive-Locations", "guarded", "Range", "bytes=0-999"
    };
    assertThat(server.get(page, range).status()).isEqualTo(200);
    assertThat(left("nginx")).isEqualTo(249_000 - length);
    assertThat(server.get(page, NGINX).status()).isEqualTo(200);
    Reply refused = server.get(page, NGINX);
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.header("X-Archive-Files")).isNull();
  }

  @Test
  void addresses_areLimitedWhereNoClientIsNamed_ofIpv6AsNetworks() {
    assertThat(from("203.0.113.7", "/zip/open/small").status()).isEqualTo(200);
    assertThat(from("203.0.113.7", "/zip/open/small").status()).isEqualTo(200);
    Reply refused = from("203.0.113.7", "/zip/open/small");
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.json().get("error").asText()).startsWith("The address 203.0.113.7 has");
    assertThat(from("203.0.113.8", "/zip/open/small").status()).isEqualTo(200);
    assertThat(from("2001:db8:0:1::1", "/zip/open/small").status()).isEqualTo(200);
    assertThat(from("2001:db8:0:1::2", "/zip/open/small").status()).isEqualTo(200);
    assertThat(from("2001:db8:0:1::3", "/zip/open/small").status()).isEqualTo(429);
    assertThat(from("2001:db8:0:2::1", "/zip/open/small").status()).isEqualTo(200);

    assertThat(from("203.0.113.9", "/zip/open/x").status()).isEqualTo(200);
    assertThat(from("203.0.113.9", "/zip/open/y").status()).isEqualTo(200);
    Reply tooMany = from("203.0.113.9", "/zip/open/z");
    assertThat(tooMany.status()).isEqualTo(429);
    assertThat(tooMany.json().get("code").asText()).isEqualTo("too_many_requests");
    assertThat(tooMany.header("Retry-After")).isEqualTo("30");
    assertThat(from("203.0.113.9", "/zip/open/x").status()).as("is prepared").isEqualTo(200);
    assertThat(from("203.0.113.10", "/zip/open/z").status()).isEqualTo(200);
  }

  @Test
  void archivesOverTheNumberAtOnce_waitInOrder() throws Exception {
    RawDownload first = holding("198.51.100.1");
    try (RawDownload second = holding("198.51.100.2");
        RawDownload part = holding("198.51.100.2")) {
      assertThat(part.head()).as("a second connection of the same archive").contains(" 200 ");
      Reply page = from("198.51.100.3", small, PAGE);
      assertThat(page.status()).isEqualTo(503);
      assertThat(page.header("Refresh")).isEqualTo("5");
      assertThat(page.header("Retry-After")).isEqualTo("5");
      assertThat(page.text()).contains("number 1 in line");
      CompletableFuture<Reply> program = later("198.51.100.4");
      awaited(() -> metric("lading_archives_waiting"), waiting -> waiting == 2);
      assertThat(from("198.51.100.5", small, PAGE).text()).contains("number 3 in line");

      first.close();
      awaited(() -> metric("lading_archives_active"), active -> active == 2);
      assertThat(program).as("the first place is kept").isNotDone();
      assertThat(from("198.51.100.5", small, PAGE).text()).contains("number 3 in line");
      assertThat(from("198.51.100.3", small, PAGE).bytes()).hasSizeGreaterThan(200_000);
      assertThat(program.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
      assertThat(second.head()).contains(" 200 ");
    }
  }

  @Test
  void programThatWaitsForLong_isToldItsPlace_andAPlaceThatNobodyAsksForIsGivenUp()
      throws Exception {
    try (RawDownload first = holding("198.51.100.1");
        RawDownload second = holding("198.51.100.2")) {
      assertThat(from("198.51.100.3", small, PAGE).text()).contains("number 1 in line");
      CompletableFuture<Reply> program = later("198.51.100.4");
      awaited(() -> metric("lading_archives_waiting"), waiting -> waiting == 2);
      CLOCK.set(CLOCK.instant().plusSeconds(61));
      Reply told = program.get(20, TimeUnit.SECONDS);
      assertThat(told.status()).isEqualTo(503);
      assertThat(told.json().get("code").asText()).isEqualTo("waiting");
      assertThat(told.json().get("place").asInt()).as("nobody came for the first").isEqualTo(1);
      assertThat(told.header("Retry-After")).isEqualTo("5");
      assertThat(first.head() + second.head()).contains(" 200 ");
    }
  }

  @Test
  void oneAddress_doesNotTakeTheWholeLine() throws IOException {
    try (RawDownload first = holding("198.51.100.1");
        RawDownload second = holding("198.51.100.2")) {
      for (int i = 1; i <= 50; i++) {
        assertThat(from("2001:db8::" + i, small, PAGE).text()).contains("number " + i + " in line");
      }
      assertThat(from("2001:db8::51", small, PAGE).text()).doesNotContain("in line");
      Reply refused = from("2001:db8::51", small);
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.json().get("code").asText()).isEqualTo("busy");
      assertThat(from("2001:db8::50", small, PAGE).text()).as("its place").contains("number 50 in");
      assertThat(from("2001:db8:0:1::51", small, PAGE).text()).contains("number 51 in line");
      assertThat(first.head() + second.head()).contains(" 200 ");
    }
  }

  @Test
  void bytesASecond_areBounded_andSharedByThoseWhoTakeThem() throws Exception {
    long began = System.nanoTime();
    try (RawDownload one = holding("198.51.100.1");
        RawDownload other = holding("198.51.100.2")) {
      int bytes = RATE / 2;
      CompletableFuture<byte[]> read = CompletableFuture.supplyAsync(() -> read(one, bytes));
      assertThat(other.read(bytes)).hasSize(bytes);
      assertThat(one.received()).as("of the one meanwhile").isGreaterThan(bytes / 4);
      assertThat(read.get(20, TimeUnit.SECONDS)).hasSize(bytes);
    }
    assertThat(System.nanoTime() - began).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(850));
  }

  @Test
  void programInLine_isAnswered_whenTheApplicationStops(@TempDir Path place) throws Exception {
    Path root = directory.resolve("root");
    LadingServer other =
        LadingServer.start(
            place,
            "roots: [{name: main, path: '%s', serve: direct}]\nlimits: {archives_at_once: 1}"
                .formatted(root));
    try {
      String page =
          LadingServer.page(
              other.create("{'root': 'main', 'targets': [{'type': 'file', 'path': 'large'}]}"),
              "download");
      try (RawDownload holding = new RawDownload(other.port(), "/downloads" + page)) {
        assertThat(holding.head()).contains(" 200 ");
        CompletableFuture<Reply> program =
            CompletableFuture.supplyAsync(() -> other.get(page, "X-Forwarded-For", "198.51.100.4"));
        awaited(() -> other.get("/metrics").text(), text -> text.contains("archives_waiting 1.0"));
        other.undeploy();
        assertThat(program.get(20, TimeUnit.SECONDS).status()).isEqualTo(503);
      }
    } finally {
      other.close();
    }
  }

  private static byte[] read(RawDownload download, int bytes) {
    try {
      return download.read(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An archive that has begun, and is not read. */
  private static RawDownload holding(String address) throws IOException {
    RawDownload holding =
        new RawDownload(server.port(), "/downloads" + large, "X-Forwarded-For", address);
    assertThat(holding.head()).contains(" 200 ");
    return holding;
  }

  private static CompletableFuture<Reply> later(String address) {
    return CompletableFuture.supplyAsync(() -> from(address, small));
  }

  private static Reply from(String address, String page, String... headers) {
    String[] all = java.util.Arrays.copyOf(headers, headers.length + 2);
    all[headers.length] = "X-Forwarded-For";
    all[headers.length + 1] = address;
    return server.get(page, all);
  }

  private static String create(String client, String file) {
    Reply created =
        server.create(
            "{'root': 'main', 'targets': [{'type': 'file', 'path': '%s'}]}".formatted(file),
            "Authorization",
            "Bearer " + client);
    return LadingServer.page(created, "download");
  }

  private static long left(String client) {
    return server
        .get("/limits", "Authorization", "Bearer " + client)
        .json()
        .at("/left/0/remaining")
        .asLong();
  }

  private static double metric(String name) {
    return server
        .get("/metrics")
        .text()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  private static String sha256(String token) {
    return HexFormat.of()
        .formatHex(Digests.sha256().digest(token.getBytes(StandardCharsets.UTF_8)));
  }
}
