package org.lading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lading.testing.Traces.awaited;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.app.Surroundings;
import org.lading.download.DownloadIds;
import org.lading.root.Root;
import org.lading.root.watch.WatchLimits;
import org.lading.testing.HangingRoot;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.LogLines;
import org.lading.testing.RawDownload;
import org.lading.testing.Traces;
import org.lading.testing.UncaughtFailures;

/** A root whose calls block, uninterruptibly, beside one that answers. */
class HangingRootTest {
  private static final int MAX_STUCK = 24;
  private static final Duration WAITING = Duration.ofMillis(300);
  private static final Duration LIMIT = Duration.ofMillis(900);
  private static final int LARGE = 3 << 20;

  /** More than the threads that prepare downloads. */
  private static final int MANY = 20;

  @TempDir Path directory;
  private final ExecutorService clients =
      Executors.newCachedThreadPool(work -> new Thread(work, "client of a test"));
  private final LogLines log = new LogLines();
  private final UncaughtFailures uncaught = new UncaughtFailures();
  private HangingRoot root;
  private LadingServer server;

  @BeforeEach
  void start() throws IOException {
    for (String name : List.of("dead", "fine")) {
      Files.createDirectories(directory.resolve(name).resolve("d"));
      Files.writeString(directory.resolve(name).resolve("d/1"), "one");
      Files.writeString(directory.resolve(name).resolve("d/2"), "two");
      Files.write(directory.resolve(name).resolve("large"), new byte[LARGE]);
    }
    server =
        LadingServer.start(
            directory,
            "checksum_budget: 0\nroots:\n"
                + "  - {name: dead, path: dead, serve: direct}\n"
                + "  - {name: fine, path: fine, serve: direct}\n",
            new Surroundings(
                Clock.systemUTC(),
                DownloadIds.random(),
                new WatchLimits(WAITING, LIMIT, LIMIT, MAX_STUCK),
                this::hanging),
            0);
  }

  @AfterEach
  void stop() {
    root.comeBack();
    server.close();
    clients.shutdownNow();
    log.close();
    uncaught.close();
    assertThat(uncaught.soFar()).isEmpty();
  }

  private Root hanging(Root configured) {
    if (!configured.name().equals("dead")) {
      return configured;
    }
    root = new HangingRoot(configured);
    return root;
  }

  @ParameterizedTest
  @ValueSource(strings = {"list", "stat"})
  void creates_onRootThatHangs_failAndKeepNobodyElseFromTheirs(String step) throws Exception {
    root.hang(step);
    String target = step.equals("list") ? "'directory', 'path': 'd'" : "'file', 'path': 'large'";
    List<CompletableFuture<Reply>> waiting = inParallel(MANY, () -> create("dead", target));
    awaited(root::inside, count -> count >= 8);

    Reply beside = create("fine", "'directory', 'path': 'd'");

    assertThat(beside.status()).isEqualTo(201);
    for (CompletableFuture<Reply> one : waiting) {
      assertDead(one.get(20, TimeUnit.SECONDS));
    }
    assertThat(root.inside()).isLessThanOrEqualTo(MAX_STUCK);
  }

  @ParameterizedTest
  @ValueSource(strings = {"open", "batch", "read"})
  void archives_ofRootThatHangs_failAndKeepNobodyElseFromTheirs(String step) throws Exception {
    String dead = page(create("dead", "'directory', 'path': 'd'"));
    String fine = page(create("fine", "'directory', 'path': 'd'"));
    byte[] whole = server.get(fine).bytes();
    // The first file is read alone, the next one ahead.
    root.hang(step, "open");

    List<CompletableFuture<Reply>> waiting = inParallel(MANY, () -> server.get(dead));
    awaited(root::inside, count -> count >= 8);

    assertThat(server.get(fine).bytes()).isEqualTo(whole);
    for (CompletableFuture<Reply> one : waiting) {
      assertDead(one.get(20, TimeUnit.SECONDS));
    }
  }

  @Test
  void archive_inTheMiddleOfRootThatHangs_breaksOffAndCanBeFetchedLater() throws Exception {
    String page = page(create("dead", "'file', 'path': 'large'"));
    byte[] whole = server.get(page).bytes();
    try (RawDownload download = new RawDownload(server.port(), "/downloads" + page)) {
      root.hang("read");
      byte[] part = download.rest();
      assertThat(part.length).isLessThan(whole.length);
      assertThat(download.isComplete()).isFalse();
    }
    assertThat(log.warnings()).anyMatch(line -> line.contains("Root dead does not answer"));

    root.comeBack();

    assertThat(server.get(page).bytes()).isEqualTo(whole);
    assertThat(awaited(() -> Traces.openFilesBelow(directory.resolve("dead")), List::isEmpty))
        .isEmpty();
  }

