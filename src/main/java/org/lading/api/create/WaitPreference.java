package org.lading.api.create;

import java.time.Duration;
import java.util.Enumeration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How long a client wants to wait for an answer that says more than that it was taken: the
 * preferences {@code wait} and {@code respond-async} of RFC 7240.
 *
 * @param time at most so long
 * @param applied the value of {@code Preference-Applied}, or null if the client has none that
 *     counts
 */
record WaitPreference(Duration time, @Nullable String applied) {
  /** More than this would be cut off on the way. */
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private static final Pattern WAIT = Pattern.compile("wait\\s*=\\s*\"?(\\d{1,9})\"?");

  /**
   * Reads the {@code Prefer} headers of a request; of several preferences the first counts, and
   * what is malformed or unknown is ignored, as the RFC has it.
   *
   * @param otherwise how long a client waits that says nothing
   */
  static WaitPreference of(Enumeration<String> headers, Duration otherwise) {
    Duration wait = null;
    boolean async = false;
    while (headers.hasMoreElements()) {
      for (String preference : headers.nextElement().toLowerCase(Locale.ROOT).split(",", -1)) {
        String name = preference.split(";", 2)[0].strip();
        Matcher matcher = WAIT.matcher(name);
        if (matcher.matches() && wait == null) {
          wait = Duration.ofSeconds(Long.parseLong(matcher.group(1)));
        }
        async |= name.equals("respond-async");
      }
    }
    if (wait != null) {
      Duration granted = wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
      return new WaitPreference(granted, "wait=" + granted.toSeconds());
    }
    return async
        ? new WaitPreference(Duration.ZERO, "respond-async")
        : new WaitPreference(otherwise, null);
  }
}
