package org.lading.root.s3.listing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Predicts keys at which later pages of a listing may begin, from the pages that have come.
 *
 * <p><b>Why.</b> Keys have two kinds of regularity. Among directories, a page holds about as many
 * as the pages before did: so a prediction is the name of a directory that exists, {@link
 * DirectoryStatistics#meanChildSize} telling how many to skip. Among the files of one directory,
 * keys are mostly numbers, dates or hashes of constant density: so a prediction is the key that
 * {@link KeyInterpolation} finds a page later, whether it exists or not.
 *
 * <p><b>Invariant.</b> A prediction is between its two limits and valid in either order of keys,
 * see {@link KeyOrder#isSameInCharOrder}; nothing else about it is relied on.
 *
 * <p><b>Danger.</b> Of a deep tree with large directories it could hold all names: it holds bounded
 * numbers of interpolations, directories and names, and forgets the least recently used.
 */
final class SplitPredictor {
  /**
   * The number of pages that a prediction skips. A page that overlaps the next one a little costs
   * less than a gap, which is a call of its own that nothing can begin before. 0.47: 354 rounds,
   * 2,185 calls; 1: 176 and 1,975, large 204 and 1,373; 1.88: 165 and 1,686, large 77 and 1,230,
   * but in one directory every second page then waits for the one before.
   */
  private static final double STEP = 0.94;

  /**
   * The number of pages that a prediction skips among directories when the budget is scarce: each
   * split there wastes half a page on average, so there should be few. 1.5: 197 rounds, 1,769
   * calls, large 135 and 1,251; 6: 161 and 1,743, large 113 and 1,211.
   */
  private static final double SCARCE_STEP = 3;

  /**
   * The mean number of keys of a directory below which the names of directories are not requested,
   * since they would be too many. 4 and 16: no change. Without it, 100,000 directories of one key
   * take 150 calls and as many rounds as before, 100; directories of three keys 137 calls and 58
   * rounds.
   */
  private static final double MIN_CHILD_SIZE = 8;

  /**
   * The number of pages that a directory must have, or probably has, for a call that lists its
   * children. 1.5: 171 rounds, 1,779 calls; 6: 160 and 1,759.
   */
  private static final double MIN_PAGES = 3;

  /**
   * The maximum number of directories, and of interpolations, that are kept. 64: large 106 rounds
   * and 1,264 calls; 256: no change.
   */
  private static final int MAX_DIRECTORIES = 128;

  /**
   * The maximum number of names of directories that are kept, some 2 MB. 10,000 and 40,000: no
   * change.
   */
  private static final int MAX_NAMES = 20_000;

  private final String directory;

  /** Interpolations by the first key of the page that they are made from. */
  private final NavigableMap<String, KeyInterpolation> interpolations =
      new TreeMap<>(KeyOrder.BYTES);

  /** The directories by their names, least recently used first. */
  private final Map<String, DirectoryStatistics> directories = new LinkedHashMap<>(16, 0.75f, true);

  private int pageSize;

  /** Makes a predictor for the keys that begin with {@code directory}. */
  SplitPredictor(String directory) {
    this.directory = directory;
  }

  /** Returns the number of keys of a full page; 0 before the first page. */
  int pageSize() {
    return pageSize;
  }

  /**
   * Takes a page into account, unless it is the last one; returns the directories whose children
   * are to be requested.
   *
   * @param after the key after which the page was requested
   */
  List<DirectoryStatistics> observePage(String after, List<ListedObject> objects) {
    pageSize = Math.max(pageSize, objects.size());
    if (objects.size() < pageSize / 2 || objects.size() < 2) {
      return List.of();
    }
    String first = objects.get(0).key();
    KeyInterpolation interpolation = KeyInterpolation.of(directory.length(), objects);
    if (interpolation != null) {
      interpolations.put(first, interpolation);
      if (interpolations.size() > MAX_DIRECTORIES) {
        interpolations.pollFirstEntry();
      }
    }
    return observeDirectories(after, objects);
  }

  /** Takes into account that a predicted key saved no call. */
  void observeMiss(String key) {
    if (!key.endsWith("/")) {
      directory(KeyOrder.directoryOf(key)).observeEndOfFiles();
    }
  }

  /**
   * Predicts a key that is one page or more after a key, and before another if that is not null;
   * returns null where nothing is to be gained.
   *
   * @param isCertain whether a page certainly begins after {@code after}
   * @param known an existing key after both, or null
   * @param isScarce whether few calls may still be wasted
   */
  @Nullable String predict(
      String after,
      @Nullable String until,
      boolean isCertain,
      @Nullable String known,
      boolean isScarce) {
    if (pageSize == 0 || !after.startsWith(directory)) {
      return null;
    }
    double pages =
        known != null && isInOneDirectory(after, known) ? 1 : pagesToSkip(after, isCertain);
    String key = pages > 0 ? interpolate(after, pages) : null;
    if (!isBefore(key, childAfter(after, 0))) {
      String child = childAfter(after, pageSize * (isScarce ? SCARCE_STEP : STEP));
      key = child == null ? key : child;
    }
    boolean isOfUse =
        key != null
            && KeyOrder.isSameInCharOrder(key)
            && key.startsWith(directory)
            && KeyOrder.BYTES.compare(after, key) < 0
            && (until == null || KeyOrder.BYTES.compare(key, until) < 0);
    return isOfUse ? key : null;
  }

  private boolean isFull() {
    return directories.size() >= MAX_DIRECTORIES
        || directories.values().stream().mapToInt(DirectoryStatistics::knownChildren).sum()
            >= MAX_NAMES;
  }

  private static boolean isBefore(@Nullable String key, @Nullable String child) {
    return key != null && (child == null || KeyOrder.BYTES.compare(key, child) < 0);
  }

  private DirectoryStatistics directory(String name) {
    while (!directories.containsKey(name) && isFull()) {
      directories.remove(directories.keySet().iterator().next());
    }
    return directories.computeIfAbsent(name, DirectoryStatistics::new);
  }

  /**
   * Returns the number of pages to skip among the files of a directory, 0 where its end is too
   * uncertain. In the last directory it is one page: nothing else can be requested. In others it is
   * as many pages as the directory has had so far; if it is that long, all pages in between are
   * requested at once.
   */
  private double pagesToSkip(String after, boolean isCertain) {
    if (isInLastDirectory(after)) {
      return 1;
    }
    DirectoryStatistics files = directories.get(KeyOrder.directoryOf(after));
    double pages = files == null ? 0 : files.pagesOfFiles();
    return isCertain && pages > 0 ? Math.max(1, pages) : 0;
  }

  private static boolean isInOneDirectory(String after, String known) {
    return !after.endsWith("/") && KeyOrder.directoryOf(after).equals(KeyOrder.directoryOf(known));
  }

  /** Tells whether no directory follows that could be the split position instead. */
  private boolean isInLastDirectory(String after) {
    int end = directory.length();
    for (int slash = after.indexOf('/', end); slash >= 0; slash = after.indexOf('/', end)) {
      DirectoryStatistics level = directories.get(after.substring(0, end));
      if (level == null || !level.isLast(after)) {
        return false;
      }
      end = slash + 1;
    }
    DirectoryStatistics innermost = directories.get(after.substring(0, end));
    return innermost == null || !innermost.hasChildren() || innermost.isLast(after);
  }

  private @Nullable String interpolate(String after, double pages) {
    Map.Entry<String, KeyInterpolation> nearest = interpolations.floorEntry(after);
    if (nearest == null) {
      nearest = interpolations.firstEntry();
    }
    return nearest == null ? null : nearest.getValue().keyAfter(after, pageSize * STEP * pages);
  }

  /** Returns a directory about {@code keys} keys after a key, of the innermost level with one. */
  private @Nullable String childAfter(String after, double keys) {
    for (int end = KeyOrder.directoryOf(after).length();
        end >= directory.length();
        end = after.lastIndexOf('/', end - 2) + 1) {
      DirectoryStatistics level = directories.get(after.substring(0, end));
      String child =
          level == null
              ? null
              : level.childAfter(after, Math.max(1, (int) (keys / level.meanChildSize())));
      if (child != null || end == 0) {
        return child;
      }
    }
    return null;
  }

  private List<DirectoryStatistics> observeDirectories(String after, List<ListedObject> objects) {
    String common = commonDirectory(objects);
    List<DirectoryStatistics> wanted = new ArrayList<>();
    String last = objects.get(objects.size() - 1).key();
    DirectoryStatistics outer = null;
    for (int end = directory.length(); end >= directory.length(); end = nextEnd(common, end)) {
      DirectoryStatistics level = directory(common.substring(0, end));
      boolean isInnermost = end == common.length();
      int begun = isBegun(end, after, objects.get(0).key()) ? 1 : 0;
      level.observeKeys(objects.size(), begun + (isInnermost ? changes(end, objects) : 0));
      if (isInnermost && hasFilesOnly(end, objects)) {
        level.observePageOfFiles();
      }
      boolean hasChildren = !isInnermost || level.hasChildren();
      if (hasChildren
          && level.meanChildSize() >= MIN_CHILD_SIZE
          && isLarge(outer, level)
          && level.needsChildren(last)) {
        wanted.add(level);
      }
      outer = level;
    }
    return wanted;
  }

  /** Returns the end of the next directory of a path; -1 if there is none. */
  private static int nextEnd(String path, int end) {
    int slash = path.indexOf('/', end);
    return slash < 0 ? -1 : slash + 1;
  }

  /** Tells whether many keys may follow, by its size so far or that of its siblings. */
  private boolean isLarge(@Nullable DirectoryStatistics outer, DirectoryStatistics level) {
    double seen = level.keys();
    return outer == null
        || !outer.hasCompleteChild()
        || Math.max(seen, outer.meanChildSize() - seen) > MIN_PAGES * pageSize;
  }

  private static boolean hasFilesOnly(int common, List<ListedObject> objects) {
    return objects.stream().allMatch(object -> object.key().indexOf('/', common) < 0);
  }

  /** Tells whether a child begins after a key and has the next key in it. */
  private static boolean isBegun(int level, String after, String first) {
    int end = nextEnd(first, level);
    String child = first.substring(0, Math.max(end, 0));
    return end > 0 && (after.equals(child) || !after.startsWith(child));
  }

  /** Returns the number of changes from one child to the next. */
  private static int changes(int common, List<ListedObject> objects) {
    int changes = 0;
    String last = "";
    for (ListedObject object : objects) {
      int slash = object.key().indexOf('/', common);
      if (slash >= 0 && (slash + 1 != last.length() || !object.key().startsWith(last))) {
        changes += last.isEmpty() ? 0 : 1;
        last = object.key().substring(0, slash + 1);
      }
    }
    return changes;
  }

  private String commonDirectory(List<ListedObject> objects) {
    String first = objects.get(0).key();
    String last = objects.get(objects.size() - 1).key();
    int same = directory.length();
    int end = Math.min(first.length(), last.length());
    while (same < end && first.charAt(same) == last.charAt(same)) {
      same++;
    }
    return first.substring(0, Math.max(directory.length(), first.lastIndexOf('/', same - 1) + 1));
  }
}
