package org.lading.download;

/** Thrown where an attempt in the quick lane takes more work than that lane is for. */
final class TooLongForLaneException extends RuntimeException {
  private static final long serialVersionUID = 1L;
}
