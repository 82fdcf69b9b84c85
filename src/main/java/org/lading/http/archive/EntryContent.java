package org.lading.http.archive;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.error.Printable;
import org.lading.manifest.Entry;
import org.lading.zip.Content;
import org.lading.zip.Member;

/** An entry as a member of an archive, with its bytes. */
final class EntryContent implements Content {
  /**
   * A file whose CRC-32 is not known is read whole before its header goes out if it is not larger;
   * a larger one gets a data descriptor. Part of the archive's form: another value would give
   * stored downloads other bytes.
   */
  private static final int READ_FIRST = 1 << 20;

  private static final int BUFFER = 64 * 1024;

  private final Entry entry;
  private final long index;
  private final EntryBytes source;
  private final Checksums checksums;
  private byte @Nullable [] readFirst;

  EntryContent(Entry entry, long index, EntryBytes source, Checksums checksums) {
    this.entry = entry;
    this.index = index;
    this.source = source;
    this.checksums = checksums;
  }

  /** The member that an entry becomes; depends on nothing but the entry. */
  static Member member(Entry entry) {
    boolean deferred = !entry.isDirectory() && !entry.hasCrc32() && entry.size() > READ_FIRST;
    String name = entry.isDirectory() ? entry.name() + "/" : entry.name();
    return new Member(name, entry.size(), entry.modified(), deferred);
  }

  @Override
  public Member member() {
    return member(entry);
  }

  @Override
  public long crc32() throws IOException {
    if (entry.hasCrc32()) {
      return entry.crc32();
    }
    if (!checksums.has(index)) {
      if (entry.size() <= READ_FIRST) {
        readFirst();
      } else {
        readWhole();
      }
    }
    return checksums.get(index);
  }

  @Override
  public InputStream open(long position) throws IOException {
    if (readFirst != null) {
      InputStream bytes = new ByteArrayInputStream(readFirst);
      bytes.skipNBytes(position);
      readFirst = null;
      return bytes;
    }
    InputStream bytes = source.open(entry, position);
    return position == 0 ? new Checked(bytes) : bytes;
  }

  private void readFirst() throws IOException {
    try (InputStream in = new Checked(source.open(entry, 0))) {
      byte[] bytes = in.readNBytes((int) entry.size());
      if (bytes.length != entry.size()) {
        throw changed();
      }
      readFirst = bytes;
    }
  }

  private void readWhole() throws IOException {
    try (InputStream in = new Checked(source.open(entry, 0))) {
      byte[] buffer = new byte[BUFFER];
      while (in.read(buffer) >= 0) {
        // The checksum is all that is wanted.
      }
    }
  }

  private LadingException changed() {
    return new LadingException(
        ErrorCode.CHANGED,
        "The file '" + Printable.of(entry.name()) + "' changed since the download was made");
  }

  /** Computes the CRC-32 on the way, and holds it against the known one. */
  private final class Checked extends FilterInputStream {
    private final CRC32 crc = new CRC32();
    private long left = entry.size();

    Checked(InputStream in) {
      super(in);
      if (left == 0) {
        finish();
      }
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int start, int length) throws IOException {
      int read = in.read(buffer, start, (int) Math.min(length, Math.max(left, 1)));
      if (read > 0) {
        crc.update(buffer, start, read);
        left -= read;
        if (left == 0) {
          finish();
        }
      }
      return read;
    }

    private void finish() {
      if (entry.hasCrc32() && entry.crc32() != crc.getValue()) {
        throw changed();
      }
      checksums.put(index, crc.getValue());
    }
  }
}
