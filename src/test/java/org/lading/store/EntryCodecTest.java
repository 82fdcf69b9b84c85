package org.lading.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.manifest.Entry;
import org.lading.testing.HostileNames;

class EntryCodecTest {
  private static final List<String> PARTS =
      Stream.concat(
              HostileNames.all().stream(),
              Stream.of(
                  "/", "a", "a/b", "\u00e9", "\u00e8", "\ud83d\ude00", "\ud83d\ude01", "\u0000"))
          .toList();

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
  void neighboursWithHostileNames_comeBackAsTheyWere() {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      String name = hostileText();
      String key = random.nextBoolean() ? hostileText() + name : hostileText();
      String version = random.nextBoolean() ? hostileText() : null;
      entries.add(
          new Entry(
              Entry.Kind.FILE,
              name,
              i,
              Entry.UNKNOWN_CRC32,
              Instant.ofEpochSecond(random.nextLong(-1L << 34, 1L << 34)),
              random.nextInt(9) == 0 ? null : new Entry.Source(hostileText(), key, version),
              random.nextBoolean() ? hostileText() : null));
    }
    assertThat(decoded(encoded(entries), entries.size())).isEqualTo(entries);
  }

  /** Made of few parts, so that neighbours have much in common, and not at whole characters. */
  private String hostileText() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(4); i > 0; i--) {
      text.append(PARTS.get(random.nextInt(PARTS.size())));
    }
    return text.toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "d41d8cd98f00b204e9800998ecf8427e",
        "d41d8cd98f00b204e9800998ecf8427e-12",
        "D41D8CD98F00B204E9800998ECF8427E",
        "abc",
        "0",
        "0g",
        "-",
        "\u0660\u0661",
        "\"quoted\""
      })
  void version_comesBackAsItWas(String version) {
    Entry entry = entry("name", new Entry.Source("root", "key", version));
    assertThat(decoded(encoded(List.of(entry)), 1)).containsExactly(entry);
  }

  @Test
  void objectsOfOneDirectory_takeLittleRoom() {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      String name = "data/scan-%07d.tif".formatted(i);
      byte[] etag = new byte[16];
      random.nextBytes(etag);
      String version = HexFormat.of().formatHex(etag);
      entries.add(entry("top/" + name, new Entry.Source("bucket", "prefix/" + name, version)));
    }
    assertThat(encoded(entries).length).isLessThan(1000 * 40);
  }

  @Test
  void chunkOfAnotherVersion_isRefused() {
    assertThatThrownBy(() -> new EntryCodec.Decoder(new byte[] {9, 1, 2}))
        .hasMessageContaining("version 9");
  }

  @Test
  void damagedChunk_isAFailureAndNoOtherList() {
    List<Entry> entries = Stream.generate(this::randomEntry).limit(20).toList();
    byte[] chunk = encoded(entries);
    for (int length = 1; length < chunk.length; length++) {
      byte[] cut = Arrays.copyOf(chunk, length);
      assertThatThrownBy(() -> decoded(cut, entries.size())).hasMessageContaining("damaged");
    }
    for (int i = 1; i < chunk.length; i++) {
      byte[] spoilt = chunk.clone();
      spoilt[i] ^= (byte) (1 << random.nextInt(8));
      assertThatThrownBy(() -> decoded(spoilt, entries.size())).hasMessageContaining("damaged");
    }
  }

  @Test
  void moreEntriesThanAChunkHas_areAFailure() {
    byte[] chunk = encoded(List.of(entry("name", null)));
    assertThatThrownBy(() -> decoded(chunk, 2)).hasMessageContaining("damaged");
  }

  private static byte[] encoded(List<Entry> entries) {
    EntryCodec.Encoder encoder = new EntryCodec.Encoder();
    entries.forEach(encoder::add);
    return encoder.finish();
  }

  private static List<Entry> decoded(byte[] chunk, int count) {
    EntryCodec.Decoder decoder = new EntryCodec.Decoder(chunk);
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      entries.add(decoder.next());
    }
    return entries;
  }

  private static Entry entry(String name, Entry.Source source) {
    return new Entry(Entry.Kind.FILE, name, 1, Entry.UNKNOWN_CRC32, Instant.EPOCH, source, null);
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
