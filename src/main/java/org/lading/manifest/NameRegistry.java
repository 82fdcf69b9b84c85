package org.lading.manifest;

import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import org.lading.base.PrintableText;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/**
 * The names that are used in one archive, as 64-bit hashes: 16 bytes a name while names come in
 * ascending order, as those of one directory do, and 21 to 43 bytes from then on.
 *
 * <p>Two of five million names have the same hash by chance once in a million archives; one file is
 * then needlessly called {@code name (2)}. No entry is lost: that would take the same hash of the
 * source as well.
 */
final class NameRegistry {
  private static final long DIRECTORY = 1;

  /** All names, until one comes that might clash; null from then on. */
  private @Nullable SortedNames sorted = new SortedNames();

  /**
   * Maps the hash of a name to its owner: {@link #DIRECTORY}, or the hash of the source that has
   * the name.
   */
  private final LongHashMap owners = new LongHashMap();

  /** Maps the hash of a name to the highest number that was appended to it. */
  private final LongHashMap numbers = new LongHashMap();

  /** The hashes of name and source of the files that got a number. */
  private final LongHashMap numbered = new LongHashMap();

  private final SipHash hash = new SipHash(new SecureRandom());
  private String lastParent = "";

  /**
   * Claims a name for a file.
   *
   * @param source the id of the content
   * @return the name, or {@code name (2).ext} and so on where another source has the name, or null
   *     where the same source has it
   */
  @Nullable String claimFile(String name, String source) {
    long nameHash = hash.of(name);
    // Never 0 (absent) nor 1 (a directory).
    long sourceHash = hash.of(source) | 2;
    SortedNames claims = sorted;
    if (claims != null && claims.advanceToFile(name)) {
      claimParents(name);
      claims.add(nameHash, sourceHash);
      return name;
    }
    switchToMaps();
    claimParents(name);
    long owner = owners.get(nameHash);
    if (owner == LongHashMap.ABSENT) {
      owners.put(nameHash, sourceHash);
      return name;
    }
    if (owner == DIRECTORY) {
      throw fileAndDirectory(name);
    }
    long pair = nameHash * 31 + sourceHash;
    if (owner == sourceHash || numbered.get(pair) != LongHashMap.ABSENT) {
      return null;
    }
    numbered.put(pair, 1);
    return claimNumbered(name, nameHash, sourceHash);
  }

  /** Claims the name of a directory entry; false if the archive has that directory already. */
  boolean claimDirectory(String name) {
    if (sorted == null || !sorted.advanceToDirectory(name)) {
      switchToMaps();
    }
    claimParents(name);
    return putDirectory(name);
  }

  private void switchToMaps() {
    if (sorted != null) {
      sorted.moveTo(owners);
      sorted = null;
    }
  }

  private String claimNumbered(String name, long nameHash, long sourceHash) {
    for (long number = Math.max(numbers.get(nameHash), 1) + 1; ; number++) {
      String candidate = withNumber(name, number);
      long candidateHash = hash.of(candidate);
      if (owners.get(candidateHash) == LongHashMap.ABSENT) {
        numbers.put(nameHash, number);
        owners.put(candidateHash, sourceHash);
        return candidate;
      }
    }
  }

  private static String withNumber(String name, long number) {
    int slash = name.lastIndexOf('/');
    int dot = name.lastIndexOf('.');
    int end = dot > slash + 1 ? dot : name.length();
    return name.substring(0, end) + " (" + number + ")" + name.substring(end);
  }

  private void claimParents(String name) {
    int slash = name.lastIndexOf('/');
    boolean hasLastParent = slash == lastParent.length() && name.startsWith(lastParent);
    if (slash <= 0 || hasLastParent) {
      return;
    }
    for (int end = name.indexOf('/'); end >= 0; end = name.indexOf('/', end + 1)) {
      putDirectory(name.substring(0, end));
    }
    lastParent = name.substring(0, slash);
  }

  private boolean putDirectory(String name) {
    long nameHash = hash.of(name);
    if (sorted != null) {
      sorted.add(nameHash, DIRECTORY);
      return true;
    }
    long owner = owners.get(nameHash);
    if (owner == DIRECTORY) {
      return false;
    }
    if (owner != LongHashMap.ABSENT) {
      throw fileAndDirectory(name);
    }
    owners.put(nameHash, DIRECTORY);
    return true;
  }

  private static LadingException fileAndDirectory(String name) {
    return new LadingException(
        ErrorCode.INVALID_NAME,
        "The name '" + PrintableText.of(name) + "' would be both a file and a directory");
  }
}
