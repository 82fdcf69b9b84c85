package org.lading.root.s3;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.root.Item;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Asks for an object's bytes and makes sure that the answer is them, before any is read. */
final class ObjectContent {
  private static final int NOT_FOUND = 404;
  private static final int PRECONDITION_FAILED = 412;
  private static final int RANGE_NOT_SATISFIABLE = 416;

  /**
   * By default the SDK watches each answer with a thread of its own, which outlives the application
   * by a minute; our streams are closed by whoever opened them.
   */
  private static final Duration UNWATCHED = Duration.ZERO;

  private final S3RootSettings settings;
  private final S3Errors failures;
  private final S3Client client;
  private final Item item;
  private final long to;

  ObjectContent(S3RootSettings settings, S3Errors failures, S3Client client, Item item, long to) {
    this.settings = settings;
    this.failures = failures;
    this.client = client;
    this.item = item;
    this.to = to;
  }

  /** Behind the last byte that is asked for. */
  long end() {
    return to;
  }

  Item item() {
    return item;
  }

  /**
   * The bytes from a position below the end on. {@code CHANGED} if they are not the item's any
   * more; an {@code SdkException} if the call failed.
   */
  ResponseInputStream<GetObjectResponse> from(long position) {
    ResponseInputStream<GetObjectResponse> answer;
    try {
      answer =
          client.getObject(
              S3Requests.get(settings, item, position, to),
              ResponseTransformer.toInputStream(UNWATCHED));
    } catch (S3Exception e) {
      LadingException changed = asChange(e);
      if (changed != null) {
        throw changed;
      }
      throw e;
    }
    LadingException fault = fault(answer.response(), position);
    if (fault != null) {
      answer.abort();
      throw fault;
    }
    return answer;
  }

  private @Nullable LadingException asChange(S3Exception e) {
    String code = S3Errors.code(e);
    if (code.equals("InvalidObjectState")) {
      String sentence = S3Keys.archived(item.key()).sentence();
      return new LadingException(ErrorCode.CHANGED, sentence, e);
    }
    return switch (e.statusCode()) {
      case PRECONDITION_FAILED, RANGE_NOT_SATISFIABLE -> changed(e);
      case NOT_FOUND -> code.equals("NoSuchBucket") ? null : changed(e);
      default -> null;
    };
  }

  /** Compatible stores may ignore {@code If-Match}, {@code Range} or both. */
  private @Nullable LadingException fault(GetObjectResponse answer, long position) {
    Long length = answer.contentLength();
    if (length == null) {
      return failures.unavailable("does not tell an object's size", null);
    }
    if (!isSameVersion(answer)) {
      return changed(null);
    }
    String range = answer.contentRange();
    if ((position > 0 || to < item.size()) && range == null) {
      return length == item.size()
          ? failures.unavailable("gives whole objects where a part is asked for", null)
          : changed(null);
    }
    if (length != to - position) {
      return changed(null);
    }
    if (range == null) {
      return null;
    }
    String part = "bytes " + position + "-" + (to - 1) + "/";
    if (!range.startsWith(part)) {
      return failures.unavailable("gives another part of an object than asked for", null);
    }
    String whole = range.substring(part.length());
    return whole.equals("*") || whole.equals(Long.toString(item.size())) ? null : changed(null);
  }

  private boolean isSameVersion(GetObjectResponse answer) {
    String version = S3Keys.version(answer.eTag());
    if (version != null && item.version() != null) {
      return version.equals(item.version());
    }
    Instant modified = answer.lastModified();
    // The header has whole seconds, a listing may have more.
    return modified == null
        || modified
            .truncatedTo(ChronoUnit.SECONDS)
            .equals(item.modified().truncatedTo(ChronoUnit.SECONDS));
  }

  private LadingException changed(@Nullable Throwable cause) {
    return LadingException.changed("The object", item.key(), cause);
  }
}
