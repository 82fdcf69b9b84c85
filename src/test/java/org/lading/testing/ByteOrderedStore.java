package org.lading.testing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Lists keys in the order of their UTF-8 bytes as S3 does; s3proxy's own stores list them in the
 * order of Java strings, which differs where surrogates are involved.
 */
final class ByteOrderedStore extends ForwardingBlobStore {
  private static final Comparator<String> BYTE_ORDER =
      Comparator.comparing(s -> s.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);
  private static final int DEFAULT_PAGE = 1000;

  ByteOrderedStore(BlobStore delegate) {
    super(delegate);
  }

  @Override
  public ListObjectsV2Response list(ListObjectsV2Request request) {
    SortedMap<String, Object> all = everything(request);
    String after =
        request.continuationToken() == null ? request.startAfter() : request.continuationToken();
    if (after != null) {
      all = all.tailMap(after + "\0");
    }
    int max = request.maxKeys() == null ? DEFAULT_PAGE : request.maxKeys();
    List<Map.Entry<String, Object>> page = all.entrySet().stream().limit(max).toList();
    boolean truncated = page.size() < all.size() && !page.isEmpty();
    return ListObjectsV2Response.builder()
        .name(request.bucket())
        .prefix(request.prefix())
        .delimiter(request.delimiter())
        .maxKeys(max)
        .keyCount(page.size())
        .contents(only(page, S3Object.class))
        .commonPrefixes(only(page, CommonPrefix.class))
        .isTruncated(truncated)
        .nextContinuationToken(truncated ? page.get(page.size() - 1).getKey() : null)
        .build();
  }

  private SortedMap<String, Object> everything(ListObjectsV2Request request) {
    SortedMap<String, Object> all = new TreeMap<>(BYTE_ORDER);
    @Nullable String token = null;
    do {
      ListObjectsV2Response part =
          super.list(
              request.toBuilder()
                  .startAfter(null)
                  .continuationToken(token)
                  .maxKeys(DEFAULT_PAGE)
                  .build());
      part.contents().forEach(object -> all.put(object.key(), object));
      part.commonPrefixes().forEach(prefix -> all.put(prefix.prefix(), prefix));
      token = Boolean.TRUE.equals(part.isTruncated()) ? part.nextContinuationToken() : null;
    } while (token != null);
    return all;
  }

  private static <T> List<T> only(List<Map.Entry<String, Object>> page, Class<T> kind) {
    return page.stream().map(Map.Entry::getValue).filter(kind::isInstance).map(kind::cast).toList();
  }
}
