package org.lading.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The tables of settings in {@code docs/configuration.md}, which the build puts below this package:
 * what the document says of a setting is what {@code --explain} says.
 */
final class SettingsTable {
  private static final String DOCUMENT = "docs/configuration.md";
  private static final String BEGIN = "<!-- settings -->";
  private static final String END = "<!-- end of the settings -->";

  /** Between two cells; {@code \|} is part of a cell. */
  private static final Pattern BORDER = Pattern.compile(" *(?<!\\\\)\\| *");

  private static final Pattern LINK_HERE = Pattern.compile("\\[below]\\([^)]*\\)");
  private static final Pattern LINK_TO_A_DOCUMENT =
      Pattern.compile("\\[([^]]*)]\\(([a-z0-9-]+\\.md)[^)]*\\)");
  private static final Pattern LINK = Pattern.compile("\\[([^]]*)]\\([^)]*\\)");

  private SettingsTable() {}

  /**
   * One setting.
   *
   * @param path its path, such as {@code roots[].bucket}
   * @param defaultValue what holds without it, or {@code required}
   * @param meaning a sentence, without marks of Markdown
   */
  record Row(String path, String defaultValue, String meaning) {}

  /** Returns the settings in the order of the document. */
  static List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    String text = text();
    text.substring(text.indexOf(BEGIN), text.indexOf(END))
        .lines()
        .filter(line -> line.startsWith("| `"))
        .map(line -> BORDER.split(line.substring(1).strip(), -1))
        .forEach(cells -> rows.add(new Row(plain(cells[0]), plain(cells[1]), plain(cells[2]))));
    return rows;
  }

  private static String text() {
    try (InputStream in = SettingsTable.class.getResourceAsStream(DOCUMENT)) {
      if (in == null) {
        throw new IllegalStateException(DOCUMENT + " is missing among the classes");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String plain(String cell) {
    String linked = LINK_HERE.matcher(cell).replaceAll("docs/configuration.md");
    String named = LINK_TO_A_DOCUMENT.matcher(linked).replaceAll("$1 (docs/$2)");
    return LINK.matcher(named).replaceAll("$1").replace("`", "").replace("\\|", "|");
  }
}
