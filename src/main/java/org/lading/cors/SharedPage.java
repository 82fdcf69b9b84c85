package org.lading.cors;

import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The pages of the API that scripts of other origins may use, with their methods. */
enum SharedPage {
  /** Creates a download. */
  CREATE("/create", "POST"),
  /** A plain link. */
  LINK("/zip(?:/.*)?", "GET", "HEAD"),
  /** The description of the API. */
  OPENAPI("/openapi\\.json", "GET", "HEAD"),
  /** What would come of a create. */
  ESTIMATE("/estimate", "POST"),
  /** The downloads of a client. */
  LIST("/list", "GET", "HEAD"),
  /** What clients may have. */
  LIMITS("/limits", "GET", "HEAD"),
  /** What a download is made of, in one of its forms, or how it is doing. */
  DOWNLOAD("/[^/;]+/[^/;]+/(?:get|download|manifest|status)", "GET", "HEAD"),
  /** Prepares a download again. */
  AGAIN("/[^/;]+/[^/;]+/again", "POST"),
  /** Cancels or removes a download. */
  REMOVAL("/[^/;]+/[A-Za-z0-9_-]{32}", "DELETE");

  private final Pattern path;
  private final String methods;

  SharedPage(String path, String... methods) {
    this.path = Pattern.compile(path);
    this.methods = String.join(", ", methods);
  }

  /** Finds the page with a raw path below the context path; null if it is none of these. */
  static @Nullable SharedPage of(String path) {
    return Stream.of(values())
        .filter(page -> page.path.matcher(path).matches())
        .findFirst()
        .orElse(null);
  }

  /** Returns the methods that the page takes, with commas. */
  String methods() {
    return methods;
  }
}
