package org.lading.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.DoubleSupplier;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * The counters, timers and gauges of one application since its start. Safe for several threads.
 * Label values come from the code or the settings, never from a request, so that their number is
 * bounded.
 */
public final class Metrics implements AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /** The suppliers of counters, held here since the registry refers to them weakly. */
  private final List<LongSupplier> counters = new CopyOnWriteArrayList<>();

  /** The content type of {@link #text}. */
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /**
   * Counts an answer to a request to create a download.
   *
   * @param outcome {@code ready}, {@code pending} or an error code
   */
  public void created(String outcome) {
    Counter.builder("lading.creates")
        .description("Requests to create a download, by their outcome")
        .tag("outcome", outcome)
        .register(registry)
        .increment();
  }

  /**
   * Counts an answer to a request for an estimate.
   *
   * @param outcome {@code succeed} or {@code fail}, whichever a create would, or an error code
   */
  public void estimated(String outcome) {
    Counter.builder("lading.estimates")
        .description("Requests for an estimate, by their outcome")
        .tag("outcome", outcome)
        .register(registry)
        .increment();
  }

  /**
   * Counts an answer to a request by a plain link.
   *
   * @param outcome {@code ready}, or an error code
   */
  public void linked(String outcome) {
    Counter.builder("lading.links")
        .description("Requests by a plain link, by their outcome")
        .tag("outcome", outcome)
        .register(registry)
        .increment();
  }

  /**
   * Counts and times a preparation of a download that has ended.
   *
   * @param state the download's state at the end, as its status spells it
   * @param time the time since the last attempt began
   * @param entries the number of entries of the download
   */
  public void prepared(String state, Duration time, long entries) {
    Timer.builder("lading.preparation")
        .description("Preparations of downloads that ended, by the state they ended in")
        .tag("state", state)
        .register(registry)
        .record(time);
    Counter.builder("lading.entries.prepared")
        .description("Entries of downloads that became ready")
        .register(registry)
        .increment((double) entries);
  }

  /**
   * Counts an attempt of a call to S3.
   *
   * @param kind the operation
   * @param outcome the kind of answer or failure
   */
  public void calledS3(String kind, String outcome) {
    Counter.builder("lading.s3.calls")
        .description("Calls to S3 by kind and outcome; each attempt counts")
        .tag("kind", kind)
        .tag("outcome", outcome)
        .register(registry)
        .increment();
  }

  /** Returns a counter of the bytes of archives that Lading itself sends. */
  public LongConsumer streamed() {
    Counter counter =
        Counter.builder("lading.streamed")
            .description("Bytes of archives that Lading itself has sent")
            .baseUnit("bytes")
            .register(registry);
    return bytes -> counter.increment((double) bytes);
  }

  /**
   * Registers a gauge, whose value is read from a supplier when the metrics are rendered.
   *
   * @param labels names and values in turn
   */
  public void gauge(String name, String description, DoubleSupplier value, String... labels) {
    Gauge.builder(name, value::getAsDouble)
        .description(description)
        .tags(labels)
        .register(registry);
  }

  /**
   * Registers a counter, whose value is read from a supplier when the metrics are rendered.
   *
   * @param labels names and values in turn
   */
  public void counter(String name, String description, LongSupplier value, String... labels) {
    counters.add(value);
    FunctionCounter.builder(name, value, LongSupplier::getAsLong)
        .description(description)
        .tags(labels)
        .register(registry);
  }

  /** Renders all metrics in the text format of Prometheus. */
  public String text() {
    return registry.scrape();
  }

  @Override
  public void close() {
    registry.close();
  }
}
