package org.lading.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.lading.testing.Http;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingProcess;
import org.lading.testing.LadingServer;
import org.lading.testing.LargeTree;
import org.lading.testing.ScratchDirectory;

/**
 * Creating a download of a large directory and reading its manifest, over HTTP, in a heap of 128
 * MiB: {@code serve: direct} of all files, and of a tenth of them, beside {@code find -printf} on
 * the same tree; {@code serve: links} of a fifth beside making as many links alone; and the heap in
 * use after a collection while all are created.
 *
 * <pre>
 * mvn -q test-compile exec:exec -Dbenchmark=BenchmarkLargeDirectory -Dbenchmark.arguments=1000000
 * </pre>
 */
public final class BenchmarkLargeDirectory {
  private static final int ROUNDS = 3;
  private static final int LINKS_PER_DIRECTORY = 1000;
  private static final double MIB = 1 << 20;

  private static final String SETTINGS =
      """
      roots:
        - {name: all, path: root, serve: direct}
        - {name: tenth, path: root/tenth, serve: direct}
        - {name: links, path: root/fifth}
      """;

  private final Path directory;
  private final LadingProcess lading;
  private final Http http;

  private BenchmarkLargeDirectory(Path directory, LadingProcess lading, Http http) {
    this.directory = directory;
    this.lading = lading;
    this.http = http;
  }

  /** Runs it with as many files as the argument says. */
  public static void main(String[] arguments) throws Exception {
    int files = Integer.parseInt(arguments[0]);
    try (ScratchDirectory scratch = new ScratchDirectory()) {
      Path root = scratch.path().resolve("root");
      LargeTree.make(root.resolve("tenth"), files / 10);
      LargeTree.make(root.resolve("fifth"), files / 5);
      LargeTree.make(root.resolve("rest"), files - files / 10 - files / 5);
      try (LadingProcess lading = LadingProcess.start(scratch.path(), SETTINGS, "-Xmx128m");
          Http http = lading.http();
          ProcessProbe probe = new ProcessProbe(lading.pid())) {
        var benchmark = new BenchmarkLargeDirectory(scratch.path(), lading, http);
        System.out.printf("%d files%n", files);
        benchmark.measureDirect();
        benchmark.measureLinks();
        benchmark.measureHeap(probe);
      }
    }
  }

  private void measureDirect() throws Exception {
    // What is measured first would otherwise pay for what every JVM has yet to compile.
    create("tenth");
    double[] perFind = new double[ROUNDS];
    double[] growth = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      Duration find = time(() -> find(directory.resolve("root")));
      Duration tenth = time(() -> create("tenth"));
      Reply[] created = new Reply[1];
      Duration all = time(() -> created[0] = create("all"));
      Duration manifest = time(() -> manifest(created[0]));
      perFind[i] = ratio(all, find);
      growth[i] = ratio(all, tenth.multipliedBy(10));
      System.out.printf(
          "direct: find -printf %5d ms, create %5d ms, of a tenth %5d ms, manifest %5d ms%n",
          find.toMillis(), all.toMillis(), tenth.toMillis(), manifest.toMillis());
    }
    System.out.printf(
        "direct: create takes %.2f x find, %.2f x ten times a tenth%n",
        median(perFind), median(growth));
  }

  private void measureLinks() throws Exception {
    List<Path> targets;
    try (Stream<Path> walk = Files.walk(directory.resolve("root/fifth").toRealPath())) {
      targets = walk.filter(Files::isRegularFile).sorted().toList();
    }
    double[] perLinks = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      // In turns, because the disk that makes them is not always equally fast.
      Path alone = directory.resolve("alone-" + i);
      Duration links = time(() -> link(alone, targets));
      Reply[] created = new Reply[1];
      Duration create = time(() -> created[0] = create("links"));
      Duration manifest = time(() -> manifest(created[0]));
      perLinks[i] = ratio(create, links);
      System.out.printf(
          "links: %d alone %5d ms, create %5d ms, manifest %5d ms%n",
          targets.size(), links.toMillis(), create.toMillis(), manifest.toMillis());
    }
    System.out.printf("links: create takes %.2f x making them alone%n", median(perLinks));
  }

  private void measureHeap(ProcessProbe probe) throws Exception {
    long idle = probe.usedAfterGc();
    long most = 0;
    int samples = 0;
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<Reply> created = thread.submit(() -> create("all"));
      while (!isDone(created)) {
        most = Math.max(most, probe.usedAfterGc());
        samples++;
      }
      manifest(created.get());
    } finally {
      thread.shutdownNow();
    }
    System.out.printf(
        "heap: idle %.1f MiB, creating at most %.1f MiB (%d samples): %.1f MiB above idle%n",
        idle / MIB, most / MIB, samples, (most - idle) / MIB);
  }

  private Reply create(String root) {
    return lading.create(root);
  }

  private Reply manifest(Reply created) {
    Reply manifest = http.get("/downloads" + LadingServer.page(created, "get"));
    if (manifest.status() != 200) {
      throw new IllegalStateException("no manifest: " + manifest);
    }
    return manifest;
  }

  private static Path link(Path alone, List<Path> targets) throws IOException {
    Path parent = alone;
    for (int i = 0; i < targets.size(); i++) {
      if (i % LINKS_PER_DIRECTORY == 0) {
        parent = Files.createDirectories(alone.resolve("1-" + i / LINKS_PER_DIRECTORY));
      }
      Files.createSymbolicLink(parent.resolve(Integer.toString(i)), targets.get(i));
    }
    return alone;
  }

  private static Integer find(Path root) throws IOException, InterruptedException {
    return new ProcessBuilder("find", root.toString(), "-printf", "%p %s %T@\\n")
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  /** Looks at most twice a second, since a collection stops the work for a moment. */
  private static boolean isDone(Future<?> work) throws Exception {
    try {
      work.get(500, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  private static Duration time(Callable<?> work) throws Exception {
    long start = System.nanoTime();
    work.call();
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private static double ratio(Duration one, Duration other) {
    return (double) one.toNanos() / other.toNanos();
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
