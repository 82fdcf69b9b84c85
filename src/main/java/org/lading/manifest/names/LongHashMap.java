package org.lading.manifest.names;

/**
 * A hash map from 64-bit hashes to numbers, of 16 bytes a slot and at most 43 bytes an entry.
 *
 * <p>It consists of parts that grow one at a time, so that growing needs little additional memory.
 * The hashes must be evenly distributed over all 64 bits.
 */
final class LongHashMap {
  /** The result of {@link #get} for a hash that has no number. */
  static final long ABSENT = 0;

  private static final int PARTS = 64;
  private static final int FIRST_SLOTS = 4;

  private final long[][] parts = new long[PARTS][];
  private final int[] sizes = new int[PARTS];

  /** Returns the number of a hash, or {@link #ABSENT}. */
  long get(long hash) {
    long key = keyOf(hash);
    long[] slots = parts[partOf(key)];
    return slots == null ? ABSENT : slots[find(slots, key) + 1];
  }

  /** Sets the number of a hash, which must not be {@link #ABSENT}. */
  void put(long hash, long value) {
    long key = keyOf(hash);
    int part = partOf(key);
    long[] slots = parts[part];
    if (slots == null) {
      slots = parts[part] = new long[FIRST_SLOTS * 2];
    }
    int at = find(slots, key);
    if (slots[at] == 0) {
      // At most three quarters of the slots are used, so that probe sequences stay short.
      if ((sizes[part] + 1) * 8 > slots.length * 3) {
        slots = parts[part] = grown(slots);
        at = find(slots, key);
      }
      sizes[part]++;
      slots[at] = key;
    }
    slots[at + 1] = value;
  }

  private static long keyOf(long hash) {
    return hash == 0 ? 1 : hash;
  }

  private static int partOf(long key) {
    return (int) (key >>> 58);
  }

  /** Returns the index of the key's slot, or of the free slot where the key belongs. */
  private static int find(long[] slots, long key) {
    int mask = slots.length / 2 - 1;
    int slot = (int) key & mask;
    while (slots[slot * 2] != 0 && slots[slot * 2] != key) {
      slot = (slot + 1) & mask;
    }
    return slot * 2;
  }

  private static long[] grown(long[] slots) {
    long[] larger = new long[slots.length * 2];
    for (int i = 0; i < slots.length; i += 2) {
      if (slots[i] != 0) {
        int at = find(larger, slots[i]);
        larger[at] = slots[i];
        larger[at + 1] = slots[i + 1];
      }
    }
    return larger;
  }
}
