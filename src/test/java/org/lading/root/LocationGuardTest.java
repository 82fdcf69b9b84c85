package org.lading.root;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lading.base.ByteBuilder;

class LocationGuardTest {
  @ParameterizedTest
  @CsvSource({
    "d41d8cd98f00b204e9800998ecf8427e-12, d41d8cd98f00b204e9800998ecf8427e-12",
    "a/b+c==, a/b%2Bc%3D%3D",
    "1%20'\\?;, 1%2520%27%5C%3F%3B",
  })
  void tag_isEncodedOnce_withItsQuotes(String tag, String encoded) {
    assertThat(LocationGuard.isUsable(tag)).isTrue();
    ByteBuilder line = new ByteBuilder(8);
    LocationGuard.appendTag(tag, line);
    assertThat(line.toString()).isEqualTo("/if-match/%22" + encoded + "%22");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "W/\"a\"", "a\"b", "a b", "a\tb", "ü", "\u007f", "a/../b"})
  void tag_thatIsWeakOrHasOtherCharacters_isNotUsable(String tag) {
    assertThat(LocationGuard.isUsable(tag)).isFalse();
  }

  @Test
  void tag_thatIsMissingOrLong_isNotUsable() {
    assertThat(LocationGuard.isUsable(null)).isFalse();
    assertThat(LocationGuard.isUsable("a".repeat(256))).isTrue();
    assertThat(LocationGuard.isUsable("a".repeat(257))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "2026-02-03T04:05:06Z, /unmodified-since/Tue%2C%2003%20Feb%202026%2004%3A05%3A06%20GMT",
    "2026-02-03T04:05:06.001Z, /unmodified-since/Tue%2C%2003%20Feb%202026%2004%3A05%3A07%20GMT",
    "1970-01-01T00:00:00Z, ''",
    "1969-07-20T20:17:40Z, ''",
    "+10000-01-01T00:00:00Z, ''",
  })
  void time_isAnHttpDate_orNothingIfThereIsNone(Instant time, String guard) {
    ByteBuilder line = new ByteBuilder(8);
    LocationGuard.appendTime(time, line);
    assertThat(line.toString()).isEqualTo(guard);
  }
}
