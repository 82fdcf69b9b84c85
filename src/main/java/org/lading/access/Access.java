package org.lading.access;

import jakarta.servlet.http.HttpServletRequest;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

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

  /**
   * Throws {@code FORBIDDEN} if the client of a name can use a root no longer: the settings may
   * have changed since it asked for a download.
   */
  public void requireStillUsable(String client, String root) {
    Clients clients = settings.clients();
    boolean isUsable =
        clients.isOpen()
            || settings.publicRoots().contains(root)
            || clients.named(client).filter(known -> known.mayUse(root)).isPresent();
    if (!isUsable) {
      throw new LadingException(
          ErrorCode.FORBIDDEN,
          "The client that asked for this download may no longer use the root " + root);
    }
  }
}
