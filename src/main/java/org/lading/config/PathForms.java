package org.lading.config;

import java.io.File;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Recognizes paths that a shell, a browser or another system would understand, and Lading not. */
final class PathForms {
  private static final Pattern URL = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:/.*");
  private static final Pattern VARIABLE = Pattern.compile("\\$[A-Za-z_].*|%[A-Za-z_]+%.*");
  private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:[\\\\/].*|\\\\\\\\.*");

  private PathForms() {}

  /** Returns what is wrong with a path, as the end of a sentence; null if nothing is. */
  static @Nullable String mistake(String path) {
    if (path.startsWith("~")) {
      return "begins with ~, which is not replaced: write the whole path, or ${HOME}";
    }
    if (URL.matcher(path).matches()) {
      return "is a URL, not a path";
    }
    if (VARIABLE.matcher(path).matches()) {
      return "begins with a variable in another form than ${NAME}";
    }
    return File.separatorChar == '/' && DRIVE.matcher(path).matches()
        ? "is a path of Windows"
        : null;
  }
}
