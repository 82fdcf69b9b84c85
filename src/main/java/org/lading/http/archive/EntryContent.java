package org.lading.http.archive;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
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
  private final Runnable onReading;
  private ReadAhead.@Nullable Reading ahead;
  private byte @Nullable [] whole;

  /** A member's content; {@code onReading} is told before its source is read or waited for. */
  EntryContent(
      Entry entry, long index, EntryBytes source, Checksums checksums, Runnable onReading) {
    this.entry = entry;
    this.index = index;
    this.source = source;
    this.checksums = checksums;
    this.onReading = onReading;
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
        whole = readWhole();
      } else {
        skipWhole();
      }
    }
    return checksums.get(index);
  }

  @Override
  public InputStream open(long position) throws IOException {
    if (ahead != null && whole == null) {
      whole = readWhole();
    }
    if (whole != null) {
      InputStream bytes = new ByteArrayInputStream(whole);
      bytes.skipNBytes(position);
      whole = null;
      return bytes;
    }
    onReading.run();
    InputStream bytes = source.open(entry, position);
    return position == 0 ? new Checked(bytes) : bytes;
  }

  /** Begins to read a small file whose source is far away, unless its bytes are not needed. */
  void readAhead(ReadAhead readAhead) {
    boolean small = entry.size() > 0 && entry.size() <= READ_FIRST;
    if (small && source.isRemote(entry)) {
      ahead = readAhead.begin(entry.size(), this::fetch);
    }
  }

  /** Gives up what was read ahead and not used. */
  void end() {
    if (ahead != null) {
      ahead.end();
      ahead = null;
    }
  }

  private byte[] readWhole() throws IOException {
    onReading.run();
    byte[] bytes = ahead == null ? fetch() : await(ahead);
    end();
    CRC32 crc = new CRC32();
    crc.update(bytes);
    learn(crc.getValue());
    return bytes;
  }

  private byte[] fetch() throws IOException {
    try (InputStream in = source.open(entry, 0)) {
      byte[] bytes = in.readNBytes((int) entry.size());
      if (bytes.length != entry.size()) {
        throw changed();
      }
      return bytes;
    }
  }

  private static byte[] await(ReadAhead.Reading reading) throws IOException {
    try {
      return reading.result().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (CancellationException e) {
      throw new IOException("the reading was given up", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof LadingException failure) {
        throw failure;
      }
      throw new IOException("a file could not be read ahead", e.getCause());
    }
  }

  private void skipWhole() throws IOException {
    onReading.run();
    try (InputStream in = new Checked(source.open(entry, 0))) {
      byte[] buffer = new byte[BUFFER];
      while (in.read(buffer) >= 0) {
        // The checksum is all that is wanted.
      }
    }
  }

  private void learn(long crc32) {
    if (entry.hasCrc32() && entry.crc32() != crc32) {
      throw changed();
    }
    checksums.put(index, crc32);
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
      learn(crc.getValue());
    }
  }
}
