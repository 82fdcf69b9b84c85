package org.lading.manifest;

import org.lading.error.LadingException;

/**
 * Is told, by the thread that makes the entries of a request, what it finds beside them. Anything
 * that is thrown here ends the making.
 */
public interface ManifestObserver {
  /** Observes nothing, so that the first fault ends the making. */
  ManifestObserver NONE = new ManifestObserver() {};

  /**
   * Takes a fault of a target, with the target's index and path. If this returns, the making goes
   * on without what is at fault.
   */
  default void fault(LadingException fault) {
    throw fault;
  }

  /** Takes the reason why something in a directory is left out; see {@code Undeliverable.OMIT}. */
  default void omitted(LadingException why) {}

  /** Takes each name that the archive has: of files, and of directories that are entries. */
  default void named(String name) {}
}
