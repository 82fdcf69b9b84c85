package org.lading.root;

/** The settings of one root. */
public interface RootSettings {
  /** Returns the name that requests use: letters, digits, {@code . _ -}; unique. */
  String name();

  /** Returns what happens to a directory in which something cannot be delivered. */
  Undeliverable undeliverable();
}
