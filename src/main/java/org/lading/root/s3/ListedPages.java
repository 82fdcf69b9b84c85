package org.lading.root.s3;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lading.root.s3.listing.KeyOrder;
import org.lading.root.s3.listing.ListedObject;
import org.lading.root.s3.listing.ListedPage;
import org.lading.root.s3.listing.ListingCalls;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.OptionalObjectAttributes;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The pages of a listing, each held to what a listing must be. Whatever the SDK throws comes
 * through as it is.
 */
final class ListedPages implements ListingCalls {
  private static final String DELIMITER = "/";

  private final S3Settings settings;
  private final Failures failures;
  private final S3Client client;
  private final String directory;
  private final boolean recursive;

  ListedPages(
      S3Settings settings,
      Failures failures,
      S3Client client,
      String directory,
      boolean recursive) {
    this.settings = settings;
    this.failures = failures;
    this.client = client;
    this.directory = directory;
    this.recursive = recursive;
  }

  @Override
  public ListedPage page(String after, @Nullable String token) {
    ListedPage page = ask(directory, !recursive, after, token);
    boolean hasCut = token == null && !after.isEmpty() && !page.objects().isEmpty();
    if (hasCut && KeyOrder.BYTES.compare(page.objects().get(0).key(), after) <= 0) {
      throw new CutsIgnoredException(after);
    }
    return page;
  }

  @Override
  public ListedPage children(String of, String after, @Nullable String token) {
    return ask(of, true, after, token);
  }

  private ListedPage ask(String prefix, boolean delimited, String after, @Nullable String token) {
    ListObjectsV2Request.Builder request = S3Requests.list(settings, prefix);
    if (token != null) {
      request.continuationToken(token);
    } else if (!after.isEmpty()) {
      request.startAfter(after);
    }
    if (delimited) {
      request.delimiter(DELIMITER);
    }
    if (settings.isAws()) {
      request.optionalObjectAttributes(OptionalObjectAttributes.RESTORE_STATUS);
    }
    ListObjectsV2Response answer = failures.requireListing(client.listObjectsV2(request.build()));
    ListedPage page =
        new ListedPage(
            answer.contents().stream().map(object -> object(object, prefix)).toList(),
            answer.commonPrefixes().stream().map(CommonPrefix::prefix).toList(),
            next(answer, token));
    requireOrder(page.objects(), ListedObject::key);
    requireOrder(page.prefixes(), Function.identity());
    return page;
  }

  private ListedObject object(S3Object object, String prefix) {
    if (object.key() == null || object.size() == null || object.lastModified() == null) {
      throw failures.unavailable("gives listings that are incomplete", null);
    }
    if (!object.key().startsWith(prefix)) {
      throw failures.unavailable("gives listings of another place than asked", null);
    }
    return new ListedObject(
        object.key(),
        object.size(),
        object.lastModified(),
        ObjectRules.version(object.eTag()),
        ObjectRules.isArchiveClass(object) && !ObjectRules.isRestored(object),
        ObjectChecksums.announces(object));
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

  private <T> void requireOrder(List<T> listed, Function<T, String> key) {
    for (int i = 1; i < listed.size(); i++) {
      if (KeyOrder.BYTES.compare(key.apply(listed.get(i - 1)), key.apply(listed.get(i))) >= 0) {
        throw failures.unavailable("does not list its keys in byte order", null);
      }
    }
  }
}
