package org.lading.archive;

import java.io.IOException;
import org.lading.checksum.ContentId;
import org.lading.error.LadingException;
import org.lading.manifest.Entry;
import org.lading.zip.Member;
import org.lading.zip.MemberContent;

/** An entry as a member of an archive, with its bytes. */
abstract class EntryContent implements MemberContent {
  /**
   * A file whose CRC-32 is not known is read whole before its header goes out if it is not larger;
   * a larger one gets a data descriptor. Part of the archive's form: another value would give
   * stored downloads other bytes.
   */
  static final int READ_FIRST = 1 << 20;

  final Entry entry;
  final EntryReader source;
  final MemberChecksums learned;
  private final long index;
  private final Runnable onReading;

  /**
   * A member's content.
   *
   * @param index its place among the members, from 0
   * @param learned the checksums of the archive's members
   * @param onReading is told before the content's source is read or waited for
   */
  EntryContent(
      Entry entry, long index, EntryReader source, MemberChecksums learned, Runnable onReading) {
    this.entry = entry;
    this.index = index;
    this.source = source;
    this.learned = learned;
    this.onReading = onReading;
  }

  /** The member that an entry becomes; depends on nothing but the entry. */
  static Member member(Entry entry) {
    boolean deferred = !entry.isDirectory() && !entry.hasCrc32() && entry.size() > READ_FIRST;
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
    if (!learned.has(index)) {
      computeCrc32();
    }
    return learned.get(index);
  }

  /** Reads what it takes to {@link #learn} the CRC-32. */
  abstract void computeCrc32() throws IOException;

  /** Begins to read the content of a remote root, before its turn comes. */
  abstract void begin();

  /** So many bytes are held for it since it has begun. */
  abstract long held();

  /** Gives up what was read ahead and not used. */
  abstract void end() throws IOException;

  /** Whether nobody knows the CRC-32 yet. */
  final boolean isUnknown() {
    return !entry.hasCrc32() && !learned.has(index);
  }

  /** To be called before the source is read or waited for. */
  final void reading() {
    onReading.run();
  }

  /** What identifies the bytes, for an entry whose CRC-32 is not known: a root has them. */
  final ContentId content() {
    Entry.Source from = entry.source();
    if (from == null) {
      throw new IllegalStateException("an entry without a source: " + entry.name());
    }
    return from.content(entry.size(), entry.modified());
  }

  /** The CRC-32 of the whole was computed; fails if it is not the one that was known. */
  final void learn(long crc32) {
    if (entry.hasCrc32()) {
      requireKnown(crc32);
    } else if (!learned.put(index, content(), crc32)) {
      // The header that has gone out, or the end of another client's archive, has the other one.
      throw changed();
    }
  }

  /** The CRC-32 was known all the time. */
  final void recall(long crc32) {
    learned.put(index, crc32);
  }

  /** Size, time and version are the same, and yet not the bytes: what was remembered is wrong. */
  private void requireKnown(long crc32) {
    if (entry.crc32() != crc32) {
      if (entry.source() != null) {
        learned.correct(content(), crc32);
      }
      throw changed();
    }
  }

  final LadingException changed() {
    return LadingException.changed("The file", entry.name(), null);
  }
}
