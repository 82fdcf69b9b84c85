package org.lading.access;

import jakarta.servlet.http.HttpServletRequest;

/** Finds out what requests may have. */
public final class Access {
  private final AccessSettings settings;

  /** Makes an object that decides by the settings. */
  public Access(AccessSettings settings) {
    this.settings = settings;
  }

  /**
   * Returns what a request may have. The names of the clients are not known where everybody may
   * create, so a bearer token says nothing then.
   *
   * @throws org.lading.error.LadingException {@code UNAUTHORIZED} if its bearer token is not known
   */
  public Grant of(HttpServletRequest request) {
    Client client =
        settings.clients().isOpen()
            ? null
            : settings.clients().ofBearer(request.getHeaders("Authorization"));
    return client == null
        ? Grant.ofEverybody(settings.publicRoots())
        : Grant.ofClient(settings.publicRoots(), client);
  }
}
