package org.lading;

import java.nio.file.Path;
import org.lading.testing.LadingProcess;
import org.lading.testing.LargeFile;
import org.lading.testing.NginxServer;
import org.lading.testing.Rounds;
import org.lading.testing.ScratchDirectory;
import org.lading.testing.Sink;

/**
 * One large file streamed as an archive over loopback HTTP, in a heap of 128 MiB, beside nginx
 * sending the plain file and bsdtar writing the same archive into a pipe. The argument is the size
 * in MiB. After {@code mvn test-compile}:
 *
 * <pre>mvn -q exec:exec -Dbenchmark=org.lading.BenchmarkLargeFile -Dbenchmark.arguments=2048</pre>
 */
public final class BenchmarkLargeFile {
  private static final int ROUNDS = 5;

  private BenchmarkLargeFile() {}

  /** Runs it with a file as large as the argument says. */
  public static void main(String[] arguments) throws Exception {
    int mebibytes = Integer.parseInt(arguments[0]);
    try (ScratchDirectory scratch = new ScratchDirectory()) {
      Path root = scratch.path().resolve("root");
      LargeFile.make(root.resolve("large.bin"), mebibytes);
      int port = NginxServer.freePort();
      String settings = "roots:\n  - {name: main, path: root, serve: direct}\n";
      try (NginxServer nginx =
              NginxServer.start(
                  "server { listen 127.0.0.1:%d; root \"%s\"; sendfile on; }"
                      .formatted(port, root));
          LadingProcess lading = LadingProcess.start(scratch.path(), settings, "-Xmx128m")) {
        String download = lading.downloadOf("main") + "download";
        Rounds rounds =
            new Rounds()
                .add("lading", () -> Sink.get(lading.port(), download))
                .add("nginx", () -> Sink.get(port, "/large.bin"))
                .add("bsdtar", () -> Sink.bsdtarZip(root, "large.bin"))
                .run(ROUNDS);
        System.out.printf("%d MiB; nginx pid %d, plain file:%n", mebibytes, nginx.pid());
        print(rounds, "nginx", mebibytes);
        print(rounds, "bsdtar", mebibytes);
        print(rounds, "lading", mebibytes);
        System.out.printf(
            "speed of Lading: %.2f of nginx, %.2f of bsdtar%n",
            rounds.ratio("nginx", "lading"), rounds.ratio("bsdtar", "lading"));
      }
    }
  }

  private static void print(Rounds rounds, String name, int mebibytes) {
    System.out.printf(
        "%-6s %s, %.0f MiB/s%n",
        name, rounds.millis(name), mebibytes * 1e9 / rounds.median(name).toNanos());
  }
}
