package org.lading.access.digest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The hash functions of RFC 7616 that are offered, the preferred one first. */
public enum DigestHash {
  /** SHA-256, which clients since about 2017 know. */
  SHA_256("SHA-256", 64),
  /** MD5, the only one that older clients know. */
  MD5("MD5", 32);

  private final String word;
  private final int hexDigits;

  DigestHash(String word, int hexDigits) {
    this.word = word;
    this.hexDigits = hexDigits;
  }

  /** Returns the name in headers. */
  String word() {
    return word;
  }

  /** Returns the length of a value in hex digits. */
  public int hexDigits() {
    return hexDigits;
  }

  /** Finds the function that a header names, MD5 if it names none; null for one not offered. */
  static @Nullable DigestHash of(@Nullable String word) {
    return word == null
        ? MD5
        : Stream.of(values())
            .filter(hash -> hash.word.equalsIgnoreCase(word))
            .findFirst()
            .orElse(null);
  }

  /** Returns the hash of the UTF-8 of a text in lower-case hex. */
  String hexOf(String text) {
    return hexOf(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns the hash of bytes in lower-case hex. */
  String hexOf(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(word).digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + word, e);
    }
  }
}
