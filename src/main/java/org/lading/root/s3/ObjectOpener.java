package org.lading.root.s3;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.root.Item;
import org.lading.root.s3.ObjectIdentity.Match;
import org.lading.root.s3.client.StoreHabits;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Requests the bytes of an object from any position up to an end, and checks each answer against
 * the listed item before any of its bytes is read.
 *
 * <p>Whatever HTTP leaves optional may be missing from an answer. A refused condition or range is
 * no proof that the object changed: the store is asked in another way first, and the request is
 * made again without what was refused.
 */
final class ObjectOpener {
  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;
  private static final int PRECONDITION_FAILED = 412;
  private static final int RANGE_NOT_SATISFIABLE = 416;
  private static final int NOT_IMPLEMENTED = 501;

  /**
   * Switches the timeout for a first read off: the SDK would watch each answer with a thread, which
   * outlives the application by a minute, and every stream here has an owner that closes it.
   */
  private static final Duration NO_FIRST_READ_TIMEOUT = Duration.ZERO;

  private final S3RootSettings settings;
  private final S3Errors errors;
  private final S3Clients clients;
  private final StoreHabits habits;
  private final ObjectIdentity identity;
  private final Item item;
  private final long end;

  /**
   * The form of a request.
   *
   * @param conditional whether it has {@code If-Match}
   * @param ranged whether it has {@code Range}; otherwise it is for the whole object
   */
  private record Form(boolean conditional, boolean ranged) {
    boolean isPlain() {
      return !conditional && !ranged;
    }
  }

  ObjectOpener(S3RootSettings settings, S3Errors errors, S3Clients clients, Item item, long end) {
    this.settings = settings;
    this.errors = errors;
    this.clients = clients;
    this.habits = clients.habits();
    this.identity = new ObjectIdentity(settings, errors, clients, item);
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
   * longer the item's, {@code UNREADABLE} if the store refuses this object alone, and an {@code
   * SdkException} if the call failed for another reason.
   */
  ObjectBody open(long position) {
    boolean isPart = position > 0 || end < item.size();
    Form first =
        new Form(
            habits.honoursConditions() && hasStrongVersion(), habits.honoursRanges() && isPart);
    Form form = first;
    // Each turn asks in a simpler form, of which there are three at most.
    while (true) {
      try {
        ObjectBody body = bodyOrNull(get(position, form), position);
        if (body != null) {
          learn(first, form, body);
          return body;
        }
        form = simplerThanMisunderstood(form);
      } catch (S3Exception e) {
        form = simplerThanRefused(form, e);
      }
    }
  }

  private ResponseInputStream<GetObjectResponse> get(long position, Form form) {
    GetObjectRequest request =
        form.ranged()
            ? S3Requests.get(settings, item, position, end, form.conditional())
            : S3Requests.get(settings, item, 0, item.size(), form.conditional());
    return clients.call(
        client ->
            client.getObject(request, ResponseTransformer.toInputStream(NO_FIRST_READ_TIMEOUT)));
  }

  /** Returns the form in which to ask again after a refusal, or throws what it means. */
  private Form simplerThanRefused(Form refused, S3Exception e) {
    if (S3Errors.code(e).equals("InvalidObjectState")) {
      String sentence = S3Keys.archived(item.key()).sentence();
      throw new LadingException(ErrorCode.CHANGED, sentence, e);
    }
    switch (e.statusCode()) {
      case NOT_FOUND -> {
        if (S3Errors.code(e).equals("NoSuchBucket")) {
          throw e;
        }
        throw changed(e);
      }
      case PRECONDITION_FAILED, RANGE_NOT_SATISFIABLE -> {
        if (!identity.isUnchanged()) {
          throw changed(e);
        }
        if (refused.conditional() && e.statusCode() == PRECONDITION_FAILED) {
          return new Form(false, refused.ranged());
        }
        if (refused.ranged() && e.statusCode() == RANGE_NOT_SATISFIABLE) {
          return new Form(refused.conditional(), false);
        }
      }
      case BAD_REQUEST, NOT_IMPLEMENTED -> {
        if (!refused.isPlain() && !S3Errors.isOfBucket(e)) {
          return new Form(false, false);
        }
      }
      default -> {}
    }
    throw errors.ofGet(item.key(), e, this::requireListing);
  }

