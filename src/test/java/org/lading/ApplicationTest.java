package org.lading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.LogLines;
import org.lading.testing.ScriptedS3;
import org.lading.testing.ScriptedS3.Answer;
import org.lading.testing.SettableClock;

/** The pages about the application, and who may use it. */
class ApplicationTest {
  private static final String ROOTS = "roots:\n  - {name: main, path: root}\n";
  private static final String REQUEST =
      "{'root': 'main', 'targets': [{'type': 'file', 'path': 'a.txt'}]}";

  private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

  @TempDir Path directory;
  private final SettableClock clock = new SettableClock(START);

  @BeforeEach
  void makeRoot() throws IOException {
    Files.createDirectories(directory.resolve("root"));
    Files.writeString(directory.resolve("root/a.txt"), "a");
  }

  @Test
  void help_isAShortPage() {
    try (LadingServer server = LadingServer.start(directory, ROOTS)) {
      Reply reply = server.get("/", "Accept", "text/html");
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.header("Content-Type")).startsWith("text/html");
      assertThat(reply.text()).contains("POST create");

      Reply withoutSlash = server.get("", "Accept", "text/html");
      assertThat(withoutSlash.status()).isEqualTo(308);
      assertThat(withoutSlash.header("Location")).isEqualTo("/downloads/");
    }
  }

  @Test
  void status_namesEachPart() {
    try (LadingServer server = LadingServer.start(directory, ROOTS, clock)) {
      Reply reply = server.status();
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.text())
          .matches(
              ("\\{\"status\":\"ok\",\"version\":\"[0-9]+\\.[0-9]+\\.[0-9]+(-SNAPSHOT)?\","
                      + "\"parts\":\\{\"settings\":\\{\"status\":\"ok\","
                      + "\"file\":\"lading.yml\",\"since\":\""
                      + START
                      + "\",AT},"
                      + "\"database\":\\{\"status\":\"ok\",AT},"
                      + "\"scheduler\":\\{\"status\":\"ok\","
                      + "\"quick\":\\{\"waiting\":0,\"running\":0},"
                      + "\"long\":\\{\"waiting\":0,\"running\":0},AT},"
                      + "\"storage\":\\{\"status\":\"ok\",\"free_bytes\":[0-9]+,AT},"
                      + "\"root main\":\\{\"status\":\"ok\",AT}}}")
                  .replace("AT", "\"checked_at\":\"" + START + "\""));
    }
  }

  @Test
  void status_tellsWhatNginxSaidWithTheLastRequest() {
    try (LadingServer server = LadingServer.start(directory, ROOTS, clock)) {
      server.create(REQUEST, "X-Archive-Assembler", "mod_zip", "X-Archive-Locations", "guarded");
      server.create(REQUEST);

      assertThat(server.status().json().get("nginx").toString())
          .isEqualTo(
              "{\"assembler\":\"mod_zip\",\"locations\":\"guarded\",\"seen_at\":\"%s\"}"
                  .formatted(START));
    }
  }

  @Test
  void status_askedThroughNginx_isEnoughToKnowIt() {
    try (LadingServer server = LadingServer.start(directory, ROOTS, clock)) {
      Reply through = server.get("/status", "X-Archive-Assembler", "mod_zip");

      assertThat(through.json().at("/nginx/assembler").asText()).isEqualTo("mod_zip");

      server.get("/health/ready", "X-Archive-Assembler", "mod_zip/1.4");
      assertThat(server.status().json().at("/nginx/assembler").asText()).isEqualTo("mod_zip/1.4");
    }
  }

  @Test
  void status_ofAPrefixThatLooksLikeAPath_saysSo_andSoDoesTheLog() throws Exception {
    String nothing =
        "<ListBucketResult><Name>content</Name><KeyCount>0</KeyCount>"
            + "<IsTruncated>false</IsTruncated></ListBucketResult>";
    try (ScriptedS3 store = new ScriptedS3(request -> Answer.ok(nothing));
        LogLines log = new LogLines()) {
      String root = store.root() + "    prefix: /my/coll\n";
      try (LadingServer server = LadingServer.start(directory, ROOTS + root)) {
        Reply reply = server.status();
        assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
        assertThat(reply.json().at("/parts/root s3/status").asText()).isEqualTo("ok");
        assertThat(reply.json().at("/parts/root s3/warning").asText()).contains("slash");
        assertThat(reply.json().at("/parts/root main").has("warning")).isFalse();
        assertThat(log.warnings())
            .anyMatch(line -> line.contains("Root s3: the prefix begins with a slash"));
      }
    }
  }

  @Test
  void status_ofARootThatHangs_isToldInTime_andNotAskedAgainMeanwhile() throws Exception {
    try (ScriptedS3 store = new ScriptedS3(request -> Answer.hang());
        LadingServer server = LadingServer.start(directory, ROOTS + store.root(), clock)) {
      CompletableFuture<Reply> other = CompletableFuture.supplyAsync(() -> server.status());
      Reply reply = server.status();
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.json().at("/parts/root s3/error").asText())
          .isEqualTo("It did not answer within 5 seconds");
      assertThat(reply.json().at("/parts/root main/status").asText()).isEqualTo("ok");
      assertThat(other.get(10, TimeUnit.SECONDS).text()).isEqualTo(reply.text());
      clock.set(START.plusSeconds(11));
      assertThat(server.status().status()).isEqualTo(503);
      assertThat(store.requests()).hasSize(1);
      store.letGo();
    }
  }

  @Test
  void status_remembersTheLastErrorOfARootThatIsBack() throws Exception {
    Path late = directory.resolve("late");
    String settings = ROOTS + "  - {name: late, path: late}\n";
    try (LadingServer server = LadingServer.start(directory, settings, clock)) {
      assertThat(server.status().status()).isEqualTo(503);
      Files.createDirectory(late);
      assertThat(server.status().status()).as("told again for ten seconds").isEqualTo(503);
      clock.set(START.plusSeconds(10));
      Reply back = server.status();
      assertThat(back.status()).isEqualTo(200);
      assertThat(back.json().at("/parts/root late/status").asText()).isEqualTo("ok");
      assertThat(back.json().at("/parts/root late/last_error/at").asText())
          .isEqualTo(START.toString());
      assertThat(back.json().at("/parts/root late/last_error/error").asText()).isNotEmpty();
    }
  }

  @Test
  void status_ofAStorageThatIsTakenAway_is503() throws Exception {
    try (LadingServer server = LadingServer.start(directory, ROOTS)) {
      Path content = directory.resolve("storage/content");
      Files.move(content, directory.resolve("aside"));
      Reply reply = server.status();
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.json().at("/parts/storage/error").asText())
          .isEqualTo("The storage directory cannot be written");
      assertThat(content).doesNotExist();
    }
  }

  @Test
  void status_ofAMissingRoot_is503AndNamesIt() {
    String settings = ROOTS + "  - {name: gone, path: nowhere}\n";
    try (LadingServer server = LadingServer.start(directory, settings)) {
      Reply reply = server.status();
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.json().get("status").asText()).isEqualTo("unavailable");
      assertThat(reply.json().at("/parts/root gone/status").asText()).isEqualTo("unavailable");
      assertThat(reply.json().at("/parts/root main/status").asText()).isEqualTo("ok");
      assertThat(reply.text()).doesNotContain(directory.toString());
    }
  }

  @Test
  void create_isClosedUnlessTheConfigurationOpensIt() {
    try (LadingServer server = LadingServer.start(directory, ROOTS + "# clients: none\n")) {
      Reply reply = server.create(REQUEST, "Authorization", "Bearer anything");
      assertThat(reply.status()).isEqualTo(403);
      assertThat(reply.json().get("code").asText()).isEqualTo("forbidden");
    }
  }

  @Test
  void faultyConfiguration_answersNotConfiguredToEverything() {
    String settings = ROOTS + "no_such_setting: 1\n";
    try (LadingServer server = LadingServer.start(directory, settings)) {
      for (String page : new String[] {"/", "/status", "/main/x/get", "/anything"}) {
        Reply reply = server.get(page);
        assertThat(reply.status()).as(page).isEqualTo(503);
        assertThat(reply.json().get("error").asText())
            .startsWith("The settings have faults: the log names them");
        assertThat(reply.text()).doesNotContain("no_such_setting");
      }
      assertThat(server.create(REQUEST).status()).isEqualTo(503);
    }
    assertThat(directory.resolve("storage")).doesNotExist();
  }

  @Test
  void storageThatCannotBeMade_answersNotConfigured() throws IOException {
    Files.writeString(directory.resolve("storage"), "a file is in the way");
    try (LadingServer server = LadingServer.start(directory, ROOTS)) {
      assertThat(server.status().status()).isEqualTo(503);
    }
  }

  @Test
  void urls_followTheHostAndSchemeThatNginxPassesOn() {
    try (LadingServer server = LadingServer.start(directory, ROOTS)) {
      Reply reply =
          server.create(REQUEST, "Host", "files.example.org:8443", "X-Forwarded-Proto", "https");
      assertThat(reply.json().get("status_url").asText())
          .startsWith("https://files.example.org:8443/downloads/main/");
      Reply strange = server.create(REQUEST, "X-Forwarded-Proto", "javascript:alert(1)//");
      assertThat(strange.json().get("status_url").asText()).startsWith("http://127.0.0.1:");
    }
  }

  @Test
  void unknownPage_isNotFound() {
    try (LadingServer server = LadingServer.start(directory, ROOTS)) {
      for (String page :
          new String[] {"/nope", "/WEB-INF/web.xml", "/application.wadl", "/main/x/download/y"}) {
        Reply reply = server.get(page);
        assertThat(reply.status()).as(page).isEqualTo(404);
        assertThat(reply.text()).doesNotContain("listener");
      }
    }
  }
}
