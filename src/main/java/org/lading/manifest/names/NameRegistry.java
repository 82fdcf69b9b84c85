package org.lading.manifest.names;

import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import org.lading.base.FileNames;
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
public final class NameRegistry {
  private static final long DIRECTORY = 1;

  /** Whether the later one of a file and a directory of one name gets a number. */
  private final boolean numbersClashes;

  /** All names, until one comes that might clash; null from then on. */
  private @Nullable SortedNames sorted = new SortedNames();

  /**
   * Maps the hash of a name to its owner: {@link #DIRECTORY}, or the hash of the source that has
   * the name.
   */
  private final LongHashMap owners = new LongHashMap();

  /**
   * Maps the hash of a name with the number 2 to the highest number that was inserted there. Long
   * names that are alike once they are shortened thus share their numbers.
   */
  private final LongHashMap numbers = new LongHashMap();

  /** The hashes of the names that have a number, which the request does not know. */
  private final LongHashMap madeUp = new LongHashMap();

  /** Maps the hash of a directory's name that a file has to the directory's number. */
  private final LongHashMap directoryNumbers = new LongHashMap();

  /** The hashes of name and source of the files that got a number. */
  private final LongHashMap numbered = new LongHashMap();

  private final SipHash hash = new SipHash(new SecureRandom());

  /** The directory of the last name, as it was requested and as it was claimed. */
  private String lastParent = "";

  private String lastClaimed = "";

  /**
   * Makes a registry of the names of one archive.
   *
   * @param policy where it makes names portable, a file and a directory may have got one name by
   *     that, and the later one gets a number; else that is an error
   */
  public NameRegistry(NamePolicy policy) {
    this.numbersClashes = policy == NamePolicy.PORTABLE;
  }

  /**
   * Claims a name for a file.
   *
   * @param source the id of the content
   * @return the name, or {@code name (2).ext} and so on where another source or a directory has the
   *     name, or null where the same source has it
   */
  public @Nullable String claimFile(String requested, String source) {
    // Never 0 (absent) nor 1 (a directory).
    long sourceHash = hash.of(source) | 2;
    SortedNames claims = sorted;
    if (claims != null && claims.advanceToFile(requested)) {
      claimParents(requested);
      claims.add(hash.of(requested), sourceHash);
      return requested;
    }
    switchToMaps();
    String name = claimParents(requested);
    long nameHash = hash.of(name);
    long owner = owners.get(nameHash);
    if (owner == LongHashMap.ABSENT) {
      owners.put(nameHash, sourceHash);
      return name;
    }
    if (owner == DIRECTORY && !numbersClashes && madeUp.get(nameHash) == LongHashMap.ABSENT) {
      throw fileAndDirectory(name);
    }
    long pair = nameHash * 31 + sourceHash;
    if (owner == sourceHash || numbered.get(pair) != LongHashMap.ABSENT) {
      return null;
    }
    numbered.put(pair, 1);
    String claimed = withNumber(name, nextNumber(name));
    owners.put(hash.of(claimed), sourceHash);
    return claimed;
  }

  /**
   * Claims a name for a directory entry.
   *
   * @return the name, with a number where a file has that name by no fault of the request, or null
   *     if the archive has that directory already
   */
  public @Nullable String claimDirectory(String requested) {
    if (sorted == null || !sorted.advanceToDirectory(requested)) {
      switchToMaps();
    }
    String name = unclaimed(claimParents(requested));
    return putDirectory(name, name.length(), hash.of(name)) ? name : null;
  }

  private void switchToMaps() {
    if (sorted != null) {
      sorted.moveTo(owners);
      sorted = null;
    }
  }

  /** Returns the first number that makes a name one that nobody has, which is then made up. */
  private long nextNumber(String name) {
    long counter = hash.of(withNumber(name, 2));
    for (long number = Math.max(numbers.get(counter), 1) + 1; ; number++) {
      long candidate = hash.of(withNumber(name, number));
      if (owners.get(candidate) == LongHashMap.ABSENT) {
        numbers.put(counter, number);
        madeUp.put(candidate, 1);
        return number;
      }
    }
  }

  private static String withNumber(String name, long number) {
    int segment = name.lastIndexOf('/') + 1;
    return name.substring(0, segment)
        + FileNames.insert(name.substring(segment), " (" + number + ")");
  }

