package org.lading.root;

import org.lading.base.ByteBuilder;

/** Writes the locations of one root's items into one manifest; for one thread. */
@FunctionalInterface
public interface LocationWriter {
  /**
   * Appends the location of an item: an absolute path in which all bytes but RFC 3986's unreserved
   * ones and the {@code /} between segments are percent-encoded, followed by {@code ?} and the
   * signed query if there is one. It never has a space, a control character or a second {@code ?}.
   *
   * @param key see {@link Item#key()}
   * @param line the line to append to
   */
  void append(String key, ByteBuilder line);
}
