package org.lading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lading.testing.Traces.awaited;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
import org.lading.testing.SettableClock;

/** Requests that are short, and would take much work for little or nothing. */
class BoundedWorkTest {
  private static final String ONE_FILE =
      "{'root': 'main', 'targets': [{'type': 'file', 'path': 'a.txt'}]}";
  private static final int DIRECTORIES = 300;

  /** What the preparation takes that visits the directory once: its target, itself, its names. */
  private static final int STEPS_OF_A_VISIT = 2 + DIRECTORIES;

  private static final int MOST_STEPS = 60_000;

  @TempDir static Path directory;
  private static final SettableClock clock =
      new SettableClock(Instant.parse("2026-01-02T03:04:05Z"));
  private static LadingServer server;
  private static long limit;

  @BeforeAll
  static void start() throws IOException {
    Files.createDirectories(directory.resolve("root"));
    Files.writeString(directory.resolve("root/a.txt"), "aaa");
    for (int i = 0; i < DIRECTORIES; i++) {
      Files.createDirectories(directory.resolve("root/many/" + i));
    }
    server = start(MOST_STEPS);
  }

  private static LadingServer start(long work) {
    limit = work;
    return LadingServer.start(
        directory,
        "roots:\n  - {name: main, path: root, serve: direct}\nlimits: {work: %d}".formatted(work),
        clock);
  }

  private static void restart(long work) {
    server.close();
    server = start(work);
  }

  @BeforeEach
  void withTheLimitOfMostTests() {
    if (limit != MOST_STEPS) {
      restart(MOST_STEPS);
    }
  }

  @AfterEach
  void endAll() {
    for (String table : List.of("target_chunk", "entry_chunk", "download")) {
      server.sql("delete from " + table);
    }
    awaited(server::jobs, List::isEmpty);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void directoryThatDeliversNothing_countsEachTimeItIsNamed_andTheErrorSaysHowFarItCame() {
    Reply refused = server.create(visits(1_000));
    assertThat(refused.status()).isEqualTo(413);
    assertThat(refused.json().get("code").asText()).isEqualTo("too_large");
    assertThat(refused.json().get("error").asText())
        .contains("more than 60000 steps (limits.work)");
    assertThat(refused.json().get("target_index").asInt())
        .as("the steps of the attempt in the quick lane count as well")
        .isBetween((MOST_STEPS - 5_002) / STEPS_OF_A_VISIT + 1, MOST_STEPS / STEPS_OF_A_VISIT + 1);
    assertThat(refused.json().get("path").asText()).isEqualTo("many");
    assertThat(server.stored()).isEmpty();
    assertThat(server.create(visits(100)).status()).isEqualTo(201);
  }

  @Test
  void stepsGoOnCounting_afterARestart() {
    restart(Long.MAX_VALUE);
    Reply created = server.create(visits(1_000_000 / STEPS_OF_A_VISIT), "Prefer", "wait=0");
    assertThat(created.status()).isEqualTo(202);
    awaited(() -> server.text("select lane from download"), "LONG"::equals);
    restart(5_100);
    Reply failed = settled(created);
    assertThat(failed.json().get("status").asText()).isEqualTo("missing_or_invalid_targets");
    assertThat(failed.json().get("code").asText()).isEqualTo("too_large");
  }

  @Test
  void preparationThatTakesTooLong_ends_alsoAfterARestart() {
    restart(Long.MAX_VALUE);
    Reply created = server.create(visits(5_000_000 / STEPS_OF_A_VISIT), "Prefer", "wait=0");
    awaited(
        () -> server.number("select count(*) from download where lane = 'LONG' and attempt = 2"),
        begun -> begun == 1);
    clock.set(clock.instant().plus(Duration.ofMinutes(59)));
    restart(Long.MAX_VALUE);
    awaited(() -> server.number("select attempt from download"), attempt -> attempt >= 3);
    assertThat(status(created).json().get("status").asText()).isEqualTo("creating_manifest");
    clock.set(clock.instant().plus(Duration.ofMinutes(1)));
    Reply failed = settled(created);
    assertThat(failed.json().get("status").asText()).isEqualTo("failed");
    assertThat(failed.json().get("code").asText()).isEqualTo("timed_out");
    assertThat(failed.json().get("error").asText()).contains("3600 seconds (limits.preparation)");
  }

  @Test
  void manyLargeRequests_doNotHoldUpASmallOne_andEndByThemselves() {
    List<Reply> large =
        IntStream.range(0, 16)
            .mapToObj(i -> server.create(visits(1_000), "Prefer", "wait=0"))
            .toList();
    List<Long> millis = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      long began = System.nanoTime();
      assertThat(server.create(ONE_FILE).status()).isEqualTo(201);
      millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
    }
    assertThat(millis).as("millis that each took").allMatch(one -> one < 4_000);
    assertThat(server.get("/metrics").text())
        .contains("lading_preparations_running{lane=\"long\"}", "waiting{lane=\"quick\"}");
    assertThat(server.status().json().at("/parts/scheduler/long/running").isInt()).isTrue();
    for (Reply one : large) {
      assertThat(settled(one).json().get("code").asText()).isEqualTo("too_large");
    }
  }

