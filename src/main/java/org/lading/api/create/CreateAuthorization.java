package org.lading.api.create;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/** Who may create downloads of which roots. */
public final class CreateAuthorization {
  private static final String SCHEME = "bearer ";

  private final boolean open;
  private final List<AuthorizedClient> clients;

  /**
   * One who may create.
   *
   * @param name for the log
   * @param tokenSha256 hex SHA-256 of the bearer token
   * @param roots the names of the roots it may use, or null for all
   */
  public record AuthorizedClient(String name, String tokenSha256, @Nullable Set<String> roots) {
    /** Whether this client may use a root. */
    boolean mayUse(String root) {
      return roots == null || roots.contains(root);
    }
  }

  private static final AuthorizedClient ANYONE = new AuthorizedClient("anyone", "", null);

  private CreateAuthorization(boolean open, List<AuthorizedClient> clients) {
    this.open = open;
    this.clients = List.copyOf(clients);
  }

  /** Everyone may create. */
  public static CreateAuthorization open() {
    return new CreateAuthorization(true, List.of());
  }

  /** Only these may create; with none, nobody. */
  public static CreateAuthorization of(List<AuthorizedClient> clients) {
    return new CreateAuthorization(false, clients);
  }

  /**
   * The client of a call.
   *
   * @param authorization the header of that name, or null
   * @throws LadingException {@code FORBIDDEN} if nobody may create, else {@code UNAUTHORIZED} if
   *     the token is missing or not known
   */
  AuthorizedClient authenticate(@Nullable String authorization) {
    if (open) {
      return ANYONE;
    }
    if (clients.isEmpty()) {
      throw new LadingException(
          ErrorCode.FORBIDDEN, "Creating is closed: the configuration names no clients");
    }
    if (authorization == null || !authorization.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
      throw new LadingException(ErrorCode.UNAUTHORIZED, "A bearer token is needed to create");
    }
    byte[] digest = sha256(authorization.substring(SCHEME.length()).strip());
    return clients.stream()
        .filter(c -> MessageDigest.isEqual(digest, HexFormat.of().parseHex(c.tokenSha256())))
        .findFirst()
        .orElseThrow(
            () -> new LadingException(ErrorCode.UNAUTHORIZED, "The bearer token is not known"));
  }

  private static byte[] sha256(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
