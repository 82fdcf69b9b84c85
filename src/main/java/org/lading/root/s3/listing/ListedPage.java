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

  /** Returns the key of the last object, or {@code after} if there is none. */
  String lastKey(String after) {
    return objects.isEmpty() ? after : objects.get(objects.size() - 1).key();
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

  private static boolean isAfter(String key, String until) {
    return KeyOrder.BYTES.compare(key, until) > 0;
  }
}
