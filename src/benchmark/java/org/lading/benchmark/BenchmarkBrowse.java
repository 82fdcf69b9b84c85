package org.lading.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.lading.testing.Http;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingProcess;
import org.lading.testing.ScratchDirectory;

/**
 * The pages of one directory of very many files, and of one prefix of as many keys: the time of the
 * first page and of the second one over HTTP, as HTML, beside {@code ls -U} of the directory and
 * one page of the store; and the heap in use after a collection while they are made, in a heap of
 * 96 MiB.
 *
 * <pre>
 * mvn -q test-compile exec:exec -Dbenchmark=BenchmarkBrowse -Dbenchmark.arguments=1000000
 * </pre>
 */
public final class BenchmarkBrowse {
  private static final int ROUNDS = 7;
  private static final double MIB = 1 << 20;
  private static final Duration PAUSE = Duration.ofMillis(50);

  private BenchmarkBrowse() {}

  /** Runs it with as many files and keys as the argument says. */
  public static void main(String[] arguments) throws Exception {
    int count = Integer.parseInt(arguments[0]);
    try (ScratchDirectory scratch = new ScratchDirectory();
        LargeBucketProcess bucket = LargeBucketProcess.start(scratch.path(), "flat", count)) {
      Path files = Files.createDirectories(scratch.path().resolve("root/files"));
      for (int i = 0; i < count; i++) {
        Files.createFile(files.resolve("scan-%07d.tif".formatted(i)));
      }
      String settings =
          "roots:\n  - {name: disk, path: root, public: true}\n"
              + bucket.root()
              + "    public: true\n";
      try (LadingProcess lading = LadingProcess.start(scratch.path(), settings, "-Xmx96m");
          Http http = lading.http();
          ProcessProbe probe = new ProcessProbe(lading.pid())) {
        System.out.printf("%d files, %d keys%n", count, count);
        page(http, "/browse/disk/");
        long idle = probe.usedAfterGc();
        measure(http, probe, idle, "/browse/disk/files/");
        measure(http, probe, idle, "/browse/s3/scans/");
        System.out.printf("ls -U: median %d ms%n", ls(files));
      }
    }
  }

  private static void measure(Http http, ProcessProbe probe, long idle, String address)
      throws Exception {
    String second = address + "?after=" + next(http, address);
    long[] first = new long[ROUNDS];
    long[] following = new long[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      first[i] = page(http, address);
      following[i] = page(http, second);
    }
    HeapWatch heap =
        HeapWatch.during(
            probe,
            PAUSE,
            () -> {
              for (int i = 0; i < ROUNDS; i++) {
                page(http, address);
              }
              return address;
            });
    System.out.printf(
        "%s: first page median %d ms (%s), second page median %d ms; heap idle %.1f MiB, at most %.1f MiB (%d samples)%n",
        address,
        median(first),
        Arrays.toString(first),
        median(following),
        idle / MIB,
        heap.most() / MIB,
        heap.samples());
  }

  private static String next(Http http, String address) {
    return http.get("/downloads" + address).json().get("next").asText();
  }

  private static long page(Http http, String address) {
    long start = System.nanoTime();
    Reply reply = http.get("/downloads" + address, "Accept", "text/html");
    if (reply.status() != 200) {
      throw new IllegalStateException(reply.toString());
    }
    return Duration.ofNanos(System.nanoTime() - start).toMillis();
  }

  private static long ls(Path directory) throws IOException, InterruptedException {
    long[] times = new long[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      long start = System.nanoTime();
      new ProcessBuilder("ls", "-U", directory.toString())
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
      times[i] = Duration.ofNanos(System.nanoTime() - start).toMillis();
    }
    return median(times);
  }

  private static long median(long[] values) {
    long[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
