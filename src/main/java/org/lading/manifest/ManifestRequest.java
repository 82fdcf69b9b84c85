package org.lading.manifest;

import org.jspecify.annotations.Nullable;

/**
 * What is to become one archive.
 *
 * @param zipName the directory that the archive unpacks into, or null for the top level
 * @param targets what to put in, in order; iterated once, and may be too many to hold
 */
public record ManifestRequest(@Nullable String zipName, Iterable<Target> targets) {
  /** Throws {@code INVALID_NAME} if the archive's name is not portable. */
  public ManifestRequest {
    if (zipName != null) {
      ArchiveNames.requirePortable("zip_name", zipName);
    }
  }
}
