package org.lading.root;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of what lies directly in a directory.
 *
 * @param children directories first
 * @param next the cursor of the page after this one, or null if this is the last one
 */
public record DirectoryPage(List<Child> children, @Nullable String next) {
  /** The value of {@link Child#size()} where the root does not tell it. */
  public static final long UNKNOWN_SIZE = -1;

  /** Copies the list. */
  public DirectoryPage {
    children = List.copyOf(children);
  }

  /**
   * A file or directory in the directory.
   *
   * @param kind file or directory; {@link Kind#FILE} also for what is neither, which has an
   *     obstacle
   * @param name its own name, without a slash; valid Unicode, and any characters
   * @param size bytes of a file, or {@link #UNKNOWN_SIZE}; 0 for a directory
   * @param modified the modification time, or null where the root does not tell it
   * @param obstacle why it cannot be asked for by its path, or null if it can
   */
  public record Child(
      Kind kind, String name, long size, @Nullable Instant modified, @Nullable Obstacle obstacle) {}

  /** The two kinds of children. */
  public enum Kind {
    /** A directory, which need not be empty. */
    DIRECTORY,
    /** A file or object. */
    FILE
  }

  /** The reasons why something in a directory cannot be asked for. */
  public enum Obstacle {
    /** It has to be restored from an archive first. */
    ARCHIVED,
    /** It is a link that is broken or leads out of the root. */
    DEAD_LINK,
    /** No path can have its name. */
    NAME,
    /** It is neither a regular file nor a directory. */
    SPECIAL,
    /** It cannot be read. */
    UNREADABLE
  }
}
