package org.lading.manifest;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lading.manifest.names.PortableNames;

/**
 * The targets of one archive.
 *
 * @param zipName the directory that the archive unpacks into, or null for none
 * @param isNamedAfterDownload whether, where there is none, it is the download's id instead of the
 *     top level
 * @param targets the targets in order; iterated once, and possibly too many to hold in memory
 */
public record ManifestRequest(
    @Nullable String zipName, boolean isNamedAfterDownload, Iterable<Target> targets) {
  /** The name of a directory that is as long as a download's id, which is not known yet. */
  private static final String ANY_ID = "x".repeat(32);

  /** Makes a request for an archive that unpacks at the top level if it has no name. */
  public ManifestRequest(@Nullable String zipName, Iterable<Target> targets) {
    this(zipName, false, targets);
  }

  /** Returns the archive's name for a download with an id, or null if it is the id. */
  public @Nullable String zipName(String id) {
    return zipName == null && isNamedAfterDownload ? id : zipName;
  }

  /** Returns the directory that the archive unpacks into; empty for the top level. */
  String topDirectory() {
    String name = zipName(ANY_ID);
    return name == null ? "" : name;
  }

  /** Makes a request for whatever lies at a path, which gives the archive its name. */
  public static ManifestRequest ofPath(String root, String path) {
    String plain = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    String last = plain.substring(plain.lastIndexOf('/') + 1);
    return new ManifestRequest(
        PortableNames.segment(last, nameOf(root)), List.of(new Target.PathTarget(0, root, path)));
  }

  /** Returns the name for an archive of what lies in a root. */
  public static String nameOf(String root) {
    return PortableNames.segment(root, "archive");
  }
}
