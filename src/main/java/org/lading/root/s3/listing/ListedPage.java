package org.lading.root.s3.listing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a listing.
 *
 * @param objects in the order of their keys
 * @param prefixes the common prefixes in their order; empty without a delimiter
 * @param token the continuation token of the next page, or null if this is the last one
 */
public record ListedPage(
    List<ListedObject> objects, List<String> prefixes, @Nullable String token) {

  /**
   * Tells whether it has nothing. That does not end a listing: a compatible store may answer
   * anything for a key that does not exist.
   */
  boolean isEmpty() {
    return token == null && objects.isEmpty() && prefixes.isEmpty();
  }

  /** Returns the key of the last object, or {@code after} if there is none. */
  String lastKey(String after) {
    return objects.isEmpty() ? after : objects.get(objects.size() - 1).key();
  }

  /** Returns the last common prefix, or {@code otherwise} if there is none. */
  String lastPrefix(String otherwise) {
    return prefixes.isEmpty() ? otherwise : prefixes.get(prefixes.size() - 1);
  }

  /** Returns the part of the page up to and with a key; all of it for null. */
  ListedPage upTo(@Nullable String until) {
    if (until == null) {
      return this;
    }
    int objectsEnd = objects.size();
    while (objectsEnd > 0 && isAfter(objects.get(objectsEnd - 1).key(), until)) {
      objectsEnd--;
    }
    int prefixesEnd = prefixes.size();
    while (prefixesEnd > 0 && isAfter(prefixes.get(prefixesEnd - 1), until)) {
      prefixesEnd--;
    }
    return new ListedPage(objects.subList(0, objectsEnd), prefixes.subList(0, prefixesEnd), token);
  }

  /** Returns the first key or common prefix that is after a key, or null if there is none. */
  @Nullable String firstAfter(String key) {
    String object =
        objects.stream()
            .map(ListedObject::key)
            .filter(k -> isAfter(k, key))
            .findFirst()
            .orElse(null);
    String prefix = prefixes.stream().filter(p -> isAfter(p, key)).findFirst().orElse(null);
    return object == null || (prefix != null && isAfter(object, prefix)) ? prefix : object;
  }

  private static boolean isAfter(String key, String until) {
    return KeyOrder.BYTES.compare(key, until) > 0;
  }
}
