package org.lading.api.create;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.lading.base.Digests;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/**
 * Tells who may create downloads.
 *
 * @param isOpen whether every caller may; {@code clients} is then empty
 * @param clients the clients that may; if there are none and {@code isOpen} is false, no caller may
 */
public record CreateAuthorization(boolean isOpen, List<AuthorizedClient> clients) {
  /** Lets no caller create downloads. */
  public static final CreateAuthorization CLOSED = new CreateAuthorization(false, List.of());

  private static final AuthorizedClient ANYONE = new AuthorizedClient("anyone", "", null);
  private static final String SCHEME = "bearer ";

  /** Copies the list. */
  public CreateAuthorization {
    clients = List.copyOf(clients);
  }

  /**
   * A client that may create downloads.
   *
   * @param name the name in the log
   * @param tokenSha256 the SHA-256 of the bearer token, 64 lower-case hex digits
   * @param roots the names of the roots that it may use, or null for all
   */
  public record AuthorizedClient(String name, String tokenSha256, @Nullable List<String> roots) {
    /** Copies the list. */
    public AuthorizedClient {
      roots = roots == null ? null : List.copyOf(roots);
    }

    /** Returns whether this client may use a root. */
    boolean mayUse(String root) {
      return roots == null || roots.contains(root);
    }

    private boolean hasToken(byte[] sha256) {
      return MessageDigest.isEqual(sha256, HexFormat.of().parseHex(tokenSha256));
    }

    /** Renders the client without the hash of its token. */
    @Override
    public String toString() {
      return "Client[name=" + name + ", roots=" + (roots == null ? "all" : roots) + "]";
    }
  }

  /**
   * Returns the client of a request.
   *
   * @param authorization the lines of the {@code Authorization} header; it is no list, so several
   *     lines name nobody
   * @throws LadingException {@code FORBIDDEN} if no caller may create, else {@code UNAUTHORIZED} if
   *     the token is missing or not known
   */
  AuthorizedClient authenticate(Enumeration<String> authorization) {
    if (isOpen) {
      return ANYONE;
    }
    if (clients.isEmpty()) {
      throw new LadingException(
          ErrorCode.FORBIDDEN, "Creating is closed: the configuration names no clients");
    }
    String credentials = authorization.hasMoreElements() ? authorization.nextElement().strip() : "";
    if (authorization.hasMoreElements()) {
      throw new LadingException(
          ErrorCode.UNAUTHORIZED, "One bearer token is needed to create, and one header with it");
    }
    if (!credentials.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
      throw new LadingException(ErrorCode.UNAUTHORIZED, "A bearer token is needed to create");
    }
    String token = credentials.substring(SCHEME.length()).strip();
    byte[] sha256 = Digests.sha256().digest(token.getBytes(StandardCharsets.UTF_8));
    return clients.stream()
        .filter(client -> client.hasToken(sha256))
        .findFirst()
        .orElseThrow(
            () -> new LadingException(ErrorCode.UNAUTHORIZED, "The bearer token is not known"));
  }
}
