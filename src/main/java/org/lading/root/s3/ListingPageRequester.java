package org.lading.root.s3;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lading.error.LadingException;
import org.lading.root.s3.listing.KeyOrder;
import org.lading.root.s3.listing.KeyOrderException;
import org.lading.root.s3.listing.ListedObject;
import org.lading.root.s3.listing.ListedPage;
import org.lading.root.s3.listing.ListingCalls;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.OptionalObjectAttributes;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Requests the pages of a listing and validates each of them. Exceptions of the SDK are passed on
 * as they are.
 */
final class ListingPageRequester implements ListingCalls {
  private static final String DELIMITER = "/";

  /** Leaves the number of keys of a page to the store. */
  private static final int NO_LIMIT = 0;

  private final S3RootSettings settings;
  private final S3Errors errors;
  private final S3Clients clients;
  private final String directory;
  private final boolean recursive;

  ListingPageRequester(
      S3RootSettings settings,
      S3Errors errors,
      S3Clients clients,
      String directory,
      boolean recursive) {
    this.settings = settings;
    this.errors = errors;
    this.clients = clients;
    this.directory = directory;
    this.recursive = recursive;
  }

  @Override
  public ListedPage page(String after, @Nullable String token) {
    ListedPage page = list(directory, !recursive, after, token, NO_LIMIT);
    if (token == null && !after.isEmpty() && beginsTooEarly(page, after)) {
      clients.listSequentially(after);
      throw new StartAfterIgnoredException(after);
    }
    return inOrder(page);
  }

  /**
   * Tells whether a page begins before {@code after}; the common prefix of that key itself may be
   * listed once more.
   */
  private static boolean beginsTooEarly(ListedPage page, String after) {
    String key = page.objects().isEmpty() ? null : page.objects().get(0).key();
    String prefix = page.prefixes().isEmpty() ? null : page.prefixes().get(0);
    return (key != null && KeyOrder.BYTES.compare(key, after) <= 0)
        || (prefix != null
            && KeyOrder.BYTES.compare(prefix, after) <= 0
            && !after.startsWith(prefix));
  }

  @Override
  public ListedPage children(String parent, String after, @Nullable String token) {
    return list(parent, true, after, token, NO_LIMIT);
  }

  /** Requests a page of at most {@code max} files and directories directly in the directory. */
  ListedPage childrenUpTo(@Nullable String token, int max) {
    return list(directory, true, "", token, max);
  }

  private ListedPage list(
      String prefix, boolean delimited, String after, @Nullable String token, int max) {
    ListObjectsV2Request.Builder request = S3Requests.list(settings, prefix);
    if (max != NO_LIMIT) {
      request.maxKeys(max);
    }
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
    ListObjectsV2Response answer =
        errors.requireListing(clients.callDirectly(c -> c.listObjectsV2(request.build())));
    return new ListedPage(
        answer.contents().stream().map(object -> listedObject(object, prefix)).toList(),
        answer.commonPrefixes().stream()
            .map(CommonPrefix::prefix)
            .filter(Objects::nonNull)
            .map(directoryBelow -> requireBelow(directoryBelow, prefix))
            .toList(),
        nextToken(answer, token));
  }

  private String requireBelow(String directoryBelow, String prefix) {
    if (!directoryBelow.startsWith(prefix)
        || directoryBelow.length() == prefix.length()
        || !directoryBelow.endsWith(DELIMITER)) {
      throw otherPlace();
    }
    return directoryBelow;
  }

  private LadingException otherPlace() {
    return errors.unavailable("gives listings of another place than asked", null);
  }

  /** Returns an object of a listing, with what the listing tells of it. */
  private ListedObject listedObject(S3Object object, String prefix) {
    if (object.key() == null) {
      throw errors.unavailable("gives listings that are incomplete", null);
    }
    if (!object.key().startsWith(prefix)) {
      throw otherPlace();
    }
    boolean archived = S3Keys.isArchiveClass(object) && !S3Keys.isRestored(object);
    return new ListedObject(
        object.key(),
        object.size() == null ? ListedObject.UNKNOWN_SIZE : object.size(),
        object.lastModified(),
        S3Keys.version(object.eTag()),
        archived || S3Keys.isTieredClass(object),
        archived,
        S3ChecksumReader.hasCrc32(object));
  }

  private @Nullable String nextToken(ListObjectsV2Response page, @Nullable String token) {
    if (!Boolean.TRUE.equals(page.isTruncated())) {
      return null;
    }
    String next = page.nextContinuationToken();
    if (next == null || next.isEmpty() || next.equals(token)) {
      throw errors.unavailable("lists its keys without end", null);
    }
    return next;
  }

  /**
   * Returns a page without objects that it has twice, one after the other; throws a {@link
   * KeyOrderException} if its keys are in another order than that of their bytes. {@link
   * DirectoryListing} checks the order of the pages.
   */
  private static ListedPage inOrder(ListedPage page) {
    List<ListedObject> objects = page.objects();
    boolean isTwice = false;
    for (int i = 1; i < objects.size(); i++) {
      String before = objects.get(i - 1).key();
      String key = objects.get(i).key();
      int order = KeyOrder.BYTES.compare(before, key);
      if (order > 0) {
        throw new KeyOrderException(before, key);
      }
      isTwice |= order == 0;
    }
    if (!isTwice) {
      return page;
    }
    Set<String> keys = new HashSet<>();
    return new ListedPage(
        objects.stream().filter(object -> keys.add(object.key())).toList(),
        page.prefixes(),
        page.token());
  }
}
