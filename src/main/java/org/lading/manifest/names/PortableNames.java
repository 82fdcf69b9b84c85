package org.lading.manifest.names;

import java.util.regex.Pattern;
import org.lading.base.FileNames;

/**
 * Makes portable names, which every system unpacks, of any names. A portable name stays as it is.
 * Different names may become the same: {@link NameRegistry} then gives them numbers.
 */
public final class PortableNames {
  /** The characters besides control characters that Windows does not take. */
  static final String REFUSED = "<>:\"|?*\\";

  /** The names of devices by Microsoft's "Naming Files, Paths, and Namespaces". */
  private static final Pattern DEVICE =
      Pattern.compile(
          "(con|prn|aux|nul|conin\\$|conout\\$|(com|lpt)[1-9\u00b9\u00b2\u00b3]) *(\\..*)?",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private static final String REPLACEMENT = "_";

  private PortableNames() {}

  /** Returns whether Windows takes a segment for the name of a device. */
  static boolean isDevice(String segment) {
    return DEVICE.matcher(segment).matches();
  }

  /**
   * Makes a portable name of a segment of a path.
   *
   * @param otherwise the portable name of a segment that has nothing but spaces and dots
   */
  public static String segment(String segment, String otherwise) {
    String trimmed = trim(FileNames.insert(trim(replaced(segment)), ""));
    if (trimmed.isEmpty()) {
      return otherwise;
    }
    return isDevice(trimmed) ? trim(FileNames.insert(REPLACEMENT + trimmed, "")) : trimmed;
  }

  /** Makes a portable name of a whole name: of each of its segments, also of an empty one. */
  static String path(String name) {
    StringBuilder path = new StringBuilder(name.length());
    int from = 0;
    while (from <= name.length()) {
      int slash = name.indexOf('/', from);
      int to = slash < 0 ? name.length() : slash;
      path.append(from == 0 ? "" : "/").append(segment(name.substring(from, to), REPLACEMENT));
      from = to + 1;
    }
    return path.toString();
  }

  private static String replaced(String segment) {
    StringBuilder name = new StringBuilder(segment.length());
    for (int i = 0; i < segment.length(); i++) {
      char c = segment.charAt(i);
      boolean isPortable = REFUSED.indexOf(c) < 0 && c != '/' && !Character.isISOControl(c);
      name.append(isPortable ? c : '_');
    }
    return name.toString();
  }

  /** Removes spaces at the beginning, and spaces and dots at the end, as Windows does. */
  private static String trim(String name) {
    int from = 0;
    int to = name.length();
    while (from < to && name.charAt(from) == ' ') {
      from++;
    }
    while (from < to && (name.charAt(to - 1) == ' ' || name.charAt(to - 1) == '.')) {
      to--;
    }
    return name.substring(from, to);
  }
}
