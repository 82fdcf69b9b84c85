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
 * What one Lading counts and times since it started. Safe for several threads. Labels come from the
 * code, never from a request, so that there are only so many.
 */
public final class Metrics implements AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /** The registry refers to them weakly. */
  private final List<LongSupplier> counted = new CopyOnWriteArrayList<>();

  /** The content type of {@link #text}. */
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /**
   * A request to create a download was answered: {@code ready}, {@code pending} or an error code.
   */
  public void created(String outcome) {
    Counter.builder("lading.creates")
        .description("Requests to create a download, by their outcome")
        .tag("outcome", outcome)
        .register(registry)
        .increment();
  }

  /**
   * The preparation of a download has ended.
   *
   * @param state how, in the words of its status
   * @param time since it was last begun
   * @param entries how many were prepared
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

  /** A call to S3 was answered, or failed. */
  public void calledS3(String kind, String outcome) {
    Counter.builder("lading.s3.calls")
        .description("Calls to S3 by kind and outcome; each attempt counts")
        .tag("kind", kind)
        .tag("outcome", outcome)
        .register(registry)
        .increment();
  }

  /** Where to say how many bytes of archives were sent. */
  public LongConsumer streamed() {
    Counter counter =
        Counter.builder("lading.streamed")
            .description("Bytes of archives that Lading itself has sent")
            .baseUnit("bytes")
            .register(registry);
    return bytes -> counter.increment((double) bytes);
  }

  /** Shows a number that goes up and down; asked when somebody looks. */
  public void gauge(String name, String description, DoubleSupplier value) {
    Gauge.builder(name, value::getAsDouble).description(description).register(registry);
  }

  /** Shows a number that only grows; asked when somebody looks. */
  public void counter(String name, String description, LongSupplier value, String... labels) {
    counted.add(value);
    FunctionCounter.builder(name, value, LongSupplier::getAsLong)
        .description(description)
        .tags(labels)
        .register(registry);
  }

  /** Everything, in Prometheus' text format. */
  public String text() {
    return registry.scrape();
  }

  @Override
  public void close() {
    registry.close();
  }
}
