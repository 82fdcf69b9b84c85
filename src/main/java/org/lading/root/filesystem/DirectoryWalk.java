package org.lading.root.filesystem;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.lading.root.Item;

/**
 * One walk through a directory; for one thread and one use.
 *
 * <p>In the order of whole names a directory {@code a} comes as {@code a/}, thus behind its
 * siblings {@code a b} and {@code a.txt}. So a directory waits until the next sibling sorts behind
 * it. Those that wait are each the beginning of the next, hence the last one in is the first one
 * out.
 */
final class DirectoryWalk {
  private final PathResolver boundary;
  private final Disk disk;
  private final RelativePath start;
  private final boolean recursive;
  private final boolean linked;
  private final Consumer<Item> sink;
  private final Deque<Level> levels = new ArrayDeque<>();
  private final Set<Object> open = new HashSet<>();

  /**
   * A walk from a directory.
   *
   * @param linked whether the items say what to link to
   */
  DirectoryWalk(
      PathResolver boundary,
      Disk disk,
      RelativePath start,
      boolean recursive,
      boolean linked,
      Consumer<Item> sink) {
    this.boundary = boundary;
    this.disk = disk;
    this.start = start;
    this.recursive = recursive;
    this.linked = linked;
    this.sink = sink;
  }

  /** Hands every item to the sink; the stack is our own because directories nest deeply. */
  void run() {
    begin();
    while (!levels.isEmpty()) {
      Level level = levels.element();
      Found directory = level.dueDirectory();
      if (directory != null) {
        enter(level, directory);
      } else if (level.hasNext()) {
        visit(level, level.next());
      } else {
        levels.remove();
        open.remove(level.fileKey);
      }
    }
  }

  private void begin() {
    Path real = boundary.resolve(start);
    PosixFileAttributes attributes = boundary.stat(real, start.shown());
    if (!attributes.isDirectory()) {
      throw FilesystemErrors.notADirectory(start.shown());
    }
    try {
      String key = start.key();
      push(attributes, new Level(real, attributes, "", key.isEmpty() ? "" : key + "/", disk));
    } catch (IOException e) {
      throw boundary.failed(start.shown(), e);
    }
  }

  private void push(PosixFileAttributes attributes, Level level) {
    levels.push(level);
    open.add(attributes.fileKey());
  }

  private void visit(Level level, byte[] name) {
    Found found = find(level, name);
    if (found == null) {
      boundary.requireSameRoot();
    } else if (found.attributes.isRegularFile()) {
      if (!disk.isReadable(found.real, found.attributes)) {
        throw FilesystemErrors.notReadable(shown(level, name), null);
      }
      sink.accept(level.item(Item.Kind.FILE, found, linked ? found.real : null));
    } else if (!found.attributes.isDirectory()) {
      throw FilesystemErrors.special(shown(level, name));
    } else if (recursive) {
      level.waiting.push(found);
    }
  }

  /** What a name stands for, behind a link if it is one; null if it vanished meanwhile. */
  private @Nullable Found find(Level level, byte[] name) {
    Path path = NativePaths.resolve(level.real, name);
    try {
      PosixFileAttributes attributes = disk.stat(path);
      if (!attributes.isSymbolicLink()) {
        return new Found(name, path, attributes);
      }
      Path real = boundary.resolveLink(path, shown(level, name));
      return new Found(name, real, statTarget(real, shown(level, name)));
    } catch (NoSuchFileException vanished) {
      return null;
    } catch (IOException e) {
      throw boundary.failed(shown(level, name), e);
    }
  }

  private PosixFileAttributes statTarget(Path real, String shown) throws IOException {
    try {
      return disk.stat(real);
    } catch (NoSuchFileException e) {
      throw FilesystemErrors.deadLink(shown, e);
    }
  }

