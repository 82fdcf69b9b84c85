package org.lading.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

final class LargeBucketTest {
  private static final String[] PARTS = {"a", "b", "ä", "a b", "/", "/", "\uFF5E", "😀", "+", "0"};

  @Test
  void pages_randomKeys_areThoseOfAnotherServer() throws IOException {
    Random random = new Random(42);
    for (int round = 0; round < 5; round++) {
      TreeSet<String> keys = new TreeSet<>();
      for (int i = 0; i < 40; i++) {
        keys.add("k" + text(random, 6) + "x");
      }
      try (S3Server other = new S3Server();
          LargeBucketServer large = new LargeBucketServer(LargeKeys.of(keys));
          S3Client known = LargeBucketServer.client(other.endpoint());
          S3Client tested = LargeBucketServer.client(large.endpoint())) {
        other.createBucket(LargeBucketServer.bucket());
        keys.forEach(key -> other.put(LargeBucketServer.bucket(), key, new byte[0]));
        for (int i = 0; i < 20; i++) {
          ListObjectsV2Request request = request(random);
          assertEquals(pages(known, request), pages(tested, request), request::toString);
        }
      }
    }
  }

  @Test
  void startAfter_insideACommonPrefix_keepsThePrefixWhileKeysAreLeft() throws IOException {
    try (LargeBucketServer server =
            new LargeBucketServer(LargeKeys.of(List.of("d/a", "d/b", "e")));
        S3Client client = LargeBucketServer.client(server.endpoint())) {
      ListObjectsV2Request.Builder request = ListObjectsV2Request.builder().delimiter("/");
      assertEquals(List.of("[e] [d/]"), pages(client, request.startAfter("d/a").build()));
      assertEquals(List.of("[e] []"), pages(client, request.startAfter("d/b").build()));
    }
  }

  @Test
  void object_headAndGet_areAsListed() throws IOException {
    String bucket = LargeBucketServer.bucket();
    try (LargeBucketServer server = new LargeBucketServer(LargeKeys.tree(2000));
        S3Client client = LargeBucketServer.client(server.endpoint())) {
      S3Object listed =
          client.listObjectsV2(list -> list.bucket(bucket).maxKeys(7)).contents().get(6);
      HeadObjectResponse head = client.headObject(h -> h.bucket(bucket).key(listed.key()));
      assertEquals(listed.size(), head.contentLength());
      assertEquals(listed.eTag(), head.eTag());
      assertEquals(listed.lastModified(), head.lastModified());
      ResponseBytes<GetObjectResponse> whole =
          client.getObjectAsBytes(get -> get.bucket(bucket).key(listed.key()));
      assertEquals(listed.eTag(), whole.response().eTag());
      assertArrayEquals(LargeBucket.Stored.of(listed.key()).content(), whole.asByteArray());
      ResponseBytes<GetObjectResponse> part =
          client.getObjectAsBytes(get -> get.bucket(bucket).key(listed.key()).range("bytes=5-8"));
      assertEquals(4, part.asByteArray().length);
      assertEquals(new LargeBucketServer.Calls(1, 1, 2), server.calls());
    }
  }

  @Test
  void shapes_haveAsManyDifferentKeysAsAsked() {
    for (String shape : new String[] {"flat", "tree", "hashes"}) {
      LargeKeys keys = LargeKeys.shape(shape, 30_000);
      assertEquals(30_000, keys.size());
      String key = keys.get(20_000);
      assertEquals(20_000, keys.atOrAfter(key));
      assertEquals(20_001, keys.after(key));
      assertTrue(keys.afterAll(key) > 20_000);
    }
  }

  /** Without two slashes in a row, which the other server takes for one. */
  private static String text(Random random, int most) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      text.append(PARTS[random.nextInt(PARTS.length)]);
    }
    return text.toString().replaceAll("/+", "/");
  }

  /**
   * Makes a request that starts anywhere except after a delimiter, where the other server is not
   * like S3.
   */
  private static ListObjectsV2Request request(Random random) {
    ListObjectsV2Request.Builder request =
        ListObjectsV2Request.builder()
            .prefix(random.nextInt(3) == 0 ? "" : "k" + text(random, 2))
            .delimiter(random.nextBoolean() ? "/" : null)
            .maxKeys(1 + random.nextInt(12));
    if (random.nextBoolean()) {
      String after = "k" + text(random, 3);
      request.startAfter(request.build().delimiter() == null ? after : after.replace("/", ""));
    }
    return request.build();
  }

  /** Each page as the keys and the common prefixes on it. */
  private static List<String> pages(S3Client client, ListObjectsV2Request request) {
    List<String> pages = new ArrayList<>();
    @Nullable String token = null;
    do {
      ListObjectsV2Response page =
          client.listObjectsV2(
              request.toBuilder()
                  .bucket(LargeBucketServer.bucket())
                  .encodingType("url")
                  .continuationToken(token)
                  .build());
      pages.add(
          page.contents().stream().map(S3Object::key).toList()
              + " "
              // The other server has them in the order of Java's strings.
              + page.commonPrefixes().stream().map(CommonPrefix::prefix).sorted().toList());
      token = page.nextContinuationToken();
      assertEquals(token != null, page.isTruncated());
    } while (token != null);
    return pages;
  }
}
