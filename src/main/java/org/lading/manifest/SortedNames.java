package org.lading.manifest;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Names that were claimed in ascending order, as a listing gives them, and so cannot clash: their
 * hashes one after another, 16 bytes a name. To look each of them up in a table of millions would
 * cost more, since no cache holds it.
 */
final class SortedNames {
  private static final int CHUNK = 16 * 1024;

  private final List<long[]> chunks = new ArrayList<>();
  private int used = CHUNK;
  private String last = "";

  /** The files whose whole name the last name begins with, the longest first. */
  private final Deque<String> beginnings = new ArrayDeque<>();

  /** Whether the file's name comes behind all others, and no directory it is in is a file. */
  boolean isNextFile(String name) {
    if (!isNext(name)) {
      return false;
    }
    beginnings.push(name);
    return true;
  }

  /** Whether the directory, and so all that may follow in it, comes behind all others. */
  boolean isNextDirectory(String name) {
    return isNext(name + '/');
  }

  /** Remembers a claim. */
  void add(long nameHash, long owner) {
    if (used == CHUNK) {
      chunks.add(new long[CHUNK]);
      used = 0;
    }
    long[] chunk = chunks.get(chunks.size() - 1);
    chunk[used++] = nameHash;
    chunk[used++] = owner;
  }

  /** Hands everything over to a table. */
  void pourInto(LongHashMap owners) {
    for (int i = 0; i < chunks.size(); i++) {
      // Let go of one by one, while the table grows.
      long[] chunk = chunks.set(i, new long[0]);
      int end = i == chunks.size() - 1 ? used : CHUNK;
      for (int at = 0; at < end; at += 2) {
        owners.put(chunk[at], chunk[at + 1]);
      }
    }
  }

  /**
   * Between a file {@code a} and what would be in a directory {@code a}, every name begins with
   * {@code a}; so it is enough to remember those that the last name begins with.
   */
  private boolean isNext(String name) {
    if (name.compareTo(last) <= 0) {
      return false;
    }
    while (!beginnings.isEmpty() && !name.startsWith(beginnings.element())) {
      beginnings.remove();
    }
    for (String file : beginnings) {
      if (name.charAt(file.length()) == '/') {
        return false;
      }
    }
    last = name;
    return true;
  }
}
