package org.lading.api;

/**
 * The URL by which a client reaches the application, and the mod_zip that its requests pass
 * through.
 *
 * @param base the URL of the application as the client sees it, with the context path
 * @param modZip which mod_zip the nginx has that passed on the request
 */
public record ClientRoute(String base, ModZip modZip) {
  /** What an nginx announces of its mod_zip. */
  public enum ModZip {
    /** There is none, or nobody said so. */
    ABSENT,
    /** It keeps the buffers of each entry until the archive ends, as up to mod_zip 1.3. */
    KEEPS_BUFFERS,
    /** It frees them while it streams. */
    FREES_BUFFERS
  }

  /** Returns the URL of a page of a download. */
  String page(String root, String id, String page) {
    return base + '/' + root + '/' + id + '/' + page;
  }
}
