package org.lading.api;

/**
 * How a client reaches the application.
 *
 * @param base the address of the application as the client sees it, context path included
 * @param isThroughModZip whether an nginx with mod_zip says that it stands between
 */
public record RequestOrigin(String base, boolean isThroughModZip) {
  /** The address of a page of a download. */
  String page(String root, String id, String page) {
    return base + '/' + root + '/' + id + '/' + page;
  }
}
