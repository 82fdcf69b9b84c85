package org.lading.root.s3.listing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Guesses where pages of a walk will begin, before those in front of them are there.
 *
 * <p>Among directories it is the beginning of one, as many ahead as fill so many pages on average;
 * among the files of one directory, the key that comes a page later if keys stay as close together
 * as they were in the last pages. A guess need not be a key that exists.
 */
final class SplitPredictor {
  /**
   * How much of a page to skip: pages that overlap a little cost less than gaps, each of which is a
   * call of its own.
   */
  private static final double STEP = 0.94;

  /**
   * Pages of directories to skip where calls are dear: each cut among them wastes half a page,
   * since where it falls in the page before is chance.
   */
  private static final double THRIFTY_STEP = 2;

  /** Directories that are smaller, in keys, are too many to be asked for. */
  private static final double SMALLEST_CHILDREN = 8;

  /** A directory that will have so many more pages is worth a call that tells its children. */
  private static final double LARGE = 3;

  /** For so many directories around a page it is asked at once. */
  private static final int ASKED_AT_ONCE = 4;

  /**
   * How many guesses in a row for each page that the files of a directory have filled so far, where
   * no directory comes behind them.
   */
  private static final double GUESSES_A_PAGE = 2;

  private static final double FEWEST_GUESSES = 4;

  /** More than there can be pages in a walk's hands. */
  private static final int REMEMBERED_SCALES = 256;

  private static final int REMEMBERED_DIRECTORIES = 128;

  /** Names of directories that are kept in all, some 2 MB of them. */
  private static final int REMEMBERED_NAMES = 20_000;

  private final String directory;
  private final NavigableMap<String, KeyInterpolation> scales = new TreeMap<>(KeyOrder.BYTES);

  /** Those not asked for longest come first. */
  private final Map<String, DirectoryStatistics> directories = new LinkedHashMap<>(16, 0.75f, true);

  private int pageSize;

  /** Guesses for the keys that begin with {@code directory}. */
  SplitPredictor(String directory) {
    this.directory = directory;
  }

  /** How many keys a page has that is full; 0 while none has come. */
  int pageSize() {
    return pageSize;
  }

  /**
   * Learns from a page that is not the last one; returns the directories to be asked for.
   *
   * @param after what it was asked to begin behind
   */
  List<DirectoryStatistics> learn(String after, List<ListedObject> objects) {
    pageSize = Math.max(pageSize, objects.size());
    if (objects.size() < pageSize / 2 || objects.size() < 2) {
      return List.of();
    }
    String first = objects.get(0).key();
    Map.Entry<String, KeyInterpolation> before = scales.lowerEntry(first);
    KeyInterpolation scale =
        KeyInterpolation.of(directory.length(), objects, before == null ? null : before.getValue());
    if (scale != null) {
      scales.put(first, scale);
      if (scales.size() > REMEMBERED_SCALES) {
        scales.pollFirstEntry();
      }
    }
    return learnDirectories(after, objects);
  }

  /** Learns that a guess was of little use. */
  void learnMiss(String cut) {
    if (!cut.endsWith("/")) {
      directory(directoryOf(cut)).learnEndOfFiles();
    }
  }

  /**
   * One page or more behind a key, and before another if that is not null; null for no idea.
   *
   * @param guessed how many guesses, in a row, lead to that key from one that is known
   * @param known a key that is known to come behind both, or null
   * @param isThrifty whether calls are dear
   */
  @Nullable String next(
      String after,
      @Nullable String until,
      int guessed,
      @Nullable String known,
      boolean isThrifty) {
    if (pageSize == 0 || !after.startsWith(directory)) {
      return null;
    }
    double pages = known != null && isInOneDirectory(after, known) ? 1 : pagesAhead(after, guessed);
    String cut = pages > 0 ? byScale(after, pages) : null;
    if (!isBefore(cut, childAhead(after, 0))) {
      String child = childAhead(after, pageSize * (isThrifty ? THRIFTY_STEP : STEP));
      cut = child == null ? cut : child;
    }
    boolean isOfUse =
        cut != null
            && KeyOrder.isUndisputed(cut)
            && cut.startsWith(directory)
            && KeyOrder.BYTES.compare(after, cut) < 0
            && (until == null || KeyOrder.BYTES.compare(cut, until) < 0);
    return isOfUse ? cut : null;
  }

  private boolean isFull() {
    return directories.size() >= REMEMBERED_DIRECTORIES
        || directories.values().stream().mapToInt(DirectoryStatistics::knownChildren).sum()
            >= REMEMBERED_NAMES;
  }

