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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lading.app.Surroundings;
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
  private static final WatchLimits LIMITS =
      new WatchLimits(
          Duration.ofMillis(300), Duration.ofMillis(900), Duration.ofMillis(900), MAX_STUCK);

  /** More than lies between Lading and a client that does not read. */
  private static final int LARGE = 16 << 20;

  /** More than the threads that prepare downloads, and than the container's. */
  private static final int MANY = 20;

  @TempDir static Path directory;
  static final ExecutorService CLIENTS =
      Executors.newCachedThreadPool(work -> new Thread(work, "client of a test"));
  static HangingRoot root;
  static LadingServer server;
  private final LogLines log = new LogLines();
  private final UncaughtFailures uncaught = new UncaughtFailures();

  @BeforeAll
  static void start() throws IOException {
    server = startServer(directory);
  }

  @AfterAll
  static void stop() {
    server.close();
    CLIENTS.shutdownNow();
  }

  private static LadingServer startServer(Path in) throws IOException {
    for (String name : List.of("dead", "fine")) {
      Files.createDirectories(in.resolve(name).resolve("d"));
      Files.writeString(in.resolve(name).resolve("d/1"), "one");
      Files.writeString(in.resolve(name).resolve("d/2"), "two");
      try (RandomAccessFile large =
          new RandomAccessFile(in.resolve(name).resolve("large").toFile(), "rw")) {
        large.setLength(LARGE);
      }
    }
    String settings =
        """
        checksum_budget: none
        roots:
          - {name: dead, path: dead, serve: direct}
          - {name: fine, path: fine, serve: direct}
        """;
    return LadingServer.start(
        in,
        settings,
        Surroundings.on(Clock.systemUTC()).withLimits(LIMITS).withRoots(HangingRootTest::hanging),
        0);
  }

  private static Root hanging(Root configured) {
    if (!configured.name().equals("dead")) {
      return configured;
    }
    root = new HangingRoot(configured);
    return root;
  }

  @AfterEach
  void nothingIsLeft() {
    root.comeBack();
    awaited(root::inside, count -> count == 0);
    awaited(() -> create("dead", "'file', 'path': 'd/1'"), reply -> reply.status() == 201);
    awaited(
        () -> server.get("/metrics").text(),
        text -> text.contains("lading_root_waiting{root=\"dead\"} 0.0"));
    assertThat(awaited(() -> Traces.openFilesBelow(directory.resolve("dead")), List::isEmpty))
        .isEmpty();
    log.close();
    uncaught.close();
    assertThat(uncaught.soFar()).isEmpty();
  }

  @Test
  void creates_fail_andKeepNobodyElseFromTheirs() throws Exception {
    root.hang("list");
    List<CompletableFuture<Reply>> waiting =
        inParallel(MANY, () -> create("dead", "'directory', 'path': 'd'"));
    awaited(root::inside, count -> count >= 8);

    assertThat(create("fine", "'directory', 'path': 'd'").status()).isEqualTo(201);

    assertDead(waiting);
    assertThat(root.inside()).isLessThanOrEqualTo(MAX_STUCK);
  }

  @Test
  void attempt_thatReturnsLate_hasNoEffect() throws Exception {
    root.hang("list");
    Reply pending =
        server.create(
            "{'root': 'dead', 'targets': [{'type': 'directory', 'path': 'd'}]}",
            "Prefer",
            "wait=0");
    assertThat(pending.status()).isEqualTo(202);
    String page = pending.header("Location").replaceFirst(".*/downloads", "");
    Reply status = awaited(() -> server.get(page), reply -> reply.json().has("error"));
    assertThat(status.json().get("status").asText()).isEqualTo("pending");
    assertThat(status.json().get("code").asText()).isEqualTo("storage_unavailable");
    Set<String> stored = server.stored();

    root.comeBack();

    awaited(() -> Traces.readersAtWork(), names -> names.stream().noneMatch(this::isPreparer));
    assertThat(server.stored()).isEqualTo(stored);
    assertThat(server.get(page).json()).isEqualTo(status.json());
  }

  @ParameterizedTest
  @CsvSource({"open", "batch"})
  void archives_fail_andKeepNobodyElseFromTheirs(String step) throws Exception {
    // What is read one file after another opens each; what is read ahead is read together.
    String path = step.equals("open") ? "'file', 'path': 'd/1'" : "'directory', 'path': 'd'";
    String dead = page(create("dead", path));
    String fine = page(create("fine", path));
    byte[] whole = server.get(fine).bytes();
    root.hang(step);

    List<CompletableFuture<Reply>> waiting = inParallel(MANY, () -> server.get(dead));
    awaited(root::inside, count -> count >= 8);

    assertThat(server.get(fine).bytes()).isEqualTo(whole);
    assertDead(waiting);
  }

  @ParameterizedTest
  @CsvSource({"read, does not answer", "drip, sends too slowly"})
  void archive_inTheMiddle_breaksOffAndCanBeResumedLater(String how, String why) throws Exception {
    String page = page(create("dead", "'file', 'path': 'large'"));
    byte[] whole = server.get(page).bytes();
    byte[] part;
    try (RawDownload download = new RawDownload(server.port(), "/downloads" + page)) {
      assertThat(download.read(1 << 16)).hasSize(1 << 16);
      root.hang(how);
      part = download.rest();
      assertThat(download.isComplete()).isFalse();
    }
    assertThat(log.warnings()).anyMatch(line -> line.contains("Root dead " + why));

    root.comeBack();

    Reply rest = server.get(page, "Range", "bytes=" + (whole.length - 100) + "-");
    assertThat(rest.status()).isEqualTo(206);
    assertThat(rest.bytes()).hasSize(100);
    assertThat(part.length).isLessThan(whole.length);
  }

  @Test
  void manifests_fail_andOccupyNoThreadsOfTheContainer() throws Exception {
    String dead = page(create("dead", "'directory', 'path': 'd'")).replace("/download", "/get");
    String fine = page(create("fine", "'directory', 'path': 'd'")).replace("/download", "/get");
    root.hang("stat");

    List<CompletableFuture<Reply>> waiting = inParallel(MANY, () -> server.get(dead));
    awaited(root::inside, count -> count == 1);

    assertThat(server.get(fine).status()).isEqualTo(200);
    assertDead(waiting);
    assertThat(root.inside()).as("they share a look at the files").isLessThan(MANY);
  }

  @Test
  void statusAndMetrics_tellWhichStepWaits_andSinceWhen() throws Exception {
    Instant before = Instant.now();
    root.hang("list", "check");
    assertDead(inParallel(2, () -> create("dead", "'directory', 'path': 'd'")));

    Reply status = server.status();

    assertThat(status.status()).isEqualTo(503);
    var waiting = status.json().at("/parts/root dead/waiting/0");
    assertThat(waiting.get("step").asText()).isEqualTo("list");
    assertThat(waiting.get("threads").asInt()).isEqualTo(2);
    assertThat(waiting.get("stuck").asInt()).isEqualTo(2);
    assertThat(Instant.parse(waiting.get("since").asText()))
        .isBetween(before, Instant.now().minus(LIMITS.waiting()));
    assertThat(status.json().at("/parts/root fine/status").asText()).isEqualTo("ok");
    assertThat(status.json().at("/parts/root fine").has("waiting")).isFalse();
    String metrics = server.get("/metrics").text();
    assertThat(metrics).contains("lading_root_given_up_total{root=\"fine\"} 0.0");
    assertThat(metrics).doesNotContain("lading_root_given_up_total{root=\"dead\"} 0.0");
    assertThat(metrics).containsPattern("lading_root_waiting\\{root=\"dead\"} [23]\\.0");
  }

  @Test
  void threads_areBounded_andTheRootIsUsedAgainWhenItAnswers() throws Exception {
    // Requests for one download share a thread.
    List<String> pages = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      pages.add(page(create("dead", "'directory', 'path': 'd'")).replace("/download", "/get"));
    }
    root.hang("stat");
    for (int i = 0; i < 3; i++) {
      assertDead(eachInParallel(pages));
    }
    // Each of a round may begin before the first of them is given up.
    assertThat(root.inside()).isBetween(MAX_STUCK, MAX_STUCK + MANY + 2);
    int calls = root.calls();
    assertDead(eachInParallel(pages));
    assertThat(root.calls()).as("refused without a thread").isLessThanOrEqualTo(calls + 1);

    root.comeBack();

    awaited(() -> server.get(pages.get(0)), reply -> reply.status() == 200);
  }

  private static List<CompletableFuture<Reply>> eachInParallel(List<String> pages) {
    return pages.stream()
        .map(page -> CompletableFuture.supplyAsync(() -> server.get(page), CLIENTS))
        .toList();
  }

  @Test
  void undeployment_takesSeconds_andLeavesNoThreadThatKeepsTheProcess(@TempDir Path own)
      throws Exception {
    HangingRoot others = root;
    try (LadingServer stopped = startServer(own)) {
      Supplier<Reply> create =
          () -> stopped.create("{'root': 'dead', 'targets': [{'type': 'directory', 'path': 'd'}]}");
      String page = page(create.get());
      Set<Thread> before = Traces.threads();
      root.hang("list", "open", "check", "close root");
      List<CompletableFuture<Reply>> waiting = inParallel(2, create);
      waiting.addAll(inParallel(2, () -> stopped.get(page)));
      waiting.addAll(inParallel(1, () -> stopped.status()));
      awaited(root::inside, count -> count >= 5);

      long begin = System.nanoTime();
      stopped.undeploy();
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
    } finally {
      root.comeBack();
      root = others;
    }
  }

  private boolean isPreparer(String thread) {
    return thread.startsWith("lading-preparer-");
  }

  private static void assertDead(List<CompletableFuture<Reply>> replies) throws Exception {
    for (CompletableFuture<Reply> one : replies) {
      Reply reply = one.get(20, TimeUnit.SECONDS);
      assertThat(reply.status()).as(reply.toString()).isEqualTo(503);
      assertThat(reply.json().get("error").asText()).startsWith("Root dead does not answer");
    }
  }

  private static Reply create(String name, String target) {
    return server.create("{'root': '%s', 'targets': [{'type': %s}]}".formatted(name, target));
  }

  private static String page(Reply created) {
    return LadingServer.page(created, "download");
  }

  private static List<CompletableFuture<Reply>> inParallel(int count, Supplier<Reply> call) {
    List<CompletableFuture<Reply>> calls = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      calls.add(CompletableFuture.supplyAsync(call, CLIENTS));
    }
    return calls;
  }
}
