package org.lading.testing;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of a manifest, parsed the way mod_zip does.
 *
 * @param crc32 eight hex digits, or {@code -}
 * @param size bytes
 * @param location as it stands in the line, with its query
 * @param name the rest of the line
 */
public record Manifest(String crc32, long size, String location, String name) {
  private static final Pattern LINE =
      Pattern.compile(
          "(-|[0-9a-f]{8}|0) ([0-9]+) ([!-~&&[^?]]+(?:\\?[!-~&&[^?]]+)?) ([^ \0\r\n][^\0\r\n]*)");

  /** The lines of a manifest; an error if a byte of it is not as mod_zip wants it. */
  public static List<Manifest> parse(String text) {
    if (!text.endsWith("\r\n")) {
      throw new AssertionError("no CRLF at the end of the manifest");
    }
    return List.of(text.split("\r\n")).stream().map(Manifest::line).toList();
  }

  private static Manifest line(String line) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      throw new AssertionError("not a line of a manifest: " + line);
    }
    return new Manifest(
        matcher.group(1), Long.parseLong(matcher.group(2)), matcher.group(3), matcher.group(4));
  }

  /** Whether the line is a directory entry. */
  public boolean isDirectory() {
    return location.equals("@directory");
  }
}
