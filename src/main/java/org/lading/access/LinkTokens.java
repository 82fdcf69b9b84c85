package org.lading.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.MACVerifier;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/**
 * Verifies the tokens in links: JSON Web Tokens (RFC 7519) that clients of the settings have
 * signed, by the rules of RFC 8725. The algorithm is HS256, whatever a token says.
 */
final class LinkTokens {
  /** The time by which clocks of clients may differ from this one. */
  private static final Duration LEEWAY = Duration.ofSeconds(60);

  /** The maximum length of a token; containers take 8 KiB for a whole request by default. */
  private static final int MAX_CHARS = 64 * 1024;

  /** The maximum of a NumericDate, in seconds: the year 5138. */
  private static final double MAX_SECONDS = 1e11;

  /** The compact serialization; a signature of HS256 has 32 bytes. */
  private static final Pattern FORM =
      Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]{43}");

  /** The name by which a token may say whom it is for. */
  private static final String AUDIENCE = "lading";

  private final AccessSettings settings;
  private final Clock clock;

  LinkTokens(AccessSettings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Returns what a token grants.
   *
   * @throws LadingException {@code FORBIDDEN} if it is none, or not by the rules, {@code EXPIRED}
   *     if its time is up
   */
  Grant grant(String token) {
    if (token.length() > MAX_CHARS || !FORM.matcher(token).matches()) {
      throw refused("is not a JSON Web Token", null);
    }
    try {
      JWSObject signed = JWSObject.parse(token);
      requireHeader(signed.getHeader());
      Map<String, Object> claims = signed.getPayload().toJSONObject();
      if (claims == null) {
        throw refused("has no claims", null);
      }
      // Until the signature is verified, the claims serve to find the key, and for nothing else.
      Client client = signer(signed, claims);
      requireTime(claims);
      requireAudience(claims.get("aud"));
      return grant(client, claims);
    } catch (ParseException | JOSEException | IllegalArgumentException | IllegalStateException e) {
      throw refused("is not a JSON Web Token", e);
    }
  }

  private static void requireHeader(JWSHeader header) {
    if (!JWSAlgorithm.HS256.equals(header.getAlgorithm())) {
      throw refused("is not signed with HS256", null);
    }
    if (header.getCriticalParams() != null || !header.isBase64URLEncodePayload()) {
      throw refused("asks for an extension of JSON Web Signatures", null);
    }
    if (header.getType() != null && !header.getType().getType().equalsIgnoreCase("JWT")) {
      throw refused("is of another type than JWT", null);
    }
  }

  private Client signer(JWSObject signed, Map<String, Object> claims) throws JOSEException {
    Client client =
        claims.get("iss") instanceof String name
            ? settings.clients().named(name).orElse(null)
            : null;
    String secret = client == null ? null : secret(client, signed.getHeader().getKeyID());
    if (client == null
        || secret == null
        || !signed.verify(new MACVerifier(secret.getBytes(StandardCharsets.UTF_8)))) {
      throw refused("is not signed by a client of the settings", null);
    }
    return client;
  }

  private static @Nullable String secret(Client client, @Nullable String keyId) {
    String only = client.secrets().get(Client.NO_KEY_ID);
    return only != null || keyId == null ? only : client.secrets().get(keyId);
  }

  private void requireTime(Map<String, Object> claims) {
    Instant now = clock.instant();
    Instant expires = time(claims, "exp");
    Instant issued = time(claims, "iat");
    Instant begins = time(claims, "nbf");
    if (expires == null) {
      throw refused("has no exp", null);
    }
    if (!expires.plus(LEEWAY).isAfter(now)) {
      throw new LadingException(ErrorCode.EXPIRED, "The link has expired");
    }
    if (expires.minus(settings.linkLife()).isAfter(now.plus(LEEWAY))
        || (issued != null && expires.minus(settings.linkLife()).isAfter(issued))) {
      throw refused("is valid for longer than the setting link_life allows", null);
    }
    for (Instant since : new Instant[] {issued, begins}) {
      if (since != null && since.minus(LEEWAY).isAfter(now)) {
        throw refused("is not valid yet", null);
      }
    }
  }

  private static @Nullable Instant time(Map<String, Object> claims, String name) {
    Object value = claims.get(name);
    if (value == null && !claims.containsKey(name)) {
      return null;
    }
    if (!(value instanceof Number number)
        || !(number.doubleValue() >= 0 && number.doubleValue() <= MAX_SECONDS)) {
      throw refused("has an " + name + " that is no time in seconds", null);
    }
    return Instant.ofEpochMilli((long) (number.doubleValue() * 1000));
  }

  private static void requireAudience(@Nullable Object audience) {
    boolean isOurs =
        audience == null
            || AUDIENCE.equals(audience)
            || (audience instanceof List<?> several && several.contains(AUDIENCE));
    if (!isOurs) {
      throw refused("is for another audience than " + AUDIENCE, null);
    }
  }

  private Grant grant(Client client, Map<String, Object> claims) {
    Object create = claims.get("create");
    if (create != null) {
      if (!(create instanceof Map<?, ?> body)
          || claims.containsKey("root")
          || claims.containsKey("below")) {
        throw refused("has a create that is no object, or root or below beside it", null);
      }
      return Grant.ofCreate(settings.publicRoots(), client, CanonicalJson.of(body));
    }
    if (!(claims.get("root") instanceof String root)
        || !(claims.get("below") instanceof String below)) {
      throw refused("has neither root and below nor create", null);
    }
    List<String> segments = Grant.segments(below);
    if (segments.contains(".") || segments.contains("..")) {
      throw refused("has a below with a segment . or ..", null);
    }
    return Grant.ofScope(settings.publicRoots(), client, Grant.Scope.of(root, below));
  }

  /** The sentence never quotes the token, which a log or a screen would keep. */
  private static LadingException refused(String why, @Nullable Exception cause) {
    return new LadingException(ErrorCode.FORBIDDEN, "The token of the link " + why, cause);
  }
}
