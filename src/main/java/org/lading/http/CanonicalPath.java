package org.lading.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Removes the slashes that mean nothing from paths: clients join a base and a path so that there
 * are two between them, or end one with a slash.
 */
final class CanonicalPath {
  /**
   * A page with a path of the client's own after the root, in which slashes are the page's matter.
   */
  private static final Pattern WITH_PATH =
      Pattern.compile("/(zip|browse)(?:/+([^/].*)?)?+", Pattern.DOTALL);

  /** All other pages have such paths. */
  private static final Pattern PLAIN =
      Pattern.compile("(?:/+(?!\\.\\.?(?:/|\\z))[A-Za-z0-9._~-]++)*+/*+");

  private CanonicalPath() {}

  /**
   * Returns the path without the slashes that mean nothing: all but one of those that follow each
   * other, and those at the end. Of links and pages to browse, what follows the name of the root
   * stays, as does a path that is none of a page.
   *
   * @param path a raw path below the context path
   */
  static String of(String path) {
    String absolute = "/" + path.substring(leadingSlashes(path));
    Matcher withPath = WITH_PATH.matcher(absolute);
    if (withPath.matches()) {
      String rest = withPath.group(2);
      return rest == null
          ? absolute.replaceFirst("/{2,}\\z", "/")
          : "/" + withPath.group(1) + "/" + rest;
    }
    if (!PLAIN.matcher(absolute).matches()) {
      return path;
    }
    String folded = absolute.replaceAll("/{2,}", "/");
    return folded.length() > 1 && folded.endsWith("/")
        ? folded.substring(0, folded.length() - 1)
        : folded;
  }

  /** Returns the number of slashes that a path begins with. */
  static int leadingSlashes(String path) {
    int count = 0;
    while (count < path.length() && path.charAt(count) == '/') {
      count++;
    }
    return count;
  }
}
