package org.lading.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.lading.manifest.Entry;

/**
 * Encodes consecutive entries as one chunk, and decodes them: a version byte, the entries, and the
 * CRC-32 of both.
 *
 * <p>An entry is a byte of {@code FLAG_}s and then: name, size, CRC-32 (4 bytes, if known),
 * modification time (seconds after that of the entry before, nanoseconds), root, key, version (if
 * there is a source) and stored path (if there is one). Texts are {@link FrontCoding}; the version
 * is a {@link HexPrefixCodec}. A compression of the result would hardly be worth its time.
 */
final class EntryCodec {
  private static final int VERSION = 1;

  private static final int FLAG_DIRECTORY = 1;
  private static final int FLAG_CRC32 = 2;
  private static final int FLAG_SOURCE = 4;
  private static final int FLAG_VERSION = 8;
  private static final int FLAG_STORED = 16;

  private EntryCodec() {}

  /** Collects the entries of one chunk. */
  static final class Encoder {
    private final RecordOutput out = new RecordOutput(64 * 1024);
    private FrontCoding.Writer names = new FrontCoding.Writer();
    private FrontCoding.Writer roots = new FrontCoding.Writer();
    private FrontCoding.Writer keys = new FrontCoding.Writer();
    private FrontCoding.Writer storedPaths = new FrontCoding.Writer();
    private long seconds;
    private int count;

    Encoder() {
      out.writeByte(VERSION);
    }

    int count() {
      return count;
    }

    /** Returns the size of the chunk so far, in bytes. */
    int length() {
      return out.length();
    }

    void add(Entry entry) {
      count++;
      Entry.Source source = entry.source();
      String version = source == null ? null : source.version();
      String stored = entry.stored();
      out.writeByte(
          (entry.isDirectory() ? FLAG_DIRECTORY : 0)
              | (entry.hasCrc32() ? FLAG_CRC32 : 0)
              | (source != null ? FLAG_SOURCE : 0)
              | (version != null ? FLAG_VERSION : 0)
              | (stored != null ? FLAG_STORED : 0));
      names.write(entry.name(), out);
      out.writeNumber(entry.size());
      if (entry.hasCrc32()) {
        out.writeInt((int) entry.crc32());
      }
      Instant modified = entry.modified();
      out.writeSigned(modified.getEpochSecond() - seconds);
      seconds = modified.getEpochSecond();
      out.writeNumber(modified.getNano());
      if (source != null) {
        roots.write(source.root(), out);
        keys.write(source.key(), names, out);
      }
      if (version != null) {
        HexPrefixCodec.write(version, out);
      }
      if (stored != null) {
        storedPaths.write(stored, out);
      }
    }

    /** Returns the chunk; the encoder is then empty again. */
    byte[] finish() {
      byte[] chunk = out.finish();
      out.writeByte(VERSION);
      names = new FrontCoding.Writer();
      roots = new FrontCoding.Writer();
      keys = new FrontCoding.Writer();
      storedPaths = new FrontCoding.Writer();
      seconds = 0;
      count = 0;
      return chunk;
    }
  }

  /** Reads the entries of one chunk; the caller knows how many there are. */
  static final class Decoder {
    private final RecordInput in;
    private final FrontCoding.Reader names = new FrontCoding.Reader();
    private final FrontCoding.Reader roots = new FrontCoding.Reader();
    private final FrontCoding.Reader keys = new FrontCoding.Reader();
    private final FrontCoding.Reader storedPaths = new FrontCoding.Reader();
    private long seconds;

    /**
     * Makes a decoder of a chunk; throws {@link IllegalStateException} if that is damaged or of
     * another version.
     */
    Decoder(byte[] chunk) {
      if (chunk[0] != VERSION) {
        throw new IllegalStateException("stored entries of an unknown version " + chunk[0]);
      }
      this.in = new RecordInput(chunk, 1);
    }

    /** Reads the next entry; throws {@link IllegalStateException} if there is none. */
    Entry next() {
      int flags = in.readByte();
      String name = names.read(in);
      long size = in.readNumber();
      long crc32 =
          (flags & FLAG_CRC32) != 0 ? Integer.toUnsignedLong(in.readInt()) : Entry.UNKNOWN_CRC32;
      seconds += in.readSigned();
      Instant modified = Instant.ofEpochSecond(seconds, in.readNumber());
      Entry.Source source = (flags & FLAG_SOURCE) != 0 ? source(flags) : null;
      return new Entry(
          (flags & FLAG_DIRECTORY) != 0 ? Entry.Kind.DIRECTORY : Entry.Kind.FILE,
          name,
          size,
          crc32,
          modified,
          source,
          (flags & FLAG_STORED) != 0 ? storedPaths.read(in) : null);
    }

    private Entry.Source source(int flags) {
      String root = roots.read(in);
      String key = keys.read(in, names);
      @Nullable String version = (flags & FLAG_VERSION) != 0 ? HexPrefixCodec.read(in) : null;
      return new Entry.Source(root, key, version);
    }
  }
}
