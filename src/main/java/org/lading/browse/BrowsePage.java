package org.lading.browse;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lading.error.ErrorCode;
import org.lading.error.Failure;
import org.lading.error.FaultSentence;
import org.lading.manifest.names.NamePolicy;
import org.lading.page.HtmlPage;
import org.lading.page.Texts;
import org.lading.root.DirectoryPage;
import org.lading.root.DirectoryPage.Child;
import org.lading.root.PercentEncoding;

/** Renders a page of a directory, with boxes to tick and the button that makes a download. */
final class BrowsePage {
  private static final String SCRIPT = HtmlPage.resource(BrowsePage.class, "browse.js");

  private final Visit visit;
  private final Texts texts;
  private final DirectoryPage page;
  private final NamePolicy names;
  private final Selection selection;
  private final boolean isPosted;
  private final @Nullable Failure failure;

  private BrowsePage(
      Visit visit,
      Texts texts,
      DirectoryPage page,
      NamePolicy names,
      @Nullable Selection posted,
      @Nullable Failure failure) {
    this.visit = visit;
    this.texts = texts;
    this.page = page;
    this.names = names;
    this.selection = posted == null ? nothing(visit) : posted;
    this.isPosted = posted != null;
    this.failure = failure;
  }

  /** Renders the page with nothing chosen. */
  static HtmlPage of(Visit visit, Texts texts, DirectoryPage page, NamePolicy names) {
    return new BrowsePage(visit, texts, page, names, null, null).render();
  }

  /** Renders the page with what was chosen on this page and on others. */
  static HtmlPage of(
      Visit visit, Texts texts, DirectoryPage page, NamePolicy names, Selection selection) {
    return new BrowsePage(visit, texts, page, names, selection, null).render();
  }

  /** Renders the page with what was chosen, and why that made no download. */
  static HtmlPage of(
      Visit visit,
      Texts texts,
      DirectoryPage page,
      NamePolicy names,
      Selection selection,
      Failure failure) {
    return new BrowsePage(visit, texts, page, names, selection, failure).render();
  }

  /** Returns what is chosen on a page that was just opened: nothing, and a name for the archive. */
  static Selection nothing(Visit visit) {
    return Selection.none(visit.place().name());
  }

  private HtmlPage render() {
    Place place = visit.place();
    String title = place.path().isEmpty() ? place.root() : place.name() + " \u2013 " + place.root();
    String main =
        "<main class=\"wide\">"
            + breadcrumbs()
            + "<h1>"
            + HtmlPage.isolated(place.name())
            + "</h1>"
            + reason()
            + (isEmpty() ? "<p>" + texts.html("browse.empty") + "</p>" : form())
            + "</main>";
    return HtmlPage.of(
            texts, failure == null ? title : texts.text("browse.failed.title", title), main)
        .withForms()
        .withScript(SCRIPT);
  }

  private String breadcrumbs() {
    StringBuilder items = new StringBuilder();
    items
        .append("<li><a href=\"")
        .append(HtmlPage.escape(visit.rootsAddress()))
        .append("\">")
        .append(texts.html("browse.roots"))
        .append("</a></li>");
    for (Place above : visit.place().above()) {
      if (visit.grant().covers(above.root(), above.path())) {
        items
            .append("<li><a href=\"")
            .append(HtmlPage.escape(visit.address(above, Visit.Step.FIRST)))
            .append("\">")
            .append(HtmlPage.isolated(above.name()))
            .append("</a></li>");
      }
    }
    return "<nav class=\"crumbs\" aria-label=\"%s\"><ol>%s</ol></nav>"
        .formatted(HtmlPage.escape(texts.text("browse.above")), items);
  }

  private String reason() {
    if (failure == null) {
      return "";
    }
    String advice = texts.html("browse.advice." + (isNothing() ? "empty" : "other"));
    return "<div id=\"reason\" class=\"fault\" role=\"alert\"><p>"
        + texts.html("browse.failed")
        + " "
        + advice
        + "</p>"
        + (isNothing() ? "" : FaultSentence.paragraphs(texts, failure))
        + "</div>";
  }

  private boolean isNothing() {
    return failure != null
        && failure.code() == ErrorCode.EMPTY
        && !selection.isAll()
        && selection.files().isEmpty()
        && selection.directories().isEmpty();
  }

  /** Returns whether there is nothing in the directory, on other pages neither. */
  private boolean isEmpty() {
    return page.children().isEmpty() && page.next() == null && visit.step().isFirst();
  }

  private String form() {
    String pages = pages();
    return "<form method=\"post\" action=\"%s\" id=\"form\" data-root=\"%s\" data-path=\"%s\" data-posted=\"%s\"%s>"
            .formatted(
                HtmlPage.escape(visit.formAddress()),
                visit.place().root(),
                PercentEncoding.path(visit.place().path()),
                isPosted,
                scriptTexts())
        + (pages.isEmpty() ? "" : defaultButton())
        + stepFields()
        + all()
        + (page.children().isEmpty() ? "<p>" + texts.html("browse.emptyPage") + "</p>" : table())
        + pages
        + panel()
        + "</form>";
  }

  /**
   * Renders the button that the Enter key in a field presses, since the first one of the form would
   * be one that turns the page.
   */
  private String defaultButton() {
    return "<button id=\"default\" class=\"unseen\" tabindex=\"-1\" aria-hidden=\"true\">"
        + texts.html("browse.make")
        + "</button>";
  }

