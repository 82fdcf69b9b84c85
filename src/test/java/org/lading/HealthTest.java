package org.lading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lading.testing.Traces.awaited;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.app.Surroundings;
import org.lading.root.Root;
import org.lading.testing.HangingRoot;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.RawDownload;
import org.lading.testing.ScriptedS3;
import org.lading.testing.ScriptedS3.Answer;

/** What load balancers and operators are told, at once, whatever roots do. */
class HealthTest {
  private static final Duration AT_ONCE = Duration.ofMillis(100);

  @TempDir static Path directory;
  static HangingRoot hanging;
  static ScriptedS3 denying;
  static LadingServer server;

  @BeforeAll
  static void start() throws IOException {
    for (String root : List.of("fine", "hanging")) {
      Files.writeString(Files.createDirectories(directory.resolve(root)).resolve("a.txt"), "a");
    }
    try (RandomAccessFile large =
        new RandomAccessFile(directory.resolve("fine/large").toFile(), "rw")) {
      large.setLength(16 << 20);
    }
    denying = new ScriptedS3(request -> Answer.error(403, "SignatureDoesNotMatch"));
    String settings =
        """
        roots:
          - {name: fine, path: fine}
          - {name: hanging, path: hanging}
          - {name: missing, path: nowhere}
        """
            + denying.root();
    server =
        LadingServer.start(
            directory,
            settings,
            Surroundings.on(Clock.systemUTC()).withRoots(HealthTest::replaced),
            0);
    hanging.hang("check", "stat", "list", "open");
  }

  private static Root replaced(Root configured) {
    if (!configured.name().equals("hanging")) {
      return configured;
    }
    hanging = new HangingRoot(configured);
    return hanging;
  }

  @AfterAll
  static void stop() {
    hanging.comeBack();
    server.close();
    denying.close();
  }

  @Test
  void rootThatHangs_isMissing_orRefuses_changesNothingForTheOthers_andIsNamedAtOnce() {
    Reply first = server.get("/status");
    assertThat(first.json().at("/parts/root hanging/status").asText()).isEqualTo("checking");
    Instant since = Instant.parse(first.json().at("/parts/root hanging/checking_since").asText());
    assertThat(since).isBetween(Instant.now().minusSeconds(60), Instant.now());

    for (String page : List.of("/health/live", "/health/ready")) {
      assertThat(median(() -> server.get(page), 200)).as(page).isLessThan(AT_ONCE);
    }
    Reply created =
        server.create("{'root': 'fine', 'targets': [{'type': 'file', 'path': 'a.txt'}]}");
    assertThat(created.status()).isEqualTo(201);
    String archive = LadingServer.page(created, "download");
    assertThat(median(() -> server.get(archive), 200)).isLessThan(AT_ONCE);
    Reply known = server.status();
    assertThat(known.status()).isEqualTo(503);
    assertThat(median(() -> server.get("/status"), 503)).isLessThan(AT_ONCE);

    Reply status = server.get("/status");
    assertThat(status.json().at("/parts/root hanging/error").asText())
        .isEqualTo("It did not answer within 5 seconds");
    assertThat(status.json().at("/parts/root hanging/checking_since").asText())
        .isEqualTo(since.toString());
    assertThat(status.json().at("/parts/root missing/error").asText())
        .isEqualTo("Root missing cannot be read");
    assertThat(status.json().at("/parts/root s3/error").asText())
        .contains("does not accept the credentials");
    assertThat(median(() -> server.get("/metrics"), 200)).isLessThan(AT_ONCE);
    assertThat(server.get("/metrics").text())
        .contains("lading_root_up{root=\"fine\"} 1.0\n")
        .contains("lading_root_up{root=\"hanging\"} 0.0\n")
        .contains("lading_root_up{root=\"missing\"} 0.0\n")
        .contains("lading_root_up{root=\"s3\"} 0.0\n");
    for (String part : List.of("root fine", "database", "scheduler", "storage")) {
      assertThat(status.json().at("/parts/" + part + "/status").asText()).isEqualTo("ok");
    }
  }

  /** The median of some requests, none of which may be answered otherwise than expected. */
  private static Duration median(Supplier<Reply> request, int status) {
    long[] nanos = new long[7];
    for (int i = 0; i < nanos.length; i++) {
      long begin = System.nanoTime();
      Reply reply = request.get();
      nanos[i] = System.nanoTime() - begin;
      assertThat(reply.status()).as(reply.toString()).isEqualTo(status);
    }
    Arrays.sort(nanos);
    return Duration.ofNanos(nanos[nanos.length / 2]);
  }

  @Test
  void status_forBrowsers_isAPage_forProgramsItIsJson() throws IOException {
    Reply created =
        server.create("{'root': 'fine', 'targets': [{'type': 'file', 'path': 'large'}]}");
    String archive = LadingServer.page(created, "download");
    String id = created.json().get("id").asText();
    Reply page;
    try (RawDownload download = new RawDownload(server.port(), "/downloads" + archive)) {
      assertThat(download.read(1 << 16)).hasSize(1 << 16);
      page = awaited(() -> html("en"), reply -> reply.text().contains(id.substring(0, 12)));
    }
    assertThat(page.status()).isEqualTo(server.status().status());
    assertThat(page.header("Content-Security-Policy")).contains("default-src 'none'");
    assertThat(page.header("Vary")).isEqualTo("Accept, Accept-Language");
    assertThat(page.text())
        .contains("Root <bdi>missing</bdi>", "Root missing cannot be read", "<progress")
        .doesNotContain(id);
    assertThat(page.text().split("<svg ", -1)).hasSize(5);
    assertThat(html("de").text()).contains("<html lang=\"de\">", "Ort <bdi>missing</bdi>");
    for (String accept : List.of("*/*", "application/json, text/html")) {
      Reply json = server.get("/status", "Accept", accept);
      assertThat(json.header("Content-Type")).isEqualTo("application/json");
      assertThat(json.header("Vary")).isEqualTo("Accept");
    }
  }

