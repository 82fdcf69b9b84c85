package org.lading.manifest;

import org.jspecify.annotations.Nullable;

/**
 * The targets of one archive.
 *
 * @param zipName the directory that the archive unpacks into, or null for the top level
 * @param targets the targets in order; iterated once, and possibly too many to hold in memory
 */
public record ManifestRequest(@Nullable String zipName, Iterable<Target> targets) {
  /** Throws {@code INVALID_NAME} if the archive's name is not portable. */
  public ManifestRequest {
    if (zipName != null) {
      ArchiveNameRules.requirePortable("zip_name", zipName);
    }
  }
}
