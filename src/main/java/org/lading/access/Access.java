package org.lading.access;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import org.lading.base.RequestNotes;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/** Finds out what requests may have. */
public final class Access {
  private final AccessSettings settings;
  private final Authentication authentication;
  private final LinkTokens tokens;

  /**
   * Makes an object that decides by the settings.
   *
   * @param authentication finds out which client a request comes from
   * @param clock tells whether tokens are still valid
   */
  public Access(AccessSettings settings, Authentication authentication, Clock clock) {
    this.settings = settings;
    this.authentication = authentication;
    this.tokens = new LinkTokens(settings, clock);
  }

  /**
   * Returns what a request may have. A token in its link, {@code ?token=}, counts alone: an
   * application that hands its own users over may leave their credentials in the request. Where
   * everybody may create, no clients are known, and an {@code Authorization} header says nothing.
   *
   * @throws org.lading.error.LadingException {@code UNAUTHORIZED} if its bearer token or digest is
   *     none of a client; {@code FORBIDDEN} or {@code EXPIRED} for the token in its link; {@code
   *     UNPARSEABLE} if the query has two
   */
  public Grant of(HttpServletRequest request) {
    String token = FormFields.parse(request.getQueryString()).find("token");
    if (token != null) {
      Grant granted = tokens.grant(token);
      RequestNotes.of(request.getAttribute(RequestNotes.ATTRIBUTE)).noteClient(granted.client());
      return granted;
    }
    Client client = authentication.client(request);
    return client == null
        ? Grant.ofEverybody(settings.publicRoots())
        : Grant.ofClient(settings.publicRoots(), client);
  }

  /**
   * Refuses a request that may not have a page: one that names nobody is asked for its password, if
   * there are any.
   *
   * @param sentence what the request may not have, and why
   */
  public LadingException refusal(Grant grant, String sentence) {
    boolean isAsked = grant.isOfEverybody() && authentication.asksForPasswords();
    return new LadingException(isAsked ? ErrorCode.UNAUTHORIZED : ErrorCode.FORBIDDEN, sentence);
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
