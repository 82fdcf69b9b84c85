package org.lading.root.s3.listing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One answer to a listing.
 *
 * @param objects in the order of their keys
 * @param prefixes the common prefixes in their order; empty where no delimiter was asked for
 * @param token what the next page is asked for with, or null if this is the last one
 */
public record ListedPage(
    List<ListedObject> objects, List<String> prefixes, @Nullable String token) {

  /** Up to where it tells of every object; {@code from} if there is none in it. */
  String position(String from) {
    return objects.isEmpty() ? from : objects.get(objects.size() - 1).key();
  }

  /** What of it is not behind a key; all for null. */
  ListedPage upTo(@Nullable String until) {
    if (until == null) {
      return this;
    }
    int objectsEnd = objects.size();
    while (objectsEnd > 0 && isBehind(objects.get(objectsEnd - 1).key(), until)) {
      objectsEnd--;
    }
    int prefixesEnd = prefixes.size();
    while (prefixesEnd > 0 && isBehind(prefixes.get(prefixesEnd - 1), until)) {
      prefixesEnd--;
    }
    return new ListedPage(objects.subList(0, objectsEnd), prefixes.subList(0, prefixesEnd), token);
  }

  private static boolean isBehind(String key, String until) {
    return KeyOrder.BYTES.compare(key, until) > 0;
  }
}
