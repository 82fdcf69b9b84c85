package org.lading.nginx;

import java.util.List;

/**
 * Writes the regular expressions for guarded locations: {@code [/<buffer>][/if-match/<tag>]
 * [/unmodified-since/<date>]<location>}, as {@link org.lading.root.LocationGuard} has them.
 */
final class LocationPattern {
  /** The variable with the tag and its quotes, or nothing. */
  static final String TAG = "lading_tag";

  /** The variable with the date, or nothing. */
  static final String SINCE = "lading_since";

  /** The buffers that a location can ask for by name. */
  static final List<String> BUFFERS = List.of("16k", "64k", "256k");

  /** The condition, once nginx has decoded it. Within the quotes of a tag a slash may occur. */
  private static final String GUARD =
      "(?:/if-match/(?<%s>\"[^\"]*\"))?(?:/unmodified-since/(?<%s>[^/]+))?".formatted(TAG, SINCE);

  private LocationPattern() {}

  /**
   * Returns the quoted expression.
   *
   * @param buffer the name of the buffer, or nothing for the smallest one
   * @param location the expression for the location itself
   */
  static String of(String buffer, String location) {
    // A file's name may have a line break.
    return "'(?s)^%s%s%s$'".formatted(buffer.isEmpty() ? "" : "/" + buffer, GUARD, location);
  }
}
