package org.lading.access.digest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates the users of one realm. The clients' nonces are those of the challenges, which
 * every node takes for five minutes; each use of one is numbered by the client, and taken once.
 */
public final class DigestAuthenticator {
  /** Stands in the place of the secret of a user that does not exist, so that it takes as long. */
  private static final String NO_HA1 = "0".repeat(64);

  private static final String QOP = "auth";

  private final String realm;
  private final DigestUsers users;
  private final Set<DigestHash> offered;
  private final Nonces nonces;
  private final NonceUses uses;

  /**
   * What is known of the sender of a request.
   *
   * @param name the name of the user, or null if the request proves nothing
   * @param isStale whether it would, with the nonce of a new challenge
   * @param sentence why it proves nothing; empty if it does
   */
  public record Verdict(@Nullable String name, boolean isStale, String sentence) {
    private static Verdict refused(String sentence) {
      return new Verdict(null, false, sentence);
    }

    private static Verdict stale(String sentence) {
      return new Verdict(null, true, sentence);
    }
  }

  /**
   * Makes an authenticator.
   *
   * @param secrets the users' secrets by their names, at least one
   * @param nonceSecret bytes that all nodes share and nobody else knows
   */
  public DigestAuthenticator(
      String realm,
      Map<String, DigestSecret> secrets,
      byte[] nonceSecret,
      NonceUses uses,
      Clock clock) {
    this.realm = realm;
    this.users = new DigestUsers(realm, secrets);
    this.offered = users.commonHashes();
    this.nonces = new Nonces(nonceSecret, clock);
    this.uses = uses;
  }

  /**
   * Returns the challenges, one for each hash function, SHA-256 before MD5, all with the same
   * nonce. They do not ask for the hash of the user's name: HttpClient 5 of Apache then computes a
   * response that is not by the RFC.
   *
   * @param isStale whether the client need not ask its user again: only its nonce was too old
   */
  public List<String> challenges(boolean isStale) {
    String nonce = nonces.issue();
    List<String> challenges = new ArrayList<>();
    for (DigestHash hash : DigestHash.values()) {
      if (offered.contains(hash)) {
        challenges.add(
            "Digest realm=\"%s\", qop=\"%s\", algorithm=%s, nonce=\"%s\", charset=UTF-8%s"
                .formatted(realm, QOP, hash.word(), nonce, isStale ? ", stale=true" : ""));
      }
    }
    return challenges;
  }

  /**
   * Finds out which user a request comes from. The time that it takes does not tell whether there
   * is a user, nor which part of a response is right.
   *
   * @param credentials what follows the scheme in the header
   * @param isTarget tells whether a {@code uri} is that of the request
   * @throws org.lading.error.LadingException {@code STORAGE_UNAVAILABLE} if the use cannot be
   *     recorded
   */
  public Verdict verify(String credentials, String method, Predicate<String> isTarget) {
    DigestCredentials given = DigestCredentials.parse(credentials);
    if (given == null) {
      return Verdict.refused("The digest in Authorization is not by RFC 7616 with qop=auth");
    }
    DigestHash hash = given.hash();
    if (hash == null || !given.realm().equals(realm) || !given.qop().equals(QOP)) {
      return Verdict.refused("The digest has a realm, algorithm or qop that was not offered");
    }
    String name = users.name(given);
    String ha1 = users.ha1(name, hash);
    String expected =
        given.expectedResponse(
            hash, ha1 == null ? NO_HA1.substring(0, hash.hexDigits()) : ha1, method);
    boolean isRight = isEqual(expected, given.response());
    if (!isRight || ha1 == null || name == null) {
      return Verdict.refused("The digest is not one of a known client's password");
    }
    if (!isTarget.test(given.uri())) {
      return Verdict.refused("The digest is for another address than that of the request");
    }
    return used(given, name);
  }

  private Verdict used(DigestCredentials given, String name) {
    Instant end = nonces.end(given.nonce());
    if (end == null) {
      return Verdict.stale("The nonce of the digest was not issued here, or is too old");
    }
    // The clock of the node that forgets uses may be ahead of this one, or be set back afterwards.
    Instant until = end.plus(Nonces.LIFE);
    if (given.useNumber() < 1 || !uses.add(given.nonce(), given.useNumber(), until)) {
      return Verdict.stale("The digest was used before: each one is taken once");
    }
    return new Verdict(name, false, "");
  }

  private static boolean isEqual(String expected, String given) {
    return MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.US_ASCII),
        given.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
  }
}
