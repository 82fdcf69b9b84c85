package org.lading.archive;

import java.io.IOException;
import org.lading.error.LadingException;
import org.lading.manifest.Entry;
import org.lading.zip.Member;
import org.lading.zip.MemberContent;

/**
 * The content of an archive member: of a file or directory that was recorded as an entry when the
 * download was created.
 */
abstract class EntryContent implements MemberContent {
  /**
   * The maximum size in bytes of a file that is read whole before its header is sent, if its CRC-32
   * is not known; a larger one gets a data descriptor. It is part of the archive's format: another
   * value would change the archives of existing downloads.
   */
  static final int MAX_SMALL_FILE = 1 << 20;

  final Entry entry;
  final ArchiveParts parts;
  private final long index;
  private final Runnable beforeReading;

  /**
   * Makes the content of an entry.
   *
   * @param index the position among the members, from 0
   * @param beforeReading runs before the source is read or awaited
   */
  EntryContent(Entry entry, long index, ArchiveParts parts, Runnable beforeReading) {
    this.entry = entry;
    this.index = index;
    this.parts = parts;
    this.beforeReading = beforeReading;
  }

  /** Returns the member that is made of an entry; it depends on the entry only. */
  static Member member(Entry entry) {
    boolean deferred = !entry.isDirectory() && !entry.hasCrc32() && entry.size() > MAX_SMALL_FILE;
    String name = entry.isDirectory() ? entry.name() + "/" : entry.name();
    return new Member(name, entry.size(), entry.modified(), deferred);
  }

  @Override
  public final Member member() {
    return member(entry);
  }

  @Override
  public final long crc32() throws IOException {
    if (entry.hasCrc32()) {
      return entry.crc32();
    }
    if (!parts.checksums().has(index)) {
      computeCrc32();
    }
    return parts.checksums().get(index);
  }

  /** Looks up or computes the CRC-32, and sets it. */
  abstract void computeCrc32() throws IOException;

  /**
   * Begins to read the content, which lies in a remote root, before the member's turn, if the
   * prefetch budget allows it.
   */
  abstract void startPrefetch();

  /** Returns the number of bytes of memory that the prefetch holds, or 0 if there is none. */
  abstract long prefetchedBytes();

  /** Releases bytes that were prefetched and not used. */
  abstract void release() throws IOException;

  /** Returns whether the CRC-32 is not known yet. */
  final boolean needsCrc32() {
    return !entry.hasCrc32() && !parts.checksums().has(index);
  }

  /** Runs {@code beforeReading}: the source is about to be read or awaited. */
  final void announceReading() {
    beforeReading.run();
  }

  /** Sets the CRC-32 that was computed; throws {@code CHANGED} if another one was known. */
  final void setComputedCrc32(long crc32) {
    if (entry.hasCrc32()) {
      requireKnownCrc32(crc32);
    } else if (!parts.checksums().putComputed(index, entry.contentId(), crc32)) {
      // The header that was sent, or the end of another client's archive, has the other one.
      throw changed();
    }
  }

  /** Sets the CRC-32 that the ledger knows. */
  final void setKnownCrc32(long crc32) {
    parts.checksums().put(index, crc32);
  }

  /** Throws {@code CHANGED}, and corrects the ledger, if the entry has another CRC-32. */
  private void requireKnownCrc32(long crc32) {
    if (entry.crc32() != crc32) {
      if (entry.source() != null) {
        parts.checksums().ledger().learn(entry.contentId(), crc32);
      }
      throw changed();
    }
  }

  /** Returns a {@code CHANGED} exception that names the entry. */
  final LadingException changed() {
    return LadingException.changed("The file", entry.name(), null);
  }
}
