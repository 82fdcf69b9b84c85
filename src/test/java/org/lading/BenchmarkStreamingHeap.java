package org.lading;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.lading.testing.LadingProcess;
import org.lading.testing.LargeTree;
import org.lading.testing.ProcessProbe;
import org.lading.testing.ScratchDirectory;
import org.lading.testing.Sink;

/**
 * The heap that is in use after a collection, looked at again and again while an archive of very
 * many small files is streamed, beside what an idle Lading uses. The arguments are how many files,
 * and the largest heap. After {@code mvn test-compile}:
 *
 * <pre>
 * mvn -q exec:exec -Dbenchmark=org.lading.BenchmarkStreamingHeap \
 *   "-Dbenchmark.arguments=1000000 256m"</pre>
 */
public final class BenchmarkStreamingHeap {
  private static final byte[] CONTENT = {'a', 'b', 'c'};
  private static final double MIB = 1 << 20;

  private BenchmarkStreamingHeap() {}

  /** Runs it with as many files, and as much heap, as the arguments say. */
  public static void main(String[] arguments) throws Exception {
    int files = Integer.parseInt(arguments[0]);
    try (ScratchDirectory scratch = new ScratchDirectory()) {
      LargeTree.makeLinked(scratch.path().resolve("root"), files, CONTENT);
      LargeTree.makeLinked(scratch.path().resolve("one"), 1, CONTENT);
      String settings =
          """
          roots:
            - {name: main, path: root, serve: direct}
            - {name: one, path: one, serve: direct}
          """;
      try (LadingProcess lading =
              LadingProcess.start(scratch.path(), settings, "-Xmx" + arguments[1]);
          ProcessProbe probe = new ProcessProbe(lading.pid())) {
        // What the first download loads stays loaded.
        Sink.get(lading.port(), lading.downloadOf("one") + "download");
        long idle = probe.usedAfterGc();
        String download = lading.downloadOf("main") + "download";
        long created = probe.usedAfterGc();
        System.out.printf("%d files in a heap of %s; used after GC:%n", files, arguments[1]);
        System.out.printf("idle      %5.1f MiB%n", idle / MIB);
        System.out.printf("created   %5.1f MiB%n", created / MIB);
        watch(lading, download, probe, idle);
        System.out.printf("afterwards %4.1f MiB%n", probe.usedAfterGc() / MIB);
      }
    }
  }

  private static void watch(LadingProcess lading, String download, ProcessProbe probe, long idle)
      throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      long start = System.nanoTime();
      Future<Long> stream = thread.submit(() -> Sink.get(lading.port(), download));
      long most = 0;
      int samples = 0;
      while (!isDone(stream)) {
        most = Math.max(most, probe.usedAfterGc());
        samples++;
      }
      System.out.printf(
          "streaming %5.1f MiB at most (%d samples, %d s): %.1f MiB above idle%n",
          most / MIB,
          samples,
          TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start),
          (most - idle) / MIB);
    } finally {
      thread.shutdownNow();
    }
  }

  /** Looks at most once a second, since a collection stops the stream for a moment. */
  private static boolean isDone(Future<Long> stream) throws Exception {
    try {
      stream.get(1, TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }
}
