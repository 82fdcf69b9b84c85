package org.lading.root.s3;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * Measures how soon the store of a root answers, by the calls that are made anyhow. The shortest of
 * the last {@value #MAX_CALLS} counts: the others connected first, listed a thousand keys, or had
 * to wait for a processor.
 */
final class StoreLatency implements ExecutionInterceptor {
  private static final int MAX_CALLS = 32;

  /**
   * The number of calls from which on a latency may be longer than the assumed one: the first ones
   * connect, and load classes, which took up to half a second.
   */
  private static final int MIN_CALLS = 8;

  private static final ExecutionAttribute<Long> BEGAN =
      new ExecutionAttribute<>("lading.latency.began");

  private final Deque<Long> nanos = new ArrayDeque<>();

  @Override
  public void beforeTransmission(
      Context.BeforeTransmission context, ExecutionAttributes attributes) {
    attributes.putAttribute(BEGAN, System.nanoTime());
  }

  @Override
  public void afterTransmission(Context.AfterTransmission context, ExecutionAttributes attributes) {
    Long began = attributes.getAttribute(BEGAN);
    if (began != null) {
      add(System.nanoTime() - began);
    }
  }

  private synchronized void add(long time) {
    nanos.add(time);
    if (nanos.size() > MAX_CALLS) {
      nanos.remove();
    }
  }

  /** Returns the time from a request to the head of its answer; at first an assumed one. */
  synchronized Duration latency(Duration assumed) {
    if (nanos.isEmpty()) {
      return assumed;
    }
    long shortest = Collections.min(nanos);
    return Duration.ofNanos(
        nanos.size() < MIN_CALLS ? Math.min(shortest, assumed.toNanos()) : shortest);
  }
}
