package org.lading.root;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.lading.base.ByteBuilder;

/** Writes the locations of one root's items into one manifest; for one thread. */
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

  /**
   * Appends what stands before the location in the form {@link LocationEncoding#GUARDED}: a path
   * that identifies the item's content, see {@link LocationGuard}. Nothing where the root cannot
   * tell, or would refuse the condition.
   *
   * @param size see {@link Item#size()}
   * @param modified see {@link Item#modified()}
   * @param version see {@link Item#version()}
   * @param line the line to append to
   */
  void appendGuard(long size, Instant modified, @Nullable String version, ByteBuilder line);
}
