package org.lading.root.filesystem;

import org.jspecify.annotations.Nullable;
import org.lading.base.PrintableText;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/** Makes the exceptions of this package; each names a path below the root, never a server path. */
final class FilesystemErrors {
  private FilesystemErrors() {}

  static LadingException invalidPath(String path) {
    return target("Not a path below the root", path, null);
  }

  static LadingException notFound(String path, @Nullable Throwable cause) {
    return target("Not found", path, cause);
  }

  static LadingException notAFile(String path) {
    return target("Not a file", path, null);
  }

  static LadingException notADirectory(String path) {
    return target("Not a directory", path, null);
  }

  static LadingException notReadable(String path, @Nullable Throwable cause) {
    return target("Cannot be read", path, cause);
  }

  static LadingException notEmpty(String path, Throwable cause) {
    return target("Has content, though its file system says that it is empty", path, cause);
  }

  /** A file that did not change, so that {@code CHANGED} would send its owner the wrong way. */
  static LadingException wrongSize(String name, long size, WrongSizeException cause) {
    return new LadingException(
        ErrorCode.UNREADABLE,
        "The file '%s' cannot be delivered: its file system says that it has %d bytes, and %s"
            .formatted(PrintableText.of(name), size, cause.getMessage()),
        cause);
  }

  /**
   * The sentence is the same for broken links and links out of the root, so that a client cannot
   * find out what exists outside.
   */
  static LadingException deadLink(String path, @Nullable Throwable cause) {
    return target("Behind a link that is broken or leads out of the root", path, cause);
  }

  static LadingException loop(String path) {
    return target("A link leads back to a directory that contains it", path, null);
  }

  static LadingException special(String path) {
    return target("Neither a regular file nor a directory", path, null);
  }

  static LadingException unavailable(String rootName, @Nullable Throwable cause) {
    return new LadingException(
        ErrorCode.STORAGE_UNAVAILABLE, "Root " + rootName + " cannot be read", cause);
  }

  private static LadingException target(String problem, String path, @Nullable Throwable cause) {
    String named = path.isEmpty() ? "/" : PrintableText.of(path);
    return new LadingException(ErrorCode.MISSING_OR_INVALID_TARGET, problem + ": " + named, cause);
  }
}