  @Test
  void manifests_ofRootThatHangs_failWithoutContainersThreads() throws Exception {
    String dead = page(create("dead", "'directory', 'path': 'd'")).replace("/download", "/get");
    String fine = page(create("fine", "'directory', 'path': 'd'")).replace("/download", "/get");
    root.hang("stat");

    // More than the container has threads.
    List<CompletableFuture<Reply>> waiting = inParallel(MANY, () -> server.get(dead));
    awaited(root::inside, count -> count >= MANY);

    assertThat(server.get(fine).status()).isEqualTo(200);
    for (CompletableFuture<Reply> one : waiting) {
      assertDead(one.get(20, TimeUnit.SECONDS));
    }
    root.comeBack();
    assertThat(awaited(() -> server.get(dead), reply -> reply.status() == 200).text())
        .contains("d/1");
  }

  @Test
  void statusAndMetrics_tellWhichStepOfWhichRootHangsSinceWhen() throws Exception {
    Instant before = Instant.now();
    root.hang("list", "check");
    List<CompletableFuture<Reply>> creates =
        inParallel(2, () -> create("dead", "'directory', 'path': 'd'"));
    for (CompletableFuture<Reply> create : creates) {
      assertDead(create.get(20, TimeUnit.SECONDS));
    }

    Reply status = server.get("/status");

    assertThat(status.status()).isEqualTo(503);
    var waiting = status.json().at("/parts/root dead/waiting/0");
    assertThat(waiting.get("step").asText()).isEqualTo("list");
    assertThat(waiting.get("threads").asInt()).isEqualTo(2);
    assertThat(waiting.get("stuck").asInt()).isEqualTo(2);
    assertThat(Instant.parse(waiting.get("since").asText()))
        .isBetween(before, Instant.now().minus(LIMIT.dividedBy(2)));
    assertThat(status.json().at("/parts/root fine/status").asText()).isEqualTo("ok");
    assertThat(status.json().at("/parts/root fine").has("waiting")).isFalse();
    String metrics = server.get("/metrics").text();
    assertThat(metrics).contains("lading_root_given_up_total{root=\"fine\"} 0.0");
    assertThat(metrics).containsPattern("lading_root_given_up_total\\{root=\"dead\"} [23]\\.0");
    assertThat(metrics).containsPattern("lading_root_waiting\\{root=\"dead\"} [23]\\.0");
  }

  @Test
  void threads_thatHang_areBounded_andTheRootIsUsedAgainWhenItAnswers() throws Exception {
    String page = page(create("dead", "'directory', 'path': 'd'")).replace("/download", "/get");
    root.hang("stat");
    for (int i = 0; i < 4; i++) {
      for (CompletableFuture<Reply> one : inParallel(MANY, () -> server.get(page))) {
        assertDead(one.get(20, TimeUnit.SECONDS));
      }
    }
    // Each of a round may begin before the first of them is given up.
    assertThat(root.inside()).isBetween(MAX_STUCK, MAX_STUCK + MANY + 2);
    int calls = root.calls();
    assertDead(server.get(page));
    assertThat(root.calls()).as("refused without another thread").isLessThanOrEqualTo(calls + 1);

    root.comeBack();

    awaited(() -> server.get(page), reply -> reply.status() == 200);
    awaited(root::inside, count -> count == 0);
    awaited(
        () -> server.get("/metrics").text(),
        text -> text.contains("lading_root_waiting{root=\"dead\"} 0.0"));
  }

  @Test
  void undeployment_ofRootThatHangs_takesSecondsAndLeavesNoThreadThatKeepsTheProcess()
      throws Exception {
    String dead = page(create("dead", "'directory', 'path': 'd'"));
    var before = Traces.threads();
    root.hang("list", "stat", "open", "batch", "check", "close root");
    List<CompletableFuture<Reply>> waiting =
        inParallel(2, () -> create("dead", "'directory', 'path': 'd'"));
    waiting.addAll(inParallel(2, () -> server.get(dead)));
    waiting.addAll(inParallel(1, () -> server.get("/status")));
    awaited(root::inside, count -> count >= 5);

    long begin = System.nanoTime();
    server.undeploy();
    Duration time = Duration.ofNanos(System.nanoTime() - begin);

    assertThat(time).isLessThan(Duration.ofSeconds(10));
    assertThat(root.inside()).isGreaterThanOrEqualTo(5);
    assertThat(Traces.threads().stream().filter(thread -> !before.contains(thread)))
        .filteredOn(thread -> !thread.getName().startsWith("client of"))
        .filteredOn(thread -> !LadingServer.isContainers(thread))
        .allMatch(Thread::isDaemon);
    for (CompletableFuture<Reply> one : waiting) {
      assertThat(one.get(20, TimeUnit.SECONDS).status()).isNotEqualTo(200);
    }
  }

  private void assertDead(Reply reply) {
    assertThat(reply.status()).as(reply.toString()).isEqualTo(503);
    assertThat(reply.json().get("error").asText()).startsWith("Root dead does not answer");
  }

  private Reply create(String name, String target) {
    return server.create("{'root': '%s', 'targets': [{'type': %s}]}".formatted(name, target));
  }

  private static String page(Reply created) {
    return LadingServer.page(created, "download");
  }

  private List<CompletableFuture<Reply>> inParallel(int count, Supplier<Reply> call) {
    List<CompletableFuture<Reply>> calls = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      calls.add(CompletableFuture.supplyAsync(call, clients));
    }
    return calls;
  }
}
