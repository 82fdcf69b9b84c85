package org.lading.testing;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.lading.base.Digests;
import org.lading.testing.ScriptedS3.Answer;
import org.lading.testing.ScriptedS3.Request;

/**
 * The objects of a {@link BareS3}: ASCII text under keys that need no encoding. Its answers are
 * those of a proper store with all headers; a test takes away or changes what it is about.
 */
public final class BareObjects {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT);

  private final SortedMap<String, Stored> objects = new ConcurrentSkipListMap<>();

  /** An object. */
  public record Stored(String content, Instant modified) {
    /** The tag, with its quotes: a digest of the content, as of an object put in one part. */
    public String tag() {
      byte[] digest = Digests.sha256().digest(content.getBytes(StandardCharsets.US_ASCII));
      return '"' + HexFormat.of().formatHex(digest, 0, 16) + '"';
    }
  }

  /** Adds or replaces an object. */
  public BareObjects put(String key, String content, String modified) {
    objects.put(key, new Stored(content, Instant.parse(modified)));
    return this;
  }

  /** Adds or replaces an object. */
  public BareObjects put(String key, String content) {
    return put(key, content, "2026-02-03T04:05:06Z");
  }

  /** Removes an object. */
  public void remove(String key) {
    objects.remove(key);
  }

  /** The object that a request is about, or null. */
  public @Nullable Stored object(Request request) {
    return objects.get(key(request));
  }

  /** The key that a request is about: the path without the bucket; empty for the bucket itself. */
  public static String key(Request request) {
    int slash = request.path().indexOf('/', 1);
    return slash < 0 ? "" : request.path().substring(slash + 1);
  }

  /** The answer of a proper store. */
  public Answer answer(Request request) {
    String key = key(request);
    if (key.isEmpty()) {
      return request.method().equals("HEAD") ? answer(200, "") : listing(request);
    }
    Stored object = objects.get(key);
    if (object == null) {
      return error(404, "NoSuchKey");
    }
    String tag = request.headers().get("If-Match");
    if (tag != null && !tag.equals(object.tag())) {
      return error(412, "PreconditionFailed");
    }
    String range = request.headers().get("Range");
    return range == null ? whole(object) : part(object, range);
  }

  /** An answer with the length of its body. */
  public static Answer answer(int status, String body) {
    return new Answer(status, Map.of("Content-Length", Integer.toString(body.length())), body);
  }

  /** An error as S3 has it. */
  public static Answer error(int status, String code) {
    return error(status, code, "words of the store");
  }

  /** An error as S3 has it, with its message. */
  public static Answer error(int status, String code, String message) {
    return answer(
        status, "<Error><Code>%s</Code><Message>%s</Message></Error>".formatted(code, message));
  }

  /** The same answer without some headers. */
  public static Answer without(Answer answer, String... names) {
    Map<String, String> headers = new TreeMap<>(answer.headers());
    headers.keySet().removeAll(List.of(names));
    return new Answer(answer.status(), headers, answer.body(), answer.sent(), answer.ending());
  }

  /** The same answer as a proxy hands it on that does not know the length. */
  public static Answer chunked(Answer answer) {
    return without(answer, "Content-Length").with("Transfer-Encoding", "chunked");
  }

  /** The whole object, whatever the request says. */
  public static Answer whole(Stored object) {
    return headers(answer(200, object.content()), object);
  }

  private static Answer part(Stored object, String range) {
    String[] ends = range.substring("bytes=".length()).split("-", -1);
    int size = object.content().length();
    int from = Integer.parseInt(ends[0]);
    int to = ends[1].isEmpty() ? size : Math.min(size, Integer.parseInt(ends[1]) + 1);
    if (from >= size) {
      return error(416, "InvalidRange");
    }
    return headers(answer(206, object.content().substring(from, to)), object)
        .with("Content-Range", "bytes %d-%d/%d".formatted(from, to - 1, size));
  }

  /** A time as headers have it. */
  public static String date(Instant time) {
    return DATE.format(time.atOffset(ZoneOffset.UTC));
  }

  private static Answer headers(Answer answer, Stored object) {
    return answer
        .with("ETag", object.tag())
        .with("Accept-Ranges", "bytes")
        .with("Last-Modified", date(object.modified()));
  }

  private Answer listing(Request request) {
    String prefix = request.query().getOrDefault("prefix", "");
    String after = request.query().getOrDefault("start-after", "");
    int most = Integer.parseInt(request.query().getOrDefault("max-keys", "1000"));
    List<String> contents = new ArrayList<>();
    for (Map.Entry<String, Stored> object : objects.tailMap(prefix).entrySet()) {
      String key = object.getKey();
      if (key.startsWith(prefix) && key.compareTo(after) > 0 && contents.size() < most) {
        contents.add(
            "<Contents><Key>%s</Key><LastModified>%s</LastModified><ETag>%s</ETag><Size>%d</Size></Contents>"
                .formatted(
                    key,
                    object.getValue().modified(),
                    object.getValue().tag().replace("\"", "&quot;"),
                    object.getValue().content().length()));
      }
    }
    return answer(
        200,
        "<ListBucketResult><IsTruncated>false</IsTruncated>"
            + String.join("", contents)
            + "</ListBucketResult>");
  }
}
