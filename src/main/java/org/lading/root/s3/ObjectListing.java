package org.lading.root.s3;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.lading.root.Item;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.OptionalObjectAttributes;
import software.amazon.awssdk.services.s3.model.S3Object;

/** One walk over the keys of a directory, page by page in the order of the keys. */
final class ObjectListing {
  private final S3Settings settings;
  private final Failures failures;
  private final S3Client client;
  private final String path;
  private final String directory;
  private final boolean recursive;
  private final Consumer<Item> sink;

  private boolean found;
  private String lastKey = "";

  /** A directory marker of which only the next key tells whether the directory is empty. */
  private @Nullable S3Object marker;

  /** Lists what begins with {@code directory}; {@code path} is what the request calls it. */
  ObjectListing(
      S3Settings settings,
      Failures failures,
      S3Client client,
      String path,
      String directory,
      boolean recursive,
      Consumer<Item> sink) {
    this.settings = settings;
    this.failures = failures;
    this.client = client;
    this.path = path;
    this.directory = directory;
    this.recursive = recursive;
    this.sink = sink;
  }

  /** Hands everything to the sink. */
  void run() {
    String token = null;
    do {
      ListObjectsV2Response page = page(token);
      found |= page.hasCommonPrefixes() && !page.commonPrefixes().isEmpty();
      for (S3Object object : page.contents()) {
        accept(object);
      }
      token = next(page, token);
    } while (token != null);
    endMarker(null);
    if (!found && !directory.equals(settings.prefix())) {
      throw ObjectRules.invalid("The directory " + ObjectRules.quoted(path) + " is not there");
    }
  }

  private ListObjectsV2Response page(@Nullable String token) {
    ListObjectsV2Request.Builder request = S3Requests.list(settings, directory);
    if (token != null) {
      request.continuationToken(token);
    }
    if (!recursive) {
      request.delimiter("/");
    }
    if (settings.isAws()) {
      request.optionalObjectAttributes(OptionalObjectAttributes.RESTORE_STATUS);
    }
    try {
      return failures.requireListing(client.listObjectsV2(request.build()));
    } catch (SdkException e) {
      throw failures.ofList(path, e);
    }
  }

  private @Nullable String next(ListObjectsV2Response page, @Nullable String token) {
    if (!Boolean.TRUE.equals(page.isTruncated())) {
      return null;
    }
    String next = page.nextContinuationToken();
    if (next == null || next.isEmpty() || next.equals(token)) {
      throw failures.unavailable("lists its keys without end", null);
    }
    return next;
  }

  private void accept(S3Object object) {
    String key = object.key();
    if (key == null || object.size() == null || object.lastModified() == null) {
      throw failures.unavailable("gives listings that are incomplete", null);
    }
    if (!key.startsWith(directory)) {
      throw failures.unavailable("gives listings of another place than asked", null);
    }
    // Some compatible stores list in an order of their own; the archive's order must not vary.
    if (compareUtf8(lastKey, key) >= 0) {
      throw failures.unavailable("does not list its keys in byte order", null);
    }
    lastKey = key;
    found = true;
    if (isNamelessMarker(object)) {
      return;
    }
    endMarker(key);
    if (!recursive && key.indexOf('/', directory.length()) >= 0) {
      return;
    }
    ObjectRules.requireSafeKey(key);
    if (key.endsWith("/")) {
      acceptMarker(object);
    } else {
      requireReadable(object);
      sink.accept(item(object, Item.Kind.FILE, key.substring(directory.length())));
    }
  }

  /** An empty directory without a name, as careless tools leave behind, has no place anywhere. */
  private static boolean isNamelessMarker(S3Object object) {
    return object.size() == 0 && ("/" + object.key()).endsWith("//");
  }

  private void acceptMarker(S3Object object) {
    String key = object.key();
    if (object.size() > 0) {
      throw ObjectRules.invalid(
          "The object "
              + ObjectRules.quoted(key)
              + " has content under the name of a directory, so it cannot be in an archive");
    }
    if (recursive && !key.equals(directory)) {
      marker = object;
    }
  }

  private void endMarker(@Nullable String nextKey) {
    S3Object pending = marker;
    marker = null;
    if (pending != null && (nextKey == null || !nextKey.startsWith(pending.key()))) {
      String name = pending.key().substring(directory.length(), pending.key().length() - 1);
      sink.accept(item(pending, Item.Kind.EMPTY_DIRECTORY, name));
    }
  }

  private static Item item(S3Object object, Item.Kind kind, String name) {
    String version = ObjectRules.version(object.eTag());
    long crc32 = ObjectChecksums.announces(object) ? Item.CRC32_ON_REQUEST : Item.UNKNOWN_CRC32;
    return new Item(kind, name, object.key(), object.size(), object.lastModified(), version, crc32);
  }

  private void requireReadable(S3Object object) {
    if (!ObjectRules.isArchiveClass(object) || ObjectRules.isRestored(object)) {
      return;
    }
    // AWS was asked for the state of restores; elsewhere each archived object is asked for.
    if (settings.isAws() || ObjectRules.isArchived(head(object.key()))) {
      throw ObjectRules.archived(object.key());
    }
  }

  private HeadObjectResponse head(String key) {
    try {
      return client.headObject(S3Requests.head(settings, key).build());
    } catch (SdkException e) {
      throw failures.ofList(path, e);
    }
  }

  /** The order of UTF-8 bytes: that of code points, which differs from that of Java's chars. */
  private static int compareUtf8(String a, String b) {
    int end = Math.min(a.length(), b.length());
    for (int i = 0; i < end; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        boolean sameWidth = Character.isSurrogate(x) == Character.isSurrogate(y);
        return sameWidth ? Character.compare(x, y) : Character.isSurrogate(x) ? 1 : -1;
      }
    }
    return Integer.compare(a.length(), b.length());
  }
}
