package org.lading.browse;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.lading.manifest.names.NamePolicy;
import org.lading.page.HtmlPage;
import org.lading.page.Texts;
import org.lading.root.DirectoryPage;
import org.lading.root.DirectoryPage.Child;
import org.lading.root.DirectoryPage.Kind;
import org.lading.root.DirectoryPage.Obstacle;
import org.lading.root.PercentEncoding;

/** Renders one row of the table of a directory. */
final class Row {
  private final Visit visit;
  private final Texts texts;
  private final Selection selection;
  private final NamePolicy names;

  Row(Visit visit, Texts texts, Selection selection, NamePolicy names) {
    this.visit = visit;
    this.texts = texts;
    this.selection = selection;
    this.names = names;
  }

  /** Returns why something cannot be in an archive, or null if it can. */
  static @Nullable Obstacle obstacle(Child child, NamePolicy names) {
    Obstacle obstacle = child.obstacle();
    return obstacle == null && !names.takes(child.name()) ? Obstacle.NAME : obstacle;
  }

  /**
   * Renders a row.
   *
   * @param number the number of the row, for ids
   */
  String html(Child child, int number) {
    boolean isDirectory = child.kind() == Kind.DIRECTORY;
    Obstacle obstacle = obstacle(child, names);
    return "<tr><td class=\"pick\">"
        + (obstacle == null ? box(child, number) : "")
        + "</td><th scope=\"row\" id=\"n"
        + number
        + "\">"
        + name(child, number, obstacle)
        + (obstacle == null
            ? ""
            : " <span class=\"obstacle\">"
                + texts.html("browse.obstacle." + obstacle.name().toLowerCase(Locale.ROOT))
                + "</span>")
        + "</th><td class=\"size\">"
        + (isDirectory || child.size() == DirectoryPage.UNKNOWN_SIZE
            ? ""
            : texts.size(child.size()))
        + "</td><td class=\"time\">"
        + (child.modified() == null ? "" : texts.time(child.modified()))
        + "</td></tr>";
  }

  private String box(Child child, int number) {
    String path = visit.place().pathOf(child.name());
    boolean isDirectory = child.kind() == Kind.DIRECTORY;
    boolean isChosen = (isDirectory ? selection.directories() : selection.files()).contains(path);
    return "<input type=\"checkbox\" id=\"c%d\" aria-labelledby=\"n%d\" name=\"%s\" value=\"%s\"%s%s>"
        .formatted(
            number,
            number,
            isDirectory ? "directory" : "file",
            PercentEncoding.path(path),
            isDirectory ? "" : " data-size=\"" + child.size() + "\"",
            isChosen ? " checked" : "");
  }

  private String name(Child child, int number, @Nullable Obstacle obstacle) {
    String shown =
        child.name().isEmpty() ? texts.html("browse.nameless") : HtmlPage.isolated(child.name());
    if (child.kind() == Kind.DIRECTORY && child.obstacle() == null) {
      String address = visit.address(visit.place().child(child.name()), Visit.Step.FIRST);
      return "<a href=\"" + HtmlPage.escape(address) + "\">" + shown + "/</a>";
    }
    return obstacle == null ? "<label for=\"c" + number + "\">" + shown + "</label>" : shown;
  }
}
