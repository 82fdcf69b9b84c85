package org.lading.root.s3.listing;

/** Thrown when a directory has more names than can be sorted. */
public final class LevelTooLargeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String directory;

  LevelTooLargeException(String directory) {
    super("more than " + LevelListing.MAX_NAMES + " names in a directory cannot be sorted");
    this.directory = directory;
  }

  /** Returns the prefix of the directory. */
  public String directory() {
    return directory;
  }
}
