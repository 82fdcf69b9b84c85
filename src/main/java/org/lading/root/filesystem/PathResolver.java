package org.lading.root.filesystem;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.lading.error.LadingException;

/**
 * Finds what is at paths below a root; used for one call of the root, by one thread.
 *
 * <p>Links are followed by asking for the real path of their target, which is no more than a guess:
 * somebody may be swapping directories for links. What is at that path is then reached from the
 * root's directory, held open, without following any link; so it lies inside the root, or is not
 * found.
 */
final class PathResolver implements Closeable {
  private static final byte[] ITSELF = {};
  private static final Path TOP = Path.of("/");

  private final FileSystemCalls fileSystem;
  private final String rootName;
  private final boolean followSymlinks;
  private final DirectoryHandle root;
  private final FileStatus rootStatus;

  private PathResolver(
      FileSystemCalls fileSystem,
      String rootName,
      boolean followSymlinks,
      DirectoryHandle root,
      FileStatus rootStatus) {
    this.fileSystem = fileSystem;
    this.rootName = rootName;
    this.followSymlinks = followSymlinks;
    this.root = root;
    this.rootStatus = rootStatus;
  }

  /** Opens the root directory, or where it links to; {@code STORAGE_UNAVAILABLE} if it cannot. */
  static PathResolver of(
      FileSystemCalls fileSystem, String rootName, Path root, boolean followSymlinks) {
    try {
      DirectoryHandle opened = fileSystem.open(root.toRealPath());
      try {
        FileStatus status = fileSystem.stat(opened, ITSELF);
        return new PathResolver(fileSystem, rootName, followSymlinks, opened, status);
      } catch (IOException | RuntimeException e) {
        opened.close();
        throw e;
      }
    } catch (IOException e) {
      throw FilesystemErrors.unavailable(rootName, e);
    }
  }

  /** Makes sure that the root directory can be read; {@code STORAGE_UNAVAILABLE} if not. */
  void check() {
    try {
      fileSystem.hasNames(root);
    } catch (IOException e) {
      throw FilesystemErrors.unavailable(rootName, e);
    }
  }

  /**
   * Finds what is at a path, following links; fails if nothing is, or not in the root. The caller
   * closes it.
   */
  Place find(RelativePath path) {
    try {
      Place direct = place(root, path.bytes());
      if (!direct.status().isLink()) {
        return direct;
      }
      direct.close();
      return findStepwise(path);
    } catch (IOException e) {
      // There is a link on the way, or the sentence depends on the segment that failed.
      return findStepwise(path);
    }
  }

  /** Finds the file at a path; fails if there is none that this process can read. */
  Place readableFile(RelativePath path) {
    Place place = find(path);
    try {
      if (!place.status().isFile()) {
        throw FilesystemErrors.notAFile(path.display());
      }
      if (!fileSystem.isReadable(place.parent, place.name, place.status())) {
        throw FilesystemErrors.notReadable(path.display(), null);
      }
      return place;
    } catch (IOException e) {
      place.close();
      throw failure(path.display(), e);
    } catch (RuntimeException e) {
      place.close();
      throw e;
    }
  }

  /** Opens the directory at a path, following links; the caller closes it. */
  DirectoryHandle directory(RelativePath path) throws IOException {
    try {
      return root.directory(path.bytes());
    } catch (IOException e) {
      return linkedDirectory(path);
    }
  }

  private DirectoryHandle linkedDirectory(RelativePath path) throws IOException {
    try (Place place = find(path)) {
      if (!place.status().isDirectory()) {
        throw FilesystemErrors.notADirectory(path.display());
      }
      return place.openDirectory();
    }
  }

  /**
   * Finds the final target of a link; {@link NoSuchFileException} if the link itself is gone. The
   * caller closes it.
   */
  Place findTarget(DirectoryHandle directory, byte[] link, String display) throws IOException {
    Path real;
    try {
      real = directory.path(link).toRealPath();
    } catch (IOException e) {
      directory.stat(link);
      throw FilesystemErrors.deadLink(display, e);
    }
    if (!followSymlinks && !real.startsWith(root.path())) {
      throw FilesystemErrors.deadLink(display, null);
    }
    try {
      return find(real);
    } catch (NoSuchFileException e) {
      throw FilesystemErrors.deadLink(display, e);
    }
  }

