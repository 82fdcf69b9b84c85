package org.lading.manifest;

import org.jspecify.annotations.Nullable;

/**
 * A file, directory or literal that a request asks for. Strings are as given, and valid Unicode.
 */
public sealed interface Target {
  /** Returns the position in the request's {@code targets}, from 0. */
  int index();

  /** Returns the path, or the name of a literal; errors name the target by it. */
  String place();

  /** Returns the directory inside the archive, or null for the default of the type. */
  @Nullable String zipPath();

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
   */
  record DirectoryTarget(
      int index, String root, String path, @Nullable String zipPath, boolean recursive)
      implements Target {
    @Override
    public String place() {
      return path;
    }
  }

  /**
   * A file whose text is in the request.
   *
   * @param index position in the request, from 0
   * @param name name of the file
   * @param content the text, which is stored as UTF-8
   * @param zipPath directory inside the archive, null for the top level
   */
  record LiteralTarget(int index, String name, String content, @Nullable String zipPath)
      implements Target {
    @Override
    public String place() {
      return name;
    }
  }
}
