package org.lading.benchmark;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.lading.download.Download;
import org.lading.download.DownloadStore;
import org.lading.download.Lane;
import org.lading.manifest.ArchivePoint;
import org.lading.manifest.AssemblyPrediction;
import org.lading.manifest.Entry;
import org.lading.manifest.Renamings;
import org.lading.store.Database;
import org.lading.store.JdbcDownloadStore;
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
  private static final int BATCH = 10_000;
  private static final int SAMPLE_MILLIS = 200;
  private static final double MIB = 1 << 20;

  private final Random random = new Random(1);
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);

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
      BenchmarkManifest benchmark = new BenchmarkManifest();
      if (arguments[0].equals("embedded")) {
        try (Database database =
            Database.openEmbedded(scratch.path().resolve("storage").resolve("database"))) {
          benchmark.fill(database);
        }
      } else {
        String url = PostgresServer.newDatabase();
        settings += "database: {url: \"%s\", user: %s}\n".formatted(url, PostgresServer.USER);
        try (Database database = Database.open(url, PostgresServer.USER, null)) {
          benchmark.fill(database);
        }
      }
      try (LadingProcess lading = LadingProcess.start(scratch.path(), settings, jvmOptions);
          ProcessProbe probe = new ProcessProbe(lading.pid())) {
        read(lading, probe);
      }
    }
  }

  private void fill(Database database) {
    DownloadStore store = new JdbcDownloadStore(database);
    // The first ones are slower because code is not compiled yet.
    for (int round = 0; round < 3; round++) {
      fill(store, "warm-up-" + round, 100_000);
    }
    for (int size : SIZES) {
      double seconds = fill(store, id(size), size);
      System.out.printf("%,9d entries stored: %,9.0f entries/s%n", size, size / seconds);
    }
  }

  /** Seconds that the store took. */
  private double fill(DownloadStore store, String id, int size) {
    Download download =
        new Download(
            id,
            "bucket",
            "top",
            Download.State.PENDING,
            0,
            0,
            now,
            null,
            null,
            now.plus(10, ChronoUnit.DAYS),
            Download.Totals.NONE,
            null,
            new Download.Preparation("anyone", Lane.QUICK, null, 0, null),
            Download.Repetition.NONE,
            null);
    store.insert(download, Collections.emptyIterator(), 1);
    Download attempt = store.begin(id, Lane.QUICK, now).orElseThrow();
    Entry[] batch = new Entry[Math.min(BATCH, size)];
    long nanos = 0;
    try (DownloadStore.EntrySink sink = store.entrySink(attempt)) {
      for (int done = 0; done < size; done += batch.length) {
        for (int i = 0; i < batch.length; i++) {
          batch[i] = entry(done + i);
        }
        long began = System.nanoTime();
        for (int i = 0; i < batch.length; i++) {
          sink.accept(batch[i], at(done + i));
        }
        nanos += System.nanoTime() - began;
      }
      nanos -= System.nanoTime();
    }
    nanos += System.nanoTime();
    Download.Totals totals =
        new Download.Totals(
            size,
            size,
            0,
            size,
            0,
            0,
            at(size),
            "fingerprint",
            Set.of("bucket"),
            AssemblyPrediction.NONE,
            Renamings.NONE);
    store.end(attempt.ready(totals, now));
    return nanos / 1e9;
  }

  private static String id(int size) {
    return "of-" + size;
  }

  private static ArchivePoint at(int entry) {
    return new ArchivePoint(entry, 1000L * entry, 100L * entry);
  }

  private Entry entry(int index) {
    byte[] etag = new byte[16];
    random.nextBytes(etag);
    String name = "data/scan-" + String.format("%07d", index) + ".tif";
    return new Entry(
        Entry.Kind.FILE,
        "top/" + name,
        random.nextInt(1 << 26),
        Entry.UNKNOWN_CRC32,
        now.minusSeconds(random.nextInt(100_000_000)).truncatedTo(ChronoUnit.SECONDS),
        new Entry.Source("bucket", "prefix/" + name, HexFormat.of().formatHex(etag)),
        null);
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
