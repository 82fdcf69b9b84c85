package org.lading.root.filesystem;

import java.util.Arrays;
import org.lading.root.watch.WatchedThread;

/**
 * The names in one directory, of which there may be millions, in little memory: their bytes follow
 * one another in one array, and each name takes eight bytes more.
 */
final class FileNameList {
  private byte[] bytes = new byte[512];
  private int[] ends = new int[32];
  private int[] order = {};
  private int size;
  private boolean utf8 = true;

  /** Adds a name; not after {@link #sort}. */
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
    utf8 = utf8 && FileNameConverter.isUtf8(name);
    // A slow disk may take minutes for a directory of millions, and does not hang.
    WatchedThread.progress();
  }

  /** Returns the number of names. */
  int size() {
    return size;
  }

  /** Tells whether all names are valid UTF-8. */
  boolean isUtf8() {
    return utf8;
  }

  /** Returns the name at an index of the sorted list. */
  byte[] get(int index) {
    return at(order[index]);
  }

  /** Sorts the names by their unsigned bytes; those that are not UTF-8 as they are displayed. */
  void sort() {
    ends = Arrays.copyOf(ends, size);
    order = new int[size];
    Arrays.setAll(order, i -> i);
    merge(order.clone(), order, 0, size);
  }

  private static int grown(int length, int min) {
    return Math.max(min, (int) Math.min(length + (long) (length >> 1), Integer.MAX_VALUE - 8));
  }

  private int begin(int index) {
    return index == 0 ? 0 : ends[index - 1];
  }

  private byte[] at(int index) {
    return Arrays.copyOfRange(bytes, begin(index), ends[index]);
  }

  /** Sorts a range of {@code to} by merging; {@code from} has the same content in that range. */
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
    if (utf8) {
      return Arrays.compareUnsigned(bytes, begin(a), ends[a], bytes, begin(b), ends[b]);
    }
    return FileNameConverter.DISPLAY_ORDER.compare(at(a), at(b));
  }
}
