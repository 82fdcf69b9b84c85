package org.lading.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.lading.testing.LadingProcess;
import org.lading.testing.LadingServer;
import org.lading.testing.NginxServer;
import org.lading.testing.ScratchDirectory;

/**
 * One large file streamed as an archive over loopback HTTP, in a heap of 128 MiB, beside nginx
 * sending the plain file and bsdtar writing the same archive into a pipe. The argument is the size
 * in MiB.
 *
 * <pre>mvn -q test-compile exec:exec -Dbenchmark=BenchmarkLargeFile -Dbenchmark.arguments=2048
 * </pre>
 */
public final class BenchmarkLargeFile {
  private static final int ROUNDS = 5;

  private static final String PLAIN = "Lading in Tomcat as it comes";
  private static final String WIDE = "Lading in Tomcat with socket.appWriteBufSize=65536";

  private BenchmarkLargeFile() {}

  /** Runs it with a file as large as the argument says. */
  public static void main(String[] arguments) throws Exception {
    int mebibytes = Integer.parseInt(arguments[0]);
    try (ScratchDirectory scratch = new ScratchDirectory()) {
      Path root = scratch.path().resolve("root");
      LargeFile.make(root.resolve("large.bin"), mebibytes);
      int port = NginxServer.freePort();
      Path tuned = Files.createDirectory(scratch.path().resolve("tuned"));
      try (NginxServer nginx =
              NginxServer.start(
                  "server { listen 127.0.0.1:%d; root \"%s\"; sendfile on; }"
                      .formatted(port, root));
          LadingProcess lading = start(scratch.path(), root);
          LadingProcess wide = start(tuned, root, "-D" + LadingServer.WRITE_BUFFER + "=65536")) {
        String download = lading.downloadOf("main") + "download";
        String same = wide.downloadOf("main") + "download";
        Rounds rounds =
            new Rounds()
                .add(PLAIN, () -> Sink.get(lading.port(), download))
                .add(WIDE, () -> Sink.get(wide.port(), same))
                .add("nginx", () -> Sink.get(port, "/large.bin"))
                .add("bsdtar", () -> Sink.bsdtarZip(root, "large.bin"))
                .run(ROUNDS);
        System.out.printf("%d MiB; nginx pid %d, plain file:%n", mebibytes, nginx.pid());
        for (String name : List.of("nginx", "bsdtar", PLAIN, WIDE)) {
          print(rounds, name, mebibytes);
        }
        for (String name : List.of(PLAIN, WIDE)) {
          System.out.printf(
              "speed of %s: %.2f of nginx, %.2f of bsdtar%n",
              name, rounds.ratio("nginx", name), rounds.ratio("bsdtar", name));
        }
      }
    }
  }

  private static LadingProcess start(Path directory, Path root, String... options)
      throws IOException {
    String settings = "roots:\n  - {name: main, path: %s, serve: direct}\n".formatted(root);
    String[] all = Arrays.copyOf(options, options.length + 1);
    all[options.length] = "-Xmx128m";
    return LadingProcess.start(directory, settings, all);
  }

  private static void print(Rounds rounds, String name, int mebibytes) {
    System.out.printf(
        "%-50s %s, %.0f MiB/s%n",
        name, rounds.millis(name), mebibytes * 1e9 / rounds.median(name).toNanos());
  }
}
