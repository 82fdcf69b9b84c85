package org.lading.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.lading.testing.Http.Reply;
import org.lading.testing.LadingServer;
import org.lading.testing.LargeTree;
import org.lading.testing.ScratchDirectory;
import org.lading.testing.SettableClock;

/**
 * How long other requests take while many expired downloads are removed: creating a small download,
 * its status and its manifest, one after another, before and meanwhile.
 *
 * <pre>mvn -q test-compile exec:exec -Dbenchmark=BenchmarkExpiry \
 *   "-Dbenchmark.arguments=10000 1000"</pre>
 *
 * The arguments are the number of downloads and the entries of each; with {@code
 * -Dbenchmark.options=-Dlading.testing.database=postgresql} it runs on PostgreSQL.
 */
public final class BenchmarkExpiry {
  private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
  private static final int CLIENTS = 4;
  private static final int ROUNDS_BEFORE = 300;

  private final SettableClock clock = new SettableClock(START);
  private final LadingServer server;

  private BenchmarkExpiry(Path directory) {
    String settings =
        "checksum_budget: none\nroots:\n  - {name: main, path: root, serve: direct}\n";
    this.server = LadingServer.start(directory, settings, clock);
  }

  /** Runs it; see the class. */
  public static void main(String[] arguments) throws Exception {
    int downloads = Integer.parseInt(arguments[0]);
    int entries = Integer.parseInt(arguments[1]);
    try (ScratchDirectory scratch = new ScratchDirectory()) {
      Path directory = scratch.path();
      LargeTree.makeLinked(directory.resolve("root/many"), entries - 1, new byte[] {'x'});
      Files.writeString(directory.resolve("root/one"), "x");
      BenchmarkExpiry benchmark = new BenchmarkExpiry(directory);
      try {
        benchmark.run(downloads);
      } finally {
        benchmark.server.close();
      }
    }
  }

  private void run(int downloads) throws InterruptedException, ExecutionException, IOException {
    long began = System.nanoTime();
    createAll(downloads);
    System.out.printf("%d downloads made in %s%n", downloads, seconds(began));
    int[] rounds = {0};
    print("before", measure(() -> rounds[0]++ < ROUNDS_BEFORE));
    clock.set(START.plus(Duration.ofDays(2)));
    server.makeDue("recurring_job", "true");
    began = System.nanoTime();
    List<long[]> meanwhile = measure(() -> left() > 0);
    System.out.printf("removed in %s%n", seconds(began));
    print("meanwhile", meanwhile);
  }

  private void createAll(int downloads) throws InterruptedException, ExecutionException {
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < downloads; i++) {
      all.add(
          clients.submit(
              () -> create("{'type': 'directory', 'path': 'many', 'recursive': true}", 1)));
    }
    for (Future<?> one : all) {
      one.get();
    }
    clients.shutdown();
  }

  private Reply create(String target, int days) {
    Reply created =
        server.create(
            ("{'root': 'main', 'timeout': %d, 'targets': [%s,"
                    + " {'type': 'literal', 'name': 'note', 'content': 'x'}]}")
                .formatted(days, target));
    if (created.status() != 201) {
      throw new IllegalStateException(created.toString());
    }
    return created;
  }

  private long left() {
    return server.number(
        "select count(*) from download where state <> 'EXPIRED' and expires_at < "
            + server.database().time(START.plus(Duration.ofDays(2))));
  }

  /** Nanoseconds of a create, a status and a manifest, round after round. */
  private List<long[]> measure(BooleanSupplier isOn) {
    List<long[]> rounds = new ArrayList<>();
    while (isOn.getAsBoolean()) {
      long a = System.nanoTime();
      Reply created = create("{'type': 'file', 'path': 'one'}", 10);
      long b = System.nanoTime();
      server.get(LadingServer.page(created, "status"));
      long c = System.nanoTime();
      server.get(LadingServer.page(created, "get"));
      rounds.add(new long[] {b - a, c - b, System.nanoTime() - c});
    }
    return rounds;
  }

  private static void print(String when, List<long[]> rounds) {
    String[] names = {"create", "status", "manifest"};
    for (int i = 0; i < names.length; i++) {
      int column = i;
      long[] sorted = rounds.stream().mapToLong(round -> round[column]).sorted().toArray();
      System.out.printf(
          "%-10s %-9s %5d calls: median %6.1f ms, 95%% %6.1f ms, worst %6.1f ms%n",
          when,
          names[i],
          sorted.length,
          millis(sorted, 0.5),
          millis(sorted, 0.95),
          millis(sorted, 1));
    }
  }

  private static double millis(long[] sorted, double share) {
    int last = sorted.length - 1;
    return sorted.length == 0 ? Double.NaN : sorted[(int) (share * last)] / 1e6;
  }

  private static String seconds(long began) {
    return "%.1f s".formatted((System.nanoTime() - began) / 1e9);
  }
}
