package org.lading.api;

/**
 * The URL by which a client reaches the application, and whether its requests pass through mod_zip.
 *
 * @param base the URL of the application as the client sees it, with the context path
 * @param isThroughModZip whether an nginx with mod_zip has passed on the request
 */
public record ClientRoute(String base, boolean isThroughModZip) {
  /** Returns the URL of a page of a download. */
  String page(String root, String id, String page) {
    return base + '/' + root + '/' + id + '/' + page;
  }
}
