package org.lading.root.s3.listing;

/** Thrown when the pages of a listing lead on and on without any new key. */
public final class EndlessListingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EndlessListingException() {
    super("a listing has no end");
  }
}
