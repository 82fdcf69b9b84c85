package org.lading.http;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.lading.base.PrintableText;

/**
 * The path of a page that the filter serves: {@code /{root}/{id}/{page}}.
 *
 * @param root the root as it stands in the path: root names need no percent-encoding
 * @param id the id as it stands in the path
 * @param page the page
 */
record DownloadPagePath(String root, String id, Page page) {
  private static final Pattern PATTERN =
      Pattern.compile("/([^/;]+)/([^/;]+)/(get|manifest|download)");

  /** A page of a download. */
  enum Page {
    /** The archive, made by mod_zip from the manifest. */
    GET,
    /** The manifest as text. */
    MANIFEST,
    /** The archive, streamed by Lading. */
    DOWNLOAD
  }

  /** Returns the beginning of log lines of the request: {@code Download ID}. */
  String subject() {
    return "Download " + PrintableText.of(id);
  }

  /** Parses a raw request path below the context path; null if the filter does not serve it. */
  static @Nullable DownloadPagePath parse(String path) {
    Matcher matcher = PATTERN.matcher(path);
    if (!matcher.matches()) {
      return null;
    }
    Page page = Page.valueOf(matcher.group(3).toUpperCase(Locale.ROOT));
    return new DownloadPagePath(matcher.group(1), matcher.group(2), page);
  }
}
