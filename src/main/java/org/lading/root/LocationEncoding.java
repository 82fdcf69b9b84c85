package org.lading.root;

/** The ways to write the location of an entry, depending on what nginx makes of it. */
public enum LocationEncoding {
  /** The key in S3 percent-encoded once: nginx decodes it and encodes it again in its own way. */
  PLAIN,
  /** The key percent-encoded twice: nginx decodes it once and sends the result to S3 unchanged. */
  EXACT,
  /**
   * As {@link #EXACT}, after the size of nginx's buffer and what identifies the content, of which
   * nginx makes a condition of its request; see {@link LocationGuard}.
   */
  GUARDED;

  /** Tells whether the key in S3 is percent-encoded twice. */
  public boolean isEncodedTwice() {
    return this != PLAIN;
  }
}
