package org.lading.http.archive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.error.Printable;
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
  InputStream open(Entry entry, long from, long to) throws IOException {
    Entry.Source source = entry.source();
    if (source == null) {
      return openLiteral(entry, from);
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
    return root.open(item, from, to);
  }

  /** All bytes from a position on, exactly so many. */
  byte[] read(Entry entry, long from, int length) throws IOException {
    try (InputStream in = open(entry, from, from + length)) {
      byte[] bytes = in.readNBytes(length);
      if (bytes.length != length) {
        throw new EOFException(Printable.of(entry.name()) + " ended too early");
      }
      return bytes;
    }
  }

  /** To its end, which the reader need not come to. */
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