  private static boolean isBefore(@Nullable String cut, @Nullable String child) {
    return cut != null && (child == null || KeyOrder.BYTES.compare(cut, child) < 0);
  }

  private DirectoryStatistics directory(String name) {
    while (!directories.containsKey(name) && isFull()) {
      directories.remove(directories.keySet().iterator().next());
    }
    return directories.computeIfAbsent(name, DirectoryStatistics::new);
  }

  /**
   * How far to guess in one directory, of which the end is not known: one that has been long may
   * well be as long again. If it is, all that lies between can be asked for at once.
   */
  private double pagesAhead(String after, int guessed) {
    DirectoryStatistics files = directories.get(directoryOf(after));
    double seen = files == null ? 0 : files.pagesOfFiles();
    if (isInLastDirectory(after)) {
      return guessed < Math.max(FEWEST_GUESSES, GUESSES_A_PAGE * seen) ? 1 : 0;
    }
    return guessed == 0 && seen > 0 ? Math.max(1, seen) : 0;
  }

  private static boolean isInOneDirectory(String after, String known) {
    return !after.endsWith("/") && directoryOf(after).equals(directoryOf(known));
  }

  /** Whether no directory follows that could be guessed at instead. */
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

  private @Nullable String byScale(String after, double pages) {
    Map.Entry<String, KeyInterpolation> nearest = scales.floorEntry(after);
    if (nearest == null) {
      nearest = scales.firstEntry();
    }
    return nearest == null ? null : nearest.getValue().ahead(after, pageSize * STEP * pages);
  }

  /** A directory that begins so many keys behind a key, of the innermost level that has one. */
  private @Nullable String childAhead(String after, double keys) {
    for (int end = directoryOf(after).length();
        end >= directory.length();
        end = after.lastIndexOf('/', end - 2) + 1) {
      DirectoryStatistics level = directories.get(after.substring(0, end));
      String child =
          level == null ? null : level.ahead(after, Math.max(1, (int) (keys / level.keysEach())));
      if (child != null || end == 0) {
        return child;
      }
    }
    return null;
  }

  private List<DirectoryStatistics> learnDirectories(String after, List<ListedObject> objects) {
    String common = commonDirectory(objects);
    List<DirectoryStatistics> wanted = new ArrayList<>();
    String last = objects.get(objects.size() - 1).key();
    DirectoryStatistics outer = null;
    for (int end = directory.length(); end >= directory.length(); end = nextEnd(common, end)) {
      DirectoryStatistics level = directory(common.substring(0, end));
      boolean isInnermost = end == common.length();
      int begun = isBegun(end, after, objects.get(0).key()) ? 1 : 0;
      level.learnSize(objects.size(), begun + (isInnermost ? changes(end, objects) : 0));
      if (isInnermost && hasFilesOnly(end, objects)) {
        level.learnPageOfFiles();
      }
      boolean hasChildren = !isInnermost || level.hasChildren();
      if (hasChildren
          && wanted.size() < ASKED_AT_ONCE
          && level.keysEach() >= SMALLEST_CHILDREN
          && isLarge(outer, level)
          && level.isToBeAsked(last)) {
        wanted.add(level);
      }
      outer = level;
    }
    return wanted;
  }

  /** Where the next directory of a path ends; -1 if there is none. */
  private static int nextEnd(String path, int end) {
    int slash = path.indexOf('/', end);
    return slash < 0 ? -1 : slash + 1;
  }

  /** Whether much is to come, from its size so far or that of the directories beside it. */
  private boolean isLarge(@Nullable DirectoryStatistics outer, DirectoryStatistics level) {
    double seen = level.keysInAll();
    return outer == null
        || !outer.knowsSizes()
        || Math.max(seen, outer.keysEach() - seen) > LARGE * pageSize;
  }

  private static boolean hasFilesOnly(int common, List<ListedObject> objects) {
    return objects.stream().allMatch(object -> object.key().indexOf('/', common) < 0);
  }

  /** Whether a directory of that level begins between two keys, and the second lies in it. */
  private static boolean isBegun(int level, String after, String first) {
    int end = nextEnd(first, level);
    String child = first.substring(0, Math.max(end, 0));
    return end > 0 && (after.equals(child) || !after.startsWith(child));
  }

  /** How often another directory begins. */
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

  private static String directoryOf(String key) {
    return key.substring(0, key.lastIndexOf('/') + 1);
  }
}
