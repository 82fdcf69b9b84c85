package org.lading.root.s3.listing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The statistics of one directory in a listing: some of its children, that is the directories
 * directly in it; the mean size of a child; and the number of pages with files only.
 *
 * <p>Children are split positions that exist, better than any interpolated key. They are requested
 * by calls of their own, half a page before they are used up. In a directory with files beside its
 * children these calls return pages of files; so the request after such a page skips the names that
 * begin like its last file. The children that are known may thus have gaps, which makes a split
 * position less even, never wrong.
 */
final class DirectoryStatistics {
  /** The arguments of {@link ListingCalls#children} for more children. */
  record ChildrenRequest(String after, @Nullable String token) {}

  /**
   * The maximum number of children that are kept: one answer has no more. 500 and 2,000: no change.
   */
  private static final int MAX_CHILDREN = 1000;

  /**
   * The number of known children to come at which more are requested. 250: 160 rounds, 1,770 calls;
   * 1,000: no change.
   */
  private static final int MIN_CHILDREN = MAX_CHILDREN / 2;

  /**
   * The number of keys from which on half of them are forgotten, where it comes to the mean size of
   * a child: what follows is like what was listed last. In trees whose directories are of very
   * different sizes, the mean of all keys is that of the largest ones, so that a prediction among
   * small ones skips too few. 4,000 or 32,000: no change. Without it, a tree of 1,000,000 keys
   * takes 191 rounds instead of 132, if each call takes 1 to 1.3 of them by chance.
   */
  private static final int MAX_RECENT_KEYS = 16_000;

  private final String name;

  /** The known children, as whole keys in their order. */
  private List<String> children = new ArrayList<>();

  /** The key before which no children are known. */
  private String knownFrom = "";

  private boolean isRequested;
  private boolean isComplete;

  /** The last key of the last answer. */
  private String lastKey = "";

  private @Nullable String token;

  /** Whether the last answer had more files than children, and files at its end. */
  private boolean isAmongFiles;

  private double keys;

  /** The keys that were listed last, and the children that began among them. */
  private double recentKeys;

  private double recentChildren;
  private double pagesOfFiles;

  /** Makes the statistics of a directory of which nothing is known. */
  DirectoryStatistics(String name) {
    this.name = name;
  }

  /** Returns the name: empty, or ending in a slash. */
  String name() {
    return name;
  }

  /** Adds a number of consecutive keys, and the number of children that began among them. */
  void observeKeys(int count, int begun) {
    if (recentKeys > MAX_RECENT_KEYS) {
      recentKeys /= 2;
      recentChildren /= 2;
    }
    keys += count;
    recentKeys += count;
    recentChildren += begun;
  }

  /** Adds a page that had nothing but files directly in the directory. */
  void observePageOfFiles() {
    pagesOfFiles++;
  }

  /** Halves the pages of files, because a guess assumed too many. */
  void observeEndOfFiles() {
    pagesOfFiles /= 2;
  }

  /** Returns the number of pages of files, reduced by wrong guesses. */
  double pagesOfFiles() {
    return pagesOfFiles;
  }

  /** Tells whether a child began. */
  boolean hasChildren() {
    return recentChildren > 0;
  }

  /** Tells whether a child ended, so that the mean size is more than a lower bound. */
  boolean hasCompleteChild() {
    return recentChildren > 1;
  }

  /** Returns the number of keys that were listed in the directory. */
  double keys() {
    return keys;
  }

  /** Tells whether all children are known, and none begins after a key. */
  boolean isLast(String key) {
    return isComplete
        && KeyOrder.BYTES.compare(key, knownFrom) >= 0
        && indexAfter(key) == children.size();
  }

  /** Returns the mean number of keys of a child, of those that were listed last. */
  double meanChildSize() {
    return Math.max(1, recentKeys) / Math.max(1, recentChildren);
  }

  /** Returns the child that is {@code count} children after a key, or null if it is not known. */
  @Nullable String childAfter(String key, int count) {
    int at = indexAfter(key) + count - 1;
    return at < children.size() && KeyOrder.BYTES.compare(key, knownFrom) >= 0
        ? children.get(at)
        : null;
  }

  /** Returns the number of known children. */
  int knownChildren() {
    return children.size();
  }

  /** Tells whether to request more of the children after a key now. */
  boolean needsChildren(String key) {
    return !isRequested && !isComplete && children.size() - indexAfter(key) <= MIN_CHILDREN;
  }

  private boolean isPassed(String key) {
    return KeyOrder.BYTES.compare(key, lastKey) > 0;
  }

  /**
   * Returns the request for more of the children after a key, if {@link #needsChildren} is true,
   * and notes that it is under way.
   */
  ChildrenRequest requestChildren(String key) {
    if (lastKey.isEmpty()) {
      knownFrom = key;
    }
    isRequested = true;
    if (!isAmongFiles && token != null) {
      return new ChildrenRequest("", token);
    }
    String next = isPassed(key) ? key : keyAfterFiles();
    return new ChildrenRequest(KeyOrder.BYTES.compare(key, next) > 0 ? key : next, null);
  }

  /** Tells whether the last answer had files only, after which there may be more children. */
  boolean isAmongFiles() {
    return isAmongFiles && !isComplete;
  }

  /**
   * Returns a text that sorts after all names that share the last name's beginning up to its first
   * digit.
   */
  private String keyAfterFiles() {
    int end = name.length();
    while (end < lastKey.length() && !Character.isDigit(lastKey.charAt(end))) {
      end++;
    }
    if (end == name.length()) {
      return lastKey;
    }
    String next = lastKey.substring(0, end - 1) + (char) (lastKey.charAt(end - 1) + 1);
    return KeyOrder.isSameInCharOrder(next) ? next : lastKey;
  }

  /** Adds the children of an answer to a request for children. */
  void observeChildren(ListedPage answer) {
    isRequested = false;
    token = answer.token();
    isComplete = token == null;
    boolean endsInFiles = observeLastKey(answer);
    isAmongFiles = endsInFiles && answer.objects().size() > answer.prefixes().size();
    List<String> now =
        new ArrayList<>(
            children.subList(Math.max(0, children.size() - MAX_CHILDREN), children.size()));
    if (now.size() < children.size()) {
      knownFrom = now.get(0);
    }
    String last = now.isEmpty() ? "" : now.get(now.size() - 1);
    // Some stores list directories in another order than keys.
    answer.prefixes().stream()
        .sorted(KeyOrder.BYTES)
        .filter(prefix -> KeyOrder.BYTES.compare(last, prefix) < 0)
        .forEach(now::add);
    children = now;
  }

  private boolean observeLastKey(ListedPage answer) {
    List<String> prefixes = answer.prefixes();
    String lastPrefix = prefixes.isEmpty() ? "" : prefixes.get(prefixes.size() - 1);
    String lastFile = answer.lastKey("");
    boolean endsInFiles = KeyOrder.BYTES.compare(lastFile, lastPrefix) > 0;
    lastKey = endsInFiles ? lastFile : lastPrefix;
    return endsInFiles;
  }

  private int indexAfter(String key) {
    int found = Collections.binarySearch(children, key, KeyOrder.BYTES);
    return found >= 0 ? found + 1 : -found - 1;
  }
}
