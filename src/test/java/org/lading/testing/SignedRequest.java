package org.lading.testing;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A request to an S3 server, signed in its headers or in its query. */
final class SignedRequest {
  private static final String ALGORITHM = "AWS4-HMAC-SHA256 ";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final HttpServletRequest request;
  private final String rawQuery;
  private final Map<String, String> query = new TreeMap<>();

  SignedRequest(HttpServletRequest request) {
    this.request = request;
    this.rawQuery = request.getQueryString() == null ? "" : request.getQueryString();
    for (String pair : rawQuery.split("&", -1)) {
      String[] parts = pair.split("=", 2);
      query.put(decoded(parts[0]), parts.length == 1 ? "" : decoded(parts[1]));
    }
  }

  /** A parameter of the query, decoded, or null. */
  @Nullable String parameter(String name) {
    return query.get(name);
  }

  /** The path as it was sent, decoded. */
  String path() {
    return decoded(request.getRequestURI().replace("+", "%2B"));
  }

  /** Whether it is signed with that key, and not too late. */
  boolean isSignedWith(String id, String secret) {
    String authorization = request.getHeader("Authorization");
    if (authorization != null) {
      return authorization.startsWith(ALGORITHM)
          && isSigned(id, secret, authorization.substring(ALGORITHM.length()));
    }
    if (!query.containsKey("X-Amz-Signature")) {
      return false;
    }
    Instant signed = Instant.from(TIME.parse(query.get("X-Amz-Date")));
    Instant end = signed.plusSeconds(Long.parseLong(query.get("X-Amz-Expires")));
    return Instant.now().isBefore(end)
        && query.get("X-Amz-Credential").startsWith(id + "/")
        && query
            .get("X-Amz-Signature")
            .equals(
                SigV4.expected(
                    secret, request.getHeader("Host"), request.getRequestURI(), rawQuery));
  }

  private boolean isSigned(String id, String secret, String authorization) {
    Map<String, String> fields =
        Arrays.stream(authorization.split(", *", -1))
            .map(field -> field.split("=", 2))
            .collect(Collectors.toMap(field -> field[0], field -> field[1]));
    String[] scope = fields.get("Credential").split("/", -1);
    String names = fields.get("SignedHeaders");
    StringBuilder headers = new StringBuilder();
    for (String name : names.split(";", -1)) {
      String value = String.join(",", Collections.list(request.getHeaders(name)));
      headers.append(name).append(':').append(value.trim().replaceAll(" +", " ")).append('\n');
    }
    String canonical =
        String.join(
            "\n",
            request.getMethod(),
            request.getRequestURI(),
            canonicalQuery(),
            headers,
            names,
            request.getHeader("x-amz-content-sha256"));
    return scope[0].equals(id)
        && fields
            .get("Signature")
            .equals(SigV4.signature(secret, request.getHeader("x-amz-date"), scope, canonical));
  }

  private String canonicalQuery() {
    if (rawQuery.isEmpty()) {
      return "";
    }
    List<String> pairs = new ArrayList<>();
    query.forEach((name, value) -> pairs.add(encoded(name) + "=" + encoded(value)));
    Collections.sort(pairs);
    return String.join("&", pairs);
  }

  private static String decoded(String part) {
    return URLDecoder.decode(part, StandardCharsets.UTF_8);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }
}
