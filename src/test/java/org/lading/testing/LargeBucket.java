package org.lading.testing;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What {@link LargeBucketServer} has: very many keys, from which the objects are worked out. A page
 * costs a binary search for each common prefix, and what stands on it.
 */
final class LargeBucket {
  private static final int LARGEST_PAGE = 1000;
  private static final int SMALLEST_OBJECT = 100;
  private static final int SIZES = 900;
  private static final Instant FIRST_DAY = Instant.parse("2020-01-01T04:05:06Z");
  private static final int DAYS = 2000;
  private static final char KEY = 'k';
  private static final char PREFIX = 'p';

  private final LargeKeys keys;

  /**
   * An object.
   *
   * @param eTag without quotes
   */
  record Stored(String key, int size, String eTag, Instant modified) {
    /** The object that has that key. */
    static Stored of(String key) {
      long hash = hash(key);
      return new Stored(
          key,
          SMALLEST_OBJECT + Math.floorMod(hash, SIZES),
          HexFormat.of().toHexDigits(hash) + HexFormat.of().toHexDigits(Long.reverse(hash)),
          FIRST_DAY.plus(Math.floorMod(hash >> 16, DAYS), ChronoUnit.DAYS));
    }

    /** Its bytes, which its key alone decides. */
    byte[] content() {
      byte[] content = new byte[size];
      new Random(hash(key)).nextBytes(content);
      return content;
    }
  }

  /**
   * What is asked for, as S3 has it.
   *
   * @param delimiter empty for none
   * @param startAfter empty for the beginning
   * @param token instead of {@code startAfter}, or null
   */
  record Query(
      String prefix, String delimiter, String startAfter, @Nullable String token, int maxKeys) {}

  /**
   * A page of a listing.
   *
   * @param next the token for the page that follows, or null if this is the last one
   */
  record Page(List<String> keys, List<String> prefixes, @Nullable String next) {}

  LargeBucket(LargeKeys keys) {
    this.keys = keys;
  }

  Page list(Query query) {
    int max = Math.min(query.maxKeys(), LARGEST_PAGE);
    int rank = Math.max(start(query), keys.atOrAfter(query.prefix()));
    int end = keys.afterAll(query.prefix());
    List<String> found = new ArrayList<>();
    List<String> prefixes = new ArrayList<>();
    String last = "";
    while (rank < end && found.size() + prefixes.size() < max) {
      String key = keys.get(rank);
      int cut =
          query.delimiter().isEmpty()
              ? -1
              : key.indexOf(query.delimiter(), query.prefix().length());
      if (cut < 0) {
        found.add(key);
        last = KEY + key;
        rank++;
      } else {
        String common = key.substring(0, cut + query.delimiter().length());
        prefixes.add(common);
        last = PREFIX + common;
        rank = keys.afterAll(common);
      }
    }
    return new Page(found, prefixes, rank < end && max > 0 ? encoded(last) : null);
  }

  /** The object of that key, or null. */
  @Nullable Stored find(String key) {
    int rank = keys.atOrAfter(key);
    return rank < keys.size() && keys.get(rank).equals(key) ? Stored.of(key) : null;
  }

  private int start(Query query) {
    String token = query.token();
    if (token == null) {
      return query.startAfter().isEmpty() ? 0 : keys.after(query.startAfter());
    }
    String last = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
    return last.charAt(0) == PREFIX
        ? keys.afterAll(last.substring(1))
        : keys.after(last.substring(1));
  }

  private static String encoded(String last) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(last.getBytes(StandardCharsets.UTF_8));
  }

  private static long hash(String key) {
    long hash = 0;
    for (int i = 0; i < key.length(); i++) {
      hash = (hash + key.charAt(i)) * 0x9E37_79B9_7F4A_7C15L;
      hash ^= hash >>> 29;
    }
    return hash;
  }
}
