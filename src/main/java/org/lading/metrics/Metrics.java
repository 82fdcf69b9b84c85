package org.lading.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * The counters, timers and gauges of one process since its start. Safe for several threads. Label
 * values come from the code or the settings, never from a request, so that their number is bounded.
 *
 * <p>Applications that take each other's place have one of their own each, over the same numbers: a
 * {@link #successor} is read in place of the one before from {@link #takeOver} on.
 */
public final class Metrics implements AutoCloseable {
  /** From the quick lane's usual times to those of millions of objects. */
  private static final Duration[] PREPARATION_BUCKETS =
      seconds(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600);

  /** From what fits into a buffer to the days of a slow client. */
  private static final Duration[] DELIVERY_BUCKETS =
      seconds(0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600, 14_400, 86_400);

  /** From a store nearby to the time-outs of the client. */
  private static final Duration[] CALL_BUCKETS =
      seconds(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30);

  private final PrometheusMeterRegistry registry;
  private final @Nullable ProcessMeters process;

  /** What is read from suppliers, by which it is registered; null once it is. */
  private @Nullable List<Supplier<Meter>> waiting = new ArrayList<>();

  /** What is registered, and read from suppliers. */
  private final List<Meter> registered = new ArrayList<>();

  /** The suppliers of counters, held here since the registry refers to them weakly. */
  private final List<LongSupplier> counters = new ArrayList<>();

  /** The content type of {@link #text}. */
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /** Makes those of a process. */
  public Metrics() {
    this.registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    this.process = new ProcessMeters(registry);
    takeOver();
  }

  private Metrics(PrometheusMeterRegistry registry) {
    this.registry = registry;
    this.process = null;
  }

  /** Makes those of another application, whose suppliers are not read yet. */
  public Metrics successor() {
    return new Metrics(registry);
  }

  /** Has the suppliers read, in place of others of the same names and labels. */
  public synchronized void takeOver() {
    List<Supplier<Meter>> all = waiting;
    waiting = null;
    if (all != null) {
      all.forEach(meter -> registered.add(meter.get()));
    }
  }

  /** Has the suppliers no longer read, except where others have taken their place. */
  public synchronized void retire() {
    List<Meter> current = registry.getMeters();
    for (Meter meter : registered) {
      if (current.stream().anyMatch(other -> other == meter)) {
        registry.remove(meter);
      }
    }
    registered.clear();
    counters.clear();
  }

  private synchronized void add(Meter.Id id, Supplier<Meter> meter) {
    Supplier<Meter> replacing =
        () -> {
          registry.remove(id);
          return meter.get();
        };
    if (waiting == null) {
      registered.add(replacing.get());
    } else {
      waiting.add(replacing);
    }
  }

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
    preparations(state).accept(time);
    Counter.builder("lading.entries.prepared")
        .description("Entries of downloads that became ready")
        .register(registry)
        .increment((double) entries);
  }

  /** Returns what counts and times a preparation that ended in a state. */
  public Consumer<Duration> preparations(String state) {
    return Timer.builder("lading.preparation")
            .description("Preparations of downloads that ended, by the state they ended in")
            .tag("state", state)
            .serviceLevelObjectives(PREPARATION_BUCKETS)
            .register(registry)
        ::record;
  }

  /**
   * Counts a request that was answered.
   *
   * @param page the page, by a name from the code
   * @param status the status of the answer
   */
  public void requested(String page, int status) {
    Counter.builder("lading.requests")
        .description("Requests that were answered, by page and status")
        .tag("page", page)
        .tag("status", Integer.toString(status))
        .register(registry)
        .increment();
  }

  /**
   * Counts and times an attempt of a call to S3.
   *
   * @param kind the operation
   * @param outcome the kind of answer or failure
   * @param time the time until the head of the answer, or until the failure
   */
  public void calledS3(String kind, String outcome, Duration time) {
    Timer.builder("lading.s3.call")
        .description("Calls to S3, until the head of their answer")
        .tag("kind", kind)
        .serviceLevelObjectives(CALL_BUCKETS)
        .register(registry)
        .record(time);
    Counter.builder("lading.s3.calls")
        .description("Calls to S3 by kind and outcome; each attempt counts")
        .tag("kind", kind)
        .tag("outcome", outcome)
        .register(registry)
        .increment();
  }

  /**
   * Returns a counter of the bytes that Lading itself sends.
   *
   * @param root the root of the downloads
   * @param of {@code archive}, or {@code entry} for those that nginx makes an archive of
   */
  public LongConsumer streamed(String root, String of) {
    Counter counter =
        Counter.builder("lading.streamed")
            .description("Bytes that Lading itself has sent: of archives, and of entries for nginx")
            .baseUnit("bytes")
            .tag("root", root)
            .tag("of", of)
            .register(registry);
    return bytes -> counter.increment((double) bytes);
  }

  /**
   * Counts an archive that mod_zip was told to make, of which Lading sees no byte.
   *
   * @param root the root of its download
   * @param bytes the number of bytes that were asked for
   */
  public void handedOver(String root, long bytes) {
    Counter.builder("lading.mod.zip.archives")
        .description("Archives that mod_zip was told to make")
        .tag("root", root)
        .register(registry)
        .increment();
    Counter.builder("lading.mod.zip")
        .description("Bytes of archives that mod_zip was told to send, whatever became of that")
        .baseUnit("bytes")
        .tag("root", root)
        .register(registry)
        .increment((double) bytes);
  }

  /** Records the time in which Lading had the first bytes of an archive. */
  public void sentFirstByte(Duration time) {
    Timer.builder("lading.archive.first.byte")
        .description("Archives that Lading sends: until the first bytes were there")
        .serviceLevelObjectives(CALL_BUCKETS)
        .register(registry)
        .record(time);
  }

  /** Records the time in which Lading sent an archive, or what was sent of it. */
  public void delivered(Duration time) {
    Timer.builder("lading.archive.delivery")
        .description("Archives that Lading sends: until their end, also if they broke off")
        .serviceLevelObjectives(DELIVERY_BUCKETS)
        .register(registry)
        .record(time);
  }

  /** Returns what counts one more reply with bytes of a download, of a page, that ended so. */
  public Runnable transferEnds(String page, String ended) {
    return Counter.builder("lading.transfers.ended")
            .description("Replies with bytes of downloads, by page and how they ended")
            .tag("page", page)
            .tag("ended", ended)
            .register(registry)
        ::increment;
  }

  /**
   * Registers a gauge, whose value is read from a supplier when the metrics are rendered.
   *
   * @param labels names and values in turn
   */
  public void gauge(String name, String description, DoubleSupplier value, String... labels) {
    add(
        id(name, Meter.Type.GAUGE, labels),
        () ->
            Gauge.builder(name, value::getAsDouble)
                .description(description)
                .tags(labels)
                .register(registry));
  }

  /**
   * Registers a counter, whose value is read from a supplier when the metrics are rendered.
   *
   * @param labels names and values in turn
   */
  public void counter(String name, String description, LongSupplier value, String... labels) {
    synchronized (this) {
      counters.add(value);
    }
    add(
        id(name, Meter.Type.COUNTER, labels),
        () ->
            FunctionCounter.builder(name, value, LongSupplier::getAsLong)
                .description(description)
                .tags(labels)
                .register(registry));
  }

  private static Meter.Id id(String name, Meter.Type type, String... labels) {
    return new Meter.Id(name, Tags.of(labels), null, null, type);
  }

  /** Registers the gauge {@code lading_build_info}, which is 1 and has the version as a label. */
  public void buildInfo(String version) {
    gauge("lading.build.info", "The version of Lading that runs", () -> 1, "version", version);
  }

  /** Returns where a HikariCP pool may register its meters, for {@code setMetricRegistry}. */
  public Object poolRegistry() {
    return registry;
  }

  /**
   * Returns what the counters and timers of a name have counted, of those of which a label has a
   * suitable value.
   */
  public double count(String name, String label, Predicate<String> values) {
    return registry.find(name).tagKeys(label).meters().stream()
        .filter(meter -> values.test(String.valueOf(meter.getId().getTag(label))))
        .mapToDouble(Metrics::count)
        .sum();
  }

  private static double count(Meter meter) {
    return meter.match(
        gauge -> 0.0,
        Counter::count,
        timer -> (double) timer.count(),
        summary -> (double) summary.count(),
        timer -> 0.0,
        gauge -> 0.0,
        FunctionCounter::count,
        timer -> timer.count(),
        other -> 0.0);
  }

  /** Renders all metrics in the text format of Prometheus. */
  public String text() {
    return registry.scrape();
  }

  private static Duration[] seconds(double... values) {
    return DoubleStream.of(values)
        .mapToObj(value -> Duration.ofMillis(Math.round(value * 1000)))
        .toArray(Duration[]::new);
  }

  /** Ends those of the process; to be called of the first. */
  @Override
  public void close() {
    if (process != null) {
      process.close();
      registry.close();
    }
  }
}
