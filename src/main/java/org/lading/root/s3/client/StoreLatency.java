package org.lading.root.s3.client;

import java.time.Duration;

/**
 * Measures how soon the store of a root answers, by the calls that are made anyhow. The shortest of
 * the last minutes counts: the others connected first, listed a thousand keys, or shared the
 * processor with 60 other calls.
 */
public final class StoreLatency {
  /** How long the shortest time counts: between one and two of these, if there are later ones. */
  private static final Duration WINDOW = Duration.ofMinutes(10);

  /**
   * The number of calls from which on a latency may be longer than the assumed one: the first ones
   * connect, and load classes, which took up to half a second.
   */
  private static final int MIN_CALLS = 8;

  private long calls;
  private long windowBegan;
  private long shortest = Long.MAX_VALUE;
  private long shortestBefore = Long.MAX_VALUE;

  /**
   * Takes the time from a request to its answer, which came at a time of the JVM's, in nanoseconds.
   */
  synchronized void add(long time, long now) {
    if (calls == 0 || now - windowBegan > WINDOW.toNanos()) {
      shortestBefore = shortest;
      shortest = Long.MAX_VALUE;
      windowBegan = now;
    }
    shortest = Math.min(shortest, time);
    calls++;
  }

  /** Returns the time from a request to the head of its answer; at first an assumed one. */
  public synchronized Duration latency(Duration assumed) {
    long measured = Math.min(shortest, shortestBefore);
    return Duration.ofNanos(calls < MIN_CALLS ? Math.min(measured, assumed.toNanos()) : measured);
  }
}
