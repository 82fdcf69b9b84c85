package org.lading.benchmark;

import java.time.Duration;
import org.lading.testing.LadingProcess;
import org.lading.testing.LargeTree;
import org.lading.testing.ScratchDirectory;

/**
 * The heap that is in use after a collection, looked at again and again while an archive of very
 * many small files is streamed, beside what an idle Lading uses. The arguments are how many files,
 * and the largest heap.
 *
 * <pre>
 * mvn -q test-compile exec:exec -Dbenchmark=BenchmarkStreamingHeap \
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
    // At most once a second, since a collection stops the stream for a moment.
    HeapWatch watch =
        HeapWatch.during(probe, Duration.ofSeconds(1), () -> Sink.get(lading.port(), download));
    System.out.printf(
        "streaming %5.1f MiB at most (%d samples, %d s): %.1f MiB above idle%n",
        watch.most() / MIB, watch.samples(), watch.time().toSeconds(), (watch.most() - idle) / MIB);
  }
}
