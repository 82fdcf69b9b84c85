package org.lading.root.filesystem;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import org.lading.error.LadingException;

/** The root as it is during one call, and the way from a path to the real file inside it. */
final class PathResolver {
  private final Disk disk;
  private final String rootName;
  private final boolean followSymlinks;
  private final Path realRoot;
  private final Object rootKey;

  private PathResolver(
      Disk disk, String rootName, boolean followSymlinks, Path realRoot, Object rootKey) {
    this.disk = disk;
    this.rootName = rootName;
    this.followSymlinks = followSymlinks;
    this.realRoot = realRoot;
    this.rootKey = rootKey;
  }

  /** Finds the root, which may itself be a link; {@code STORAGE_UNAVAILABLE} if that fails. */
  static PathResolver of(Disk disk, String rootName, Path root, boolean followSymlinks) {
    try {
      Path realRoot = root.toRealPath();
      PosixFileAttributes attributes = disk.stat(realRoot);
      if (!attributes.isDirectory()) {
        throw FilesystemErrors.unavailable(rootName, null);
      }
      return new PathResolver(disk, rootName, followSymlinks, realRoot, attributes.fileKey());
    } catch (IOException e) {
      throw FilesystemErrors.unavailable(rootName, e);
    }
  }

  /** Opens the root directory itself, or {@code STORAGE_UNAVAILABLE}. */
  void check() {
    try {
      disk.hasNames(realRoot);
    } catch (IOException e) {
      throw FilesystemErrors.unavailable(rootName, e);
    }
  }

  /** The real path of what is there, whatever it is; refused if nothing is, or not inside. */
  Path resolve(RelativePath path) {
    Path direct = NativePaths.resolve(realRoot, path.bytes());
    return isFreeOfLinks(direct) ? direct : resolveStepwise(path);
  }

  /** The attributes of a real path. */
  PosixFileAttributes stat(Path real, String shown) {
    try {
      return disk.stat(real);
    } catch (IOException e) {
      throw failed(shown, e);
    }
  }

  /** The file that is there, which this process can read; refused if there is none. */
  ReadableFile readable(RelativePath path) {
    Path real = resolve(path);
    PosixFileAttributes attributes = stat(real, path.shown());
    if (!attributes.isRegularFile()) {
      throw FilesystemErrors.notAFile(path.shown());
    }
    if (!disk.isReadable(real, attributes)) {
      throw FilesystemErrors.notReadable(path.shown(), null);
    }
    return new ReadableFile(real, attributes);
  }

  /** A file by its real path. */
  record ReadableFile(Path path, PosixFileAttributes attributes) {}

  /** Where a link leads in the end; {@link NoSuchFileException} if the link itself is gone. */
  Path resolveLink(Path link, String shown) throws NoSuchFileException {
    Path real;
    try {
      real = link.toRealPath();
    } catch (IOException e) {
      if (Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
        throw FilesystemErrors.deadLink(shown, e);
      }
      throw new NoSuchFileException(shown);
    }
    if (!followSymlinks && !real.startsWith(realRoot)) {
      throw FilesystemErrors.deadLink(shown, null);
    }
    return real;
  }

  /** What to tell of a failed question: whether it is this path, or the root as a whole. */
  LadingException failed(String shown, IOException e) {
    requireSameRoot();
    return e instanceof NoSuchFileException
        ? FilesystemErrors.notFound(shown, e)
        : FilesystemErrors.notReadable(shown, e);
  }

  /**
   * Makes sure that something missing has not vanished together with the root, as when a volume is
   * unmounted: {@code STORAGE_UNAVAILABLE} if so.
   */
  void requireSameRoot() {
    try {
      if (disk.stat(realRoot).fileKey().equals(rootKey)) {
        return;
      }
    } catch (IOException e) {
      throw FilesystemErrors.unavailable(rootName, e);
    }
    throw FilesystemErrors.unavailable(rootName, null);
  }

  private static boolean isFreeOfLinks(Path direct) {
    try {
      return direct.toRealPath().equals(direct);
    } catch (IOException e) {
      // Which step failed matters for the answer; going stepwise finds it.
      return false;
    }
  }

  /** One segment at a time, so that nothing behind a link that leads out is ever looked at. */
  private Path resolveStepwise(RelativePath path) {
    Path at = realRoot;
    boolean isDirectory = true;
    for (byte[] segment : path.segments()) {
      if (!isDirectory) {
        throw FilesystemErrors.notFound(path.shown(), null);
      }
      at = NativePaths.resolve(at, segment);
      try {
        PosixFileAttributes attributes = disk.stat(at);
        if (attributes.isSymbolicLink()) {
          at = resolveLink(at, path.shown());
          attributes = disk.stat(at);
        }
        isDirectory = attributes.isDirectory();
      } catch (IOException e) {
        throw failed(path.shown(), e);
      }
    }
    return at;
  }
}