  /** Makes sure that the bucket answers, with the same credentials. */
  private void requireListing() {
    errors.requireListing(
        clients.call(c -> c.listObjectsV2(S3Requests.firstKey(settings, settings.prefix()))));
  }

  /** Returns the form in which to ask again after an answer that is not the part asked for. */
  private Form simplerThanMisunderstood(Form form) {
    if (form.ranged()) {
      return new Form(form.conditional(), false);
    }
    throw errors.unreadable(item.key(), "its store answers with other bytes than asked for", null);
  }

  /** Remembers what had to be left out of the request. */
  private void learn(Form first, Form last, ObjectBody body) {
    if (first.conditional() && !last.conditional()) {
      habits.conditionsFailed();
    } else if (last.conditional()) {
      habits.conditionsWorked();
    }
    boolean isWhole = body.answer().response().contentRange() == null;
    if (first.ranged() && (!last.ranged() || isWhole)) {
      habits.rangesFailed();
    }
  }

  /** Returns the body of an answer, or null if it is not the part that was asked for. */
  private @Nullable ObjectBody bodyOrNull(
      ResponseInputStream<GetObjectResponse> answer, long position) {
    try {
      ObjectBody body = body(answer, position);
      if (body == null) {
        answer.abort();
      }
      return body;
    } catch (LadingException | SdkException e) {
      answer.abort();
      throw e;
    }
  }

  private @Nullable ObjectBody body(ResponseInputStream<GetObjectResponse> answer, long position) {
    GetObjectResponse head = answer.response();
    Long length = head.contentLength();
    boolean isPart = head.sdkHttpResponse().statusCode() == 206;
    ContentRange range = ContentRange.parse(head.contentRange());
    if (range == null && !isPart) {
      range = new ContentRange(0, item.size(), length == null ? ContentRange.UNKNOWN : length);
    }
    requireSame(head);
    if (range != null && range.whole() != ContentRange.UNKNOWN && range.whole() != item.size()) {
      throw changed(null);
    }
    if (range == null
        || !range.has(position)
        || range.to() > item.size()
        || (length != null && length != range.to() - range.from())) {
      return null;
    }
    return new ObjectBody(answer, range.from(), range.to(), length == null, () -> changed(null));
  }

  /** Throws {@code CHANGED} if an answer is one of another content than the item's. */
  private void requireSame(GetObjectResponse head) {
    String tag = ObjectIdentity.normalized(head.eTag());
    String before = habits.tag(item);
    if (tag != null && before != null && !tag.equals(before)) {
      throw changed(null);
    }
    requireSame(tag, before, head.lastModified());
    if (tag != null && before == null) {
      habits.setTag(item, tag);
    }
  }

  private void requireSame(
      @Nullable String tag, @Nullable String before, @Nullable Instant modified) {
    Match sameTag = identity.tag(tag);
    Match sameTime = identity.time(modified);
    if (sameTag == Match.SAME || (sameTag == Match.UNKNOWN && sameTime == Match.SAME)) {
      return;
    }
    if (sameTime == Match.OTHER) {
      throw changed(null);
    }
    if (tag != null && before != null) {
      return;
    }
    boolean isKnownHabit = habits.listsOtherTags() && sameTime == Match.SAME;
    if (!isKnownHabit && !identity.isUnchanged()) {
      throw changed(null);
    }
    if (tag != null && sameTag == Match.OTHER) {
      habits.tagsDiffered();
    }
  }

  private boolean hasStrongVersion() {
    // A weak tag never matches here: RFC 9110, 13.1.1.
    return item.version() != null && !item.version().startsWith("W/");
  }

  private LadingException changed(@Nullable Throwable cause) {
    return LadingException.changed("The object", item.key(), cause);
  }
}
