package org.lading.root.filesystem;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.root.ChangeCheck;

/**
 * Looks at files again from their directories, which are held open: one system call a file.
 * Whatever is not plainly what it was, a link say, is looked at by its whole path, and that answer
 * counts.
 */
final class FileChangeCheck implements ChangeCheck {
  /** A listing goes down into a directory and comes back; each costs two file descriptors. */
  private static final int MOST_OPEN = 4;

  private final PathResolver boundary;
  private final Disk disk;

  /** By their keys, the one used last at the end; null for one that cannot be held open. */
  private final Map<String, @Nullable OpenDirectory> open = new LinkedHashMap<>(8, 0.75f, true);

  private String lastKey = "/";
  private @Nullable OpenDirectory last;

  FileChangeCheck(PathResolver boundary, Disk disk) {
    this.boundary = boundary;
    this.disk = disk;
  }

  @Override
  public boolean isUnchanged(String key, long size, Instant modified) {
    try {
      return isPlainlyUnchanged(key, size, modified)
          || Disk.isSame(boundary.readable(RelativePath.ofKey(key)).attributes(), size, modified);
    } catch (LadingException e) {
      if (e.code() == ErrorCode.MISSING_OR_INVALID_TARGET) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public void close() {
    open.values().forEach(FileChangeCheck::close);
    open.clear();
  }

  private boolean isPlainlyUnchanged(String key, long size, Instant modified) {
    int slash = key.lastIndexOf('/');
    Path name = slash == 0 ? null : NativePaths.plainName(key, slash + 1);
    OpenDirectory directory = name == null ? null : directory(key, Math.max(slash, 0));
    if (name == null || directory == null) {
      return false;
    }
    try {
      PosixFileAttributes now = directory.stat(name);
      return now.isRegularFile()
          && Disk.isSame(now, size, modified)
          && disk.isReadable(directory.real(), name, now);
    } catch (IOException e) {
      // What became of it, and of the root, its whole path tells.
      return false;
    }
  }

  private @Nullable OpenDirectory directory(String key, int end) {
    if (end != lastKey.length() || !key.startsWith(lastKey)) {
      String wanted = key.substring(0, end);
      last = directory(wanted);
      lastKey = wanted;
    }
    return last;
  }

  private @Nullable OpenDirectory directory(String key) {
    if (open.containsKey(key)) {
      return open.get(key);
    }
    if (open.size() == MOST_OPEN) {
      String oldest = open.keySet().iterator().next();
      close(open.remove(oldest));
    }
    OpenDirectory directory = opened(key);
    open.put(key, directory);
    return directory;
  }

  private @Nullable OpenDirectory opened(String key) {
    try {
      return OpenDirectory.of(boundary, RelativePath.ofKey(key));
    } catch (IOException e) {
      // Its files may be reached all the same.
      return null;
    }
  }

  private static void close(@Nullable OpenDirectory directory) {
    try {
      if (directory != null) {
        directory.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
