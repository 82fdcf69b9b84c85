package org.lading.modzip;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lading.manifest.Entry;

/** The expected lengths were counted on archives that mod_zip made, in nginx 1.22.1. */
class ModZipArchiveSizerTest {
  private static final Instant TIME = Instant.EPOCH;

  private final ModZipArchiveSizer archive = new ModZipArchiveSizer();

  @ParameterizedTest
  @CsvSource({
    "10, 3000000, 3000156",
    "20, 3000000, 3000176",
    "4, 0, 144",
    "7, 4294967294, 4294967520",
    "7, 4294967295, 4294967569"
  })
  void oneFile_withoutCrc(int nameBytes, long size, long length) {
    archive.add(nameBytes, size, false);

    assertThat(archive.length()).isEqualTo(length);
  }

  @Test
  void filesWithCrc_haveNoDescriptor_andNamesCountInBytes() {
    for (String name : new String[] {"a.txt", "ü漢🚢.txt", "zero.txt"}) {
      long size = name.equals("a.txt") ? 100_000 : name.equals("zero.txt") ? 0 : 270_000;
      archive.add(new Entry(Entry.Kind.FILE, name, size, 1, TIME, null, "stored"));
    }

    assertThat(archive.length()).isEqualTo(370_368);
  }

  @Test
  void directories_countTheirSlash() {
    for (String name : new String[] {"emptydir", "tree/sub/empty"}) {
      archive.add(new Entry(Entry.Kind.DIRECTORY, name, 0, 0, TIME, null, null));
    }

    assertThat(archive.length()).isEqualTo(266);
  }

  @ParameterizedTest
  @CsvSource({"65534, 7077694", "65535, 7077878", "65536, 7077986"})
  void count_fromSixteenBitsOn_needsZip64(int entries, long length) {
    for (int i = 0; i < entries; i++) {
      archive.add(5, 0, true);
    }

    assertThat(archive.length()).isEqualTo(length);
  }

  @ParameterizedTest
  @CsvSource({"4294967294, 4294967549", "4294967295, 4294967562", "4294967296, 4294967563"})
  void entryAtOffset_fromThirtyTwoBitsOn_needsZip64(long offset, long length) {
    archive.add(1, offset - 60, false);
    archive.add(1, 1, true);

    assertThat(archive.length()).isEqualTo(length);
  }

  @ParameterizedTest
  @CsvSource({"4294967294, 4294967372", "4294967295, 4294967449", "4294967296, 4294967450"})
  void centralDirectoryAtOffset_fromThirtyTwoBitsOn_needsZip64(long offset, long length) {
    archive.add(1, offset - 60, false);

    assertThat(archive.length()).isEqualTo(length);
  }

  @Test
  void largeSizesAndOffsetsTogether() {
    archive.add(8, 4_400_000_000L, false);
    archive.add(6, 4_294_967_294L, false);
    archive.add(5, 700_000, false);
    archive.add(3, 3, true);
    archive.add(9, 0, true);
    archive.add(7, 5_000_000, false);

    assertThat(archive.length()).isEqualTo(8_700_668_231L);
  }
}