  private static Reply html(String language) {
    Reply reply =
        server.get(
            "/status", "Accept", "text/html", "Accept-Language", language, "Prefer", "wait=10");
    assertThat(reply.header("Content-Type")).isEqualTo("text/html;charset=UTF-8");
    return reply;
  }

  @Test
  void operators_aloneSeeStatusAndMetrics_whereTheSettingNamesThem(@TempDir Path own)
      throws IOException {
    Files.createDirectories(own.resolve("root"));
    String settings = "roots: [{name: main, path: root}]\noperators: [192.0.2.0/24]\n";
    try (LadingServer other = LadingServer.start(own, settings)) {
      for (String page : List.of("/status", "/metrics")) {
        for (String accept : List.of("*/*", "text/html")) {
          assertThat(other.get(page, "Accept", accept).status()).isEqualTo(403);
          assertThat(other.get(page, "X-Forwarded-For", "192.0.3.1").json().get("code").asText())
              .isEqualTo("forbidden");
        }
        assertThat(other.get(page, "X-Forwarded-For", "192.0.2.1").status()).isEqualTo(200);
      }
      assertThat(other.get("/health/ready").status()).isEqualTo(200);
    }
  }

  @Test
  void strangerWhoseHeaderIsNoList_isNotTakenForTheProxyThatAddsItsAddress(@TempDir Path own)
      throws IOException {
    Files.createDirectories(own.resolve("root"));
    String settings = "roots: [{name: main, path: root}]\noperators: [127.0.0.1]\n";
    try (LadingServer other = LadingServer.start(own, settings)) {
      for (String page : List.of("/status", "/metrics")) {
        assertThat(other.get(page).status()).isEqualTo(200);
        for (String told : List.of("\", 198.51.100.8", "x", "127.0.0.1, \"198.51.100.8")) {
          assertThat(other.get(page, "X-Forwarded-For", told).status()).as(told).isEqualTo(403);
        }
        for (String told : List.of("for=\", for=198.51.100.8", "proto=http")) {
          assertThat(other.get(page, "Forwarded", told).status()).as(told).isEqualTo(403);
        }
      }
    }
  }

  @Test
  void live_saysNothingElse_alsoToHead_andUnderAnyNumberOfSlashes() {
    for (String page : List.of("/health/live", "//health//live/")) {
      Reply reply = server.get(page, "Accept", "*/*");
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.header("Content-Type")).startsWith("application/json");
      assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
      assertThat(reply.text()).isEqualTo("{\"status\":\"ok\"}");
    }
    assertThat(server.head("/health/live").header("Content-Length")).isEqualTo("15");
    assertThat(server.call("POST", "/health/live", null).header("Allow")).isEqualTo("GET, HEAD");
    assertThat(server.get("/health").status()).isEqualTo(404);
    assertThat(server.get("/health/other").status()).isEqualTo(404);
  }

  @Test
  void ready_namesTheParts_andTheOneThatIsGone(@TempDir Path own) throws IOException {
    Files.createDirectories(own.resolve("root"));
    try (LadingServer other = LadingServer.start(own, "roots: [{name: main, path: root}]\n")) {
      assertThat(other.get("/health/ready").text())
          .isEqualTo(
              "{\"status\":\"ok\",\"parts\":{\"settings\":{\"status\":\"ok\"},"
                  + "\"database\":{\"status\":\"ok\"},\"storage\":{\"status\":\"ok\"}}}");
      Path content = own.resolve("storage/content");
      Files.move(content, own.resolve("aside"));

      Reply reply = awaited(() -> other.get("/health/ready"), answer -> answer.status() == 503);
      assertThat(reply.json().get("status").asText()).isEqualTo("unavailable");
      assertThat(reply.json().at("/parts/storage/error").asText())
          .isEqualTo("The storage directory cannot be written");
      assertThat(reply.json().at("/parts/database/status").asText()).isEqualTo("ok");
      assertThat(other.get("/health/live").status()).isEqualTo(200);

      Files.move(own.resolve("aside"), content);
      awaited(() -> other.get("/health/ready"), answer -> answer.status() == 200);
    }
  }

  @Test
  void faultySettings_areAliveButNotReady(@TempDir Path own) {
    try (LadingServer other = LadingServer.start(own, "no_such_setting: 1\n")) {
      assertThat(other.get("/health/live").status()).isEqualTo(200);
      Reply ready = other.get("/health/ready");
      assertThat(ready.status()).isEqualTo(503);
      assertThat(ready.json().at("/parts/settings/error").asText())
          .isEqualTo("The settings have faults");
    }
  }
}
