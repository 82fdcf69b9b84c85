package org.lading.root;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/** What every root promises of the bytes of its files. */
public abstract class ContentContract extends PageContract {
  /** Writes other content over a file of the root that was made last, at another time. */
  protected abstract void overwrite(String path, byte[] content);

  /** Deletes a file of the root that was made last. */
  protected abstract void delete(String path);

  @Test
  void content_fromEveryPosition_isTheRest() throws IOException {
    byte[] content = bytes("0123456789abcdef");
    Root root = rootWith(Map.of("d/f", content));

    for (Item item : List.of(root.file("d/f"), items(root, "d", false).get(0))) {
      for (int position = 0; position <= content.length; position++) {
        assertThat(content(root, item, position))
            .isEqualTo(Arrays.copyOfRange(content, position, content.length));
      }
    }
  }

  @Test
  void content_betweenTwoPositions_isThatPart() throws IOException {
    byte[] content = bytes("0123456789abcdef");
    Root root = rootWith(Map.of("d/f", content));
    Item item = root.file("d/f");

    for (int from = 0; from <= content.length; from++) {
      for (int to = from; to <= content.length; to++) {
        try (InputStream in = root.open(item, from, to)) {
          assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(content, from, to));
        }
      }
    }
  }

  @Test
  void contents_readTogether_areThoseOfTheirFiles() throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (String name : List.of("a", "d/empty", "d/x", "d/y", "e/f/g", "z")) {
      files.put(name, bytes(name.endsWith("empty") ? "" : "content of " + name));
    }
    Root root = rootWith(files);
    List<Item> items = new ArrayList<>();
    List<String> order = List.of("z", "d/y", "d/empty", "d/x", "a", "e/f/g", "d/y");
    for (String name : order) {
      items.add(root.file(name));
    }

    byte[][] contents = root.read(items);

    assertThat(contents.length).isEqualTo(items.size());
    for (int i = 0; i < contents.length; i++) {
      assertThat(contents[i]).isEqualTo(files.get(order.get(i)));
    }
  }

  @Test
  void content_ofAnEmptyFile_isEmpty() throws IOException {
    Root root = rootWith(Map.of("empty", bytes("")));

    assertThat(content(root, root.file("empty"), 0)).isEmpty();
  }

  @Test
  void content_readByteByByte_endsWithMinusOne() throws IOException {
    Root root = rootWith(Map.of("f", new byte[] {0, -1, 127, -128}));

    try (InputStream in = root.open(root.file("f"), 0)) {
      assertThat(in.read(new byte[0])).isZero();
      assertThat(List.of(in.read(), in.read(), in.read(), in.read(), in.read(), in.read()))
          .containsExactly(0, 255, 127, 128, -1, -1);
    }
  }

  @Test
  void content_ofThreeMebibytes_isExact() throws IOException {
    byte[] content = new byte[3 << 20];
    new Random(7).nextBytes(content);
    Root root = rootWith(Map.of("large", content));
    Item item = root.file("large");

    assertThat(content(root, item, 0)).isEqualTo(content);
    assertThat(content(root, item, 1_234_567))
        .isEqualTo(Arrays.copyOfRange(content, 1_234_567, content.length));
  }

  @Test
  void stream_closedBeforeItsEnd_givesNothingMore() throws IOException {
    Root root = rootWith(Map.of("large", new byte[3 << 20]));
    InputStream in = root.open(root.file("large"), 0);
    assertThat(in.read()).isZero();

    in.close();
    in.close();

    assertThatThrownBy(in::read).isInstanceOf(IOException.class);
  }

  @Test
  void streams_ofOneFile_areIndependent() throws IOException {
    byte[] content = new byte[300_000];
    new Random(8).nextBytes(content);
    Root root = rootWith(Map.of("f", content));
    Item item = root.file("f");

    try (InputStream one = root.open(item, 0);
        InputStream two = root.open(item, 150_000)) {
      assertThat(one.readNBytes(100_000)).isEqualTo(Arrays.copyOfRange(content, 0, 100_000));
      assertThat(two.readAllBytes()).isEqualTo(Arrays.copyOfRange(content, 150_000, 300_000));
      assertThat(one.readAllBytes()).isEqualTo(Arrays.copyOfRange(content, 100_000, 300_000));
    }
  }

  @Test
  void content_ofAFileWithAnotherSize_hasChanged() {
    Root root = rootWith(Map.of("f", bytes("0123456789")));
    Item item = root.file("f");

    for (String other : List.of("0", "012345678", "0123456789a", "")) {
      overwrite("f", bytes(other));
      assertChanged(root, item, 0);
      assertChanged(root, item, 5);
    }
  }

  @Test
  void content_ofAFileWithTheSameSize_hasChanged() {
    Root root = rootWith(Map.of("f", bytes("0123456789")));
    Item item = root.file("f");

    overwrite("f", bytes("abcdefghij"));

    assertChanged(root, item, 0);
    assertChanged(root, item, 9);
  }

  @Test
  void content_ofAFileThatIsGone_hasChanged() {
    Root root = rootWith(Map.of("d/f", bytes("0123456789"), "d/g", bytes("")));
    Item item = root.file("d/f");

    delete("d/f");

    assertChanged(root, item, 0);
    assertChanged(root, item, 5);
  }

  @Test
  void content_ofHostileNames_isTheirOwn() throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    hostileNames().forEach(name -> files.put("d/" + name, bytes("content of " + name)));
    Root root = rootWith(files);

    for (Item item : items(root, "d", true)) {
      assertThat(content(root, item, 0)).isEqualTo(files.get("d/" + item.name()));
      assertThat(content(root, item, 11)).isEqualTo(bytes(item.name()));
    }
    List<Item> all = items(root, "d", true);
    byte[][] together = root.read(all);
    for (int i = 0; i < together.length; i++) {
      assertThat(together[i]).isEqualTo(files.get("d/" + all.get(i).name()));
    }
  }

  /** What a stream from the position on gives. */
  protected static byte[] content(Root root, Item item, long position) throws IOException {
    try (InputStream in = root.open(item, position)) {
      return in.readAllBytes();
    }
  }

  private static void assertChanged(Root root, Item item, long position) {
    String sentence =
        assertFails(() -> content(root, item, position), ErrorCode.CHANGED).sentence();
    assertThat(sentence).contains(item.name()).endsWith("changed since the download was made");
    assertThatThrownBy(() -> root.read(List.of(item)))
        .isInstanceOfAny(IOException.class, LadingException.class);
  }
}
