package org.lading.manifest.names;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The hashes of names that were claimed in ascending order, as a listing returns them, and so
 * cannot clash; an array with 16 bytes for each name. A hash map of millions of names would be
 * slower, since no CPU cache holds it.
 */
final class SortedNames {
  private static final int CHUNK_LENGTH = 16 * 1024;

  private final List<long[]> chunks = new ArrayList<>();
  private int used = CHUNK_LENGTH;
  private String last = "";

  /** The files whose whole name is a prefix of the last name, the longest first. */
  private final Deque<String> prefixes = new ArrayDeque<>();

  /**
   * Adds a file's name to the order; returns false if it is not after all others, or a parent of it
   * is a file.
   */
  boolean advanceToFile(String name) {
    if (!advanceTo(name)) {
      return false;
    }
    prefixes.push(name);
    return true;
  }

  /**
   * Adds a directory's name to the order; returns false if it and all names in it are not after all
   * others.
   */
  boolean advanceToDirectory(String name) {
    return advanceTo(name + '/');
  }

  /** Adds the hash of a name and its owner. */
  void add(long nameHash, long owner) {
    if (used == CHUNK_LENGTH) {
      chunks.add(new long[CHUNK_LENGTH]);
      used = 0;
    }
    long[] chunk = chunks.get(chunks.size() - 1);
    chunk[used++] = nameHash;
    chunk[used++] = owner;
  }

  /** Moves all hashes and owners into a map. */
  void moveTo(LongHashMap owners) {
    for (int i = 0; i < chunks.size(); i++) {
      // Chunks are released one by one while the map grows.
      long[] chunk = chunks.set(i, new long[0]);
      int end = i == chunks.size() - 1 ? used : CHUNK_LENGTH;
      for (int at = 0; at < end; at += 2) {
        owners.put(chunk[at], chunk[at + 1]);
      }
    }
  }

  /**
   * Adds a name to the order. All names between a file {@code a} and the files of a directory
   * {@code a} begin with {@code a}, so only files that are prefixes of the last name need to be
   * remembered. Only the longest of them can be a directory of this name: the last name, which also
   * begins with it, has shown of the others that they are none.
   */
  private boolean advanceTo(String name) {
    if (name.compareTo(last) <= 0) {
      return false;
    }
    while (!prefixes.isEmpty() && !name.startsWith(prefixes.element())) {
      prefixes.remove();
    }
    String longest = prefixes.peek();
    if (longest != null && name.charAt(longest.length()) == '/') {
      return false;
    }
    last = name;
    return true;
  }
}
