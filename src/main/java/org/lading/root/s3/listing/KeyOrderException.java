package org.lading.root.s3.listing;

/** Thrown when a store was seen to list keys in another order than that of their bytes. */
public final class KeyOrderException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception for a key that was listed after one that it should precede. */
  public KeyOrderException(String before, String after) {
    super("the key '" + after + "' was listed after '" + before + "'");
  }
}
