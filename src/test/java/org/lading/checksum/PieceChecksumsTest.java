package org.lading.checksum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class PieceChecksumsTest {
  private final Random random = new Random(7);

  @Test
  void twoParts_haveTheChecksumOfTheirWhole() {
    for (int round = 0; round < 2000; round++) {
      byte[] bytes = new byte[1 + random.nextInt(5000)];
      random.nextBytes(bytes);
      int at = random.nextInt(bytes.length + 1);
      long first = crc32(bytes, 0, at);
      long second = crc32(bytes, at, bytes.length);
      assertThat(PieceChecksums.joined(first, second, bytes.length - at))
          .isEqualTo(crc32(bytes, 0, bytes.length));
    }
  }

  @Test
  void lengthsOverFourGiB_areCountedInFull() {
    // Zeros after a byte, without making them.
    long length = 1L << 33;
    CRC32 one = new CRC32();
    one.update(1);
    long atOnce = PieceChecksums.joined(one.getValue(), zeros(length), length);
    long inTwo = PieceChecksums.joined(one.getValue(), zeros(length / 2), length / 2);
    assertThat(PieceChecksums.joined(inTwo, zeros(length / 2), length / 2)).isEqualTo(atOnce);
  }

  @Test
  void piecesInAnyOrder_giveTheWhole() {
    byte[] bytes = new byte[3 * PieceChecksums.LENGTH + 12_345];
    random.nextBytes(bytes);
    PieceChecksums pieces = new PieceChecksums(bytes.length);
    assertThat(pieces.count()).isEqualTo(4);
    List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3));
    Collections.shuffle(order, random);
    for (int piece : order) {
      assertThat(pieces.has(piece)).isFalse();
      assertThatThrownBy(pieces::whole).isInstanceOf(IllegalStateException.class);
      pieces.put(piece, crc32(bytes, (int) PieceChecksums.begin(piece), (int) pieces.end(piece)));
    }
    assertThat(pieces.nextUnknown(0)).isEqualTo(4);
    assertThat(pieces.whole()).isEqualTo(crc32(bytes, 0, bytes.length));
  }

  @Test
  void contentOfWholePieces_hasNoEmptyOneBehindThem() {
    assertThat(new PieceChecksums(2L * PieceChecksums.LENGTH).count()).isEqualTo(2);
    assertThat(new PieceChecksums(2L * PieceChecksums.LENGTH + 1).count()).isEqualTo(3);
    assertThat(new PieceChecksums(5L << 40).end(327_679)).isEqualTo(5L << 40);
  }

  /** The checksum of a power of two of zeros: that of half of them, twice. */
  private static long zeros(long wanted) {
    CRC32 zero = new CRC32();
    zero.update(0);
    long zeros = zero.getValue();
    for (long length = 1; length < wanted; length *= 2) {
      zeros = PieceChecksums.joined(zeros, zeros, length);
    }
    return zeros;
  }

  private static long crc32(byte[] bytes, int from, int to) {
    CRC32 crc = new CRC32();
    crc.update(bytes, from, to - from);
    return crc.getValue();
  }
}
