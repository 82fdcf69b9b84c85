package org.lading.root.s3;

/** Thrown when a store ignored {@code start-after} and began a listing before that key. */
final class StartAfterIgnoredException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StartAfterIgnoredException(String after) {
    super("a listing that was to begin after " + S3Keys.quoted(after) + " began before it");
  }
}
