package org.lading.config;

/** One configured root. */
public sealed interface RootConfiguration permits FilesystemRootConfiguration, S3RootConfiguration {
  /** The name that requests use: letters, digits, {@code . _ -}; unique in a configuration. */
  String name();
}