  /** Opens a directory again that was found before; fails if another one is there now. */
  DirectoryHandle reopen(Path real, FileStatus known) throws IOException {
    try (Place place = find(real)) {
      if (!place.status().isOfSame(known)) {
        throw new NoSuchFileException(real.toString());
      }
      return place.openDirectory();
    }
  }

  /** Returns the key of the file or directory at a real path, or null if it is not in the root. */
  @Nullable String key(Path real) {
    return real.startsWith(root.path())
        ? FileNameConverter.escape(NativePaths.bytesBelow(root.path(), real))
        : null;
  }

  /** Returns the exception for a failed system call; throws it if the root as a whole is gone. */
  LadingException failure(String display, IOException e) {
    requireSameRoot();
    return e instanceof NoSuchFileException
        ? FilesystemErrors.notFound(display, e)
        : FilesystemErrors.notReadable(display, e);
  }

  /**
   * Makes sure that the root is still where it was; fails with {@code STORAGE_UNAVAILABLE} if not,
   * as when a volume was unmounted.
   */
  void requireSameRoot() {
    try (DirectoryHandle now = fileSystem.open(root.path())) {
      if (Objects.equals(fileSystem.stat(now, ITSELF).key(), rootStatus.key())) {
        return;
      }
    } catch (IOException e) {
      throw FilesystemErrors.unavailable(rootName, e);
    }
    throw FilesystemErrors.unavailable(rootName, null);
  }

  /** Resolves one segment at a time, so that nothing beyond a link that leads out is accessed. */
  private Place findStepwise(RelativePath path) {
    try {
      Place at = place(root, ITSELF);
      for (byte[] segment : RelativePath.segments(path.bytes())) {
        try (Place above = at) {
          if (!above.status().isDirectory()) {
            throw FilesystemErrors.notFound(path.display(), null);
          }
          at = step(above, segment, path.display());
        }
      }
      return at;
    } catch (IOException e) {
      throw failure(path.display(), e);
    }
  }

  private Place step(Place above, byte[] segment, String display) throws IOException {
    try (DirectoryHandle directory = above.openDirectory()) {
      Place next = place(directory, segment);
      if (!next.status().isLink()) {
        return next;
      }
      try (next) {
        return findTarget(next.parent, next.name, display);
      }
    }
  }

  /** Finds what is at a real path, which has no links; followed ones may lead out of the root. */
  private Place find(Path real) throws IOException {
    if (real.startsWith(root.path())) {
      return place(root, NativePaths.bytesBelow(root.path(), real));
    }
    try (DirectoryHandle top = fileSystem.open(TOP)) {
      return place(top, NativePaths.bytesBelow(TOP, real));
    }
  }

  private Place place(DirectoryHandle from, byte[] relative) throws IOException {
    int slash = relative.length - 1;
    while (slash >= 0 && relative[slash] != '/') {
      slash--;
    }
    byte[] above = Arrays.copyOf(relative, Math.max(slash, 0));
    byte[] name = Arrays.copyOfRange(relative, slash + 1, relative.length);
    DirectoryHandle parent = from.directory(above);
    try {
      return new Place(parent, name, fileSystem.stat(parent, name));
    } catch (IOException | RuntimeException e) {
      parent.close();
      throw e;
    }
  }

  @Override
  public void close() {
    close(root);
  }

  private static void close(DirectoryHandle directory) {
    try {
      directory.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Something in a directory that is held open: the directory, its name there, what it is. */
  static final class Place implements Closeable {
    private final DirectoryHandle parent;
    private final byte[] name;
    private final FileStatus status;

    private Place(DirectoryHandle parent, byte[] name, FileStatus status) {
      this.parent = parent;
      this.name = name;
      this.status = status;
    }

    /** Returns the real path. */
    Path path() {
      return parent.path(name);
    }

    /** Returns the directory that has it; closed with this. */
    DirectoryHandle parent() {
      return parent;
    }

    /** Returns its name in that directory; empty if it is that directory itself. */
    byte[] name() {
      return name;
    }

    /** Returns the attributes when it was found. */
    FileStatus status() {
      return status;
    }

    /** Opens the directory that it is. */
    DirectoryHandle openDirectory() throws IOException {
      return parent.directory(name);
    }

    /** Opens the file that it is, if it is still the same and has not changed. */
    FileChannel openFile() throws IOException {
      return parent.open(name, status);
    }

    @Override
    public void close() {
      PathResolver.close(parent);
    }
  }
}
