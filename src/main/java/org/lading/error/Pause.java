package org.lading.error;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When a refused request may come again, and what its answer tells of the limit.
 *
 * @param until the time from which on it may come again
 * @param seconds the seconds until then, at least 1, for {@code Retry-After}
 * @param headers further headers of the answer
 * @param place its place in a line, from 1 on, or null if there is no line
 */
public record Pause(
    Instant until, long seconds, Map<String, String> headers, @Nullable Integer place) {
  /** Copies the map. */
  public Pause {
    headers = Map.copyOf(headers);
  }

  /** Makes a pause of a request that does not wait in a line. */
  public static Pause of(Instant until, long seconds, Map<String, String> headers) {
    return new Pause(until, Math.max(1, seconds), headers, null);
  }
}
