package org.lading.webhook;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.lading.api.Authority;

/**
 * The address of a receiver: an http or https URL whose path means the same to everybody.
 *
 * @param scheme {@code http} or {@code https}
 * @param authority the host, and the port unless it is that of the scheme
 * @param path the path as it is sent, which begins with a slash or is empty
 * @param query the query as it is sent, or null; it may hold a secret, and is never logged
 */
public record WebhookAddress(
    String scheme, Authority authority, String path, @Nullable String query) {
  private static final int MAX_CHARS = 2_000;
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;
  private static final Pattern VISIBLE_ASCII = Pattern.compile("[!-~]*");

  /**
   * What some servers decode and then take for a part of the path's form, or drop, so that what is
   * around it becomes one: control characters and spaces, percent signs, dots, slashes, semicolons,
   * backslashes, and the overlong UTF-8 of any of these.
   */
  private static final Pattern ENCODED_FORM =
      Pattern.compile("%([01].|2[05ef]|3b|5c|c[01]|e0%[89]|f0%8)");

  /** A segment . or .., to which some servers allow parameters. */
  private static final Pattern DOTS = Pattern.compile("\\.\\.?(;.*)?");

  /** What C's libraries take for an IPv4 address, and the form that everybody takes for one. */
  private static final Pattern NUMBER = Pattern.compile("(.*\\.)?(\\d+|0x[0-9a-f]*)");

  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  /** Parses an address; null if it is none. */
  public static @Nullable WebhookAddress parse(String text) {
    if (text.length() > MAX_CHARS || !VISIBLE_ASCII.matcher(text).matches()) {
      return null;
    }
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      return null;
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!(scheme.equals("http") || scheme.equals("https"))
        || uri.getHost() == null
        || uri.getRawUserInfo() != null
        || uri.getRawFragment() != null) {
      return null;
    }
    Authority authority = Authority.parse(uri.getRawAuthority());
    if (authority == null
        || authority.port() == 0
        || !isUnambiguous(authority)
        || !isUnambiguous(uri.getRawPath())) {
      return null;
    }
    return new WebhookAddress(
        scheme, authority.withoutPortOf(scheme), uri.getRawPath(), uri.getRawQuery());
  }

  /** Parses an address that stands for all that lie below it: it has no query. */
  public static @Nullable WebhookAddress parsePrefix(String text) {
    WebhookAddress address = parse(text.strip());
    return address == null || address.query != null ? null : address;
  }

  private static boolean isUnambiguous(Authority authority) {
    String host = authority.host();
    return !NUMBER.matcher(host).matches() || IPV4.matcher(host).matches();
  }

  /** Returns whether no server can take the path for another one. */
  private static boolean isUnambiguous(String path) {
    return !path.contains("//")
        && !ENCODED_FORM.matcher(path.toLowerCase(Locale.ROOT)).find()
        && Arrays.stream(path.split("/")).noneMatch(part -> DOTS.matcher(part).matches());
  }

  /** Returns whether an address is this one, or lies below it by whole segments of its path. */
  boolean covers(WebhookAddress other) {
    String above = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return scheme.equals(other.scheme)
        && authority.equals(other.authority)
        && (other.path.equals(above) || other.path.startsWith(above + "/"));
  }

  boolean isHttps() {
    return scheme.equals("https");
  }

  /** Returns the name or the address of the host, IPv6 without brackets. */
  String host() {
    String host = authority.host();
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  int port() {
    if (authority.port() != Authority.NO_PORT) {
      return authority.port();
    }
    return isHttps() ? HTTPS_PORT : HTTP_PORT;
  }

  /** Returns what the request line has. */
  String target() {
    return (path.isEmpty() ? "/" : path) + (query == null ? "" : "?" + query);
  }

  /** Returns the whole URL. */
  String url() {
    return this + target();
  }

  /** Renders the address without its path and query, either of which may be a secret. */
  @Override
  public String toString() {
    return scheme + "://" + authority;
  }
}
