package org.lading.manifest;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.error.Printable;

/**
 * The names already used in one archive, remembered as 64-bit hashes: 21 to 43 bytes a name.
 *
 * <p>Two of five million names share a hash by chance once in a million archives, and then one file
 * is called {@code name (2)} without need. No entry is lost that way: it would take the same hash
 * of the source as well.
 */
final class NameRegistry {
  private static final long DIRECTORY = 1;

  /** Name to {@link #DIRECTORY}, or to the hash of the source that has it. */
  private final LongTable owners = new LongTable();

  /** Name to the highest number tried behind it. */
  private final LongTable numbers = new LongTable();

  /** Name and source of what came second or later under a name. */
  private final LongTable renamed = new LongTable();

  private final MessageDigest digest = sha256();
  private String lastParent = "";

  /**
   * Claims a name for a file.
   *
   * @param source identifies the content: the same source twice under one name counts once
   * @return the name, or {@code name (2).ext} and so on where another source has it, or null where
   *     this source has it already
   */
  @Nullable String claimFile(String name, String source) {
    claimParents(name);
    long nameHash = hash(name);
    // Never 0 (absent) nor 1 (a directory).
    long sourceHash = hash(source) | 2;
    long owner = owners.get(nameHash);
    if (owner == LongTable.ABSENT) {
      owners.put(nameHash, sourceHash);
      return name;
    }
    if (owner == DIRECTORY) {
      throw both(name);
    }
    long pair = nameHash * 31 + sourceHash;
    if (owner == sourceHash || renamed.get(pair) != LongTable.ABSENT) {
      return null;
    }
    renamed.put(pair, 1);
    return claimNumbered(name, nameHash, sourceHash);
  }

  /** Claims a directory entry; false where the archive has that directory already. */
  boolean claimDirectory(String name) {
    claimParents(name);
    return putDirectory(name);
  }

  private String claimNumbered(String name, long nameHash, long sourceHash) {
    for (long number = Math.max(numbers.get(nameHash), 1) + 1; ; number++) {
      String candidate = numbered(name, number);
      long hash = hash(candidate);
      if (owners.get(hash) == LongTable.ABSENT) {
        numbers.put(nameHash, number);
        owners.put(hash, sourceHash);
        return candidate;
      }
    }
  }

  private static String numbered(String name, long number) {
    int slash = name.lastIndexOf('/');
    int dot = name.lastIndexOf('.');
    int end = dot > slash + 1 ? dot : name.length();
    return name.substring(0, end) + " (" + number + ")" + name.substring(end);
  }

  private void claimParents(String name) {
    int slash = name.lastIndexOf('/');
    boolean sameAsBefore = slash == lastParent.length() && name.startsWith(lastParent);
    if (slash <= 0 || sameAsBefore) {
      return;
    }
    for (int end = name.indexOf('/'); end >= 0; end = name.indexOf('/', end + 1)) {
      putDirectory(name.substring(0, end));
    }
    lastParent = name.substring(0, slash);
  }

  private boolean putDirectory(String name) {
    long hash = hash(name);
    long owner = owners.get(hash);
    if (owner == DIRECTORY) {
      return false;
    }
    if (owner != LongTable.ABSENT) {
      throw both(name);
    }
    owners.put(hash, DIRECTORY);
    return true;
  }

  private long hash(String text) {
    return ByteBuffer.wrap(digest.digest(text.getBytes(StandardCharsets.UTF_8))).getLong();
  }

  private static LadingException both(String name) {
    return new LadingException(
        ErrorCode.INVALID_NAME,
        "The name '" + Printable.of(name) + "' would be both a file and a directory");
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
