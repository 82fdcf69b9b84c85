package org.lading.http;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.lading.base.PrintableText;

/**
 * The path of a page that the filter serves: {@code /{root}/{id}/{page}}, or, for one entry, {@code
 * /{root}/{id}/{attempt}/{entry}/{page}}.
 *
 * @param root the root as it stands in the path: root names need no percent-encoding
 * @param id the id as it stands in the path
 * @param page the page
 * @param attempt the number of the attempt that made the entry, or 0
 * @param entry the number of the entry, or 0
 */
record DownloadPagePath(String root, String id, Page page, int attempt, long entry) {
  private static final Pattern PATTERN =
      Pattern.compile("/(?!browse/)([^/;]+)/([^/;]+)/(get|manifest|download)");
  private static final Pattern ENTRY_PATTERN =
      Pattern.compile(
          "/(?!browse/)([^/;]+)/([^/;]+)/([0-9]{1,9})/([0-9]{1,18})/(location|content)");

  /** A page of a download. */
  enum Page {
    /** The archive, made by mod_zip from the manifest. */
    GET,
    /** The manifest as text. */
    MANIFEST,
    /** The archive, streamed by Lading. */
    DOWNLOAD,
    /** The location of one entry, for nginx. */
    LOCATION,
    /** The content of one entry, for nginx. */
    CONTENT;

    private static Page of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  /** Returns whether the page is one of a single entry. */
  boolean isOfEntry() {
    return page == Page.LOCATION || page == Page.CONTENT;
  }

  /** Returns the beginning of log lines of the request: {@code Download ID}. */
  String subject() {
    return "Download " + PrintableText.ofId(id);
  }

  /** Parses a raw request path below the context path; null if the filter does not serve it. */
  static @Nullable DownloadPagePath parse(String path) {
    Matcher matcher = PATTERN.matcher(path);
    if (matcher.matches()) {
      return new DownloadPagePath(
          matcher.group(1), matcher.group(2), Page.of(matcher.group(3)), 0, 0);
    }
    Matcher entry = ENTRY_PATTERN.matcher(path);
    return entry.matches()
        ? new DownloadPagePath(
            entry.group(1),
            entry.group(2),
            Page.of(entry.group(5)),
            Integer.parseInt(entry.group(3)),
            Long.parseLong(entry.group(4)))
        : null;
  }
}
