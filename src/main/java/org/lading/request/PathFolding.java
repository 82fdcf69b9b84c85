package org.lading.request;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lading.base.PrintableText;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/**
 * Folds paths as clients of medusa-downloader write them: without a slash at the beginning or the
 * end, repeated slashes, and the segments {@code .} and {@code ..}.
 */
final class PathFolding {
  /** The name of a file whose name is an empty text. */
  private static final String NAMELESS = "_";

  private PathFolding() {}

  /** Returns the path of a source without {@code ..}, if that does not lead out of the root. */
  static String resolved(String path) {
    if (!List.of(path.split("/", -1)).contains("..")) {
      return path;
    }
    List<String> segments = segments(path);
    if (segments == null) {
      // The root refuses it.
      return path;
    }
    return String.join("/", segments) + (path.endsWith("/") && !segments.isEmpty() ? "/" : "");
  }

  /**
   * Returns a directory inside the archive.
   *
   * @throws LadingException {@code INVALID_NAME} if it leads out of the archive
   */
  static String folded(String field, String path) {
    List<String> segments = segments(path);
    if (segments == null) {
      throw new LadingException(
          ErrorCode.INVALID_NAME,
          "The " + field + " '" + PrintableText.of(path) + "' leads out of the archive");
    }
    return String.join("/", segments);
  }

  /** Returns a place in the archive: the slashes of a name are those of directories. */
  static RequestForm.Place folded(RequestForm.Place given) {
    String zipPath = given.zipPath() == null ? null : folded("zip_path", given.zipPath());
    if (given.name() == null) {
      return new RequestForm.Place(zipPath, null);
    }
    String name = folded("name", given.name());
    int slash = name.lastIndexOf('/');
    return new RequestForm.Place(
        slash < 0 ? zipPath : joined(zipPath, name.substring(0, slash)),
        name.isEmpty() ? NAMELESS : name.substring(slash + 1));
  }

  private static String joined(@Nullable String zipPath, String more) {
    return zipPath == null || zipPath.isEmpty() ? more : zipPath + "/" + more;
  }

  /** Returns the segments that a path leads to, or null if it leads out of where it begins. */
  private static @Nullable List<String> segments(String path) {
    List<String> segments = new ArrayList<>();
    for (String segment : path.split("/", -1)) {
      if (segment.equals("..")) {
        if (segments.isEmpty()) {
          return null;
        }
        segments.remove(segments.size() - 1);
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        segments.add(segment);
      }
    }
    return segments;
  }
}
