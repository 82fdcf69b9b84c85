package org.lading.benchmark;

import java.util.Collection;
import org.openjdk.jmh.results.RunResult;

/** Finds single scores among the results of a run of JMH. */
public final class JmhScores {
  private JmhScores() {}

  /**
   * The score of the benchmark of that name where a parameter has a value; NaN if it did not run.
   */
  public static double of(
      Collection<RunResult> results, String benchmark, String parameter, String value) {
    return results.stream()
        .filter(result -> result.getParams().getBenchmark().endsWith("." + benchmark))
        .filter(result -> result.getParams().getParam(parameter).equals(value))
        .mapToDouble(result -> result.getPrimaryResult().getScore())
        .findFirst()
        .orElse(Double.NaN);
  }
}