  /**
   * Claims the directories on the path to a name.
   *
   * @return the name, with numbers in those directories that need one
   */
  private String claimParents(String name) {
    int slash = name.lastIndexOf('/');
    if (slash <= 0) {
      return name;
    }
    boolean hasLastParent = slash == lastParent.length() && name.startsWith(lastParent);
    if (!hasLastParent) {
      int common = endOfCommonParents(name, lastParent);
      String beginning = claimedBeginning(name, common);
      lastClaimed = claimDirectories(beginning, name.substring(common, slash + 1));
      lastParent = name.substring(0, slash);
    }
    return lastClaimed.equals(lastParent) ? name : lastClaimed + name.substring(slash);
  }

  /** Returns what the directories before an index of a name, which are claimed, are called. */
  private String claimedBeginning(String name, int end) {
    if (lastClaimed.equals(lastParent)) {
      return name.substring(0, end);
    }
    String claimed = lastClaimed + '/';
    int claimedEnd = 0;
    for (int at = 0; at < end; at++) {
      if (name.charAt(at) == '/') {
        claimedEnd = claimed.indexOf('/', claimedEnd) + 1;
      }
    }
    return claimed.substring(0, claimedEnd);
  }

  /**
   * Claims directories in a directory that is claimed.
   *
   * @param beginning that directory with a slash at its end, or an empty text
   * @param rest the directories in it, with a slash after each
   * @return the path without a slash at its end, with numbers as {@link #claimParents}
   */
  private String claimDirectories(String beginning, String rest) {
    String path = beginning + rest;
    int from = beginning.length();
    while (true) {
      String whole = path;
      int taken = hash.ofParents(whole, from, (end, parent) -> isPut(whole, end, parent));
      if (taken < 0) {
        return path.substring(0, path.length() - 1);
      }
      String directory = unclaimed(path.substring(0, taken));
      putDirectory(directory, directory.length(), hash.of(directory));
      path = directory + path.substring(taken);
      from = directory.length() + 1;
    }
  }

  /** Puts a directory as {@link #putDirectory}, unless it needs a number. */
  private boolean isPut(String name, int end, long nameHash) {
    if (needsNumber(nameHash)) {
      return false;
    }
    putDirectory(name, end, nameHash);
    return true;
  }

  /** Returns whether a directory of the request cannot have its name, and gets a number. */
  private boolean needsNumber(long nameHash) {
    if (sorted != null) {
      return false;
    }
    long owner = numbersClashes ? owners.get(nameHash) : LongHashMap.ABSENT;
    return (owner != LongHashMap.ABSENT && owner != DIRECTORY)
        || madeUp.get(nameHash) != LongHashMap.ABSENT;
  }

  /** Returns the name of a directory, with a number if it needs one. */
  private String unclaimed(String directory) {
    long nameHash = hash.of(directory);
    if (!needsNumber(nameHash)) {
      return directory;
    }
    long number = directoryNumbers.get(nameHash);
    if (number == LongHashMap.ABSENT) {
      number = nextNumber(directory);
      directoryNumbers.put(nameHash, number);
    }
    return withNumber(directory, number);
  }

  /**
   * Returns the index in a name from which on its parents differ from a directory and those above
   * it, which are all claimed.
   */
  private static int endOfCommonParents(String name, String directory) {
    int end = 0;
    for (int at = 0; at < directory.length() && at < name.length(); at++) {
      if (name.charAt(at) != directory.charAt(at)) {
        return end;
      }
      end = name.charAt(at) == '/' ? at + 1 : end;
    }
    boolean isInDirectory =
        directory.length() < name.length() && name.charAt(directory.length()) == '/';
    return isInDirectory ? directory.length() + 1 : end;
  }

  /** Puts the directory whose name ends at an index; false if it is there already. */
  private boolean putDirectory(String name, int end, long nameHash) {
    if (sorted != null) {
      sorted.add(nameHash, DIRECTORY);
      return true;
    }
    long owner = owners.get(nameHash);
    if (owner == DIRECTORY) {
      return false;
    }
    if (owner != LongHashMap.ABSENT) {
      throw fileAndDirectory(name.substring(0, end));
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
