package org.lading.manifest.names;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SipHashTest {
  /** Those with an even number of bytes of the vectors that come with the algorithm. */
  private static final long[] VECTORS = {
    0x726fdb47dd0e0e31L,
    0x0d6c8009d9a94f5aL,
    0xcf2794e0277187b7L,
    0xcbc9466e58fee3ceL,
    0x93f5f5799a932462L,
  };

  private final SipHash hash = new SipHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

  @Test
  void hash_isThatOfTheVectors() {
    StringBuilder text = new StringBuilder();
    for (long vector : VECTORS) {
      assertThat(hash.of(text.toString())).isEqualTo(vector);
      int next = text.length() * 2;
      text.append((char) ((next + 1) << 8 | next));
    }
  }

  @Test
  void hash_dependsOnEveryCharacterAndTheLength() {
    String text = "d/\u00e9\ud83d\ude00 name";
    for (int i = 0; i < text.length(); i++) {
      String other = text.substring(0, i) + '\u4e2d' + text.substring(i + 1);
      assertThat(hash.of(other)).isNotEqualTo(hash.of(text));
      assertThat(hash.of(text.substring(0, i))).isNotEqualTo(hash.of(text.substring(0, i) + '\0'));
    }
  }

  @Test
  void hashesOfParents_areThoseOfTheirTexts() {
    String path = "a/bc/def/ghij/klmno/pqrstu/x";
    for (int from = 0; from < path.length(); from++) {
      List<Long> expected = new ArrayList<>();
      for (int end = path.indexOf('/', from); end >= 0; end = path.indexOf('/', end + 1)) {
        expected.add(hash.of(path.substring(0, end)));
      }
      List<Long> parents = new ArrayList<>();
      assertThat(hash.ofParents(path, from, (end, value) -> parents.add(value))).isEqualTo(-1);
      assertThat(parents).isEqualTo(expected);
      assertThat(hash.ofParents(path, from, (end, value) -> false))
          .isEqualTo(path.indexOf('/', from));
    }
  }
}
