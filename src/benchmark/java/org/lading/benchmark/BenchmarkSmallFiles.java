package org.lading.benchmark;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.lading.testing.LadingProcess;
import org.lading.testing.LargeTree;
import org.lading.testing.ScratchDirectory;

/**
 * Many files of 1 KiB streamed as an archive over loopback HTTP, in a heap of 128 MiB, beside
 * bsdtar writing the same archive into a pipe. The argument is how many.
 *
 * <pre>mvn -q test-compile exec:exec -Dbenchmark=BenchmarkSmallFiles -Dbenchmark.arguments=200000
 * </pre>
 */
public final class BenchmarkSmallFiles {
  private static final int ROUNDS = 5;
  private static final int SIZE = 1024;

  private BenchmarkSmallFiles() {}

  /** Runs it with as many files as the argument says. */
  public static void main(String[] arguments) throws Exception {
    int files = Integer.parseInt(arguments[0]);
    byte[] content = new byte[SIZE];
    new Random(7).nextBytes(content);
    try (ScratchDirectory scratch = new ScratchDirectory()) {
      Path root = scratch.path().resolve("root");
      LargeTree.make(root, files, content);
      String settings = "roots:\n  - {name: main, path: root, serve: direct}\n";
      try (LadingProcess lading = LadingProcess.start(scratch.path(), settings, "-Xmx128m")) {
        String[] download = new String[1];
        Duration create = Rounds.time(() -> download[0] = lading.downloadOf("main") + "download");
        Rounds rounds =
            new Rounds()
                .add("lading", () -> Sink.get(lading.port(), download[0]))
                .add("bsdtar", () -> Sink.bsdtarZip(root, "."))
                .run(ROUNDS);
        System.out.printf("%d files; created in %d ms%n", files, create.toMillis());
        System.out.printf("bsdtar %s%n", rounds.millis("bsdtar"));
        System.out.printf("lading %s%n", rounds.millis("lading"));
        System.out.printf("Lading takes %.2f x bsdtar's time%n", rounds.ratio("lading", "bsdtar"));
      }
    }
  }
}
