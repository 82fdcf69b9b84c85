package org.lading.modzip;

import org.lading.base.ByteBuilder;

/**
 * Chooses the size of the buffer through which nginx passes an entry on. A larger one makes a large
 * entry several times as fast; mod_zip 1.3.0 keeps each until the archive ends.
 */
public final class EntryBuffers {
  /** The maximum memory of all buffers of an archive that are not the smallest. */
  static final long MAX_BYTES = 64L << 20;

  private static final int KIB = 1024;

  /** The sizes for which the generated configuration has locations, from the largest on. */
  private static final int[] SIZES = {256 * KIB, 64 * KIB, 16 * KIB};

  /** The size that needs no location of its own. */
  private static final int SMALLEST = 4 * KIB;

  private final double share;

  private EntryBuffers(double share) {
    this.share = share;
  }

  /** Returns the choice within {@link #MAX_BYTES} for the entries of one archive together. */
  public static EntryBuffers ofArchive(long totalBytes) {
    return new EntryBuffers((double) MAX_BYTES / Math.max(1, totalBytes));
  }

  /** Returns the choice for a mod_zip that frees each buffer when its entry ends. */
  public static EntryBuffers freed() {
    return new EntryBuffers(Double.POSITIVE_INFINITY);
  }

  /** Appends the beginning of the location of an entry: nothing for the smallest buffer. */
  void append(long entrySize, ByteBuilder line) {
    int size = size(entrySize);
    if (size > SMALLEST) {
      line.append('/').appendDecimal(size / KIB).append('k');
    }
  }

  /**
   * Returns the size of an entry's buffer: its share of the archive's memory, which is in
   * proportion to its bytes, rounded down; and no more than its bytes, rounded up.
   */
  int size(long entrySize) {
    int chosen = SMALLEST;
    for (int i = SIZES.length - 1; i >= 0; i--) {
      if (entrySize > chosen && entrySize * share >= SIZES[i]) {
        chosen = SIZES[i];
      }
    }
    return chosen;
  }
}