  private String table() {
    StringBuilder rows = new StringBuilder();
    Row row = new Row(visit, texts, selection, names);
    int number = 0;
    for (Child child : page.children()) {
      rows.append(row.html(child, number++));
    }
    return "<table><caption class=\"unseen\">"
        + texts.html("browse.caption", visit.place().name())
        + "</caption><thead><tr><th scope=\"col\" class=\"pick\"><span class=\"unseen\">"
        + texts.html("browse.column.pick")
        + "</span></th><th scope=\"col\">"
        + texts.html("browse.column.name")
        + "</th><th scope=\"col\" class=\"size\">"
        + texts.html("browse.column.size")
        + "</th><th scope=\"col\" class=\"time\">"
        + texts.html("browse.column.modified")
        + "</th></tr></thead><tbody>"
        + rows
        + "</tbody></table>";
  }

  /** Returns the fields by which an answer to the form shows the same page of the directory. */
  private String stepFields() {
    if (visit.step().isFirst()) {
      return "";
    }
    StringBuilder fields = new StringBuilder(hidden("after", visit.step().cursor()));
    visit.step().trail().forEach(before -> fields.append(hidden("trail", before)));
    return fields.toString();
  }

  private static String hidden(String name, String value) {
    return "<input type=\"hidden\" name=\"%s\" value=\"%s\">"
        .formatted(name, PercentEncoding.path(value));
  }

  private String all() {
    return "<p class=\"all\"><input type=\"checkbox\" id=\"all\" name=\"all\" value=\"1\"%s> <label for=\"all\">%s</label></p>"
        .formatted(selection.isAll() ? " checked" : "", texts.html("browse.all"));
  }

  private String panel() {
    return "<div class=\"panel\"><p id=\"sum\" aria-live=\"polite\">"
        + "</p><p id=\"full\" class=\"fault\" role=\"alert\">"
        + (isPosted && failure == null && selection.isTooMany() ? full() : "")
        + "</p>"
        + elsewhere()
        + (pages().isEmpty()
            ? ""
            : "<noscript><p>" + texts.html("browse.turning") + "</p></noscript>")
        + "<p class=\"make\"><label for=\"name\">"
        + texts.html("browse.name")
        + "</label><span class=\"field\"><input id=\"name\" name=\"name\" maxlength=\"240\" autocomplete=\"off\" spellcheck=\"false\" value=\""
        + HtmlPage.escape(selection.name())
        + "\"><span aria-hidden=\"true\">.zip</span></span><button class=\"button\">"
        + texts.html("browse.make")
        + "</button></p></div>";
  }

  private String full() {
    return HtmlPage.escape(texts.text("browse.most", Selection.MAX_CARRIED));
  }

  /** Renders what is chosen and is not on this page. */
  private String elsewhere() {
    Set<String> here = new HashSet<>();
    page.children().forEach(child -> here.add(visit.place().pathOf(child.name())));
    List<String> boxes = new ArrayList<>();
    for (String path : selection.directories()) {
      if (!here.contains(path)) {
        boxes.add(box("directory", path));
      }
    }
    for (String path : selection.files()) {
      if (!here.contains(path)) {
        boxes.add(box("file", path));
      }
    }
    return "<details id=\"elsewhere\"%s><summary>%s</summary><ul>%s</ul></details>"
        .formatted(
            boxes.isEmpty() ? " hidden" : " open",
            texts.html("browse.elsewhere"),
            String.join("", boxes));
  }

  private static String box(String kind, String path) {
    return "<li><label><input type=\"checkbox\" name=\"%s\" value=\"%s\" checked> %s%s</label></li>"
        .formatted(
            kind,
            PercentEncoding.path(path),
            HtmlPage.isolated(path),
            kind.equals("directory") ? "/" : "");
  }

  /**
   * Renders the buttons that lead to other pages of the directory with what is chosen. Scripts make
   * links of them, and keep what is chosen themselves.
   */
  private String pages() {
    Visit.Step previous = visit.step().previous();
    StringBuilder links = new StringBuilder();
    if (!visit.step().isFirst()) {
      link(links, "browse.first", Visit.Step.FIRST, "");
    }
    if (previous != null && !previous.isFirst()) {
      link(links, "browse.previous", previous, " data-rel=\"prev\"");
    }
    if (page.next() != null) {
      link(links, "browse.next", visit.step().next(page.next()), " data-rel=\"next\"");
    }
    return links.isEmpty()
        ? ""
        : "<nav class=\"pages\" aria-label=\"%s\">%s</nav>"
            .formatted(HtmlPage.escape(texts.text("browse.pages")), links);
  }

  private void link(StringBuilder links, String text, Visit.Step step, String more) {
    links
        .append("<button name=\"to\" value=\"")
        .append(HtmlPage.escape(step.query()))
        .append("\" data-href=\"")
        .append(HtmlPage.escape(visit.address(visit.place(), step)))
        .append('"')
        .append(more)
        .append('>')
        .append(texts.html(text))
        .append("</button> ");
  }

  /**
   * Returns the texts of the script as attributes. Of a text with a number it gets the one for 1
   * and the one for 2, in which it replaces the number.
   */
  private String scriptTexts() {
    StringBuilder attributes = new StringBuilder();
    for (String key : List.of("files", "directories")) {
      for (int number : new int[] {1, 2}) {
        attributes.append(attribute(key + number, texts.text("browse." + key, number)));
      }
    }
    attributes.append(attribute("bytes1", texts.text("bytes", 1)));
    attributes.append(attribute("bytes2", texts.text("bytes", 2)));
    attributes.append(attribute("most", Integer.toString(Selection.MAX_CARRIED)));
    attributes.append(attribute("full", texts.text("browse.most", Selection.MAX_CARRIED)));
    attributes.append(attribute("none", texts.text("browse.none")));
    attributes.append(attribute("everything", texts.text("browse.all")));
    return attributes.toString();
  }

  private static String attribute(String name, String value) {
    return " data-%s=\"%s\"".formatted(name, HtmlPage.escape(value));
  }
}
