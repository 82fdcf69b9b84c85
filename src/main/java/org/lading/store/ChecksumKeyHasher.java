package org.lading.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.lading.base.Digests;
import org.lading.checksum.ContentId;

/**
 * Makes the keys of checksums, for one thread: a digest, as two numbers, of everything that
 * identifies a content, and of the number of the piece.
 *
 * <p>A row is found by the first number, its slot, alone: databases store rows in the order of such
 * a key without a second index. What is listed together has slots that lie together, since a
 * transaction writes every page that it touches: random ones cost an embedded database twice the
 * time for a directory of 200,000 files, and twenty times the writing. So the upper half of a slot
 * is 16 bits of a hash of the directory and 16 bits of one of the name without its extension and
 * the last {@value #VARYING} characters before that. Only speed depends on it. Two contents of one
 * slot, of which a million numbered files in one directory are expected to have 0.1 pairs, displace
 * each other: the second number, 64 bits of SHA-256, tells them apart.
 */
final class ChecksumKeyHasher {
  private static final int VARYING = 3;

  private final MessageDigest sha256 = Digests.sha256();
  private final ByteBuffer numbers =
      ByteBuffer.allocate(Integer.BYTES + Integer.BYTES + Long.BYTES + Integer.BYTES);

  /**
   * The key of a checksum's row.
   *
   * @param slot the number by which the row is found
   * @param fingerprint distinguishes the contents and pieces that have the same slot
   */
  record ChecksumKey(long slot, long fingerprint) {}

  /** Returns the key of the checksum of one piece of a content, or of the whole. */
  ChecksumKey of(ContentId content, int piece) {
    byte[] root = content.root().getBytes(StandardCharsets.UTF_8);
    byte[] key = content.key().getBytes(StandardCharsets.UTF_8);
    numbers.clear();
    numbers.putInt(root.length).putInt(key.length).putLong(content.size()).putInt(piece);
    sha256.update(numbers.array());
    sha256.update(root);
    sha256.update(key);
    sha256.update(content.version().getBytes(StandardCharsets.UTF_8));
    ByteBuffer digest = ByteBuffer.wrap(sha256.digest());
    int directory = 31 * content.root().hashCode() + content.directory().hashCode();
    long neighbours = (long) upper16(directory) << 48 | (long) upper16(group(content.name())) << 32;
    return new ChecksumKey(neighbours | Integer.toUnsignedLong(digest.getInt()), digest.getLong());
  }

  private static int group(String name) {
    int dot = name.lastIndexOf('.');
    int end = dot > 0 ? dot : name.length();
    return name.substring(0, Math.max(0, end - VARYING)).hashCode();
  }

  /**
   * Returns the upper 16 bits of the product of a hash code and 2^32 divided by the golden ratio,
   * which spreads hash codes evenly.
   */
  private static int upper16(int hashCode) {
    return (hashCode * 0x9E3779B9) >>> 16;
  }
}
