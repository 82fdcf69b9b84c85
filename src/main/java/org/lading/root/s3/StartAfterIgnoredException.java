package org.lading.root.s3;

/** A store was asked to begin a listing behind a key, and began elsewhere. */
final class StartAfterIgnoredException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StartAfterIgnoredException(String after) {
    super("a listing that was to begin behind " + S3Keys.quoted(after) + " began before it");
  }
}
