package org.lading.http;

import java.util.Locale;
import java.util.regex.Pattern;

/** What a request asks for, in as many words as there are pages, whatever the path is. */
public enum PageKind {
  /** {@code /}, the list of the roots. */
  INDEX,
  /** {@code /browse}, the pages of directories and their form. */
  BROWSE,
  /** {@code /create}. */
  CREATE,
  /** {@code /estimate}. */
  ESTIMATE,
  /** {@code /list}, a client's own downloads. */
  LIST,
  /** {@code /zip}, plain links. */
  LINK,
  /** {@code /status}, the state of the application. */
  STATUS,
  /** {@code /health}. */
  HEALTH,
  /** {@code /metrics}. */
  METRICS,
  /** {@code /limits}. */
  LIMITS,
  /** {@code /openapi.json}, the description of the API. */
  DESCRIPTION,
  /** {@code /{root}/{id}/get}, the archive that mod_zip makes. */
  GET,
  /** {@code /{root}/{id}/download}, the archive that Lading streams. */
  DOWNLOAD,
  /** {@code /{root}/{id}/manifest}. */
  MANIFEST,
  /** {@code /{root}/{id}/status}. */
  DOWNLOAD_STATUS,
  /** {@code /{root}/{id}/again}, a repetition. */
  AGAIN,
  /** {@code DELETE} of {@code /{root}/{id}}. */
  REMOVAL,
  /** The location or the content of one entry, for nginx. */
  ENTRY,
  /** No page. */
  OTHER;

  private static final Pattern ENTRY_PATH =
      Pattern.compile("/[^/]+/[^/]+/[0-9]+/[0-9]+/(?:location|content)");

  /**
   * Finds the page of a request.
   *
   * @param method the method of the request
   * @param path the path below that of the application, with one slash between its segments
   */
  static PageKind of(String method, String path) {
    String[] segments = path.split("/", -1);
    String first = segments.length > 1 ? segments[1] : "";
    return switch (first) {
      case "" -> segments.length <= 2 ? INDEX : OTHER;
      case "browse" -> BROWSE;
      case "zip" -> LINK;
      case "create" -> single(CREATE, segments);
      case "estimate" -> single(ESTIMATE, segments);
      case "list" -> single(LIST, segments);
      case "status" -> single(STATUS, segments);
      case "metrics" -> single(METRICS, segments);
      case "limits" -> single(LIMITS, segments);
      case "openapi.json" -> single(DESCRIPTION, segments);
      case "health" -> HEALTH;
      default -> ofDownload(method, path, segments);
    };
  }

  private static PageKind single(PageKind page, String... segments) {
    return segments.length == 2 ? page : OTHER;
  }

  private static PageKind ofDownload(String method, String path, String... segments) {
    if (segments.length == 3) {
      return method.equals("DELETE") ? REMOVAL : OTHER;
    }
    if (segments.length != 4) {
      return ENTRY_PATH.matcher(path).matches() ? ENTRY : OTHER;
    }
    return switch (segments[3]) {
      case "get" -> GET;
      case "download" -> DOWNLOAD;
      case "manifest" -> MANIFEST;
      case "status" -> DOWNLOAD_STATUS;
      case "again" -> AGAIN;
      default -> OTHER;
    };
  }

  /** Returns the word for it. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
