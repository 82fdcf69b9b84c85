package org.lading.modzip;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.lading.manifest.Entry;

/** Lengths as the real mod_zip makes them, Zip64 by numbers and not by gigabytes. */
class ArchiveLengthTest {
  private static final long LIMIT = 0xFFFF_FFFFL;
  private static final int END = 22;
  private static final int ZIP64_END = 56 + 20;

  private final ArchiveLength length = new ArchiveLength();

  @Test
  void noEntries_isTheEndRecord() {
    assertThat(length.length()).isEqualTo(END);
  }

  @Test
  void fileWithoutCrc_hasADescriptor() {
    length.add(5, 100, false);
    assertThat(length.length()).isEqualTo(30 + 5 + 13 + 100 + 16 + 46 + 5 + 9 + END);
  }

  @Test
  void fileWithCrc_hasNone() {
    length.add(5, 100, true);
    assertThat(length.length()).isEqualTo(30 + 5 + 13 + 100 + 46 + 5 + 9 + END);
  }

  @Test
  void directory_countsItsSlash_andNamesCountInBytes() {
    length.add(
        new Entry(Entry.Kind.DIRECTORY, "\u00fc\ud83d\ude00", 0, 0, Instant.EPOCH, null, null));
    assertThat(length.length()).isEqualTo(30 + 7 + 13 + 46 + 7 + 9 + END);
  }

  @Test
  void size_belowTheLimit_needsNoZip64() {
    length.add(1, LIMIT - 1 - 30 - 1 - 13, true);
    assertThat(length.length()).isEqualTo(LIMIT - 1 + 46 + 1 + 9 + END);
  }

  @Test
  void size_atTheLimit_needsZip64InBothHeadersAndALongDescriptor() {
    length.add(1, LIMIT, false);
    long local = 30 + 1 + 13 + 20 + LIMIT + 24;
    assertThat(length.length()).isEqualTo(local + 46 + 1 + 9 + 20 + ZIP64_END + END);
  }

  @Test
  void offset_atTheLimit_needsZip64InTheCentralHeaderOnly() {
    length.add(1, LIMIT - 30 - 1 - 13, true);
    length.add(1, 3, false);
    long first = LIMIT + 46 + 1 + 9;
    long second = 30 + 1 + 13 + 3 + 16 + 46 + 1 + 9 + 12;
    assertThat(length.length()).isEqualTo(first + second + ZIP64_END + END);
  }

  @Test
  void sizeAndOffset_atTheLimit_shareOneField() {
    length.add(1, LIMIT, true);
    length.add(1, LIMIT, true);
    long local = 30 + 1 + 13 + 20 + LIMIT;
    long central = 46 + 1 + 9;
    assertThat(length.length())
        .isEqualTo(2 * local + (central + 20) + (central + 28) + ZIP64_END + END);
  }

  @Test
  void count_at65535_needsZip64AtTheEnd() {
    for (int i = 0; i < 65_534; i++) {
      length.add(1, 0, true);
    }
    long entry = 30 + 1 + 13 + 46 + 1 + 9;
    assertThat(length.length()).isEqualTo(65_534 * entry + END);
    length.add(1, 0, true);
    assertThat(length.length()).isEqualTo(65_535 * entry + ZIP64_END + END);
  }
}
