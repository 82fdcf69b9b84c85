package org.lading.root.filesystem;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import org.lading.error.LadingException;

/** Resolves paths below a root to real paths inside it; used for one call of the root. */
final class PathResolver {
  private final FileSystemCalls fileSystem;
  private final String rootName;
  private final boolean followSymlinks;
  private final Path realRoot;
  private final Object rootKey;

  private PathResolver(
      FileSystemCalls fileSystem,
      String rootName,
      boolean followSymlinks,
      Path realRoot,
      Object rootKey) {
    this.fileSystem = fileSystem;
    this.rootName = rootName;
    this.followSymlinks = followSymlinks;
    this.realRoot = realRoot;
    this.rootKey = rootKey;
  }

  /** Finds the root directory, or where it links to; {@code STORAGE_UNAVAILABLE} if it cannot. */
  static PathResolver of(
      FileSystemCalls fileSystem, String rootName, Path root, boolean followSymlinks) {
    try {
      Path realRoot = root.toRealPath();
      PosixFileAttributes attributes = fileSystem.stat(realRoot);
      if (!attributes.isDirectory()) {
        throw FilesystemErrors.unavailable(rootName, null);
      }
      return new PathResolver(fileSystem, rootName, followSymlinks, realRoot, attributes.fileKey());
    } catch (IOException e) {
      throw FilesystemErrors.unavailable(rootName, e);
    }
  }

  /** Makes sure that the root directory can be opened; {@code STORAGE_UNAVAILABLE} if not. */
  void check() {
    try {
      fileSystem.hasNames(realRoot);
    } catch (IOException e) {
      throw FilesystemErrors.unavailable(rootName, e);
    }
  }

  /** Returns the real path of what exists at a path; fails if nothing does, or not in the root. */
  Path resolve(RelativePath path) {
    Path direct = NativePaths.resolve(realRoot, path.bytes());
    return isFreeOfLinks(direct) ? direct : resolveStepwise(path);
  }

  /** Reads the attributes of a real path; {@code display} is its path in sentences. */
  PosixFileAttributes stat(Path real, String display) {
    try {
      return fileSystem.stat(real);
    } catch (IOException e) {
      throw failure(display, e);
    }
  }

  /** Finds the file at a path; fails if there is none that this process can read. */
  ReadableFile readableFile(RelativePath path) {
    Path real = resolve(path);
    PosixFileAttributes attributes = stat(real, path.display());
    if (!attributes.isRegularFile()) {
      throw FilesystemErrors.notAFile(path.display());
    }
    if (!fileSystem.isReadable(real, attributes)) {
      throw FilesystemErrors.notReadable(path.display(), null);
    }
    return new ReadableFile(real, attributes);
  }

  /** A readable file: its real path, and its attributes when it was found. */
  record ReadableFile(Path path, PosixFileAttributes attributes) {}

  /** Returns the final target of a link; {@link NoSuchFileException} if the link itself is gone. */
  Path resolveLink(Path link, String display) throws NoSuchFileException {
    Path real;
    try {
      real = link.toRealPath();
    } catch (IOException e) {
      if (Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
        throw FilesystemErrors.deadLink(display, e);
      }
      throw new NoSuchFileException(display);
    }
    if (!followSymlinks && !real.startsWith(realRoot)) {
      throw FilesystemErrors.deadLink(display, null);
    }
    return real;
  }

  /** Returns the exception for a failed system call; throws it if the root as a whole is gone. */
  LadingException failure(String display, IOException e) {
    requireSameRoot();
    return e instanceof NoSuchFileException
        ? FilesystemErrors.notFound(display, e)
        : FilesystemErrors.notReadable(display, e);
  }

  /**
   * Makes sure that the root is still there when something in it is missing; fails with {@code
   * STORAGE_UNAVAILABLE} if not, as when a volume was unmounted.
   */
  void requireSameRoot() {
    try {
      if (fileSystem.stat(realRoot).fileKey().equals(rootKey)) {
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
      // The sentence depends on the segment that failed; resolving stepwise finds it.
      return false;
    }
  }

  /** Resolves one segment at a time, so that nothing beyond a link that leads out is accessed. */
  private Path resolveStepwise(RelativePath path) {
    Path real = realRoot;
    boolean isDirectory = true;
    for (byte[] segment : path.segments()) {
      if (!isDirectory) {
        throw FilesystemErrors.notFound(path.display(), null);
      }
      real = NativePaths.resolve(real, segment);
      try {
        PosixFileAttributes attributes = fileSystem.stat(real);
        if (attributes.isSymbolicLink()) {
          real = resolveLink(real, path.display());
          attributes = fileSystem.stat(real);
        }
        isDirectory = attributes.isDirectory();
      } catch (IOException e) {
        throw failure(path.display(), e);
      }
    }
    return real;
  }
}
