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
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Requests the bytes of an object from any position up to an end, and checks each answer against
 * the listed item before any of its bytes is read.
 */
final class ObjectOpener {
  private static final int NOT_FOUND = 404;
  private static final int PRECONDITION_FAILED = 412;
  private static final int RANGE_NOT_SATISFIABLE = 416;

  /**
   * Switches the timeout for a first read off: the SDK would watch each answer with a thread, which
   * outlives the application by a minute, and every stream here has an owner that closes it.
   */
  private static final Duration NO_FIRST_READ_TIMEOUT = Duration.ZERO;

  private final S3RootSettings settings;
  private final S3Errors errors;
  private final S3Clients clients;
  private final Item item;
  private final long end;

  ObjectOpener(S3RootSettings settings, S3Errors errors, S3Clients clients, Item item, long end) {
    this.settings = settings;
    this.errors = errors;
    this.clients = clients;
    this.item = item;
    this.end = end;
  }

  /** Returns the position after the last byte. */
  long end() {
    return end;
  }

  Item item() {
    return item;
  }

  /**
   * Requests the bytes from a position before the end on. Throws {@code CHANGED} if they are no
   * longer the item's, and an {@code SdkException} if the call failed.
   */
  ResponseInputStream<GetObjectResponse> open(long position) {
    ResponseInputStream<GetObjectResponse> answer;
    try {
      answer =
          clients.call(
              client ->
                  client.getObject(
                      S3Requests.get(settings, item, position, end),
                      ResponseTransformer.toInputStream(NO_FIRST_READ_TIMEOUT)));
    } catch (S3Exception e) {
      LadingException changed = changeOrNull(e);
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

  private @Nullable LadingException changeOrNull(S3Exception e) {
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

  /** Returns what is wrong with an answer; compatible stores may ignore If-Match, Range or both. */
  private @Nullable LadingException fault(GetObjectResponse answer, long position) {
    Long length = answer.contentLength();
    if (length == null) {
      return errors.unavailable("does not tell an object's size", null);
    }
    if (!isSameVersion(answer)) {
      return changed(null);
    }
    String range = answer.contentRange();
    if ((position > 0 || end < item.size()) && range == null) {
      return length == item.size()
          ? errors.unavailable("gives whole objects where a part is asked for", null)
          : changed(null);
    }
    if (length != end - position) {
      return changed(null);
    }
    if (range == null) {
      return null;
    }
    String part = "bytes " + position + "-" + (end - 1) + "/";
    if (!range.startsWith(part)) {
      return errors.unavailable("gives another part of an object than asked for", null);
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
    // The header has whole seconds; a listing may have fractions.
    return modified == null
        || modified
            .truncatedTo(ChronoUnit.SECONDS)
            .equals(item.modified().truncatedTo(ChronoUnit.SECONDS));
  }

  private LadingException changed(@Nullable Throwable cause) {
    return LadingException.changed("The object", item.key(), cause);
  }
}
