package org.lading.manifest;

import org.jspecify.annotations.Nullable;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.manifest.names.ArchiveNameRules;
import org.lading.manifest.names.NamePolicy;

/**
 * A file, directory or literal that a request asks for. Strings are as given, and valid Unicode. A
 * path that is too long for every root is refused with {@code MISSING_OR_INVALID_TARGET}.
 */
public sealed interface Target {
  /**
   * The maximum length of a path in bytes of UTF-8: that of Linux (PATH_MAX). A key in S3 has at
   * most 1,024.
   */
  int MAX_PATH_BYTES = 4096;

  /** Returns the position in the request's {@code targets}, from 0. */
  int index();

  /** Returns the path, or the name of a literal; errors name the target by it. */
  String place();

  /**
   * Returns the directory inside the archive, without a slash at its end, or null for the default
   * of the type.
   */
  @Nullable String zipPath();

  /**
   * Copies this target, with its names inside the archive as a request may have them.
   *
   * @throws LadingException {@code INVALID_NAME}
   */
  Target checked(NamePolicy names);

  /**
   * One file of a root.
   *
   * @param index position in the request, from 0
   * @param root the name of the root
   * @param path the path below the root
   * @param zipPath directory inside the archive, null for the top level
   * @param name new name, null for the last part of the path
   */
  record FileTarget(
      int index, String root, String path, @Nullable String zipPath, @Nullable String name)
      implements Target {
    /** Checks the path. */
    public FileTarget {
      requireShort(path);
    }

    @Override
    public FileTarget checked(NamePolicy names) {
      return new FileTarget(
          index,
          root,
          path,
          directory(names, zipPath),
          name == null ? null : names.requireName("name", name));
    }

    @Override
    public String place() {
      return path;
    }
  }

  /**
   * The files of a directory of a root.
   *
   * @param index position in the request, from 0
   * @param root the name of the root
   * @param path the path below the root; {@code ""} or {@code "/"} is the root itself
   * @param zipPath directory inside the archive, null for the directory's own path
   * @param recursive whether files in subdirectories are meant too
   * @param omits whether what cannot be delivered is left out, rather than the request refused, or
   *     null for what the root does
   */
  record DirectoryTarget(
      int index,
      String root,
      String path,
      @Nullable String zipPath,
      boolean recursive,
      @Nullable Boolean omits)
      implements Target {
    /** Makes a directory of which the root says what happens to what cannot be delivered. */
    public DirectoryTarget(
        int index, String root, String path, @Nullable String zipPath, boolean recursive) {
      this(index, root, path, zipPath, recursive, null);
    }

    /** Copies this target with whether what cannot be delivered is left out. */
    public DirectoryTarget omitting(boolean isLeftOut) {
      return new DirectoryTarget(index, root, path, zipPath, recursive, isLeftOut);
    }

    /** Checks the path. */
    public DirectoryTarget {
      requireShort(path);
    }

    @Override
    public DirectoryTarget checked(NamePolicy names) {
      return new DirectoryTarget(index, root, path, directory(names, zipPath), recursive, omits);
    }

    @Override
    public String place() {
      return path;
    }
  }

  /**
   * Whatever lies at a path of a root: a file, which gets the top level of the archive, or else a
   * directory with all that is in it, whose place is the directory that the archive unpacks into.
   *
   * @param index position in the request, from 0
   * @param root the name of the root
   * @param path the path below the root; {@code ""} is the root itself, and a slash at the end
   *     means a directory
   */
  record PathTarget(int index, String root, String path) implements Target {
    /** Checks the path. */
    public PathTarget {
      requireShort(path);
    }

    @Override
    public String place() {
      return path;
    }

    @Override
    public PathTarget checked(NamePolicy names) {
      return this;
    }

    @Override
    public @Nullable String zipPath() {
      return null;
    }
  }

  /**
   * A file whose text is in the request.
   *
   * @param index position in the request, from 0
   * @param name name of the file
   * @param content the text
   * @param zipPath directory inside the archive, null for the top level
   */
  record LiteralTarget(int index, String name, LiteralContent content, @Nullable String zipPath)
      implements Target {
    @Override
    public LiteralTarget checked(NamePolicy names) {
      String place = directory(names, zipPath);
      return new LiteralTarget(index, names.requireName("name", name), content, place);
    }

    @Override
    public String place() {
      return name;
    }
  }

  private static @Nullable String directory(NamePolicy names, @Nullable String zipPath) {
    return zipPath == null ? null : names.requireDirectory("zip_path", zipPath);
  }

  /** Throws {@code MISSING_OR_INVALID_TARGET} if a path is too long for every root. */
  static void requireShort(String path) {
    if (ArchiveNameRules.isLonger(path, MAX_PATH_BYTES)) {
      throw new LadingException(
          ErrorCode.MISSING_OR_INVALID_TARGET,
          "There is nothing at a path of more than " + MAX_PATH_BYTES + " bytes");
    }
  }
}
