package org.lading.root.filesystem;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lading.base.ResourceCloser;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.root.Item;
import org.lading.root.ItemSink;
import org.lading.root.filesystem.PathResolver.Place;

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
  /** The maximum number of directories held open; those above them are opened again later. */
  private static final int MAX_OPEN = 16;

  /** The length in bytes from which on the system takes no path. */
  private static final int MAX_PATH_BYTES = 4096;

  private final PathResolver resolver;
  private final FileSystemCalls fileSystem;
  private final RelativePath start;
  private final boolean recursive;
  private final boolean linked;
  private final ItemSink sink;
  private final Deque<Level> levels = new ArrayDeque<>();

  /** The innermost levels, whose directories are held open, the innermost first. */
  private final Deque<Level> open = new ArrayDeque<>();

  private final Set<Object> openDirectoryKeys = new HashSet<>();

  /**
   * Makes a walk, which {@link #run} begins.
   *
   * @param start the directory
   * @param linked whether items get a {@link Item#linkTarget}; if not, what a link inside the root
   *     leads to gets its own key, since nginx follows no link there
   */
  DirectoryWalk(
      PathResolver resolver,
      FileSystemCalls fileSystem,
      RelativePath start,
      boolean recursive,
      boolean linked,
      ItemSink sink) {
    this.resolver = resolver;
    this.fileSystem = fileSystem;
    this.start = start;
    this.recursive = recursive;
    this.linked = linked;
    this.sink = sink;
  }

  /** Hands every item to the sink; without recursion, because directories nest deeply. */
  void run() {
    try {
      begin();
      while (!levels.isEmpty()) {
        advance(levels.element());
      }
    } finally {
      ResourceCloser.closeAll(open, Level::close);
    }
    // What is held open can be listed to its end even if the volume was unmounted.
    resolver.requireSameRoot();
  }

  private void advance(Level level) {
    Child directory = level.nextDirectory();
    if (directory != null) {
      enter(level, directory);
    } else if (level.hasNext()) {
      visit(level, level.next());
    } else {
      leave(level);
    }
  }

  private void leave(Level level) {
    levels.remove();
    openDirectoryKeys.remove(level.status.key());
    open.remove(level);
    level.close();
  }

  private void begin() {
    sink.count(1);
    try (Place place = resolver.find(start)) {
      if (!place.status().isDirectory()) {
        throw FilesystemErrors.notADirectory(start.display());
      }
      String realKey = linked ? null : resolver.key(place.path());
      String key = realKey == null ? start.key() : realKey;
      DirectoryHandle directory = place.openDirectory();
      push(Level.of(directory, "", key.isEmpty() ? "" : key + "/", fileSystem));
    } catch (IOException e) {
      throw resolver.failure(start.display(), e);
    }
  }

  private void push(Level level) {
    levels.push(level);
    openDirectoryKeys.add(level.status.key());
    hold(level);
  }

  private void hold(Level level) {
    open.push(level);
    if (open.size() > MAX_OPEN) {
      open.removeLast().close();
    }
  }

  private DirectoryHandle directory(Level level) throws IOException {
    DirectoryHandle directory = level.directory;
    if (directory == null) {
      directory = resolver.reopen(level.real, level.status);
      level.directory = directory;
      hold(level);
    }
    return directory;
  }

  private void visit(Level level, byte[] name) {
    sink.count(1);
    Child child;
    try {
      child = find(level, name);
      if (!child.status.isFile() && !child.status.isDirectory()) {
        throw FilesystemErrors.special(path(level, name));
      }
    } catch (NoSuchFileException vanished) {
      resolver.requireSameRoot();
      return;
    } catch (IOException e) {
      refuse(resolver.failure(path(level, name), e));
      return;
    } catch (LadingException e) {
      refuse(e);
      return;
    }
    if (child.status.isFile()) {
      sink.accept(level.item(Item.Kind.FILE, child, linked ? child.path(level) : null));
    } else if (recursive) {
      level.pending.push(child);
    }
  }

  /** Refuses one name in the directory; what is true of the whole root fails the walk. */
  private void refuse(LadingException why) {
    if (why.code() != ErrorCode.MISSING_OR_INVALID_TARGET) {
      throw why;
    }
    sink.refuse(why);
  }

  /** Finds the file, which can be read, or the directory of a name, following a link. */
  private Child find(Level level, byte[] name) throws IOException {
    if (level.pathBytes + 1 + name.length >= MAX_PATH_BYTES) {
      throw new FileSystemException(path(level, name), null, "the path is too long");
    }
    DirectoryHandle directory = directory(level);
    FileStatus status = fileSystem.stat(directory, name);
    if (!status.isLink()) {
      return new Child(name, null, null, readable(directory, name, status, level, name));
    }
    try (Place target = resolver.findTarget(directory, name, path(level, name))) {
      FileStatus at = readable(target.parent(), target.name(), target.status(), level, name);
      return new Child(name, target.path(), linked ? null : resolver.key(target.path()), at);
    }
  }

  /** Makes sure that a file can be read, and is empty if it says so; returns its attributes. */
  private FileStatus readable(
      DirectoryHandle directory, byte[] name, FileStatus status, Level level, byte[] listed)
      throws IOException {
    if (status.isFile() && !fileSystem.isReadable(directory, name, status)) {
      throw FilesystemErrors.notReadable(path(level, listed), null);
    }
    return fileSystem.checked(directory, name, status, () -> path(level, listed));
  }

  private void enter(Level parent, Child child) {
    sink.count(1);
    String path = path(parent, child.name);
    if (openDirectoryKeys.contains(child.status.key())) {
      sink.refuse(FilesystemErrors.loop(path));
      return;
    }
    Level level;
    try {
      level = parent.child(child, open(parent, child), fileSystem);
    } catch (NoSuchFileException | NotDirectoryException vanished) {
      resolver.requireSameRoot();
      return;
    } catch (IOException e) {
      refuse(resolver.failure(path, e));
      return;
    } catch (LadingException e) {
      refuse(e);
      return;
    }
    if (level.hasNext()) {
      push(level);
    } else {
      level.close();
      sink.accept(parent.item(Item.Kind.EMPTY_DIRECTORY, child, null));
    }
  }

  private DirectoryHandle open(Level parent, Child child) throws IOException {
    return child.target == null
        ? directory(parent).directory(child.name)
        : resolver.reopen(child.target, child.status);
  }

  private String path(Level level, byte[] name) {
    String below = level.namePrefix + FileNameConverter.display(name);
    return start.display().isEmpty() ? below : start.display() + "/" + below;
  }

  /** A name in a directory, with what it is or, of a link, what it leads to and where that is. */
  private static final class Child {
    final byte[] name;
    final @Nullable Path target;

    /** The key of what a link leads to, if that is used instead of the link's own. */
    final @Nullable String key;

    final FileStatus status;

    Child(byte[] name, @Nullable Path target, @Nullable String key, FileStatus status) {
      this.name = name;
      this.target = target;
      this.key = key;
      this.status = status;
    }

    Path path(Level level) {
      return target == null ? NativePaths.resolve(level.real, name) : target;
    }
  }

  /** A directory on the path to the current one, with the names that are still to be visited. */
  private static final class Level {
    final Path real;
    final int pathBytes;
    final FileStatus status;
    final String namePrefix;
    final String keyPrefix;
    final Deque<Child> pending = new ArrayDeque<>(0);
    @Nullable DirectoryHandle directory;
    private final FileNameList names;
    private final boolean hasSamePrefixes;
    private int next;
    private byte @Nullable [] nextName;

    private Level(
        DirectoryHandle directory,
        FileStatus status,
        FileNameList names,
        String namePrefix,
        String keyPrefix) {
      this.directory = directory;
      this.real = directory.path();
      this.pathBytes = NativePaths.bytes(real).length;
      this.status = status;
      this.names = names;
      this.namePrefix = namePrefix;
      this.keyPrefix = keyPrefix;
      this.hasSamePrefixes = namePrefix.equals(keyPrefix);
    }

    /** Reads the names in a directory, which the level then owns; closes it if that fails. */
    static Level of(
        DirectoryHandle directory, String namePrefix, String keyPrefix, FileSystemCalls fileSystem)
        throws IOException {
      try {
        FileStatus status = directory.stat(new byte[0]);
        FileNameList names = fileSystem.names(directory);
        names.sort();
        return new Level(directory, status, names, namePrefix, keyPrefix);
      } catch (IOException | RuntimeException e) {
        directory.close();
        throw e;
      }
    }

    Level child(Child child, DirectoryHandle opened, FileSystemCalls fileSystem)
        throws IOException {
      return of(
          opened,
          namePrefix + FileNameConverter.display(child.name) + "/",
          (child.key == null ? keyPrefix + FileNameConverter.escape(child.name) : child.key) + "/",
          fileSystem);
    }

    /** Closes the directory; it may be opened again. */
    void close() {
      DirectoryHandle closing = directory;
      directory = null;
      if (closing != null) {
        try {
          closing.close();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }

    Item item(Item.Kind kind, Child child, @Nullable Path linkTarget) {
      String display = FileNameConverter.display(child.name);
      // An escaped name differs from the displayed one only where that has a %.
      String escaped = display.indexOf('%') < 0 ? display : FileNameConverter.escape(child.name);
      String name = namePrefix.concat(display);
      // In a listing of a whole root, one text then serves as name and as key.
      String key = child.key;
      if (key == null) {
        key = hasSamePrefixes && escaped.equals(display) ? name : keyPrefix.concat(escaped);
      }
      return new Item(
          kind,
          name,
          key,
          kind == Item.Kind.FILE ? child.status.size() : 0,
          child.status.modified(),
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
