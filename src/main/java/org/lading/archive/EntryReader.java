package org.lading.archive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lading.base.PrintableText;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.manifest.Entry;
import org.lading.manifest.StoredContents;
import org.lading.root.Item;
import org.lading.root.Root;
import org.lading.root.Roots;

/** Opens the bytes of entries: of files in roots, and of literals. */
final class EntryReader {
  private final Roots roots;
  private final StoredContents contents;

  EntryReader(Roots roots, StoredContents contents) {
    this.roots = roots;
    this.contents = contents;
  }

  /** Returns whether an entry is a file of a remote root. */
  boolean isRemote(Entry entry) {
    Root root = root(entry);
    return root != null && root.isRemote();
  }

  /** Returns whether an entry is a file of a root that is not remote. */
  boolean isLocal(Entry entry) {
    Root root = root(entry);
    return root != null && !root.isRemote();
  }

  /** Returns whether two entries are files of the same root. */
  boolean haveSameRoot(Entry one, Entry other) {
    return one.source() != null
        && other.source() != null
        && one.source().root().equals(other.source().root());
  }

  /** Returns whether blocks of an entry can be read by themselves, see {@link Root#readsParts}. */
  boolean readsParts(Entry entry) {
    Root root = root(entry);
    return root == null || root.readsParts();
  }

  private @Nullable Root root(Entry entry) {
    Entry.Source from = entry.source();
    return from == null ? null : roots.find(from.root());
  }

  /** Reads whole files of one root, see {@link Root#read}. */
  byte[][] read(List<Entry> entries) throws IOException {
    Root root = root(entries.get(0));
    if (root == null) {
      throw new IOException("no root to read from");
    }
    return root.read(entries.stream().map(EntryReader::item).toList());
  }

  /**
   * Opens bytes of an entry, see {@link Root#open}. Whatever fails names the root and the entry,
   * for the log.
   */
  InputStream open(Entry entry, long from, long to) throws IOException {
    try {
      return new NamedFailureInputStream(openSource(entry, from, to), entry);
    } catch (IOException | RuntimeException e) {
      throw NamedFailureInputStream.named(entry, e);
    }
  }

  private InputStream openSource(Entry entry, long from, long to) throws IOException {
    Entry.Source source = entry.source();
    if (source == null) {
      return contents.open(entry, from, to);
    }
    Root root = roots.find(source.root());
    if (root == null) {
      throw new LadingException(
          ErrorCode.CHANGED, "The root " + source.root() + " is no longer configured");
    }
    return root.open(item(entry), from, to);
  }

  private static Item item(Entry entry) {
    Entry.Source source = entry.source();
    if (source == null) {
      throw new IllegalStateException("an entry without a source: " + entry.name());
    }
    return new Item(
        Item.Kind.FILE,
        entry.name(),
        source.key(),
        entry.size(),
        entry.modified(),
        source.version());
  }

  /** Reads {@code length} bytes from a position on; throws if there are fewer. */
  byte[] read(Entry entry, long from, int length) throws IOException {
    try (InputStream in = open(entry, from, from + length)) {
      byte[] bytes = in.readNBytes(length);
      if (bytes.length != length) {
        throw new EOFException(PrintableText.of(entry.name()) + " ended too early");
      }
      return bytes;
    }
  }
}