  @Test
  void downloadThatIsDeleted_isNotWorkedOnAnyMore() {
    restart(Long.MAX_VALUE);
    server.create(visits(5_000_000 / STEPS_OF_A_VISIT), "Prefer", "wait=0");
    awaited(
        () -> server.number("select count(*) from download where lane = 'LONG' and attempt = 2"),
        begun -> begun == 1);
    server.sql("delete from download");
    awaited(server::jobs, List::isEmpty);
  }

  private static String visits(int times) {
    String visit = ", {'type': 'directory', 'path': 'many', 'zip_path': 'm'}";
    return "{'root': 'main', 'targets': [" + file("d") + visit.repeat(times) + "]}";
  }

  private Reply settled(Reply created) {
    return awaited(
        Duration.ofSeconds(60),
        () -> status(created),
        reply -> !reply.json().get("settled_at").isNull());
  }

  private Reply status(Reply created) {
    String url = created.json().get("status_url").asText();
    return server.get(url.substring(url.indexOf("/downloads") + "/downloads".length()));
  }

  @ParameterizedTest
  @CsvSource({
    "zip_path, d/, 501, is more than 500 levels deep",
    "zip_path, 12345678/, 228, is longer than 2048 bytes",
    "zip_path, d/, 30000, is longer than 2048 bytes",
    "name, x, 256, has a part of more than 255 bytes",
  })
  void nameThatIsTooLongOrDeep_isRefusedWhenTheRequestIsRead(
      String field, String part, int times, String why) {
    Reply reply =
        server.create(
            "{'root': 'main', 'targets': [%s, {'type': 'file', 'path': 'a.txt', '%s': '%s'}]}"
                .formatted(file("d/".repeat(500)), field, part.repeat(times)),
            "Prefer",
            "respond-async");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("code").asText()).isEqualTo("invalid_name");
    assertThat(reply.json().get("error").asText()).startsWith("The " + field + " '").endsWith(why);
    assertThat(reply.json().get("target_index").asInt()).isEqualTo(1);
    assertThat(reply.text().length()).isLessThan(600);
  }

  @Test
  void pathThatIsTooLongForEveryRoot_isRefusedWhenTheRequestIsRead() {
    for (String type : new String[] {"file", "directory"}) {
      Reply reply =
          server.create(
              "{'root': 'main', 'targets': [{'type': '%s', 'path': '%s'}]}"
                  .formatted(type, "./".repeat(30_000)),
              "Prefer",
              "respond-async");
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.json().get("code").asText()).isEqualTo("missing_or_invalid_target");
      assertThat(reply.json().get("error").asText()).contains("more than 4096 bytes");
      assertThat(reply.json().get("target_index").asInt()).isZero();
      assertThat(reply.text().length()).isLessThan(600);
    }
  }

  @Test
  void deepestNamesOverManyDirectories_takeNoTimeForTheLevelsTheyShare() {
    String zipPath = "abc/".repeat(500).replaceFirst("/$", "");
    long began = System.nanoTime();
    Reply created =
        server.create(
            "{'root': 'main', 'targets': [{'type': 'directory', 'path': 'many',"
                + "'recursive': true, 'zip_path': '%s'}]}".formatted(zipPath));
    assertThat(created.status()).isEqualTo(201);
    assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(10));
    assertThat(server.manifest(created)).contains(zipPath + "/299/\r\n");
  }

  private static String file(String zipPath) {
    return "{'type': 'file', 'path': 'a.txt', 'zip_path': '%s'}".formatted(zipPath);
  }
}
