package org.lading.modzip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lading.base.ByteBuilder;

class EntryBuffersTest {
  private static final long MIB = 1 << 20;

  @ParameterizedTest
  @CsvSource({
    // Alone in its archive, an entry has as much as its size needs.
    "0, 0, ''",
    "4096, 4096, ''",
    "4097, 4097, /16k",
    "16385, 16385, /64k",
    "65536, 65536, /64k",
    "65537, 65537, /256k",
    "2147483648, 2147483648, /256k",
    "9223372036854775807, 9223372036854775807, /256k",
    // One of 200 of 50 MB, one of 20,000 of 20 KB, one of 10,000 of 1 MB.
    "50000000, 10000000000, /256k",
    "20000, 400000000, ''",
    "1000000, 4000000000, /16k",
    "1000000, 1000000000, /64k",
  })
  void buffer_isTheShareOfTheArchivesMemory(long size, long total, String prefix) {
    assertThat(prefix(EntryBuffers.ofArchive(total), size)).isEqualTo(prefix);
  }

  @Test
  void buffersThatAreFreed_areAsLargeAsTheEntries() {
    assertThat(prefix(EntryBuffers.freed(), 0)).isEmpty();
    assertThat(prefix(EntryBuffers.freed(), 5000)).isEqualTo("/16k");
    assertThat(prefix(EntryBuffers.freed(), 20_000)).isEqualTo("/64k");
    assertThat(prefix(EntryBuffers.freed(), MIB)).isEqualTo("/256k");
  }

  @Test
  void buffers_ofAnyArchive_areWithinTheBudget() {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      long[] sizes =
          random.longs(1 + random.nextInt(30_000)).map(l -> l >>> (20 + (l & 31))).toArray();
      long total = 0;
      for (long size : sizes) {
        total += size;
      }
      EntryBuffers buffers = EntryBuffers.ofArchive(total);
      long memory = 0;
      for (long size : sizes) {
        int buffer = buffers.size(size);
        memory += buffer == 4096 ? 0 : buffer;
      }
      assertThat(memory).as("seed %d", seed).isLessThanOrEqualTo(EntryBuffers.MAX_BYTES);
    }
  }

  private static String prefix(EntryBuffers buffers, long size) {
    ByteBuilder line = new ByteBuilder(8);
    buffers.append(size, line);
    return line.toString();
  }
}
