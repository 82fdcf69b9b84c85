package org.lading.testing;

import java.util.ArrayList;
import java.util.List;

/** Names of files that get lost where a path is decoded, encoded, trimmed or quoted carelessly. */
public final class HostileNames {
  private HostileNames() {}

  /** Every name once, each a single segment of at most 255 bytes. */
  public static List<String> all() {
    List<String> names =
        new ArrayList<>(
            List.of(
                "%2F",
                "%252F",
                "%",
                "%zz",
                "100%",
                " leading",
                "trailing ",
                "a b",
                "a+b",
                "+",
                "tab\there",
                "line\nfeed",
                "carriage\rreturn",
                "cr\r\nlf",
                "back\\slash",
                "é",
                "e\u0301",
                "\ud83d\ude00",
                "\u2028",
                "\u00a0",
                "...",
                "..a",
                "a..",
                ".hidden",
                "-",
                "~",
                "<x>",
                "a&amp;b",
                "\u007f",
                "\u0001",
                "x".repeat(255)));
    for (char c : "%#?&=;:@'\"()[]{}$,!*~^|`".toCharArray()) {
      names.add("a" + c + "b");
      names.add(c + "x");
    }
    return names.stream().distinct().toList();
  }
}
