package org.lading.root.s3;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.lading.root.Item;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Tells whether an object is still the one that was listed. A store or proxy may leave out a tag or
 * a time, or change a tag on its way, so that neither alone proves that content changed.
 */
final class ObjectIdentity {
  /** What servers add to the tag of an object that they could have compressed. */
  private static final Pattern SUFFIX = Pattern.compile("[-;:]{1,2}(gzip|br|deflate|zstd)$");

  private final S3RootSettings settings;
  private final S3Errors errors;
  private final S3Clients clients;
  private final Item item;

  /** The outcome of a comparison of one property. */
  enum Match {
    SAME,
    OTHER,
    /** One of the two is not known. */
    UNKNOWN
  }

  ObjectIdentity(S3RootSettings settings, S3Errors errors, S3Clients clients, Item item) {
    this.settings = settings;
    this.errors = errors;
    this.clients = clients;
    this.item = item;
  }

  /** Compares a tag with that of the item: weakly, as RFC 9110, 8.8.3.2 has it. */
  Match tag(@Nullable String tag) {
    String one = normalized(tag);
    String other = normalized(item.version());
    return one == null || other == null ? Match.UNKNOWN : match(one.equals(other));
  }

  /** Compares a time with that of the item, in whole seconds, since headers have no others. */
  Match time(@Nullable Instant time) {
    return time == null
        ? Match.UNKNOWN
        : match(
            time.truncatedTo(ChronoUnit.SECONDS)
                .equals(item.modified().truncatedTo(ChronoUnit.SECONDS)));
  }

  /** Returns a tag without its quotes, the mark of a weak one, and what a proxy added; or null. */
  static @Nullable String normalized(@Nullable String tag) {
    if (tag == null || tag.isEmpty()) {
      return null;
    }
    String strong = tag.startsWith("W/") ? tag.substring("W/".length()) : tag;
    String bare = S3Keys.version(strong);
    return bare == null ? null : SUFFIX.matcher(bare).replaceFirst("");
  }

  /**
   * Asks the store in two other ways whether the object is still as it was listed: by a HEAD, and
   * by a listing, which shows what the item was made of if the HEAD has another tag. It costs at
   * most two requests; {@code STORAGE_UNAVAILABLE} if the store does not answer.
   */
  boolean isUnchanged() {
    return isSame(head()) || isSame(listed());
  }

  private boolean isSame(@Nullable HeadObjectResponse head) {
    if (head == null || (head.contentLength() != null && head.contentLength() != item.size())) {
      return false;
    }
    return isSame(tag(head.eTag()), time(head.lastModified()));
  }

  private boolean isSame(@Nullable S3Object listed) {
    return listed != null
        && listed.key().equals(item.key())
        && listed.size() != null
        && listed.size() == item.size()
        && isSame(tag(listed.eTag()), time(listed.lastModified()));
  }

  private static boolean isSame(Match tag, Match time) {
    return time != Match.OTHER && tag != Match.OTHER && (tag == Match.SAME || time == Match.SAME);
  }

  private @Nullable HeadObjectResponse head() {
    try {
      return clients.call(c -> c.headObject(S3Requests.head(settings, item.key()).build()));
    } catch (SdkException e) {
      requireAnswer(e);
      return null;
    }
  }

  private @Nullable S3Object listed() {
    try {
      List<S3Object> found =
          clients.call(c -> c.listObjectsV2(S3Requests.firstKey(settings, item.key()))).contents();
      return found.isEmpty() || found.get(0).key() == null ? null : found.get(0);
    } catch (SdkException e) {
      requireAnswer(e);
      return null;
    }
  }

  /** A refusal shows nothing; a store that does not answer may do so later. */
  private void requireAnswer(SdkException e) {
    if (!(e instanceof AwsServiceException) || S3Errors.isTransient(e)) {
      throw errors.ofObject(item.key(), e);
    }
  }

  private static Match match(boolean same) {
    return same ? Match.SAME : Match.OTHER;
  }
}
