package org.lading.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * A small zip with the layout that mod_zip gives it: it believes the sizes and checksums of the
 * manifest, and adds a data descriptor where a checksum is not known.
 */
final class StoredZip {
  private static final int LOCAL = 30 + 13;
  private static final int DESCRIPTOR = 16;
  private static final int CENTRAL = 46 + 9;
  private static final int END = 22;
  private static final short UTF8_NAMES = 1 << 11;
  private static final short WITH_DESCRIPTOR = 1 << 3;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final List<byte[]> central = new ArrayList<>();

  /** The length of the whole archive. */
  static long length(List<Manifest> lines) {
    long length = END;
    for (Manifest line : lines) {
      int name = ManifestAssembler.utf8(line.name()).length;
      length += LOCAL + CENTRAL + 2L * name + line.size() + (isUnknown(line) ? DESCRIPTOR : 0);
    }
    return length;
  }

  /** Adds an entry. */
  void add(Manifest line, byte[] content, Instant date) {
    int offset = out.size();
    begin(line, date);
    out.writeBytes(content);
    CRC32 computed = new CRC32();
    computed.update(content);
    int crc32 =
        isUnknown(line) ? (int) computed.getValue() : Integer.parseUnsignedInt(line.crc32(), 16);
    if (isUnknown(line)) {
      out.writeBytes(
          buffer(DESCRIPTOR)
              .putInt(0x08074b50)
              .putInt(crc32)
              .putInt((int) line.size())
              .putInt((int) line.size())
              .array());
    }
    byte[] name = ManifestAssembler.utf8(line.name());
    ByteBuffer record = buffer(CENTRAL + name.length).putInt(0x02014b50).putShort((short) 0x0314);
    common(record, line, crc32, name.length, 9);
    record.putShort((short) 0).putShort((short) 0).putShort((short) 0).putInt(0).putInt(offset);
    record.put(name);
    record.putShort((short) 0x5455).putShort((short) 5).put((byte) 3);
    central.add(bytes(record.putInt((int) date.getEpochSecond())));
  }

  /** Writes the beginning of an entry. */
  void begin(Manifest line, Instant date) {
    byte[] name = ManifestAssembler.utf8(line.name());
    ByteBuffer record = buffer(LOCAL + name.length).putInt(0x04034b50);
    int crc32 = isUnknown(line) ? 0 : Integer.parseUnsignedInt(line.crc32(), 16);
    common(record, line, crc32, name.length, 13);
    record.put(name).putShort((short) 0x5455).putShort((short) 9).put((byte) 3);
    int seconds = (int) date.getEpochSecond();
    out.writeBytes(bytes(record.putInt(seconds).putInt(seconds)));
  }

  /** What has been written. */
  byte[] soFar() {
    return out.toByteArray();
  }

  /** Writes the central directory; returns the whole. */
  byte[] end() {
    int offset = out.size();
    central.forEach(out::writeBytes);
    int size = out.size() - offset;
    out.writeBytes(
        buffer(END)
            .putInt(0x06054b50)
            .putInt(0)
            .putShort((short) central.size())
            .putShort((short) central.size())
            .putInt(size)
            .putInt(offset)
            .putShort((short) 0)
            .array());
    return out.toByteArray();
  }

  private static void common(ByteBuffer record, Manifest line, int crc32, int name, int extra) {
    boolean local = extra == 13;
    int size = isUnknown(line) && local ? 0 : (int) line.size();
    int flags = UTF8_NAMES | (isUnknown(line) ? WITH_DESCRIPTOR : 0);
    // Version 2.0, stored, a DOS time of midnight on the first of January 1980.
    record.putShort((short) 20).putShort((short) flags).putShort((short) 0);
    record.putShort((short) 0).putShort((short) 0x21).putInt(crc32).putInt(size).putInt(size);
    record.putShort((short) name).putShort((short) extra);
  }

  private static boolean isUnknown(Manifest line) {
    return line.crc32().equals("-");
  }

  private static byte[] bytes(ByteBuffer filled) {
    byte[] bytes = new byte[filled.position()];
    filled.flip().get(bytes);
    return bytes;
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
