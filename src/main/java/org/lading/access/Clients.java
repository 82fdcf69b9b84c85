package org.lading.access;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.lading.access.digest.DigestSecret;
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
  public static final Set<String> WITHOUT_A_NAME = Set.of("anyone", "amqp", Grant.PUBLIC);

  /** The names of those of them that come over HTTP, and are told apart by their addresses. */
  public static final Set<String> BY_ADDRESS = Set.of("anyone", Grant.PUBLIC);

  /** The client of every request where everybody may create. */
  static final Client ANYONE = new Client("anyone", null, null, Map.of(), null);

  private static final String SCHEME = "bearer ";

  /** Copies the list. */
  public Clients {
    all = List.copyOf(all);
  }

  /**
   * Returns the client whose bearer token is in a header, or null if it has none.
   *
   * @param credentials the value of the {@code Authorization} header, or an empty text
   * @throws LadingException {@code UNAUTHORIZED} if the token is not known
   */
  @Nullable Client ofBearer(String credentials) {
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

  /** Returns the secrets of those clients that have a password, by their names. */
  public Map<String, DigestSecret> digestSecrets() {
    Map<String, DigestSecret> secrets = new TreeMap<>();
    for (Client client : all) {
      if (client.digest() != null) {
        secrets.put(client.name(), client.digest());
      }
    }
    return secrets;
  }

  /** Returns the client of a name. */
  public Optional<Client> named(String name) {
    return all.stream().filter(client -> client.name().equals(name)).findFirst();
  }
}
