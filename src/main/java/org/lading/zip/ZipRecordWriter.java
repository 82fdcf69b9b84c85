package org.lading.zip;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * Writes the records of the ZIP APPNOTE 6.3.10, section 4.3. {@link ZipLayout} measures a record by
 * writing it, so that no length can differ from the record in the archive.
 */
final class ZipRecordWriter {
  /**
   * The smallest number that a 32-bit field cannot hold; such a field has this value, and the Zip64
   * field (4.5.3) has the number.
   */
  static final long ZIP64_FROM = 0xFFFF_FFFFL;

  private static final int ZIP64_COUNT_FROM = 0xFFFF;

  private static final int LOCAL_HEADER = 0x04034b50;
  private static final int DATA_DESCRIPTOR = 0x08074b50;
  private static final int CENTRAL_HEADER = 0x02014b50;
  private static final int ZIP64_END = 0x06064b50;
  private static final int ZIP64_LOCATOR = 0x07064b50;
  private static final int END = 0x06054b50;

  private static final int FLAG_DEFERRED = 1 << 3;
  private static final int FLAG_UTF8 = 1 << 11;
  private static final int VERSION_DIRECTORY = 20;
  private static final int VERSION_STORED = 10;
  private static final int VERSION_ZIP64 = 45;
  private static final int MADE_BY_UNIX = 3 << 8;

  private static final int UNIX_FILE = 0100644;
  private static final int UNIX_DIRECTORY = 0040755;
  private static final int DOS_DIRECTORY = 0x10;

