package org.lading.manifest;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lading.manifest.names.ArchiveNameRules;

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

  /**
   * Makes a request for whatever lies at a path.
   *
   * @param name the archive's name, which must be portable, or null for that of what lies there
   */
  public static ManifestRequest ofPath(String root, String path, @Nullable String name) {
    String plain = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    String last = plain.substring(plain.lastIndexOf('/') + 1);
    String ofRoot = ArchiveNameRules.portable(root, "archive");
    return new ManifestRequest(
        name == null ? ArchiveNameRules.portable(last, ofRoot) : name,
        List.of(new Target.PathTarget(0, root, path)));
  }
}
