package org.lading.base;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteBuilderTest {
  private final ByteBuilder bytes = new ByteBuilder(0);

  @Test
  void text_ofEveryCodePoint_isUtf8() {
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      String text = "a" + Character.toString(c) + "b";
      bytes.truncate(0);
      bytes.append(text);
      assertThat(bytes.toByteArray()).as("U+%04X", c).isEqualTo(text.getBytes(UTF_8));
    }
  }

  @Test
  void text_ofRandomSurrogates_isUtf8AsJavaHasIt() {
    long seed = 7;
    Random random = new Random(seed);
    for (int i = 0; i < 10_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(8); j >= 0; j--) {
        text.append((char) (0xd700 + random.nextInt(0xa00)));
      }
      ByteBuilder fresh = new ByteBuilder(random.nextInt(8)).append(text.toString());
      assertThat(fresh.toByteArray())
          .as("seed %d, round %d", seed, i)
          .isEqualTo(text.toString().getBytes(UTF_8));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 9, 10, 99, 100, 4_294_967_296L, Long.MAX_VALUE})
  void decimal_isAsJavaWritesIt(long number) {
    assertThat(bytes.append('x').appendDecimal(number).toString()).isEqualTo("x" + number);
  }

  @Test
  void decimal_ofANegativeNumber_isRefused() {
    assertThatThrownBy(() -> bytes.appendDecimal(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 0xf, 0x0123_4567, 0x89ab_cdefL, 0xffff_ffffL})
  void hex_hasEightDigits(long number) {
    assertThat(bytes.appendHex(number).toString()).isEqualTo("%08x".formatted(number));
  }

  @Test
  void hexOfBytes_hasTwoDigitsForEach() {
    assertThat(bytes.appendHex(new byte[] {0, 0x7f, (byte) 0x80, (byte) 0xff, 0x1a}).toString())
        .isEqualTo("007f80ff1a");
  }

  @Test
  void parts_followEachOtherAndAreForgottenFromTheEnd() throws IOException {
    bytes
        .append("abc")
        .append(new byte[] {(byte) 0xff})
        .append(new ByteBuilder(8).append("xyz"), 1);
    assertThat(bytes.length()).isEqualTo(6);
    bytes.truncate(4);
    bytes.append('!');

    ByteArrayOutputStream out = new ByteArrayOutputStream();
    bytes.writeTo(out);
    assertThat(out.toByteArray()).isEqualTo(new byte[] {'a', 'b', 'c', (byte) 0xff, '!'});
  }

  @Test
  void truncate_beyondTheEnd_isRefused() {
    bytes.append("abc");
    assertThatThrownBy(() -> bytes.truncate(4)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> bytes.truncate(-1)).isInstanceOf(IndexOutOfBoundsException.class);
  }
}
