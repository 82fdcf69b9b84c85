package org.lading;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.lading.testing.Http;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingProcess;
import org.lading.testing.LadingServer;
import org.lading.testing.LargeTree;

/**
 * Creating a download of a large directory and reading its manifest, over HTTP, in a heap of 128
 * MiB, beside {@code find -printf} on the same tree in the same run. After {@code mvn
 * test-compile}:
 *
 * <pre>mvn -q exec:exec -Dbenchmark=org.lading.BenchmarkLargeDirectory -Dbenchmark.arguments=200000
 * </pre>
 */
public final class BenchmarkLargeDirectory {
  private static final int ROUNDS = 3;

  private BenchmarkLargeDirectory() {}

  /** Runs it with as many files as the argument says. */
  public static void main(String[] arguments) throws Exception {
    int files = Integer.parseInt(arguments[0]);
    Path directory = Files.createTempDirectory("lading-benchmark");
    try {
      LargeTree.make(directory.resolve("root"), files);
      run(directory, files);
    } finally {
      try (Stream<Path> all = Files.walk(directory)) {
        for (Path path : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
          Files.delete(path);
        }
      }
    }
  }

  private static void run(Path directory, int files) throws Exception {
    String settings =
        """
        roots:
          - {name: links, path: root}
          - {name: direct, path: root, serve: direct}
        """;
    Duration find = median(() -> find(directory.resolve("root")));
    System.out.printf("%d files; find -printf: %d ms%n", files, find.toMillis());
    try (LadingProcess lading = LadingProcess.start(directory, settings, "-Xmx128m");
        Http http = lading.http()) {
      for (String serve : new String[] {"direct", "links"}) {
        Reply[] created = new Reply[1];
        Duration create =
            median(
                () -> {
                  created[0] = lading.create(serve);
                  return null;
                });
        Duration manifest =
            median(() -> http.get("/downloads" + LadingServer.page(created[0], "get")));
        System.out.printf(
            "serve: %-6s create %5d ms (%.1f x find), manifest %5d ms%n",
            serve,
            create.toMillis(),
            (double) create.toMillis() / find.toMillis(),
            manifest.toMillis());
      }
    }
  }

  private static Integer find(Path root) throws IOException, InterruptedException {
    return new ProcessBuilder("find", root.toString(), "-printf", "%p %s %T@\\n")
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  private static Duration median(Callable<?> work) throws Exception {
    long[] nanos = new long[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      long start = System.nanoTime();
      work.call();
      nanos[i] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    return Duration.ofNanos(nanos[ROUNDS / 2]);
  }
}
