package org.lading.root;

import java.util.List;

/** The settings of one root. */
public interface RootSettings {
  /** Returns the name that requests use: letters, digits, {@code . _ -}; unique. */
  String name();

  /** Returns what happens to a directory in which something cannot be delivered. */
  Undeliverable undeliverable();

  /**
   * Returns sentences about settings that are probably not meant so, though they may be right; for
   * the log and the status.
   */
  default List<String> warnings() {
    return List.of();
  }
}
