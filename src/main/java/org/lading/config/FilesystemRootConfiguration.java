package org.lading.config;

import java.nio.file.Path;

/**
 * A root that is a directory.
 *
 * @param name see {@link RootConfiguration#name()}
 * @param path absolute; need not exist while the configuration is read
 * @param followSymlinks whether links that lead out of the root are followed rather than refused
 * @param serve how nginx gets at the files
 */
public record FilesystemRootConfiguration(
    String name, Path path, boolean followSymlinks, Serve serve) implements RootConfiguration {

  /** How nginx gets at the files of a root. */
  public enum Serve {
    /** One symlink per entry under the storage. */
    LINKS,
    /** nginx has an alias for the root; nothing is written per entry. */
    DIRECT
  }
}
