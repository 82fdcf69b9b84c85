package org.lading.app;

import java.time.Duration;
import java.util.function.Supplier;
import org.lading.api.create.SlowAnswers;
import org.lading.download.PreparationSettings;
import org.lading.download.TotalsCounter;
import org.lading.estimate.Estimator;
import org.lading.manifest.ManifestService;

/**
 * What makes estimates, and what watches the clients that wait for them.
 *
 * @param estimator makes them
 * @param slow sends spaces before those that take long
 */
record Estimates(Estimator estimator, SlowAnswers slow) {
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** Makes both on the threads of a node. */
  static Estimates of(
      ManifestService manifests,
      PreparationSettings limits,
      NodeThreads threads,
      Supplier<TotalsCounter> counters) {
    return new Estimates(
        new Estimator(manifests, limits, threads.estimators(), counters),
        new SlowAnswers(threads.readers()));
  }

  /** Has both do every second what they have to. */
  void watch(PeriodicTasks tasks) {
    tasks.repeat(PAUSE, estimator::endLate);
    tasks.repeat(PAUSE, slow::sendSpaces);
  }
}
