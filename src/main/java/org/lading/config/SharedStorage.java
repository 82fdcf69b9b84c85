package org.lading.config;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.lading.manifest.StoredContents;
import org.lading.root.RootSettings;
import org.lading.root.filesystem.FilesystemRootSettings;
import org.lading.root.filesystem.FilesystemRootSettings.Serve;

/** Tells what nodes on one database can only do if they share the storage. */
public final class SharedStorage {
  private SharedStorage() {}

  /**
   * Returns a sentence about what nginx reads in the storage, whichever node has written it; null
   * if that is nothing, or if there can be only one node.
   */
  public static @Nullable String advice(Configuration configuration) {
    if (configuration.database().isEmbedded()) {
      return null;
    }
    List<String> needs =
        configuration.roots().stream()
            .filter(SharedStorage::isLinked)
            .map(root -> "the links of the root " + root.name() + " (unless it has serve: direct)")
            .collect(Collectors.toList());
    if (configuration.manifest().literals() == StoredContents.Place.STORAGE) {
      needs.add("literals (unless they are in the database)");
    }
    return needs.isEmpty()
        ? null
        : "several nodes on this database have to share "
            + configuration.storage()
            + " for "
            + String.join(", ", needs);
  }

  private static boolean isLinked(RootSettings root) {
    return root instanceof FilesystemRootSettings files && files.serve() == Serve.LINKS;
  }
}
