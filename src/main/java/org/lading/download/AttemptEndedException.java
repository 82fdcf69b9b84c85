package org.lading.download;

/**
 * Thrown where an attempt to prepare a download must end: a later attempt has begun, or the node
 * stops.
 */
public final class AttemptEndedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with the reason, for the log. */
  public AttemptEndedException(String reason) {
    super(reason);
  }
}
