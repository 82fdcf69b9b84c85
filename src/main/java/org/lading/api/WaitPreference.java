package org.lading.api;

import java.time.Duration;
import java.util.Enumeration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.lading.base.HeaderList;

/**
 * The time that a client waits for a download to be ready: the preferences {@code wait} and {@code
 * respond-async} of RFC 7240.
 *
 * @param time the maximum time
 * @param applied the value of {@code Preference-Applied}, or null if no preference was applied
 */
public record WaitPreference(Duration time, @Nullable String applied) {
  /** The maximum time; proxies would cut longer waits off. */
  private static final Duration MAX_TIME = Duration.ofMinutes(5);

  /** The time from which on it is looked at whether a client without a limit is still there. */
  private static final long LONG_NANOS = 1_000_000_000L;

  private static final Pattern WAIT = Pattern.compile("wait\\s*=\\s*(\"?)(\\d{1,9})\\1");
  private static final Pattern ASYNC = Pattern.compile("respond-async(\\s*=\\s*\"\")?");

  /**
   * Reads the {@code Prefer} headers of a request; of several preferences the first applies, and
   * malformed and unknown ones are ignored, as the RFC says.
   *
   * @param defaultTime the time if the request has no preference
   */
  public static WaitPreference of(Enumeration<String> headers, Duration defaultTime) {
    Duration wait = null;
    boolean async = false;
    for (String preference : HeaderList.elements(headers)) {
      String name = HeaderList.parts(preference).stream().findFirst().orElse("");
      Matcher matcher = WAIT.matcher(name.toLowerCase(Locale.ROOT));
      if (matcher.matches() && wait == null) {
        wait = Duration.ofSeconds(Long.parseLong(matcher.group(2)));
      }
      async |= ASYNC.matcher(name.toLowerCase(Locale.ROOT)).matches();
    }
    if (wait != null) {
      Duration granted = wait.compareTo(MAX_TIME) > 0 ? MAX_TIME : wait;
      return new WaitPreference(granted, "wait=" + granted.toSeconds());
    }
    return async
        ? new WaitPreference(Duration.ZERO, "respond-async")
        : new WaitPreference(defaultTime, null);
  }

  /**
   * Returns whether a client may have left, so that nobody has the id of the download: it has
   * waited for its whole time, and the download is not settled, or it waits for as long as it takes
   * and that was long.
   *
   * @param nanos the time that it has waited, in nanoseconds
   */
  public boolean mayHaveLeft(long nanos, boolean isSettled) {
    return time.compareTo(MAX_TIME) > 0
        ? nanos >= LONG_NANOS
        : !time.isZero() && nanos >= time.toNanos() && !isSettled;
  }
}
