package org.lading.benchmark;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.lading.manifest.Entry;
import org.lading.store.Database;
import org.lading.testing.LadingProcess;
import org.lading.testing.PostgresServer;
import org.lading.testing.ScratchDirectory;

/**
 * Reading the manifests of large downloads of S3 objects over HTTP, from a client on the same
 * machine: the time to the first byte, lines a second, the processor time of Lading, and the heap
 * that is in use after a collection meanwhile, beside what an idle Lading uses. The downloads are
 * put into the store before, which is timed as well; no object store is asked, because locations
 * are signed by Lading itself. The arguments are the database ({@code embedded} or {@code
 * postgresql}) and the options of Lading's JVM.
 *
 * <pre>
 * mvn -q test-compile exec:exec -Dbenchmark=BenchmarkManifest \
 *   "-Dbenchmark.arguments=embedded -Xmx256m"</pre>
 */
public final class BenchmarkManifest {
  private static final int[] SIZES = {1_000, 100_000, 1_000_000};
  private static final int ROUNDS = 5;
  private static final int SAMPLE_MILLIS = 200;
  private static final double MIB = 1 << 20;

  private BenchmarkManifest() {}

  /** Runs it; see the class. */
  public static void main(String[] arguments) throws Exception {
    String[] jvmOptions = Arrays.copyOfRange(arguments, 1, arguments.length);
    try (ScratchDirectory scratch = new ScratchDirectory()) {
      String settings =
          """
          roots:
            - name: bucket
              bucket: content
              region: eu-west-1
              aws_access_key_id: AKIAIOSFODNN7EXAMPLE
              aws_secret_access_key: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
          """;
      if (arguments[0].equals("embedded")) {
        try (Database database =
            Database.openEmbedded(scratch.path().resolve("storage").resolve("database"))) {
          fill(database);
        }
      } else {
        String url = PostgresServer.newDatabase();
        settings += "database: {url: \"%s\", user: %s}\n".formatted(url, PostgresServer.USER);
        try (Database database = Database.open(url, PostgresServer.USER, null)) {
          fill(database);
        }
      }
      try (LadingProcess lading = LadingProcess.start(scratch.path(), settings, jvmOptions);
          ProcessProbe probe = new ProcessProbe(lading.pid())) {
        read(lading, probe);
      }
    }
  }

  private static void fill(Database database) {
    StoredDownloads store = new StoredDownloads(database, Entry.UNKNOWN_CRC32);
    // The first ones are slower because code is not compiled yet.
    for (int round = 0; round < 3; round++) {
      store.fill("warm-up-" + round, 100_000);
    }
    for (int size : SIZES) {
      double seconds = store.fill(id(size), size);
      System.out.printf("%,9d entries stored: %,9.0f entries/s%n", size, size / seconds);
    }
  }

  private static String id(int size) {
    return "of-" + size;
  }

  private static void read(LadingProcess lading, ProcessProbe probe) throws Exception {
    // What the first ones load stays loaded, and their code is compiled.
    for (int round = 0; round < 3; round++) {
      TimedReply.get(lading.port(), page(100_000));
    }
    long idle = probe.usedAfterGc();
    System.out.printf("idle: %.1f MiB of heap used after GC%n", idle / MIB);
    for (int size : SIZES) {
      for (int round = 0; round < ROUNDS; round++) {
        long cpu = probe.cpuNanos();
        TimedReply reply = TimedReply.get(lading.port(), page(size));
        cpu = probe.cpuNanos() - cpu;
        if (reply.lines() != size) {
          throw new IOException(reply.lines() + " lines instead of " + size);
        }
        System.out.printf(
            "%,9d entries: first byte %5.1f ms, all %7.1f ms, %,9.0f lines/s, %6.1f MB/s;"
                + " processors at work for Lading %7.1f ms%n",
            size,
            reply.firstByteNanos() / 1e6,
            reply.nanos() / 1e6,
            size / (reply.nanos() / 1e9),
            reply.bytes() / (reply.nanos() / 1e3),
            cpu / 1e6);
      }
    }
    for (int size : SIZES) {
      long most = mostHeap(lading, probe, page(size));
      System.out.printf("%,9d entries: at most %.1f MiB above idle%n", size, (most - idle) / MIB);
    }
    System.out.printf("afterwards: %.1f MiB%n", probe.usedAfterGc() / MIB);
  }

  private static String page(int size) {
    return "/downloads/bucket/" + id(size) + "/get";
  }

  private static long mostHeap(LadingProcess lading, ProcessProbe probe, String page)
      throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<TimedReply> reply = thread.submit(() -> TimedReply.get(lading.port(), page));
      long most = 0;
      do {
        most = Math.max(most, probe.usedAfterGc());
      } while (!isDone(reply));
      return most;
    } finally {
      thread.shutdownNow();
    }
  }

  private static boolean isDone(Future<?> reply) throws Exception {
    try {
      reply.get(SAMPLE_MILLIS, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }
}
