package org.lading.root;

/** The ways to write the location of an S3 object, depending on how nginx decodes it. */
public enum LocationEncoding {
  /** Percent-encoded once: nginx decodes the path and encodes it again in its own way. */
  PLAIN,
  /** Percent-encoded twice: nginx decodes the path once and sends the result to S3 unchanged. */
  EXACT
}
