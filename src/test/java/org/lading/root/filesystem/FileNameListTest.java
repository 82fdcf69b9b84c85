package org.lading.root.filesystem;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FileNameListTest {
  private final FileNameList names = new FileNameList();

  @Test
  void namesOfAnyLength_comeInTheOrderOfTheirBytes() {
    Random random = new Random(3);
    List<byte[]> expected = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      String name = Integer.toString(random.nextInt(), 36) + "\u00e9".repeat(random.nextInt(100));
      expected.add(name.getBytes(UTF_8));
      names.add(name.getBytes(UTF_8));
    }
    names.sort();
    expected.sort(Arrays::compareUnsigned);

    assertThat(names.isUtf8()).isTrue();
    assertThat(sorted()).isDeepEqualTo(expected.toArray(new byte[0][]));
  }

  @Test
  void namesThatAreNotUtf8_comeInTheOrderTheyAreShown() {
    for (byte[] name : new byte[][] {{'a', -1}, {-1}, {'&'}, {'%', 'F', 'G'}, {'%', 'F', 'F'}}) {
      names.add(name);
    }
    names.sort();

    assertThat(names.isUtf8()).isFalse();
    assertThat(sorted())
        .isDeepEqualTo(new byte[][] {{'%', 'F', 'F'}, {-1}, {'%', 'F', 'G'}, {'&'}, {'a', -1}});
  }

  @Test
  void noNames_areSorted() {
    names.sort();

    assertThat(names.size()).isZero();
  }

  private byte[][] sorted() {
    byte[][] sorted = new byte[names.size()][];
    Arrays.setAll(sorted, names::get);
    return sorted;
  }
}
