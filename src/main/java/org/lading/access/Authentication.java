package org.lading.access;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.lading.access.digest.DigestAuthenticator;
import org.lading.base.RequestNotes;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/**
 * Finds the client that a request comes from, by the bearer token or the digest of a password in
 * its {@code Authorization} header. Each request is looked at once, since a digest is taken once.
 */
public final class Authentication {
  private static final String DIGEST = "digest ";
  private static final String FOUND = Authentication.class.getName();

  private final Clients clients;
  private final @Nullable DigestAuthenticator digests;

  /**
   * What was found for one request.
   *
   * @param client the client, or null if the request names none
   * @param failure why what it says is not believed, or null
   * @param isStale whether only the nonce of its digest was too old
   */
  private record Found(
      @Nullable Client client, @Nullable LadingException failure, boolean isStale) {}

  /**
   * Makes an object that knows the clients of the settings.
   *
   * @param digests verifies digests, or null if no client has a password
   */
  public Authentication(Clients clients, @Nullable DigestAuthenticator digests) {
    this.clients = clients;
    this.digests = digests;
  }

  /** Returns whether every caller may create, so that nobody names himself. */
  public boolean isOpen() {
    return clients.isOpen();
  }

  /**
   * Returns whether requests without credentials are told that they need some, rather than that
   * they may not: programs that use a password send it only then.
   */
  public boolean asksForPasswords() {
    return digests != null;
  }

  /**
   * Returns the client of a request to create a download.
   *
   * @throws LadingException {@code FORBIDDEN} if no caller may create, else {@code UNAUTHORIZED} if
   *     the request does not prove which client it comes from
   */
  public Client require(HttpServletRequest request) {
    if (clients.isOpen()) {
      return Clients.ANYONE;
    }
    if (clients.all().isEmpty()) {
      throw new LadingException(
          ErrorCode.FORBIDDEN, "Creating is closed: the configuration names no clients");
    }
    Client client = client(request);
    if (client == null) {
      throw new LadingException(
          ErrorCode.UNAUTHORIZED,
          digests == null
              ? "A bearer token of a client is needed"
              : "A bearer token of a client, or the digest of its password, is needed");
    }
    return client;
  }

  /**
   * Returns the client that a request comes from; null if it names none, and where everybody may
   * create.
   *
   * @throws LadingException {@code UNAUTHORIZED} if it names one and does not prove that
   */
  @Nullable Client client(HttpServletRequest request) {
    if (clients.isOpen()) {
      return null;
    }
    Found found = (Found) request.getAttribute(FOUND);
    if (found == null) {
      found = find(request);
      request.setAttribute(FOUND, found);
    }
    if (found.failure() != null) {
      throw found.failure();
    }
    if (found.client() != null) {
      RequestNotes.of(request.getAttribute(RequestNotes.ATTRIBUTE))
          .noteClient(found.client().name());
    }
    return found.client();
  }

  /** Returns the values of {@code WWW-Authenticate} for the answer 401 to a request. */
  List<String> challenges(HttpServletRequest request) {
    if (digests == null) {
      return List.of("Bearer");
    }
    Found found = (Found) request.getAttribute(FOUND);
    List<String> challenges = new ArrayList<>(digests.challenges(found != null && found.isStale()));
    // Clients that look at one line take the first or the last, and older ones know MD5 alone. A
    // single digest has to be both; who has a token sends it without being asked.
    if (challenges.size() > 1) {
      challenges.add(challenges.size() - 1, "Bearer");
    }
    return challenges;
  }

  private Found find(HttpServletRequest request) {
    Enumeration<String> lines = request.getHeaders("Authorization");
    String credentials = lines.hasMoreElements() ? lines.nextElement().strip() : "";
    if (lines.hasMoreElements()) {
      return refused("One header Authorization is needed, and there are several", false);
    }
    if (digests != null && credentials.toLowerCase(Locale.ROOT).startsWith(DIGEST)) {
      return ofDigest(digests, credentials.substring(DIGEST.length()), request);
    }
    try {
      return new Found(clients.ofBearer(credentials), null, false);
    } catch (LadingException e) {
      return new Found(null, e, false);
    }
  }

  private Found ofDigest(
      DigestAuthenticator authenticator, String credentials, HttpServletRequest request) {
    DigestAuthenticator.Verdict verdict =
        authenticator.verify(
            credentials, request.getMethod(), address -> RequestTarget.isOf(request, address));
    String name = verdict.name();
    return name == null
        ? refused(verdict.sentence(), verdict.isStale())
        : new Found(clients.named(name).orElse(null), null, false);
  }

  private static Found refused(String sentence, boolean isStale) {
    return new Found(null, new LadingException(ErrorCode.UNAUTHORIZED, sentence), isStale);
  }
}
