package org.lading.http.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.manifest.Entry;
import org.lading.manifest.StoredFiles;
import org.lading.root.Item;
import org.lading.root.Root;
import org.lading.root.Roots;

/** Opens the bytes of entries, wherever they are. */
final class EntryBytes {
  private final Roots roots;
  private final StoredFiles storedFiles;

  EntryBytes(Roots roots, StoredFiles storedFiles) {
    this.roots = roots;
    this.storedFiles = storedFiles;
  }

  /** Whether reading several files at once is faster than one after another. */
  boolean isRemote(Entry entry) {
    Entry.Source from = entry.source();
    Root root = from == null ? null : roots.find(from.root());
    return root != null && root.isRemote();
  }

  /** See {@link Root#open}. */
  InputStream open(Entry entry, long position) throws IOException {
    Entry.Source source = entry.source();
    if (source == null) {
      return openLiteral(entry, position);
    }
    Root root = roots.find(source.root());
    if (root == null) {
      throw new LadingException(
          ErrorCode.CHANGED, "The root " + source.root() + " is no longer configured");
    }
    Item item =
        new Item(
            Item.Kind.FILE,
            entry.name(),
            source.key(),
            entry.size(),
            entry.modified(),
            source.version());
    return root.open(item, position);
  }

  private InputStream openLiteral(Entry entry, long position) throws IOException {
    String stored = entry.stored();
    if (stored == null) {
      throw new IllegalStateException("an entry without bytes: " + entry.name());
    }
    InputStream in = Files.newInputStream(storedFiles.path(stored));
    in.skipNBytes(position);
    return in;
  }
}
