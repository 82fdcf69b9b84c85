package org.lading.testing;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.lading.testing.ScriptedS3.Answer;
import org.lading.testing.ScriptedS3.Request;

/**
 * What a {@link ScriptedS3} holds where it behaves: ASCII text under keys that need no encoding.
 */
public final class ScriptedObjects {
  private final SortedMap<String, String> objects = new ConcurrentSkipListMap<>();

  /** Adds an object of numbers, which tell one place of it from another. */
  public ScriptedObjects put(String key, int size) {
    StringBuilder text = new StringBuilder(size + 16);
    for (int i = 0; text.length() < size; i++) {
      text.append(i).append(' ');
    }
    objects.put(key, text.substring(0, size));
    return this;
  }

  /** The answer of a proper store to a listing, or to a GET of an object or of a part of it. */
  public Answer answer(Request request) {
    return request.isListing() ? listing(request.query().get("prefix")) : object(request);
  }

  /** Where the part that a GET asks for begins, from 0. */
  public static int offset(Request request) {
    String range = request.headers().getOrDefault("Range", "bytes=0-");
    return Integer.parseInt(range.substring("bytes=".length(), range.indexOf('-')));
  }

  private Answer listing(String prefix) {
    ListingXml listing = new ListingXml();
    objects.forEach(
        (key, content) -> {
          if (key.startsWith(prefix)) {
            listing.object(key, content.length());
          }
        });
    return Answer.ok(listing.toString());
  }

  private Answer object(Request request) {
    String path = request.path();
    String content = objects.get(path.substring(path.indexOf('/', 1) + 1));
    if (content == null) {
      return Answer.error(404, "NoSuchKey");
    }
    Map<String, String> headers = new TreeMap<>(Map.of("ETag", "\"abc\""));
    String range = request.headers().get("Range");
    if (range == null) {
      return new Answer(200, headers, content);
    }
    int size = content.length();
    int offset = offset(request);
    String last = range.substring(range.indexOf('-') + 1);
    int end = last.isEmpty() ? size : Integer.parseInt(last) + 1;
    headers.put("Content-Range", "bytes %d-%d/%d".formatted(offset, end - 1, size));
    return new Answer(206, headers, content.substring(offset, end));
  }
}
