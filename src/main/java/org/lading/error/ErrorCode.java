package org.lading.error;

import java.util.Locale;

/** The kinds of failures of a call, with their HTTP statuses. */
public enum ErrorCode {
  /** The request cannot be read, or its body is not JSON, or has a field of the wrong type. */
  UNPARSEABLE(400),
  /** The request names a root that is not configured. */
  INVALID_ROOT(400),
  /** A target is missing, is of the wrong kind, lies outside its root or cannot be read. */
  MISSING_OR_INVALID_TARGET(400),
  /** A name inside the archive would be unsafe or not portable. */
  INVALID_NAME(400),
  /** The address that a request wants to be told at is none, or not one that may be told. */
  INVALID_NOTIFY(400),
  /** The targets leave nothing to put in the archive. */
  EMPTY(400),
  /** The client did not prove who it is: it sent nothing, or what is not known. */
  UNAUTHORIZED(401),
  /** The client may not do what it asks for. */
  FORBIDDEN(403),
  /** There is no such page, or no such download under the root. */
  NOT_FOUND(404),
  /** The download exists but its entries are still being made. */
  NOT_READY(404, 5),
  /** The page does not take the method of the request. */
  METHOD_NOT_ALLOWED(405),
  /** The page has no form that the request accepts. */
  NOT_ACCEPTABLE(406),
  /** The request body came too slowly. */
  TOO_SLOW(408),
  /** A source changed since the entries were made. */
  CHANGED(409),
  /** A source cannot be read, though its root answers; waiting does not help. */
  UNREADABLE(409),
  /** The download could not be prepared; the sentence says why. */
  FAILED(409),
  /** The download has expired. */
  EXPIRED(410),
  /** The request body, the entries or the bytes are over a configured limit. */
  TOO_LARGE(413),
  /** The body of a request from a browser is not labelled as JSON. */
  UNSUPPORTED_MEDIA_TYPE(415),
  /** The request names a host that this server does not answer for. */
  MISDIRECTED(421),
  /** The client, or the address, asks more often than it may; the answer says when it may again. */
  TOO_MANY_REQUESTS(429),
  /** The client, or the address, has had the bytes of the day; the answer says when it goes on. */
  QUOTA_EXCEEDED(429),
  /** The server failed for another reason; the log has the details. */
  INTERNAL(500),
  /** Other requests take the room that the server has for them. */
  BUSY(503, 5),
  /** As many archives are being sent as may be; the answer has the place in the line. */
  WAITING(503),
  /** A bucket, a directory, the storage or the database did not answer. */
  STORAGE_UNAVAILABLE(503, 30),
  /** The server is starting, and waits for a part such as its database. */
  STARTING(503, 5),
  /** The server is about to stop, and begins nothing new. */
  STOPPING(503, 5),
  /** The download could not be prepared within the configured time. */
  TIMED_OUT(504),
  /** The settings have faults, or only the operator can help, so nothing is served. */
  NOT_CONFIGURED(503);

  /** The value of {@link #retryAfterSeconds()} where a retry would not help. */
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

  /** Returns the code as answers spell it: lower case with underscores. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the HTTP status code. */
  public int status() {
    return status;
  }

  /** Returns the seconds for the {@code Retry-After} header, or {@link #NO_RETRY} for no header. */
  public int retryAfterSeconds() {
    return retryAfterSeconds;
  }
}
