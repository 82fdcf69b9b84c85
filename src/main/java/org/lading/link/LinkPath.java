package org.lading.link;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.lading.access.PercentDecoding;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.manifest.Target;

/**
 * The path of a plain link below {@code /zip}.
 *
 * @param root the name of the root, or "" if the link names none
 * @param path the decoded path below the root, without a slash at its beginning; one at its end
 *     means a directory
 */
record LinkPath(String root, String path) {
  private static final Pattern PATTERN = Pattern.compile("/+zip((?:/.*)?)", Pattern.DOTALL);
  private static final Pattern SLASHES = Pattern.compile("/+");

  /**
   * Parses a raw request path below the context path; null if it is no plain link. Each segment is
   * decoded once.
   *
   * @throws LadingException {@code UNPARSEABLE} if a segment is not encoded by the rules, is {@code
   *     .} or {@code ..}, or has a slash or a NUL
   */
  static @Nullable LinkPath parse(String raw) {
    Matcher matcher = PATTERN.matcher(raw);
    if (!matcher.matches()) {
      return null;
    }
    String rest = matcher.group(1);
    if (rest.indexOf(';') >= 0) {
      throw refused("a raw semicolon, which is written %3B");
    }
    StringBuilder path = new StringBuilder();
    String root = "";
    for (String segment : SLASHES.split(rest, -1)) {
      if (!segment.isEmpty()) {
        String decoded = requirePlain(PercentDecoding.decode(segment, "path"));
        if (root.isEmpty()) {
          root = decoded;
        } else {
          path.append(path.isEmpty() ? "" : "/").append(decoded);
        }
      }
    }
    if (path.length() > Target.MAX_PATH_BYTES) {
      throw refused("more than " + Target.MAX_PATH_BYTES + " bytes");
    }
    return new LinkPath(root, path + (!path.isEmpty() && rest.endsWith("/") ? "/" : ""));
  }

  private static String requirePlain(String segment) {
    if (segment.equals(".") || segment.equals("..")) {
      throw refused("a segment " + segment);
    }
    if (segment.indexOf('/') >= 0) {
      throw refused("an encoded slash in a segment");
    }
    if (segment.indexOf('\0') >= 0) {
      throw refused("a NUL");
    }
    return segment;
  }

  private static LadingException refused(String what) {
    return new LadingException(ErrorCode.UNPARSEABLE, "The path of the link has " + what);
  }
}
