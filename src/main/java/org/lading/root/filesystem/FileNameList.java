package org.lading.root.filesystem;

import java.util.Arrays;

/**
 * The names in one directory, which may be millions: their bytes one after another, and four bytes
 * for the place of each.
 */
final class FileNameList {
  private byte[] bytes = new byte[512];
  private int[] ends = new int[32];
  private int[] order = {};
  private int size;
  private boolean plain = true;

  /** Adds a name, before they are sorted. */
  void add(byte[] name) {
    int begin = begin(size);
    int end = Math.addExact(begin, name.length);
    if (end > bytes.length) {
      bytes = Arrays.copyOf(bytes, grown(bytes.length, end));
    }
    if (size == ends.length) {
      ends = Arrays.copyOf(ends, grown(size, size + 1));
    }
    System.arraycopy(name, 0, bytes, begin, name.length);
    ends[size++] = end;
    plain = plain && FileNameText.isUtf8(name);
  }

  /** How many there are. */
  int size() {
    return size;
  }

  /** Whether all are UTF-8. */
  boolean isPlain() {
    return plain;
  }

  /** The name at a place in the order they were sorted into. */
  byte[] get(int place) {
    return at(order[place]);
  }

  /** Sorts them by their bytes, unsigned; those that are not UTF-8 as they are shown. */
  void sort() {
    ends = Arrays.copyOf(ends, size);
    order = new int[size];
    Arrays.setAll(order, i -> i);
    merge(order.clone(), order, 0, size);
  }

  private static int grown(int length, int least) {
    return Math.max(least, (int) Math.min(length + (long) (length >> 1), Integer.MAX_VALUE - 8));
  }

  private int begin(int index) {
    return index == 0 ? 0 : ends[index - 1];
  }

  private byte[] at(int index) {
    return Arrays.copyOfRange(bytes, begin(index), ends[index]);
  }

  /** Sorts a range, of which both arrays have the same, into the second array. */
  private void merge(int[] from, int[] to, int begin, int end) {
    if (end - begin < 2) {
      return;
    }
    int middle = (begin + end) >>> 1;
    merge(to, from, begin, middle);
    merge(to, from, middle, end);
    int left = begin;
    int right = middle;
    for (int i = begin; i < end; i++) {
      boolean fromLeft = right == end || (left < middle && compare(from[left], from[right]) <= 0);
      to[i] = fromLeft ? from[left++] : from[right++];
    }
  }

  private int compare(int a, int b) {
    if (plain) {
      return Arrays.compareUnsigned(bytes, begin(a), ends[a], bytes, begin(b), ends[b]);
    }
    return FileNameText.SHOWN_ORDER.compare(at(a), at(b));
  }
}
