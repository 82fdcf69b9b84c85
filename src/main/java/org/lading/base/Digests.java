package org.lading.base;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Makes SHA-256 digests without a checked exception: every Java platform has the algorithm. */
public final class Digests {
  private Digests() {}

  /** Makes a SHA-256 digest, which is for one thread. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