  private static final int ZIP64_FIELD = 0x0001;
  private static final int TIMESTAMP_FIELD = 0x5455;
  private static final int TIMESTAMP_BYTES = 5;
  private static final int HAS_MODIFICATION_TIME = 1;
  private static final LocalDateTime DOS_EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);
  private static final LocalDateTime DOS_END = LocalDateTime.of(2107, 12, 31, 23, 59, 58);

  /** The maximum number of bytes of a name. */
  private static final int MAX_NAME = 0xFFFF;

  /** The maximum number of bytes of a record without the name: the header and all extra fields. */
  private static final int MAX_REST = 256;

  private ByteBuffer out = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);

  /** Returns the last record, ready to be read; it is valid until the next one is written. */
  ByteBuffer take() {
    ByteBuffer written = out.duplicate().flip();
    out.clear();
    return written;
  }

  /** Writes a local file header (4.3.7); {@code crc32} is ignored if the member defers it. */
  void local(Member member, long crc32) {
    byte[] name = begin(member);
    boolean zip64 = member.size() >= ZIP64_FROM;
    out.putInt(LOCAL_HEADER);
    putCommon(member, zip64, member.deferred() ? 0 : crc32);
    int size = (int) Math.min(member.size(), ZIP64_FROM);
    out.putInt(size).putInt(size);
    out.putShort((short) name.length);
    out.putShort((short) ((zip64 ? 20 : 0) + timestampLength(member)));
    out.put(name);
    if (zip64) {
      out.putShort((short) ZIP64_FIELD).putShort((short) 16);
      out.putLong(member.size()).putLong(member.size());
    }
    putTimestamp(member);
  }

  /** Writes a data descriptor (4.3.9), or an empty record if the member has none. */
  void descriptor(Member member, long crc32) {
    out.clear();
    if (!member.deferred()) {
      return;
    }
    out.putInt(DATA_DESCRIPTOR).putInt((int) crc32);
    if (member.size() >= ZIP64_FROM) {
      out.putLong(member.size()).putLong(member.size());
    } else {
      out.putInt((int) member.size()).putInt((int) member.size());
    }
  }

  /**
   * Writes a central directory header (4.3.12).
   *
   * <p>Where the offset needs Zip64, the sizes are in the Zip64 field too, whatever they are:
   * Info-ZIP's unzip 6.0 otherwise takes the offset for a size where the header before has a size
   * of exactly 2<sup>32</sup> - 1, and finds no member from there on.
   */
  void central(Member member, long offset, long crc32) {
    byte[] name = begin(member);
    boolean zip64Offset = offset >= ZIP64_FROM;
    boolean zip64Size = zip64Offset || member.size() >= ZIP64_FROM;
    int zip64Bytes = (zip64Size ? 16 : 0) + (zip64Offset ? 8 : 0);
    out.putInt(CENTRAL_HEADER);
    out.putShort((short) (MADE_BY_UNIX | VERSION_ZIP64));
    putCommon(member, zip64Size, crc32);
    int size = (int) (zip64Size ? ZIP64_FROM : member.size());
    out.putInt(size).putInt(size);
    out.putShort((short) name.length);
    out.putShort((short) ((zip64Bytes == 0 ? 0 : 4 + zip64Bytes) + timestampLength(member)));
    out.putShort((short) 0).putShort((short) 0).putShort((short) 0);
    out.putInt(member.isDirectory() ? UNIX_DIRECTORY << 16 | DOS_DIRECTORY : UNIX_FILE << 16);
    out.putInt((int) Math.min(offset, ZIP64_FROM));
    out.put(name);
    if (zip64Bytes > 0) {
      out.putShort((short) ZIP64_FIELD).putShort((short) zip64Bytes);
      if (zip64Size) {
        out.putLong(member.size()).putLong(member.size());
      }
      if (zip64Offset) {
        out.putLong(offset);
      }
    }
    putTimestamp(member);
  }

  /**
   * Writes the end of an archive: record 4.3.16, preceded by 4.3.14 and 4.3.15 if a number needs
   * Zip64.
   */
  void end(long members, long centralOffset, long centralLength) {
    out.clear();
    if (members >= ZIP64_COUNT_FROM || centralOffset >= ZIP64_FROM || centralLength >= ZIP64_FROM) {
      out.putInt(ZIP64_END).putLong(44);
      out.putShort((short) (MADE_BY_UNIX | VERSION_ZIP64)).putShort((short) VERSION_ZIP64);
      out.putInt(0).putInt(0).putLong(members).putLong(members);
      out.putLong(centralLength).putLong(centralOffset);
      out.putInt(ZIP64_LOCATOR).putInt(0).putLong(centralOffset + centralLength).putInt(1);
    }
    short count = (short) Math.min(members, ZIP64_COUNT_FROM);
    out.putInt(END).putShort((short) 0).putShort((short) 0).putShort(count).putShort(count);
    out.putInt((int) Math.min(centralLength, ZIP64_FROM));
    out.putInt((int) Math.min(centralOffset, ZIP64_FROM));
    out.putShort((short) 0);
  }

  private byte[] begin(Member member) {
    byte[] name = member.name().getBytes(StandardCharsets.UTF_8);
    if (name.length > MAX_NAME) {
      throw new IllegalArgumentException("a name of more than 65,535 bytes");
    }
    if (out.capacity() < name.length + MAX_REST) {
      out = ByteBuffer.allocate(MAX_NAME + MAX_REST).order(ByteOrder.LITTLE_ENDIAN);
    }
    out.clear();
    return name;
  }

  /** Writes the fields from "version needed" to "crc-32", which both headers share. */
  private void putCommon(Member member, boolean zip64, long crc32) {
    int version = member.isDirectory() ? VERSION_DIRECTORY : VERSION_STORED;
    out.putShort((short) (zip64 ? VERSION_ZIP64 : version));
    out.putShort((short) (FLAG_UTF8 | (member.deferred() ? FLAG_DEFERRED : 0)));
    out.putShort((short) 0);
    out.putInt(dosTime(member.modified()));
    out.putInt((int) crc32);
  }

  /**
   * Returns the number of bytes of the timestamp field, 0 for a time that its signed 32 bits cannot
   * hold.
   */
  private static int timestampLength(Member member) {
    long seconds = member.modified().getEpochSecond();
    return seconds == (int) seconds ? 4 + TIMESTAMP_BYTES : 0;
  }

  private void putTimestamp(Member member) {
    if (timestampLength(member) > 0) {
      out.putShort((short) TIMESTAMP_FIELD).putShort((short) TIMESTAMP_BYTES);
      out.put((byte) HAS_MODIFICATION_TIME).putInt((int) member.modified().getEpochSecond());
    }
  }

  /** Returns time and date in the format of MS-DOS (4.4.6), in UTC, clipped to 1980 to 2107. */
  static int dosTime(Instant instant) {
    LocalDateTime time = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    if (time.isBefore(DOS_EPOCH)) {
      time = DOS_EPOCH;
    } else if (time.isAfter(DOS_END)) {
      time = DOS_END;
    }
    return time.getSecond() / 2
        | time.getMinute() << 5
        | time.getHour() << 11
        | time.getDayOfMonth() << 16
        | time.getMonthValue() << 21
        | (time.getYear() - 1980) << 25;
  }
}
