package org.lading.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects the keys of one file that are passed over, which are no faults. */
final class PassedKeys {
  private final List<PassedKey> keys = new ArrayList<>();

  /**
   * A key that was passed over.
   *
   * @param line the line of the key, counted from 1
   * @param path the path of the key, such as {@code roots[1].versioned}
   * @param meaning a sentence: what that means for who moves from medusa-downloader
   */
  record PassedKey(int line, String path, String meaning) {}

  /** Adds a key. */
  void add(PassedKey key) {
    keys.add(key);
  }

  /** Returns the keys in the order of their lines. */
  List<PassedKey> all() {
    return keys.stream().sorted(Comparator.comparingInt(PassedKey::line)).distinct().toList();
  }
}
