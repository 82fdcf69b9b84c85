package org.lading.browse;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.root.PercentEncoding;

/**
 * A directory of a root.
 *
 * @param root the name of the root
 * @param path the path below the root without a slash at either end; {@code ""} is the root itself
 */
record Place(String root, String path) {
  /** The paths that every container and proxy passes on as they are. */
  private static final Pattern PLAIN = Pattern.compile("[\\p{L}\\p{N} ._~,=()@+&!$'/-]*");

  private static final Pattern DOTS = Pattern.compile("(.*/)?\\.{1,2}(/.*)?");

  /** The first parts of paths under which other pages lie. */
  private static final Pattern PAGES =
      Pattern.compile("(get|download|manifest|status)(/.*)?", Pattern.DOTALL);

  /**
   * Parses the path of a request; {@code NOT_FOUND} if it has an empty part, which a store could
   * take for another directory than the one that a token covers.
   */
  static Place of(String root, String requested) {
    String path = requested.startsWith("/") ? requested.substring(1) : requested;
    path = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    if (path.startsWith("/") || path.endsWith("/") || path.contains("//")) {
      throw new LadingException(ErrorCode.NOT_FOUND, "No directory has an empty name");
    }
    return new Place(root, path);
  }

  /** Returns the path of something in this directory. */
  String pathOf(String name) {
    return path.isEmpty() ? name : path + "/" + name;
  }

  /** Returns a directory in this one. */
  Place child(String name) {
    return new Place(root, pathOf(name));
  }

  /** Returns its own name; that of the root for the root itself. */
  String name() {
    return path.isEmpty() ? root : path.substring(path.lastIndexOf('/') + 1);
  }

  /** Returns the names of the root and of the directories down to this one. */
  String pathFromRoot() {
    return path.isEmpty() ? root : root + "/" + path;
  }

  /** Returns the directories above it, from the root itself on. */
  List<Place> above() {
    List<Place> above = new ArrayList<>();
    if (!path.isEmpty()) {
      above.add(new Place(root, ""));
      for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
        above.add(new Place(root, path.substring(0, slash)));
      }
    }
    return above;
  }

  /**
   * Returns the address of its page, relative to the application. A path with characters that
   * containers or proxies refuse, decode twice or normalise is in the query.
   *
   * @param query more of the query, encoded, or an empty text
   */
  String address(String query) {
    boolean isPlain =
        PLAIN.matcher(path).matches()
            && !DOTS.matcher(path).matches()
            && !PAGES.matcher(path).matches();
    if (!isPlain) {
      return formAddress(query);
    }
    String below = path.isEmpty() ? "" : PercentEncoding.path(path) + "/";
    return "browse/" + root + "/" + below + (query.isEmpty() ? "" : "?" + query);
  }

  /**
   * Returns the address that its form is sent to: with the path in the query, since the container
   * dispatches a request anew whose body comes late, which not every path survives.
   */
  String formAddress(String query) {
    String full = path.isEmpty() ? query : join("in=" + PercentEncoding.path(path), query);
    return "browse/" + root + "/" + (full.isEmpty() ? "" : "?" + full);
  }

  /** Joins two parts of a query, each of which may be empty. */
  static String join(String one, String other) {
    return one.isEmpty() || other.isEmpty() ? one + other : one + "&" + other;
  }
}
