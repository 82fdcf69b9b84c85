package org.lading.testing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;

/** Very many different keys in the order of their UTF-8 bytes, in one array of bytes. */
public final class LargeKeys {
  /** What {@link #flat} puts before each name. */
  public static final String FLAT_PREFIX = "scans/";

  private static final int MAX_FILES = 20_000;
  private static final String[] KINDS = {
    "Bestände", "Sammlung Köln", "archive", "Zeitungen (neu)", "2026", "Müller"
  };
  private static final String[] PARTS = {"Überblick", "box", "Mappe Nr.", "öffentlich", "raw"};

  private final byte[] bytes;

  /** Where each key starts; one more at the end. */
  private final int[] starts;

  private LargeKeys(byte[] bytes, int[] starts) {
    this.bytes = bytes;
    this.starts = starts;
  }

  /** These keys; whatever stands twice counts once. */
  public static LargeKeys of(Iterable<String> keys) {
    Builder builder = new Builder();
    keys.forEach(builder);
    return builder.build();
  }

  /** Numbered files in one directory. */
  public static LargeKeys flat(int count) {
    Builder builder = new Builder();
    for (int i = 1; i <= count; i++) {
      builder.accept((FLAT_PREFIX + "scan-%07d.tif").formatted(i));
    }
    return builder.build();
  }

  /** Numbered files in directories of 100. */
  public static LargeKeys albums(int count) {
    Builder builder = new Builder();
    for (int i = 0; i < count; i++) {
      builder.accept("Album %05d/image %03d.jpg".formatted(i / 100, i % 100));
    }
    return builder.build();
  }

  /**
   * Directories on two levels, with as few as one and as many as 20,000 files, some files beside
   * the directories, and names with spaces and umlauts.
   */
  public static LargeKeys tree(int count) {
    Builder builder = new Builder();
    plant(builder, "", count);
    return builder.build();
  }

  /** Several of these trees, each in a directory that has its number of keys for a name. */
  public static LargeKeys trees(int... counts) {
    Builder builder = new Builder();
    for (int count : counts) {
      plant(builder, count + "/", count);
    }
    return builder.build();
  }

  private static void plant(Builder builder, String prefix, int count) {
    Random random = new Random(7);
    int made = 0;
    for (int directory = 0; made < count; directory++) {
      String top = "%s %d/".formatted(KINDS[random.nextInt(KINDS.length)], directory / 7);
      String parent =
          switch (random.nextInt(10)) {
            case 0 -> "";
            case 1, 2 -> top;
            default -> "%s%s %d/".formatted(top, PARTS[random.nextInt(PARTS.length)], directory);
          };
      // As many directories of 1 to 10 files as of 1,000 to 10,000.
      int files = Math.min((int) Math.pow(MAX_FILES, random.nextDouble()), count - made);
      for (int i = 0; i < files; i++) {
        builder.accept(
            "%s%sBild %d-%05d für %s.tif"
                .formatted(prefix, parent, directory, i, KINDS[i % KINDS.length]));
      }
      made += files;
    }
  }

  /** Names of 32 hexadecimal digits without any directory. */
  public static LargeKeys hashes(int count) {
    Random random = new Random(8);
    Builder builder = new Builder();
    for (int i = 0; i < count; i++) {
      builder.accept("%016x%016x".formatted(random.nextLong(), random.nextLong()));
    }
    return builder.build();
  }

  /** The keys of a shape by its name, each of which but {@code trees} takes one number. */
  public static LargeKeys shape(String name, int... counts) {
    return switch (name) {
      case "flat" -> flat(counts[0]);
      case "albums" -> albums(counts[0]);
      case "tree" -> tree(counts[0]);
      case "trees" -> trees(counts);
      case "hashes" -> hashes(counts[0]);
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** How many there are. */
  public int size() {
    return starts.length - 1;
  }

  /** The key of that rank, from 0. */
  public String get(int rank) {
    int start = starts[rank];
    return new String(bytes, start, starts[rank + 1] - start, StandardCharsets.UTF_8);
  }

  /** The rank of the first key that is not less than the text. */
  public int atOrAfter(String text) {
    byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
    return firstFrom(0, wanted, wanted.length, 0);
  }

  /** The rank of the first key that is greater than the text. */
  public int after(String text) {
    int rank = atOrAfter(text);
    return rank < size() && get(rank).equals(text) ? rank + 1 : rank;
  }

  /** The rank of the first key after all that begin with the prefix. */
  public int afterAll(String prefix) {
    byte[] wanted = prefix.getBytes(StandardCharsets.UTF_8);
    return firstFrom(0, wanted, wanted.length, 1);
  }

  /**
   * The first key whose first bytes compare with the wanted ones to at least {@code least}.
   *
   * @param least 0 for not before them; 1 for after all that begin with them
   */
  private int firstFrom(int from, byte[] wanted, int length, int least) {
    int low = from;
    int high = size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      int start = starts[middle];
      int end = least == 0 ? starts[middle + 1] : Math.min(starts[middle + 1], start + length);
      if (Arrays.compareUnsigned(bytes, start, end, wanted, 0, length) < least) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Collects keys in any order. */
  private static final class Builder implements Consumer<String> {
    private byte[][] keys = new byte[1024][];
    private int count;

    @Override
    public void accept(String key) {
      if (count == keys.length) {
        keys = Arrays.copyOf(keys, 2 * count);
      }
      keys[count++] = key.getBytes(StandardCharsets.UTF_8);
    }

    LargeKeys build() {
      Arrays.sort(keys, 0, count, Arrays::compareUnsigned);
      int different = 0;
      int length = 0;
      for (int i = 0; i < count; i++) {
        if (i == 0 || !Arrays.equals(keys[i], keys[different - 1])) {
          keys[different++] = keys[i];
          length += keys[i].length;
        }
      }
      byte[] bytes = new byte[length];
      int[] starts = new int[different + 1];
      int end = 0;
      for (int i = 0; i < different; i++) {
        System.arraycopy(keys[i], 0, bytes, end, keys[i].length);
        end += keys[i].length;
        starts[i + 1] = end;
      }
      return new LargeKeys(bytes, starts);
    }
  }
}
