package org.lading.nginx.check;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of a manifest.
 *
 * @param hasCrc32 whether it has a CRC-32 rather than {@code -}
 * @param location where nginx gets the bytes, with its query
 * @param name the name in the archive
 */
record ManifestLine(boolean hasCrc32, String location, String name) {
  private static final Pattern LINE =
      Pattern.compile("(-|[0-9a-f]{1,8}) +([0-9]+) +(\\S+) +(\\S.*)");

  /** Returns the lines of a manifest; none at all if the text is not one. */
  static List<ManifestLine> parse(String text) {
    List<ManifestLine> lines = new ArrayList<>();
    for (String line : text.split("\r?\n", -1)) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        lines.add(
            new ManifestLine(!matcher.group(1).equals("-"), matcher.group(3), matcher.group(4)));
      } else if (!line.isEmpty()) {
        return List.of();
      }
    }
    return lines;
  }
}
