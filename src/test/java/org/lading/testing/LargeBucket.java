package org.lading.testing;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The store behind {@link LargeBucketServer}: one bucket with very many keys, whose objects are
 * worked out from their keys. A page costs a binary search and what stands on it.
 */
final class LargeBucket extends ForwardingBlobStore {
  static final String NAME = "large";

  private static final int LARGEST_PAGE = 1000;
  private static final int SMALLEST_OBJECT = 100;
  private static final int SIZES = 900;
  private static final long FIRST_TIME = Instant.parse("2020-01-01T00:00:00Z").getEpochSecond();
  private static final int TIMES = 5 * 365 * 24 * 3600;
  private static final char KEY = 'k';
  private static final char PREFIX = 'p';

  private final LargeKeys keys;
  private final AtomicLong lists = new AtomicLong();
  private final AtomicLong heads = new AtomicLong();
  private final AtomicLong gets = new AtomicLong();

  LargeBucket(LargeKeys keys) {
    super(BlobStores.create("transient-nio2", new Properties()));
    this.keys = keys;
    createContainer(NAME);
  }

  LargeBucketServer.Calls calls() {
    return new LargeBucketServer.Calls(lists.get(), heads.get(), gets.get());
  }

  @Override
  public ListObjectsV2Response list(ListObjectsV2Request request) {
    lists.incrementAndGet();
    int max = request.maxKeys() == null ? LARGEST_PAGE : Math.min(request.maxKeys(), LARGEST_PAGE);
    String prefix = request.prefix() == null ? "" : request.prefix();
    String delimiter = request.delimiter() == null ? "" : request.delimiter();
    List<S3Object> contents = new ArrayList<>();
    List<CommonPrefix> prefixes = new ArrayList<>();
    int rank = Math.max(start(request), keys.atOrAfter(prefix));
    int end = keys.behind(prefix);
    String token = "";
    while (rank < end && contents.size() + prefixes.size() < max) {
      String key = keys.get(rank);
      int cut = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
      if (cut < 0) {
        contents.add(object(key));
        token = KEY + key;
        rank++;
      } else {
        String common = key.substring(0, cut + delimiter.length());
        prefixes.add(CommonPrefix.builder().prefix(common).build());
        token = PREFIX + common;
        rank = keys.behind(common);
      }
    }
    boolean truncated = rank < end && max > 0;
    return ListObjectsV2Response.builder()
        .name(request.bucket())
        .prefix(request.prefix())
        .delimiter(request.delimiter())
        .maxKeys(max)
        .keyCount(contents.size() + prefixes.size())
        .contents(contents)
        .commonPrefixes(prefixes)
        .isTruncated(truncated)
        .nextContinuationToken(truncated ? encoded(token) : null)
        .build();
  }

  @Override
  public HeadObjectResponse blobMetadata(HeadObjectRequest request) {
    heads.incrementAndGet();
    S3Object object = existing(request.key());
    return HeadObjectResponse.builder()
        .contentLength(object.size())
        .contentType("application/octet-stream")
        .eTag(object.eTag())
        .lastModified(object.lastModified())
        .build();
  }

  @Override
  public ResponseInputStream<GetObjectResponse> getBlob(GetObjectRequest request) {
    gets.incrementAndGet();
    S3Object object = existing(request.key());
    byte[] content = content(object);
    GetObjectResponse.Builder response =
        GetObjectResponse.builder()
            .contentType("application/octet-stream")
            .eTag(object.eTag())
            .lastModified(object.lastModified());
    if (request.range() != null) {
      String[] range = request.range().substring("bytes=".length()).split("-", 2);
      int from = Integer.parseInt(range[0]);
      int last = range[1].isEmpty() ? content.length - 1 : Integer.parseInt(range[1]);
      response.contentRange("bytes %d-%d/%d".formatted(from, last, content.length));
      content = Arrays.copyOfRange(content, from, Math.min(last + 1, content.length));
    }
    return new ResponseInputStream<>(
        response.contentLength((long) content.length).build(), new ByteArrayInputStream(content));
  }

  /** The bytes of an object, which its key alone decides. */
  static byte[] content(S3Object object) {
    byte[] content = new byte[object.size().intValue()];
    new Random(hash(object.key())).nextBytes(content);
    return content;
  }

  static S3Object object(String key) {
    long hash = hash(key);
    return S3Object.builder()
        .key(key)
        .size(SMALLEST_OBJECT + Math.floorMod(hash, (long) SIZES))
        .eTag("\"%016x%016x\"".formatted(hash, Long.reverse(hash)))
        .lastModified(Instant.ofEpochSecond(FIRST_TIME + Math.floorMod(hash >> 16, TIMES)))
        .storageClass("STANDARD")
        .build();
  }

  private S3Object existing(String key) {
    int rank = keys.atOrAfter(key);
    if (rank == keys.size() || !keys.get(rank).equals(key)) {
      throw NoSuchKeyException.builder().statusCode(404).message(key).build();
    }
    return object(key);
  }

  private int start(ListObjectsV2Request request) {
    @Nullable String token = request.continuationToken();
    if (token == null || token.isEmpty()) {
      return request.startAfter() == null ? 0 : keys.after(request.startAfter());
    }
    String last = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
    return last.charAt(0) == PREFIX
        ? keys.behind(last.substring(1))
        : keys.after(last.substring(1));
  }

  private static String encoded(String token) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(token.getBytes(StandardCharsets.UTF_8));
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
