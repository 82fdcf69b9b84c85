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
 * Walks through a directory and makes items of what it finds, in the order that {@link
 * org.lading.root.Root#list} promises; for one thread and one use.
 *
 * <p>In that order a directory {@code a} counts as {@code a/}, thus comes after its siblings {@code
 * a b} and {@code a.txt}. So a directory is pending until the next sibling sorts after it. The name
 * of each pending directory begins with the names of those that became pending before it, so the
 * last one comes first: they form a stack.
 */
final class DirectoryWalk {
  private final PathResolver resolver;
  private final FileSystemCalls fileSystem;
  private final RelativePath start;
  private final boolean recursive;
  private final boolean linked;
  private final Consumer<Item> sink;
  private final Deque<Level> levels = new ArrayDeque<>();
  private final Set<Object> openDirectoryKeys = new HashSet<>();

  /**
   * Makes a walk, which {@link #run} begins.
   *
   * @param start the directory
   * @param linked whether items get a {@link Item#linkTarget}
   */
  DirectoryWalk(
      PathResolver resolver,
      FileSystemCalls fileSystem,
      RelativePath start,
      boolean recursive,
      boolean linked,
      Consumer<Item> sink) {
    this.resolver = resolver;
    this.fileSystem = fileSystem;
    this.start = start;
    this.recursive = recursive;
    this.linked = linked;
    this.sink = sink;
  }

  /** Hands every item to the sink; without recursion, because directories nest deeply. */
  void run() {
    begin();
    while (!levels.isEmpty()) {
      Level level = levels.element();
      Child directory = level.nextDirectory();
      if (directory != null) {
        enter(level, directory);
      } else if (level.hasNext()) {
        visit(level, level.next());
      } else {
        levels.remove();
        openDirectoryKeys.remove(level.fileKey);
      }
    }
  }

  private void begin() {
    Path real = resolver.resolve(start);
    PosixFileAttributes attributes = resolver.stat(real, start.display());
    if (!attributes.isDirectory()) {
      throw FilesystemErrors.notADirectory(start.display());
    }
    try {
      String key = start.key();
      push(attributes, new Level(real, attributes, "", key.isEmpty() ? "" : key + "/", fileSystem));
    } catch (IOException e) {
      throw resolver.failure(start.display(), e);
    }
  }

  private void push(PosixFileAttributes attributes, Level level) {
    levels.push(level);
    openDirectoryKeys.add(attributes.fileKey());
  }

  private void visit(Level level, byte[] name) {
    Child child = find(level, name);
    if (child == null) {
      resolver.requireSameRoot();
    } else if (child.attributes.isRegularFile()) {
      if (!fileSystem.isReadable(child.real, child.attributes)) {
        throw FilesystemErrors.notReadable(path(level, name), null);
      }
      sink.accept(level.item(Item.Kind.FILE, child, linked ? child.real : null));
    } else if (!child.attributes.isDirectory()) {
      throw FilesystemErrors.special(path(level, name));
    } else if (recursive) {
      level.pending.push(child);
    }
  }

  /** Finds the file or directory of a name, following a link; null if it vanished meanwhile. */
  private @Nullable Child find(Level level, byte[] name) {
    Path path = NativePaths.resolve(level.real, name);
    try {
      PosixFileAttributes attributes = fileSystem.stat(path);
      if (!attributes.isSymbolicLink()) {
        return new Child(name, path, attributes);
      }
      Path real = resolver.resolveLink(path, path(level, name));
      return new Child(name, real, statTarget(real, path(level, name)));
    } catch (NoSuchFileException vanished) {
      return null;
    } catch (IOException e) {
      throw resolver.failure(path(level, name), e);
    }
  }

  private PosixFileAttributes statTarget(Path real, String path) throws IOException {
    try {
      return fileSystem.stat(real);
    } catch (NoSuchFileException e) {
      throw FilesystemErrors.deadLink(path, e);
    }
  }

  private void enter(Level parent, Child directory) {
    String path = path(parent, directory.name);
    if (openDirectoryKeys.contains(directory.attributes.fileKey())) {
      throw FilesystemErrors.loop(path);
    }
    try {
      Level level = parent.child(directory, fileSystem);
      if (level.hasNext()) {
        push(directory.attributes, level);
      } else {
        sink.accept(parent.item(Item.Kind.EMPTY_DIRECTORY, directory, null));
      }
    } catch (NoSuchFileException | NotDirectoryException vanished) {
      resolver.requireSameRoot();
    } catch (IOException e) {
      throw resolver.failure(path, e);
    }
  }

  private String path(Level level, byte[] name) {
    String below = level.namePrefix + FileNameConverter.display(name);
    return start.display().isEmpty() ? below : start.display() + "/" + below;
  }

  /** A name in a directory, with the file or directory that it leads to. */
  private static final class Child {
    final byte[] name;
    final Path real;
    final PosixFileAttributes attributes;

    Child(byte[] name, Path real, PosixFileAttributes attributes) {
      this.name = name;
      this.real = real;
      this.attributes = attributes;
    }
  }

  /** A directory on the path to the current one, with the names that are still to be visited. */
  private static final class Level {
    final Path real;
    final Object fileKey;
    final String namePrefix;
    final String keyPrefix;
    final Deque<Child> pending = new ArrayDeque<>(0);
    private final FileNameList names;
    private final boolean hasSamePrefixes;
    private int next;
    private byte @Nullable [] nextName;

    Level(
        Path real,
        PosixFileAttributes attributes,
        String namePrefix,
        String keyPrefix,
        FileSystemCalls fileSystem)
        throws IOException {
      this.real = real;
      this.fileKey = attributes.fileKey();
      this.namePrefix = namePrefix;
      this.keyPrefix = keyPrefix;
      this.hasSamePrefixes = namePrefix.equals(keyPrefix);
      this.names = fileSystem.names(real);
      names.sort();
    }

    Level child(Child directory, FileSystemCalls fileSystem) throws IOException {
      return new Level(
          directory.real,
          directory.attributes,
          namePrefix + FileNameConverter.display(directory.name) + "/",
          keyPrefix + FileNameConverter.escape(directory.name) + "/",
          fileSystem);
    }

    Item item(Item.Kind kind, Child child, @Nullable Path linkTarget) {
      String display = FileNameConverter.display(child.name);
      // An escaped name differs from the displayed one only where that has a %.
      String escaped = display.indexOf('%') < 0 ? display : FileNameConverter.escape(child.name);
      String name = namePrefix.concat(display);
      // In a listing of a whole root, one text then serves as name and as key.
      String key = hasSamePrefixes && escaped.equals(display) ? name : keyPrefix.concat(escaped);
      return new Item(
          kind,
          name,
          key,
          kind == Item.Kind.FILE ? child.attributes.size() : 0,
          FileSystemCalls.modified(child.attributes),
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

    /** Removes and returns a pending directory that comes before the next name, or null. */
    @Nullable Child nextDirectory() {
      Child last = pending.peek();
      if (last == null || (hasNext() && !comesBefore(last.name, peek()))) {
        return null;
      }
      return pending.pop();
    }

    private boolean comesBefore(byte[] directory, byte[] name) {
      byte[] a = sortable(directory);
      byte[] b = sortable(name);
      int at = Arrays.mismatch(a, b);
      if (at < 0 || at == b.length) {
        return false;
      }
      byte mine = at == a.length ? (byte) '/' : a[at];
      return Byte.compareUnsigned(mine, b[at]) < 0;
    }

    /**
     * Returns the bytes by which a name sorts: those of its display form, since the order is that
     * of the item names.
     */
    private byte[] sortable(byte[] name) {
      return names.isUtf8() ? name : FileNameConverter.displayBytes(name);
    }
  }
}
