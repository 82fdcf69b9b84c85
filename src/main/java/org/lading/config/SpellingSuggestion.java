package org.lading.config;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Suggests a known word for a misspelled one. */
final class SpellingSuggestion {
  private static final int MAX_EDITS = 2;

  private SpellingSuggestion() {}

  /** Returns the word with the fewest edits, or null if all need more than 2. */
  static @Nullable String of(String word, Set<String> words) {
    String nearest = null;
    int fewest = MAX_EDITS + 1;
    for (String candidate : words) {
      int edits = edits(word, candidate);
      if (edits < fewest && edits < candidate.length()) {
        nearest = candidate;
        fewest = edits;
      }
    }
    return nearest;
  }

  /** Computes the Levenshtein distance. */
  private static int edits(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
