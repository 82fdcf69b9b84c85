package org.lading.manifest;

import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import org.lading.base.PrintableText;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/**
 * The names already used in one archive, remembered as 64-bit hashes: 16 bytes a name while they
 * come in ascending order, as those of one directory do, 21 to 43 bytes from then on.
 *
 * <p>Two of five million names share a hash by chance once in a million archives, and then one file
 * is called {@code name (2)} without need. No entry is lost that way: it would take the same hash
 * of the source as well.
 */
final class NameRegistry {
  private static final long DIRECTORY = 1;

  /** All that is claimed, until a name comes that might clash; null from then on. */
  private @Nullable SortedNames ascending = new SortedNames();

  /** Name to {@link #DIRECTORY}, or to the hash of the source that has it. */
  private final LongHashMap owners = new LongHashMap();

  /** Name to the highest number tried behind it. */
  private final LongHashMap numbers = new LongHashMap();

  /** Name and source of what came second or later under a name. */
  private final LongHashMap renamed = new LongHashMap();

  private final SipHash hash = new SipHash(new SecureRandom());
  private String lastParent = "";

  /**
   * Claims a name for a file.
   *
   * @param source identifies the content: the same source twice under one name counts once
   * @return the name, or {@code name (2).ext} and so on where another source has it, or null where
   *     this source has it already
   */
  @Nullable String claimFile(String name, String source) {
    long nameHash = hash.of(name);
    // Never 0 (absent) nor 1 (a directory).
    long sourceHash = hash.of(source) | 2;
    SortedNames claims = ascending;
    if (claims != null && claims.isNextFile(name)) {
      claimParents(name);
      claims.add(nameHash, sourceHash);
      return name;
    }
    useTables();
    claimParents(name);
    long owner = owners.get(nameHash);
    if (owner == LongHashMap.ABSENT) {
      owners.put(nameHash, sourceHash);
      return name;
    }
    if (owner == DIRECTORY) {
      throw both(name);
    }
    long pair = nameHash * 31 + sourceHash;
    if (owner == sourceHash || renamed.get(pair) != LongHashMap.ABSENT) {
      return null;
    }
    renamed.put(pair, 1);
    return claimNumbered(name, nameHash, sourceHash);
  }

  /** Claims a directory entry; false where the archive has that directory already. */
  boolean claimDirectory(String name) {
    if (ascending == null || !ascending.isNextDirectory(name)) {
      useTables();
    }
    claimParents(name);
    return putDirectory(name);
  }

  private void useTables() {
    if (ascending != null) {
      ascending.pourInto(owners);
      ascending = null;
    }
  }

  private String claimNumbered(String name, long nameHash, long sourceHash) {
    for (long number = Math.max(numbers.get(nameHash), 1) + 1; ; number++) {
      String candidate = numbered(name, number);
      long candidateHash = hash.of(candidate);
      if (owners.get(candidateHash) == LongHashMap.ABSENT) {
        numbers.put(nameHash, number);
        owners.put(candidateHash, sourceHash);
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
    long nameHash = hash.of(name);
    if (ascending != null) {
      ascending.add(nameHash, DIRECTORY);
      return true;
    }
    long owner = owners.get(nameHash);
    if (owner == DIRECTORY) {
      return false;
    }
    if (owner != LongHashMap.ABSENT) {
      throw both(name);
    }
    owners.put(nameHash, DIRECTORY);
    return true;
  }

  private static LadingException both(String name) {
    return new LadingException(
        ErrorCode.INVALID_NAME,
        "The name '" + PrintableText.of(name) + "' would be both a file and a directory");
  }
}
