package org.lading.access;

import java.nio.charset.StandardCharsets;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lading.base.Digests;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/**
 * The clients of the settings, who may create downloads.
 *
 * @param isOpen whether every caller may; {@code all} is then empty
 * @param all the clients that may; if there are none and {@code isOpen} is false, no caller may
 */
public record Clients(boolean isOpen, List<Client> all) {
  /** Lets no caller create downloads. */
  public static final Clients CLOSED = new Clients(false, List.of());

  /** The names of callers who name themselves to nobody, which no client of the settings has. */
  public static final Set<String> WITHOUT_A_NAME = Set.of("anyone", Grant.PUBLIC);

  private static final Client ANYONE = new Client("anyone", null, Map.of(), null);
  private static final String SCHEME = "bearer ";

  /** Copies the list. */
  public Clients {
    all = List.copyOf(all);
  }

  /**
   * Returns the client of a request to create a download.
   *
   * @param authorization the lines of the {@code Authorization} header; it is no list, so several
   *     lines name nobody
   * @throws LadingException {@code FORBIDDEN} if no caller may create, else {@code UNAUTHORIZED} if
   *     the token is missing or not known
   */
  public Client authenticate(Enumeration<String> authorization) {
    if (isOpen) {
      return ANYONE;
    }
    if (all.isEmpty()) {
      throw new LadingException(
          ErrorCode.FORBIDDEN, "Creating is closed: the configuration names no clients");
    }
    Client client = ofBearer(authorization);
    if (client == null) {
      throw new LadingException(ErrorCode.UNAUTHORIZED, "A bearer token of a client is needed");
    }
    return client;
  }

  /**
   * Returns the client whose bearer token a request has, or null if it has none.
   *
   * @throws LadingException {@code UNAUTHORIZED} if the token is not known, or there are several
   *     headers
   */
  @Nullable Client ofBearer(Enumeration<String> authorization) {
    String credentials = authorization.hasMoreElements() ? authorization.nextElement().strip() : "";
    if (authorization.hasMoreElements()) {
      throw new LadingException(
          ErrorCode.UNAUTHORIZED, "One bearer token is needed, and one header with it");
    }
    if (!credentials.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
      return null;
    }
    String token = credentials.substring(SCHEME.length()).strip();
    byte[] sha256 = Digests.sha256().digest(token.getBytes(StandardCharsets.UTF_8));
    return all.stream()
        .filter(client -> client.hasToken(sha256))
        .findFirst()
        .orElseThrow(
            () -> new LadingException(ErrorCode.UNAUTHORIZED, "The bearer token is not known"));
  }

  /** Returns the client of a name. */
  Optional<Client> named(String name) {
    return all.stream().filter(client -> client.name().equals(name)).findFirst();
  }
}
