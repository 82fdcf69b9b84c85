package org.lading.root.s3;

/** A store was asked to begin a listing behind a key, and began elsewhere. */
final class CutsIgnoredException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CutsIgnoredException(String after) {
    super("a listing that was to begin behind " + ObjectRules.quoted(after) + " began before it");
  }
}
