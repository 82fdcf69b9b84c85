package org.lading.testing;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.lading.testing.ScriptedS3.Answer;
import org.lading.testing.ScriptedS3.Request;

/**
 * A bucket of a {@link ScriptedS3} whose store has its own ways: it lists, and continues, in an
 * order of its own, in pages of any size, and with changes to each answer.
 */
public final class OddBucket {
  private final Map<String, String> objects;
  private Comparator<String> order = Comparator.comparing(key -> key, OddBucket::compareBytes);
  private int pageSize = 1000;
  private boolean hasEmptyPages;
  private final AtomicInteger calls = new AtomicInteger();
  private UnaryOperator<String> listings = UnaryOperator.identity();
  private UnaryOperator<Answer> heads = UnaryOperator.identity();
  private UnaryOperator<Answer> gets = UnaryOperator.identity();

  /** Makes a bucket of objects, each with its content. */
  public OddBucket(Map<String, String> objects) {
    this.objects = new HashMap<>(objects);
  }

  /** Makes a bucket whose objects have their key for content. */
  public static OddBucket of(String... keys) {
    Map<String, String> objects = new HashMap<>();
    for (String key : keys) {
      objects.put(key, key);
    }
    return new OddBucket(objects);
  }

  /** Adds an object without content. */
  public OddBucket marker(String key) {
    objects.put(key, "");
    return this;
  }

  /** Lists in another order. */
  public OddBucket ordered(Comparator<String> by) {
    order = by;
    return this;
  }

  /** Lists so many names in a page. */
  public OddBucket paged(int size) {
    pageSize = size;
    return this;
  }

  /** Lists nothing in every other page. */
  public OddBucket withEmptyPages() {
    hasEmptyPages = true;
    return this;
  }

  /** Changes the XML of each listing. */
  public OddBucket listed(UnaryOperator<String> change) {
    listings = change;
    return this;
  }

  /** Changes the answer to each HEAD. */
  public OddBucket headed(UnaryOperator<Answer> change) {
    heads = change;
    return this;
  }

  /** Changes the answer to each GET. */
  public OddBucket got(UnaryOperator<Answer> change) {
    gets = change;
    return this;
  }

  /** Answers a request. */
  public Answer answer(Request request) {
    if (request.isListing()) {
      return Answer.ok(listings.apply(listing(request.query())));
    }
    String path = request.path();
    String key =
        URLDecoder.decode(
            path.substring(path.indexOf('/', 1) + 1).replace("+", "%2B"), StandardCharsets.UTF_8);
    String content = objects.get(key);
    if (content == null) {
      return Answer.error(404, "NoSuchKey");
    }
    if (request.method().equals("HEAD")) {
      int bytes = content.getBytes(StandardCharsets.UTF_8).length;
      return heads.apply(Answer.object(Map.of("Content-Length", Integer.toString(bytes))));
    }
    return gets.apply(new Answer(200, Map.of("ETag", "\"abc\""), content));
  }

  private String listing(Map<String, String> query) {
    String prefix = query.getOrDefault("prefix", "");
    String token = query.get("continuation-token");
    String after =
        token == null ? query.get("start-after") : token.substring(token.indexOf(':') + 1);
    int call = calls.incrementAndGet();
    Map<String, Boolean> names = new TreeMap<>(order);
    for (String key : objects.keySet()) {
      if (key.startsWith(prefix)) {
        int slash = query.containsKey("delimiter") ? key.indexOf('/', prefix.length()) : -1;
        names.putIfAbsent(slash < 0 ? key : key.substring(0, slash + 1), slash >= 0);
      }
    }
    Map<String, Boolean> page = new LinkedHashMap<>();
    String last = Objects.requireNonNullElse(after, "");
    ListingXml xml = new ListingXml();
    int size = hasEmptyPages && call % 2 == 1 ? 0 : pageSize;
    for (Map.Entry<String, Boolean> name : names.entrySet()) {
      if (after != null && !after.isEmpty() && order.compare(name.getKey(), after) <= 0) {
        continue;
      }
      if (page.size() == size) {
        xml.next(call + ":" + last);
        break;
      }
      last = name.getKey();
      page.put(last, name.getValue());
    }
    page.forEach(
        (name, isPrefix) -> {
          if (isPrefix) {
            xml.prefix(URLEncoder.encode(name, StandardCharsets.UTF_8));
          } else {
            xml.object(name, objects.get(name).getBytes(StandardCharsets.UTF_8).length);
          }
        });
    return xml.toString();
  }

  private static int compareBytes(String a, String b) {
    return Arrays.compareUnsigned(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }
}
