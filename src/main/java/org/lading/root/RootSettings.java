package org.lading.root;

/** What one configured root is made of. */
public interface RootSettings {
  /** The name that requests use: letters, digits, {@code . _ -}; unique in a configuration. */
  String name();
}
