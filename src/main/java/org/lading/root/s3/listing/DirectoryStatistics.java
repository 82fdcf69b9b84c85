package org.lading.root.s3.listing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a walk has learned of one directory: the directories directly in it, as far as they are
 * known, how large they are, and how long its own files go on.
 */
final class DirectoryStatistics {
  /** How to ask for more of the directories in it: {@link ListingCalls#children}. */
  record ChildrenRequest(String after, @Nullable String token) {}

  /** As many as come in one answer. */
  private static final int REMEMBERED = 1000;

  private static final double FORGOTTEN = 8000;

  private static final int ASKED_AT = REMEMBERED / 2;

  /** How many answers in a row may tell of files only. */
  private static final int FILES_ONLY = 3;

  private final String name;

  /** In their order, each with all that stands before it; where files lie, some may be missing. */
  private List<String> known = new ArrayList<>();

  /** Of what lies before this key nothing is known. */
  private String from = "";

  private boolean isBeingAsked;
  private boolean isComplete;

  /** Where the last answer ended, and how the next one is asked for. */
  private String position = "";

  private @Nullable String token;
  private int filesOnly;

  private double keys;
  private double keysInAll;
  private double children;
  private double pagesOfFiles;

  /** Nothing is known of a directory, whose name is empty or ends in a slash. */
  DirectoryStatistics(String name) {
    this.name = name;
  }

  /** Empty, or ending in a slash. */
  String name() {
    return name;
  }

  /** Learns that among so many keys in a row so many children began. */
  void learnSize(int more, int begun) {
    if (keys > FORGOTTEN) {
      keys /= 2;
      children /= 2;
    }
    keys += more;
    keysInAll += more;
    children += begun;
  }

  /** Learns that a page had nothing but files that lie directly in it. */
  void learnPageOfFiles() {
    pagesOfFiles++;
  }

  /** Learns that there were fewer files than was guessed. */
  void learnEndOfFiles() {
    pagesOfFiles /= 2;
  }

  /** How many such pages were seen; fewer where guesses went wrong. */
  double pagesOfFiles() {
    return pagesOfFiles;
  }

  /** Whether a child was seen. */
  boolean hasChildren() {
    return children > 0;
  }

  /** Whether a child was seen to end. */
  boolean knowsSizes() {
    return children > 1;
  }

  /** How many keys were seen here. */
  double keysInAll() {
    return keysInAll;
  }

  /** Whether all children are known, and none begins behind a key. */
  boolean isLast(String key) {
    return isComplete && KeyOrder.BYTES.compare(key, from) >= 0 && behind(key) == known.size();
  }

  /** How many keys each child has on average, of those seen lately. */
  double keysEach() {
    return Math.max(1, keys) / Math.max(1, children);
  }

  /** The child that begins so many children behind a key, or null if it is not known. */
  @Nullable String ahead(String key, int children) {
    int at = behind(key) + children - 1;
    return at < known.size() && KeyOrder.BYTES.compare(key, from) >= 0 ? known.get(at) : null;
  }

  /** How many children are known. */
  int knownChildren() {
    return known.size();
  }

  /** Whether it is time to ask for more of those behind a key. */
  boolean isToBeAsked(String key) {
    return !isBeingAsked
        && !isComplete
        && known.size() - behind(key) <= ASKED_AT
        && (filesOnly < FILES_ONLY || isPassed(key));
  }

  private boolean isPassed(String key) {
    return KeyOrder.BYTES.compare(key, position) > 0;
  }

  /** How to ask for more of those behind a key, when it is time; until they have come it is not. */
  ChildrenRequest ask(String key) {
    if (position.isEmpty()) {
      from = key;
    }
    isBeingAsked = true;
    if (filesOnly == 0 && token != null) {
      return new ChildrenRequest("", token);
    }
    String next = isPassed(key) ? key : behindFiles();
    return new ChildrenRequest(KeyOrder.BYTES.compare(key, next) > 0 ? key : next, null);
  }

  /** Whether the last answer told of files only, behind which there may be more children. */
  boolean isAmongFiles() {
    return filesOnly > 0 && !isComplete;
  }

  /** A text behind all names that begin as the last one does, up to its first digit. */
  private String behindFiles() {
    int end = name.length();
    while (end < position.length() && !Character.isDigit(position.charAt(end))) {
      end++;
    }
    if (end == name.length()) {
      return position;
    }
    String next = position.substring(0, end - 1) + (char) (position.charAt(end - 1) + 1);
    return KeyOrder.isUndisputed(next) ? next : position;
  }

  /** Learns what was asked for. */
  void learn(ListedPage answer) {
    isBeingAsked = false;
    token = answer.token();
    isComplete = token == null;
    boolean endsInFiles = learnPosition(answer);
    filesOnly =
        endsInFiles && answer.objects().size() > answer.prefixes().size() ? filesOnly + 1 : 0;
    List<String> now =
        new ArrayList<>(known.subList(Math.max(0, known.size() - REMEMBERED), known.size()));
    if (now.size() < known.size()) {
      from = now.get(0);
    }
    String last = now.isEmpty() ? "" : now.get(now.size() - 1);
    answer.prefixes().stream()
        .filter(prefix -> KeyOrder.BYTES.compare(last, prefix) < 0)
        .forEach(now::add);
    known = now;
  }

  private boolean learnPosition(ListedPage answer) {
    List<String> prefixes = answer.prefixes();
    String lastPrefix = prefixes.isEmpty() ? "" : prefixes.get(prefixes.size() - 1);
    String lastFile = answer.position("");
    boolean endsInFiles = KeyOrder.BYTES.compare(lastFile, lastPrefix) > 0;
    position = endsInFiles ? lastFile : lastPrefix;
    return endsInFiles;
  }

  private int behind(String key) {
    int found = Collections.binarySearch(known, key, KeyOrder.BYTES);
    return found >= 0 ? found + 1 : -found - 1;
  }
}
