package org.lading.benchmark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** Several works timed in turn, round after round, so that all of them meet the same machine. */
public final class Rounds {
  private final Map<String, Callable<?>> works = new LinkedHashMap<>();
  private final Map<String, List<Duration>> times = new LinkedHashMap<>();

  /** Adds a work under a name. */
  public Rounds add(String name, Callable<?> work) {
    works.put(name, work);
    times.put(name, new ArrayList<>());
    return this;
  }

  /** Runs every work that many times. */
  public Rounds run(int rounds) throws Exception {
    for (int round = 0; round < rounds; round++) {
      for (Map.Entry<String, Callable<?>> work : works.entrySet()) {
        times.get(work.getKey()).add(time(work.getValue()));
      }
    }
    return this;
  }

  /** The median time of a work. */
  public Duration median(String name) {
    return median(times.get(name));
  }

  /** How many times as long the first work takes as the second, by their medians. */
  public double ratio(String name, String other) {
    return (double) median(name).toNanos() / median(other).toNanos();
  }

  /** The median time of a work in milliseconds, and all its times in their order. */
  public String millis(String name) {
    return "%6d ms %s"
        .formatted(
            median(name).toMillis(), times.get(name).stream().map(Duration::toMillis).toList());
  }

  /** How long it takes once. */
  public static Duration time(Callable<?> work) throws Exception {
    long start = System.nanoTime();
    work.call();
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** The one in the middle; of an even number the later one. */
  public static Duration median(List<Duration> times) {
    List<Duration> sorted = new ArrayList<>(times);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }
}
