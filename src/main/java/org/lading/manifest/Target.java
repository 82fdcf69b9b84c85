package org.lading.manifest;

import org.jspecify.annotations.Nullable;

/** One thing that a request asks for. Strings are as the request gave them, and valid Unicode. */
public sealed interface Target {
  /** The position in the request's {@code targets}, from 0. */
  int index();

  /** What an error names as the place: the path, or a literal's name. */
  String place();

  /** The directory inside the archive, or null for the default of the type. */
  @Nullable String zipPath();

  /**
   * One file.
   *
   * @param index position in the request, from 0
   * @param root the name of the root it lies in
   * @param path below the root
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
   * The files of a directory.
   *
   * @param index position in the request, from 0
   * @param root the name of the root it lies in
   * @param path below the root; {@code ""} or {@code "/"} is the root itself
   * @param zipPath directory inside the archive, null for the directory's own path
   * @param recursive whether everything below is meant, or only the files directly in it
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
   * Text given in the request.
   *
   * @param index position in the request, from 0
   * @param name name of the file
   * @param content the text, stored as UTF-8
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
