package org.lading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lading.testing.Traces.eventually;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.LogLines;
import org.lading.testing.RawDownload;
import org.lading.testing.ScriptedObjects;
import org.lading.testing.ScriptedS3;
import org.lading.testing.ScriptedS3.Answer;
import org.lading.testing.ScriptedS3.Ending;
import org.lading.testing.ScriptedS3.Request;
import org.lading.testing.TestDatabase;
import org.lading.testing.Traces;
import org.lading.testing.UncaughtFailures;

/** Lading is taken away while clients are in the middle of their archives. */
class ShutdownTest {
  private static final Duration REASONABLE = Duration.ofSeconds(20);
  private static final int MIB = 1 << 20;

  /** No disk holds it, and no client has read it before the end. */
  private static final long ENDLESS = 1L << 40;

  @TempDir Path directory;
  private final ScriptedObjects objects =
      new ScriptedObjects().put("waiting/1", 3 * MIB).put("unanswered/1", 1000);
  private final Set<Thread> threadsBefore = Traces.threads();
  private final ExecutorService clients =
      Executors.newCachedThreadPool(work -> new Thread(work, "client of a test"));
  private final LogLines log = new LogLines();
  private final UncaughtFailures uncaught = new UncaughtFailures();
  private volatile Function<Request, Answer> script = objects::answer;
  private ScriptedS3 store;
  private LadingServer server;

  /** How it is taken away. */
  enum End {
    CONTAINER_STOPS,
    APPLICATION_IS_UNDEPLOYED
  }

  @BeforeEach
  void start() throws IOException {
    store = new ScriptedS3(request -> script.apply(request));
    byte[] content = new byte[16 * MIB];
    new Random(1).nextBytes(content);
    Files.createDirectories(directory.resolve("root"));
    Files.write(directory.resolve("root/slow"), content);
    try (RandomAccessFile fast =
        new RandomAccessFile(directory.resolve("root/fast").toFile(), "rw")) {
      fast.setLength(ENDLESS);
    }
    server = startServer();
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
    store.close();
    clients.shutdownNow();
    log.close();
    uncaught.close();
  }

  @ParameterizedTest
  @EnumSource
  void downloads_inTheMiddle_areBrokenAndCanBeResumed(End end) throws Exception {
    String slowPage = page("{'type': 'file', 'path': 'slow'}");
    String waitingPage = page("{'type': 'directory', 'path': 'waiting', 'root': 's3'}");
    byte[] slowWhole = server.get(slowPage).bytes();
    byte[] waitingWhole = server.get(waitingPage).bytes();
    String fastPage = page("{'type': 'file', 'path': 'fast'}");
    String unansweredPage = page("{'type': 'directory', 'path': 'unanswered', 'root': 's3'}");
    script = this::hanging;

    try (RawDownload slow = begin(slowPage);
        RawDownload fast = begin(fastPage);
        RawDownload waiting = begin(waitingPage);
        RawDownload unanswered = begin(unansweredPage)) {
      ByteArrayOutputStream slowPart = new ByteArrayOutputStream();
      slowPart.write(slow.read(MIB));
      assertThat(fast.read(8 * MIB)).hasSize(8 * MIB);
      CompletableFuture<?> reading = CompletableFuture.runAsync(() -> discard(fast), clients);
      ByteArrayOutputStream waitingPart = new ByteArrayOutputStream();
      waitingPart.write(waiting.read(MIB));
      assertThat(eventually(store::inProgress, count -> count == 2)).isEqualTo(2);

      assertThat(timeOf(end)).isLessThan(REASONABLE);
      assertThat(log.warnings()).noneMatch(line -> line.contains("did not close"));
      assertNothingIsLeft(end);

      reading.get(20, TimeUnit.SECONDS);
      slowPart.write(slow.rest());
      waitingPart.write(waiting.rest());
      unanswered.discard();
      assertThat(List.of(slow.isComplete(), fast.isComplete(), waiting.isComplete()))
          .containsOnly(false);
      assertThat(unanswered.head()).doesNotStartWith("HTTP/1.1 200");

      assertDatabaseOpens(end);
      assertResumes(slowPage, slowPart.toByteArray(), slowWhole);
      assertResumes(waitingPage, waitingPart.toByteArray(), waitingWhole);
    }
    assertThat(uncaught.soFar()).isEmpty();
  }

  private void assertNothingIsLeft(End end) {
    assertThat(eventually(() -> newThreads(end), List::isEmpty)).isEmpty();
    assertThat(eventually(() -> Traces.openFilesBelow(directory.resolve("root")), List::isEmpty))
        .isEmpty();
    assertThat(eventually(() -> Traces.openFilesBelow(directory.resolve("storage")), List::isEmpty))
        .isEmpty();
    int port = store.endpoint().getPort();
    assertThat(eventually(() -> Traces.connectionsTo(port), count -> count == 0)).isZero();
  }

  private List<Thread> newThreads(End end) {
    return Traces.threads().stream()
        .filter(thread -> !threadsBefore.contains(thread))
        .filter(thread -> !ScriptedS3.isOwn(thread) && !thread.getName().startsWith("client of"))
        // The driver of PostgreSQL has one, and fixtures use the driver too; WarContract sees to
        // it.
        .filter(thread -> !thread.getName().startsWith("Cleaner-"))
        // The JVM's own: the test runner starts "ps" now and then to see whether Maven is alive.
        .filter(thread -> !thread.getName().equals("process reaper"))
        .filter(thread -> end == End.CONTAINER_STOPS || !LadingServer.isContainers(thread))
        .toList();
  }

  /** With the driver alone, so that Lading repairs nothing; and again with Lading. */
  private void assertDatabaseOpens(End end) {
    if (TestDatabase.isEmbedded()) {
      TestDatabase database = TestDatabase.embedded(directory.resolve("storage"));
      assertThat(database.texts("pragma integrity_check")).containsExactly("ok");
    }
    if (end == End.APPLICATION_IS_UNDEPLOYED) {
      server.close();
    }
    script = objects::answer;
    store.letGo();
    server = startServer();
  }

  private void assertResumes(String page, byte[] part, byte[] whole) throws IOException {
    assertThat(part).hasSizeBetween(MIB, whole.length - 1);
    Reply rest = server.get(page, "Range", "bytes=" + part.length + "-");
    assertThat(rest.status()).isEqualTo(206);
    ByteArrayOutputStream resumed = new ByteArrayOutputStream();
    resumed.write(part);
    resumed.write(rest.bytes());
    assertThat(resumed.toByteArray()).isEqualTo(whole);
  }

  private Duration timeOf(End end) {
    long start = System.nanoTime();
    switch (end) {
      case CONTAINER_STOPS -> {
        server.close();
        server = null;
      }
      case APPLICATION_IS_UNDEPLOYED -> server.undeploy();
    }
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** One object breaks off in its middle and waits, the other one is not even begun. */
  private Answer hanging(Request request) {
    if (request.path().endsWith("unanswered/1")) {
      return Answer.hang();
    }
    return objects.answer(request).endingAfter(3 * MIB / 2, Ending.HANG);
  }

  private static void discard(RawDownload download) {
    try {
      download.discard();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private RawDownload begin(String page) throws IOException {
    return new RawDownload(server.port(), "/downloads" + page);
  }

  private String page(String target) {
    Reply created = server.create("{'root': 'main', 'targets': [" + target + "]}");
    return LadingServer.page(created, "download");
  }

  private LadingServer startServer() {
    return LadingServer.start(
        directory, "roots:\n  - {name: main, path: root, serve: direct}\n" + store.root());
  }
}
