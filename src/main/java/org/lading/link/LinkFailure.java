package org.lading.link;

import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/** Tells a client why an archive could not be prepared, in the words of a GET. */
final class LinkFailure {
  private LinkFailure() {}

  /**
   * Returns the failure that the client is told: what is wrong with the content is no fault of a
   * request that has no body.
   */
  static Throwable of(Throwable thrown) {
    if (!(thrown instanceof LadingException known)) {
      return thrown;
    }
    return switch (known.code()) {
      case MISSING_OR_INVALID_TARGET, EMPTY ->
          new LadingException(
              ErrorCode.FAILED, "The archive could not be prepared: " + known.sentence(), known);
      default -> known;
    };
  }
}
