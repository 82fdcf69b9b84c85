package org.lading.root.filesystem;

import java.nio.file.Path;
import org.lading.root.RootSettings;
import org.lading.root.Undeliverable;

/**
 * The settings of a root that is a directory.
 *
 * @param name see {@link RootSettings#name()}
 * @param path the directory, or a link to it; absolute, and need not exist yet
 * @param followSymlinks whether links that lead out of the root are followed rather than refused
 * @param serve how nginx reads the files
 * @param undeliverable see {@link RootSettings#undeliverable()}
 */
public record FilesystemRootSettings(
    String name, Path path, boolean followSymlinks, Serve serve, Undeliverable undeliverable)
    implements RootSettings {
  /** Makes the settings of a root that refuses directories with something undeliverable. */
  public FilesystemRootSettings(String name, Path path, boolean followSymlinks, Serve serve) {
    this(name, path, followSymlinks, serve, Undeliverable.REFUSE);
  }

  /** The ways in which nginx reads the files of a root. */
  public enum Serve {
    /** Through a link in the storage directory for every entry. */
    LINKS,
    /** Through an alias for the root at {@code /internal/roots/<name>/}; nothing is written. */
    DIRECT
  }
}