  private void enter(Level parent, Found directory) {
    String shown = shown(parent, directory.name);
    if (open.contains(directory.attributes.fileKey())) {
      throw FilesystemErrors.loop(shown);
    }
    try {
      Level level = parent.child(directory, disk);
      if (level.hasNext()) {
        push(directory.attributes, level);
      } else {
        sink.accept(parent.item(Item.Kind.EMPTY_DIRECTORY, directory, null));
      }
    } catch (NoSuchFileException | NotDirectoryException vanished) {
      boundary.requireSameRoot();
    } catch (IOException e) {
      throw boundary.failed(shown, e);
    }
  }

  private String shown(Level level, byte[] name) {
    String below = level.namePrefix + FileNameText.shown(name);
    return start.shown().isEmpty() ? below : start.shown() + "/" + below;
  }

  /** A name of a directory with what it stands for. */
  private static final class Found {
    final byte[] name;
    final Path real;
    final PosixFileAttributes attributes;

    Found(byte[] name, Path real, PosixFileAttributes attributes) {
      this.name = name;
      this.real = real;
      this.attributes = attributes;
    }
  }

  /** One directory on the way down: the names that are still to come. */
  private static final class Level {
    final Path real;
    final Object fileKey;
    final String namePrefix;
    final String keyPrefix;
    final Deque<Found> waiting = new ArrayDeque<>(0);
    private final FileNameList names;
    private final boolean sameText;
    private int next;
    private byte @Nullable [] nextName;

    Level(Path real, PosixFileAttributes attributes, String namePrefix, String keyPrefix, Disk disk)
        throws IOException {
      this.real = real;
      this.fileKey = attributes.fileKey();
      this.namePrefix = namePrefix;
      this.keyPrefix = keyPrefix;
      this.sameText = namePrefix.equals(keyPrefix);
      this.names = disk.names(real);
      names.sort();
    }

    Level child(Found directory, Disk disk) throws IOException {
      return new Level(
          directory.real,
          directory.attributes,
          namePrefix + FileNameText.shown(directory.name) + "/",
          keyPrefix + FileNameText.escaped(directory.name) + "/",
          disk);
    }

    Item item(Item.Kind kind, Found found, @Nullable Path linkTarget) {
      String shown = FileNameText.shown(found.name);
      // What is shown of a name has a % in it if any is escaped.
      String escaped = shown.indexOf('%') < 0 ? shown : FileNameText.escaped(found.name);
      String name = namePrefix.concat(shown);
      // A listing of a whole root holds each text twice otherwise.
      String key = sameText && escaped.equals(shown) ? name : keyPrefix.concat(escaped);
      return new Item(
          kind,
          name,
          key,
          kind == Item.Kind.FILE ? found.attributes.size() : 0,
          Disk.modified(found.attributes),
          null,
          Item.UNKNOWN_CRC32,
          linkTarget);
    }

    boolean hasNext() {
      return next < names.size();
    }

    byte[] next() {
      byte[] name = peek();
      next++;
      nextName = null;
      return name;
    }

    private byte[] peek() {
      byte[] name = nextName;
      if (name == null) {
        name = names.get(next);
        nextName = name;
      }
      return name;
    }

    /** A waiting directory that comes before the next name, or null. */
    @Nullable Found dueDirectory() {
      Found last = waiting.peek();
      if (last == null || (hasNext() && !comesFirst(last.name, peek()))) {
        return null;
      }
      return waiting.pop();
    }

    private boolean comesFirst(byte[] directory, byte[] name) {
      byte[] a = sortable(directory);
      byte[] b = sortable(name);
      int at = Arrays.mismatch(a, b);
      if (at < 0 || at == b.length) {
        return false;
      }
      byte mine = at == a.length ? (byte) '/' : a[at];
      return Byte.compareUnsigned(mine, b[at]) < 0;
    }

    /** Malformed bytes sort as they are shown, because the order promised is that of the names. */
    private byte[] sortable(byte[] name) {
      return names.isPlain() ? name : FileNameText.shownBytes(name);
    }
  }
}
