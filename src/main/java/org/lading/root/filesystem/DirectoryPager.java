package org.lading.root.filesystem;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.root.DirectoryPage;
import org.lading.root.DirectoryPage.Child;
import org.lading.root.DirectoryPage.Obstacle;
import org.lading.root.filesystem.FileStatus.Kind;
import org.lading.root.filesystem.PathResolver.Place;
import org.lading.root.watch.WatchedThread;

/**
 * Makes one page of a directory, for one thread and one use.
 *
 * <p><b>Why.</b> A directory of a million names is read whole for each page, which takes less than
 * a second, but is not held: a heap keeps the names that come first after the cursor, one more than
 * the page has. Only these are looked at.
 *
 * <p>A cursor is the escaped name of the last child, with a slash at its end for a directory; it
 * keeps its meaning when that child vanishes.
 */
final class DirectoryPager {
  private static final Comparator<Name> ORDER =
      Comparator.comparing((Name name) -> !name.isDirectory)
          .thenComparing(name -> name.bytes, Arrays::compareUnsigned);

  private final PathResolver resolver;
  private final FileSystemCalls fileSystem;
  private final RelativePath path;
  private final int max;

  /** The names that come first, the last of them at the head. */
  private final PriorityQueue<Name> first;

  /** A name in the directory. */
  private static final class Name {
    final byte[] bytes;
    final boolean isDirectory;

    Name(byte[] bytes, boolean isDirectory) {
      this.bytes = bytes;
      this.isDirectory = isDirectory;
    }

    /** Parses a cursor; {@code MISSING_OR_INVALID_TARGET} if it is none. */
    static Name ofCursor(String cursor) {
      boolean isDirectory = cursor.endsWith("/");
      String name = isDirectory ? cursor.substring(0, cursor.length() - 1) : cursor;
      try {
        return new Name(FileNameConverter.unescape(name), isDirectory);
      } catch (IllegalArgumentException e) {
        throw FilesystemErrors.invalidPath(cursor);
      }
    }

    String cursor() {
      return FileNameConverter.escape(bytes) + (isDirectory ? "/" : "");
    }
  }

  /** Makes a pager for pages of at most {@code max} children. */
  DirectoryPager(PathResolver resolver, FileSystemCalls fileSystem, RelativePath path, int max) {
    this.resolver = resolver;
    this.fileSystem = fileSystem;
    this.path = path;
    this.max = max;
    this.first = new PriorityQueue<>(max + 1, ORDER.reversed());
  }

  /** Returns the page after a cursor; see {@link org.lading.root.Root#page}. */
  DirectoryPage page(String cursor) {
    Name after = cursor.isEmpty() ? null : Name.ofCursor(cursor);
    try (Place place = resolver.find(path)) {
      if (!place.status().isDirectory()) {
        throw FilesystemErrors.notADirectory(path.display());
      }
      try (DirectoryHandle directory = place.openDirectory()) {
        fileSystem.visitNames(directory, (name, kind) -> add(directory, name, kind, after));
        DirectoryPage page = pageOf(directory);
        resolver.requireSameRoot();
        return page;
      }
    } catch (IOException e) {
      throw resolver.failure(path.display(), e);
    }
  }

  private void add(
      DirectoryHandle directory, byte[] bytes, @Nullable Kind told, @Nullable Name after)
      throws IOException {
    // A slow disk may take minutes for a directory of millions, and does not hang.
    WatchedThread.progress();
    Name name = new Name(bytes, (told == null ? kind(directory, bytes) : told) == Kind.DIRECTORY);
    if (after != null && ORDER.compare(name, after) <= 0) {
      return;
    }
    if (first.size() <= max) {
      first.add(name);
    } else if (ORDER.compare(name, first.element()) < 0) {
      first.remove();
      first.add(name);
    }
  }

  private @Nullable Kind kind(DirectoryHandle directory, byte[] name) throws IOException {
    try {
      return fileSystem.stat(directory, name).kind();
    } catch (NoSuchFileException vanished) {
      return null;
    }
  }

  private DirectoryPage pageOf(DirectoryHandle directory) {
    Name[] names = first.toArray(Name[]::new);
    Arrays.sort(names, ORDER);
    int shown = Math.min(names.length, max);
    List<Child> children = new ArrayList<>(shown);
    for (int i = 0; i < shown; i++) {
      Child child = child(directory, names[i]);
      if (child != null) {
        children.add(child);
      }
    }
    return new DirectoryPage(children, names.length > max ? names[max - 1].cursor() : null);
  }

  /** Looks at a name; returns null if it is gone. */
  private @Nullable Child child(DirectoryHandle directory, Name name) {
    String display = FileNameConverter.display(name.bytes);
    try {
      FileStatus own = fileSystem.stat(directory, name.bytes);
      if (!own.isLink()) {
        return child(directory, name.bytes, own, display, name.bytes);
      }
      try (Place target = resolver.findTarget(directory, name.bytes, display)) {
        return child(target.parent(), target.name(), target.status(), display, name.bytes);
      }
    } catch (NoSuchFileException vanished) {
      return null;
    } catch (IOException e) {
      resolver.requireSameRoot();
      return refused(name, display, Obstacle.UNREADABLE);
    } catch (LadingException e) {
      if (e.code() != ErrorCode.MISSING_OR_INVALID_TARGET) {
        throw e;
      }
      return refused(name, display, Obstacle.DEAD_LINK);
    }
  }

  private Child child(
      DirectoryHandle parent, byte[] name, FileStatus status, String display, byte[] listed)
      throws IOException {
    boolean isDirectory = status.isDirectory();
    return new Child(
        isDirectory ? DirectoryPage.Kind.DIRECTORY : DirectoryPage.Kind.FILE,
        display,
        status.isFile() ? status.size() : 0,
        status.modified(),
        obstacle(parent, name, status, listed));
  }

  private @Nullable Obstacle obstacle(
      DirectoryHandle parent, byte[] name, FileStatus status, byte[] listed) throws IOException {
    if (!status.isFile() && !status.isDirectory()) {
      return Obstacle.SPECIAL;
    }
    if (!FileNameConverter.isUtf8(listed)) {
      return Obstacle.NAME;
    }
    return fileSystem.isReadable(parent, name, status) ? null : Obstacle.UNREADABLE;
  }

  private static Child refused(Name name, String display, Obstacle obstacle) {
    return new Child(
        name.isDirectory ? DirectoryPage.Kind.DIRECTORY : DirectoryPage.Kind.FILE,
        display,
        DirectoryPage.UNKNOWN_SIZE,
        null,
        obstacle);
  }
}
