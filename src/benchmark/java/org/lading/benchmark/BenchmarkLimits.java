package org.lading.benchmark;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.lading.base.Digests;
import org.lading.testing.Http;
import org.lading.testing.LadingProcess;
import org.lading.testing.ScratchDirectory;

/**
 * What a client at 50 times its limit of creates costs four others: the median time of their
 * creates while it is silent and while it asks, in turn, of a Lading that limits it and of one that
 * does not. The arguments are the creates a second of its limit, and the seconds of each phase.
 *
 * <pre>
 * mvn -q test-compile exec:exec -Dbenchmark=BenchmarkLimits "-Dbenchmark.arguments=2 8"
 * </pre>
 */
public final class BenchmarkLimits {
  private static final int EXCESS = 50;
  private static final int OTHERS = 4;
  private static final int GREEDY_CONNECTIONS = 8;
  private static final int ROUNDS = 4;
  private static final long PAUSE_MILLIS = 25;
  private static final byte[] BODY =
      "{\"root\":\"main\",\"targets\":[{\"type\":\"file\",\"path\":\"a.txt\"}]}"
          .getBytes(StandardCharsets.UTF_8);

  private final int rate;
  private final int seconds;
  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicInteger let = new AtomicInteger();

  private BenchmarkLimits(int rate, int seconds) {
    this.rate = rate;
    this.seconds = seconds;
  }

  /** Runs it. */
  public static void main(String[] arguments) throws Exception {
    int rate = Integer.parseInt(arguments[0]);
    int seconds = Integer.parseInt(arguments[1]);
    for (String limits : List.of("limits: {creates_per_minute: %d}".formatted(60 * rate), "")) {
      new BenchmarkLimits(rate, seconds).run(limits);
    }
  }

  private void run(String limits) throws Exception {
    ExecutorService threads = Executors.newCachedThreadPool();
    try (ScratchDirectory scratch = new ScratchDirectory()) {
      Path root = Files.createDirectories(scratch.path().resolve("root"));
      Files.writeString(root.resolve("a.txt"), "a");
      try (LadingProcess lading =
              LadingProcess.start(
                  scratch.path(), settings(limits), "-Dlading.testing.maxThreads=50");
          Http http = lading.http()) {
        others(threads, http);
        for (int i = 0; i < 60 * rate; i++) {
          // Otherwise what is measured is what it may ask for at once.
          create(http, "greedy");
        }
        List<Long> silent = new ArrayList<>();
        List<Long> asking = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
          silent.addAll(others(threads, http));
          Future<?> greedy = threads.submit(() -> ask(threads, http));
          asking.addAll(others(threads, http));
          greedy.get();
        }
        print(limits, silent, asking);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private void print(String limits, List<Long> silent, List<Long> asking) {
    double ratio = (double) median(asking) / median(silent);
    System.out.printf(
        "%s: others' median create %.2f ms while it is silent (%d), %.2f ms while it asks (%d): %.2f"
            + " times; %d a second of it were let through, %d refused%n",
        limits.isEmpty() ? "without a limit" : limits,
        median(silent) / 1e6,
        silent.size(),
        median(asking) / 1e6,
        asking.size(),
        ratio,
        let.get() / (ROUNDS * seconds),
        refused.get() / (ROUNDS * seconds));
  }

  private static String settings(String limits) {
    StringBuilder settings =
        new StringBuilder("roots: [{name: main, path: root, serve: direct}]\nclients:\n");
    settings.append(client("greedy", ", " + limits));
    for (int i = 0; i < OTHERS; i++) {
      settings.append(client("other" + i, ""));
    }
    return settings.toString();
  }

  private static String client(String name, String limits) {
    byte[] hash = Digests.sha256().digest(name.getBytes(StandardCharsets.UTF_8));
    return "  - {name: %s, token_sha256: %s%s}\n"
        .formatted(name, HexFormat.of().formatHex(hash), limits.equals(", ") ? "" : limits);
  }

  /** Has each of the others create one download after another, and returns their times in ns. */
  private List<Long> others(ExecutorService threads, Http http) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    List<Callable<List<Long>>> works = new ArrayList<>();
    for (int i = 0; i < OTHERS; i++) {
      String name = "other" + i;
      works.add(
          () -> {
            List<Long> times = new ArrayList<>();
            while (System.nanoTime() < end) {
              long begin = System.nanoTime();
              if (create(http, name) != 201) {
                throw new IllegalStateException("a create of " + name + " failed");
              }
              times.add(System.nanoTime() - begin);
              TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
            return times;
          });
    }
    List<Long> all = new ArrayList<>();
    for (Future<List<Long>> done : threads.invokeAll(works)) {
      all.addAll(done.get());
    }
    return all;
  }

  /**
   * Asks at 50 times the limit for as long as a phase takes, as far as the answers come in time.
   */
  private void ask(ExecutorService threads, Http http) {
    long begin = System.nanoTime();
    long end = begin + TimeUnit.SECONDS.toNanos(seconds);
    long step = TimeUnit.SECONDS.toNanos(1) * GREEDY_CONNECTIONS / ((long) EXCESS * rate);
    List<Callable<Integer>> works = new ArrayList<>();
    for (int i = 0; i < GREEDY_CONNECTIONS; i++) {
      works.add(
          () -> {
            int asked = 0;
            for (long due = begin; due < end && System.nanoTime() < end; due += step) {
              TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
              (create(http, "greedy") == 201 ? let : refused).incrementAndGet();
              asked++;
            }
            return asked;
          });
    }
    try {
      threads.invokeAll(works);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int create(Http http, String client) {
    return http.post(
            "/downloads/create", BODY, "Authorization", "Bearer " + client, "Prefer", "wait=60")
        .status();
  }

  private static long median(List<Long> times) {
    List<Long> sorted = new ArrayList<>(times);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }
}
