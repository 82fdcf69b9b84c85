package org.lading.modzip;

import java.nio.charset.StandardCharsets;
import org.lading.manifest.ArchiveSizer;
import org.lading.manifest.Entry;

/**
 * Computes the exact length of the archive that mod_zip 1.3.0 makes of a manifest.
 *
 * <p>Every entry is stored with an extended-timestamp field; a data descriptor follows where the
 * manifest has no CRC-32; Zip64 fields appear only where a number needs them. The record sizes are
 * those of the ZIP APPNOTE, sections 4.3 and 4.5.
 */
public final class ModZipArchiveSizer implements ArchiveSizer {
  private static final long ZIP64_FROM = 0xFFFF_FFFFL;
  private static final long ZIP64_COUNT_FROM = 0xFFFF;

  private static final int LOCAL_HEADER = 30;
  private static final int LOCAL_TIMESTAMP_FIELD = 13;
  private static final int CENTRAL_HEADER = 46;
  private static final int CENTRAL_TIMESTAMP_FIELD = 9;
  private static final int DATA_DESCRIPTOR = 16;
  private static final int DATA_DESCRIPTOR_ZIP64 = 24;
  private static final int ZIP64_FIELD_HEADER = 4;
  private static final int ZIP64_SIZES = 16;
  private static final int ZIP64_OFFSET = 8;
  private static final int END_RECORD = 22;
  private static final int ZIP64_END_RECORD_AND_LOCATOR = 56 + 20;

  private long entries;
  private long offset;
  private long centralDirectory;
  private boolean zip64;

  @Override
  public void add(Entry entry) {
    int name = entry.name().getBytes(StandardCharsets.UTF_8).length;
    add(entry.isDirectory() ? name + 1 : name, entry.size(), entry.hasCrc32());
  }

  /** Adds an entry: the bytes of its name, the bytes of its content, whether its CRC is known. */
  void add(int nameBytes, long size, boolean crcKnown) {
    boolean zip64Offset = offset >= ZIP64_FROM;
    boolean zip64Size = size >= ZIP64_FROM;
    zip64 |= zip64Offset || zip64Size;
    entries++;
    centralDirectory += CENTRAL_HEADER + nameBytes + CENTRAL_TIMESTAMP_FIELD;
    if (zip64Offset || zip64Size) {
      centralDirectory +=
          ZIP64_FIELD_HEADER + (zip64Size ? ZIP64_SIZES : 0) + (zip64Offset ? ZIP64_OFFSET : 0);
    }
    offset += LOCAL_HEADER + nameBytes + LOCAL_TIMESTAMP_FIELD + size;
    if (zip64Size) {
      offset += ZIP64_FIELD_HEADER + ZIP64_SIZES;
    }
    if (!crcKnown) {
      offset += zip64Size ? DATA_DESCRIPTOR_ZIP64 : DATA_DESCRIPTOR;
    }
  }

  @Override
  public long length() {
    boolean zip64End = zip64 || offset >= ZIP64_FROM || entries >= ZIP64_COUNT_FROM;
    return offset + centralDirectory + (zip64End ? ZIP64_END_RECORD_AND_LOCATOR : 0) + END_RECORD;
  }
}
