package org.lading.error;

import java.util.Locale;

/** Every way a call can fail, with the HTTP status that says so. */
public enum ErrorCode {
  /** The body is not JSON, not an object, or has a field of the wrong type. */
  UNPARSEABLE(400),
  /** A root is named that is not configured. */
  INVALID_ROOT(400),
  /** A target is not there, is of the wrong kind, lies outside its root or cannot be read. */
  MISSING_OR_INVALID_TARGET(400),
  /** A name inside the archive would be unsafe or not portable. */
  INVALID_NAME(400),
  /** Nothing is left to put in the archive. */
  EMPTY(400),
  /** The client named itself with no token, or one that is not known. */
  UNAUTHORIZED(401),
  /** The client may not do this. */
  FORBIDDEN(403),
  /** No such page, or no such download under this root. */
  NOT_FOUND(404),
  /** The download exists but its entries are still being made. */
  NOT_READY(404, 5),
  /** The path exists, but not for this method. */
  METHOD_NOT_ALLOWED(405),
  /** A source changed since the entries were made. */
  CHANGED(409),
  /** The download could not be prepared; the sentence says why. */
  FAILED(409),
  /** The download's time is up. */
  EXPIRED(410),
  /** The body, the entries or the bytes are over a configured limit. */
  TOO_LARGE(413),
  /** Anything else; the log has the details. */
  INTERNAL(500),
  /** A bucket, a directory or the storage did not answer. */
  STORAGE_UNAVAILABLE(503, 30),
  /** The configuration has faults, so nothing is served. */
  NOT_CONFIGURED(503);

  /** The value of {@link #retryAfterSeconds()} where trying again soon would not help. */
  public static final int NO_RETRY = 0;

  private final int status;
  private final int retryAfterSeconds;

  ErrorCode(int status) {
    this(status, NO_RETRY);
  }

  ErrorCode(int status, int retryAfterSeconds) {
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** The code as answers spell it: lower case with underscores. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The HTTP status code. */
  public int status() {
    return status;
  }

  /** Seconds for the {@code Retry-After} header, or {@link #NO_RETRY} for no such header. */
  public int retryAfterSeconds() {
    return retryAfterSeconds;
  }
}
