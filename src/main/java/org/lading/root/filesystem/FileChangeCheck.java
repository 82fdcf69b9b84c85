package org.lading.root.filesystem;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lading.base.ResourceCloser;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.root.ChangeCheck;

/**
 * Checks files through their directories, which it holds open: one system call for each file. A
 * file that does not pass this way, such as a link, is checked by its whole path, and that result
 * counts.
 */
final class FileChangeCheck implements ChangeCheck {
  /**
   * Directories held open: a listing goes down into one and comes back. With the root's they are
   * four, of at most two descriptors each.
   */
  private static final int MAX_OPEN = 3;

  private final PathResolver resolver;
  private final FileSystemCalls fileSystem;

  /** Directories by their keys, least recently used first; null for one that cannot be opened. */
  private final Map<String, @Nullable DirectoryHandle> open = new LinkedHashMap<>(8, 0.75f, true);

  private String lastKey = "/";
  private @Nullable DirectoryHandle last;

  FileChangeCheck(PathResolver resolver, FileSystemCalls fileSystem) {
    this.resolver = resolver;
    this.fileSystem = fileSystem;
  }

  @Override
  public boolean isUnchanged(String key, long size, Instant modified) {
    try {
      return isUnchangedInDirectory(key, size, modified)
          || isUnchangedByItsPath(RelativePath.ofKey(key), size, modified);
    } catch (LadingException e) {
      if (e.code() == ErrorCode.MISSING_OR_INVALID_TARGET) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public void close() {
    ResourceCloser.closeAll(open.values(), FileChangeCheck::close);
    open.clear();
    resolver.close();
  }

  private boolean isUnchangedByItsPath(RelativePath path, long size, Instant modified) {
    try (PathResolver.Place file = resolver.readableFile(path)) {
      return file.status().isUnchanged(size, modified);
    }
  }

  private boolean isUnchangedInDirectory(String key, long size, Instant modified) {
    int slash = key.lastIndexOf('/');
    byte[] name = slash == 0 ? null : RelativePath.lastSegment(key, slash + 1);
    DirectoryHandle directory = name == null ? null : directory(key, Math.max(slash, 0));
    if (name == null || directory == null) {
      return false;
    }
    try {
      FileStatus now = directory.stat(name);
      return now.isUnchanged(size, modified) && fileSystem.isReadable(directory, name, now);
    } catch (IOException e) {
      // The check by the whole path finds out what happened to it, or to the root.
      return false;
    }
  }

  private @Nullable DirectoryHandle directory(String key, int end) {
    if (end != lastKey.length() || !key.startsWith(lastKey)) {
      String wanted = key.substring(0, end);
      last = directory(wanted);
      lastKey = wanted;
    }
    return last;
  }

  private @Nullable DirectoryHandle directory(String key) {
    if (open.containsKey(key)) {
      return open.get(key);
    }
    if (open.size() == MAX_OPEN) {
      String oldest = open.keySet().iterator().next();
      close(open.remove(oldest));
    }
    DirectoryHandle directory = open(key);
    open.put(key, directory);
    return directory;
  }

  private @Nullable DirectoryHandle open(String key) {
    try {
      DirectoryHandle directory = resolver.directory(RelativePath.ofKey(key));
      // What is held open is still there if the volume was unmounted.
      resolver.requireSameRoot();
      return directory;
    } catch (IOException e) {
      // Its files can still be checked by their whole paths.
      return null;
    }
  }

  private static void close(@Nullable DirectoryHandle directory) {
    try {
      if (directory != null) {
        directory.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
