package org.lading.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.lading.manifest.Entry;

class EntryCodecTest {
  private final Random random = new Random(42);

  @Test
  void randomEntries_comeBackAsTheyWere() {
    EntryCodec.Encoder encoder = new EntryCodec.Encoder();
    for (int round = 0; round < 200; round++) {
      List<Entry> entries = new ArrayList<>();
      for (int i = random.nextInt(50); i >= 0; i--) {
        entries.add(randomEntry());
      }
      entries.forEach(encoder::add);
      assertThat(encoder.count()).isEqualTo(entries.size());
      EntryCodec.Decoder decoder = new EntryCodec.Decoder(encoder.finish());
      for (Entry entry : entries) {
        assertThat(decoder.next()).isEqualTo(entry);
      }
      assertThat(encoder.count()).isZero();
    }
  }

  @Test
  void extremes_comeBackAsTheyWere() {
    Entry entry =
        new Entry(
            Entry.Kind.FILE,
            "n".repeat(65_535),
            Long.MAX_VALUE,
            0xFFFF_FFFFL,
            Instant.parse("1901-12-13T20:45:52.999Z"),
            new Entry.Source("r", "\ud83d\ude00", ""),
            "");
    EntryCodec.Encoder encoder = new EntryCodec.Encoder();
    encoder.add(entry);
    assertThat(new EntryCodec.Decoder(encoder.finish()).next()).isEqualTo(entry);
  }

  @Test
  void chunkOfAnotherVersion_isRefused() {
    assertThatThrownBy(() -> new EntryCodec.Decoder(new byte[] {9, 1, 2}))
        .hasMessageContaining("version 9");
  }

  @Test
  void damagedChunk_isAFailureAndNoShortList() {
    EntryCodec.Encoder encoder = new EntryCodec.Encoder();
    encoder.add(randomEntry());
    byte[] chunk = encoder.finish();
    byte[] cut = java.util.Arrays.copyOf(chunk, chunk.length / 2);
    assertThatThrownBy(() -> new EntryCodec.Decoder(cut).next()).hasMessageContaining("damaged");
  }

  private Entry randomEntry() {
    boolean directory = random.nextInt(5) == 0;
    boolean source = !directory && random.nextBoolean();
    return new Entry(
        directory ? Entry.Kind.DIRECTORY : Entry.Kind.FILE,
        text(),
        directory ? 0 : random.nextLong() >>> random.nextInt(1, 64),
        random.nextBoolean() ? Entry.UNKNOWN_CRC32 : Integer.toUnsignedLong(random.nextInt()),
        Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000)),
        source ? new Entry.Source(text(), text(), random.nextBoolean() ? null : text()) : null,
        random.nextBoolean() ? null : text());
  }

  private String text() {
    return random
        .ints(random.nextInt(40), 1, 0x10FFFF)
        .filter(c -> c < 0xD800 || c > 0xDFFF)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
