package org.lading.root;

/** How the locations of S3 objects are written, depending on what nginx does with them. */
public enum LocationEncoding {
  /** Percent-encoded once: nginx decodes it and encodes it again its own way. */
  PLAIN,
  /** Percent-encoded twice: what nginx has decoded once is sent on to S3 untouched. */
  EXACT
}
