package org.lading.access;

import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lading.access.digest.DigestSecret;

/**
 * A client of the settings.
 *
 * @param name the name in the log, and the issuer of its tokens in links
 * @param tokenSha256 the SHA-256 of its bearer token, 64 lower-case hex digits, or null if it has
 *     none
 * @param digest what it proves to know with the digest of its password, or null if it has none
 * @param secrets the keys of its tokens in links by their ids; the one key of a client without ids
 *     has the id {@link #NO_KEY_ID}
 * @param roots the names of the roots that it may use, or null for all
 * @param webhookSecrets the secrets that sign what it is told, {@code whsec_} and base64 each
 */
public record Client(
    String name,
    @Nullable String tokenSha256,
    @Nullable DigestSecret digest,
    Map<String, String> secrets,
    @Nullable List<String> roots,
    List<String> webhookSecrets) {
  /** The id of a key that is the only one. */
  public static final String NO_KEY_ID = "";

  /** Copies the collections. */
  public Client {
    secrets = Map.copyOf(secrets);
    roots = roots == null ? null : List.copyOf(roots);
    webhookSecrets = List.copyOf(webhookSecrets);
  }

  /** Makes a client that has no secrets for webhooks. */
  public Client(
      String name,
      @Nullable String tokenSha256,
      @Nullable DigestSecret digest,
      Map<String, String> secrets,
      @Nullable List<String> roots) {
    this(name, tokenSha256, digest, secrets, roots, List.of());
  }

  /** Returns whether this client may use a root. */
  public boolean mayUse(String root) {
    return roots == null || roots.contains(root);
  }

  boolean hasToken(byte[] sha256) {
    return tokenSha256 != null
        && MessageDigest.isEqual(sha256, HexFormat.of().parseHex(tokenSha256));
  }

  /** Renders the client without its secrets and the hashes of its token and password. */
  @Override
  public String toString() {
    return "Client[name=" + name + ", roots=" + (roots == null ? "all" : roots) + "]";
  }
}
