package org.lading.root.s3.listing;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Guesses where the next page of a walk will begin, before the one in front of it is there.
 *
 * <p>In a tree it is a directory that lies as many directories ahead as have filled a page before;
 * in a flat key space, the key that comes a page later if keys stay as close together as they were
 * in the last pages. A guess need not be a key that exists.
 */
final class CutPoints {
  /**
   * How much of a page to skip: pages that overlap a little cost less than gaps, each of which is a
   * call of its own.
   */
  private static final double STEP = 0.94;

  /** Directories that are smaller, in keys, are too many to be asked for. */
  private static final double SMALLEST_CHILDREN = 8;

  /** A child that has less of a page than this makes steps that are fine enough. */
  private static final double FINE = 0.25;

  /** Where a child begins before so much of a page, the cut is made behind it. */
  private static final double NEAR = 0.8;

  /** A directory of which so many pages were seen is worth a call that tells its children. */
  private static final int LARGE = 3;

  private static final int FEWEST_STEPS = 2;

  private static final int REMEMBERED_SCALES = 64;
  private static final int REMEMBERED_DIRECTORIES = 64;

  private final String directory;
  private final NavigableMap<String, KeyScale> scales = new TreeMap<>(KeyOrder.BYTES);

  /** Those not asked for longest come first. */
  private final Map<String, Children> children = new LinkedHashMap<>(16, 0.75f, true);

  private int pageSize;

  /** Guesses for the keys that begin with {@code directory}. */
  CutPoints(String directory) {
    this.directory = directory;
  }

  /** How many keys a page has that is full; 0 while none has come. */
  int pageSize() {
    return pageSize;
  }

  /** Learns from a page that is not the last one; null, or a directory to be asked for children. */
  @Nullable String learn(List<ListedObject> objects) {
    pageSize = Math.max(pageSize, objects.size());
    if (objects.size() < pageSize / 2 || objects.size() < 2) {
      return null;
    }
    String first = objects.get(0).key();
    Map.Entry<String, KeyScale> before = scales.lowerEntry(first);
    KeyScale scale =
        KeyScale.of(directory.length(), objects, before == null ? null : before.getValue());
    if (scale != null) {
      scales.put(first, scale);
      if (scales.size() > REMEMBERED_SCALES) {
        scales.pollFirstEntry();
      }
    }
    return learnDirectories(objects);
  }

  /** About a page behind a key, and before another if that is not null; null for no idea. */
  @Nullable String next(String after, @Nullable String until, int blindSteps) {
    Children level = levelOf(after);
    boolean goesOn = blindSteps < stepsFrom(after);
    String cut = goesOn ? byScale(after, STEP) : null;
    if (level != null) {
      cut = byChildren(level, after, goesOn);
    }
    boolean isOfUse =
        cut != null
            && KeyOrder.isUndisputed(cut)
            && cut.startsWith(directory)
            && KeyOrder.BYTES.compare(after, cut) < 0
            && (until == null || KeyOrder.BYTES.compare(cut, until) < 0);
    return isOfUse ? cut : null;
  }

  /** What is known of the children of a directory that {@link #learn} named. */
  Children children(String of) {
    if (children.size() > REMEMBERED_DIRECTORIES && !children.containsKey(of)) {
      children.remove(children.keySet().iterator().next());
    }
    return children.computeIfAbsent(of, any -> new Children());
  }

  /** Large children make coarse steps: what lies between is tried where the scale says so. */
  private @Nullable String byChildren(Children level, String after, boolean goesOn) {
    String child = level.ahead(after, childrenOfPage(level));
    String page = level.keysEach() > pageSize * FINE ? byScale(after, STEP) : null;
    if (child == null || page == null) {
      return child == null ? page : child;
    }
    String near = byScale(after, STEP * NEAR);
    boolean isNear = near != null && KeyOrder.BYTES.compare(child, near) < 0;
    if (isNear) {
      return level.snap(page);
    }
    return goesOn && KeyOrder.BYTES.compare(page, child) < 0 ? page : child;
  }

  /** How far to guess in one directory: one that has been long may well be as long again. */
  private double stepsFrom(String after) {
    if (isInLastDirectory(after)) {
      return Integer.MAX_VALUE;
    }
    Children inner = children.get(after.substring(0, after.lastIndexOf('/') + 1));
    return inner == null ? FEWEST_STEPS : Math.max(FEWEST_STEPS, inner.keysInAll() / pageSize);
  }

  /** Whether no directory follows that could be guessed at instead. */
  private boolean isInLastDirectory(String after) {
    int end = directory.length();
    for (int slash = after.indexOf('/', end); slash >= 0; slash = after.indexOf('/', end)) {
      Children level = children.get(after.substring(0, end));
      if (level == null || !level.isLast(after)) {
        return false;
      }
      end = slash + 1;
    }
    return true;
  }

  private @Nullable String byScale(String after, double pages) {
    Map.Entry<String, KeyScale> nearest = scales.floorEntry(after);
    if (nearest == null) {
      nearest = scales.firstEntry();
    }
    return nearest == null ? null : nearest.getValue().ahead(after, pageSize * pages);
  }

  /** The innermost directory of which children are known far enough ahead. */
  private @Nullable Children levelOf(String after) {
    for (int end = after.length();
        end >= directory.length();
        end = after.lastIndexOf('/', end - 2) + 1) {
      String outer = after.substring(0, end);
      Children level = end == 0 || outer.endsWith("/") ? children.get(outer) : null;
      if (level != null
          && level.keysEach() > 0
          && level.ahead(after, childrenOfPage(level)) != null) {
        return level;
      }
      if (end == 0) {
        return null;
      }
    }
    return null;
  }

  private int childrenOfPage(Children level) {
    return Math.max(1, (int) (STEP * pageSize / level.keysEach()));
  }

  /** Of the outer directories first, whose children are worth more. */
  private @Nullable String learnDirectories(List<ListedObject> objects) {
    String common = commonDirectory(objects);
    int changes = changes(common.length(), objects);
    String wanted = null;
    int end = directory.length();
    while (end >= 0 && end <= common.length()) {
      String level = common.substring(0, end);
      Children of = children(level);
      of.learnSize(objects.size(), end == common.length() ? changes : 0);
      boolean isLarge =
          level.equals(directory) || (of.hasChildren() && of.keysInAll() > LARGE * pageSize);
      if (wanted == null && isLarge && of.keysEach() >= SMALLEST_CHILDREN && of.isWanted()) {
        wanted = level;
      }
      end = common.indexOf('/', end) + 1;
      if (end == 0) {
        break;
      }
    }
    return wanted;
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
}
