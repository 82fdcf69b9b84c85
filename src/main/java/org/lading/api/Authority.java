package org.lading.api;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A host with its port, as in a {@code Host} header or in a URL, RFC 9110 section 7.2.
 *
 * @param host the name in lower case without a dot at its end, or the address, IPv6 in brackets
 * @param port the port, or {@link #NO_PORT}
 */
public record Authority(String host, int port) {
  /** The port of an authority that names none. */
  public static final int NO_PORT = -1;

  private static final int MAX_PORT = 65_535;
  private static final Pattern FORM =
      Pattern.compile(
          "(?:\\[(?<ipv6>[0-9A-Fa-f:.]+)]|(?<name>[A-Za-z0-9._-]+?)\\.?)(?::(?<port>\\d{0,5}))?");
  private static final Pattern NAME =
      Pattern.compile("(?!-)[a-z0-9_-]{1,63}(?<!-)(\\.(?!-)[a-z0-9_-]{1,63}(?<!-))*");
  private static final Pattern ZEROS = Pattern.compile("\\b0(:0)+\\b");
  private static final Pattern IPV4 =
      Pattern.compile("((25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(?!$)|$)){4}");

  /** Parses an authority; null if it is none, or has a user. */
  public static @Nullable Authority parse(String text) {
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches()) {
      return null;
    }
    String digits = form.group("port");
    int port = digits == null || digits.isEmpty() ? NO_PORT : Integer.parseInt(digits);
    String host = form.group("ipv6") == null ? name(form.group("name")) : ipv6(form.group("ipv6"));
    return host == null || port > MAX_PORT ? null : new Authority(host, port);
  }

  /** Tells whether this is an address or this machine, for which no name server is asked. */
  boolean isAddress() {
    return host.startsWith("[")
        || IPV4.matcher(host).matches()
        || host.equals("localhost")
        || host.endsWith(".localhost");
  }

  /** Tells whether this is the host of another authority and, if that has one, its port. */
  boolean isWithin(Authority other) {
    return host.equals(other.host) && (other.port == NO_PORT || other.port == port);
  }

  /** Returns this authority without a port that is the one of a scheme. */
  public Authority withoutPortOf(String scheme) {
    int usual = scheme.equals("https") ? 443 : 80;
    return port == usual ? new Authority(host, NO_PORT) : this;
  }

  /** Renders the authority as it stands in a URL. */
  @Override
  public String toString() {
    return port == NO_PORT ? host : host + ":" + port;
  }

  private static @Nullable String name(String text) {
    String name = text.toLowerCase(Locale.ROOT);
    return name.length() <= 253 && NAME.matcher(name).matches() ? name : null;
  }

  /** Leaves out the longest run of zeros, RFC 5952. */
  private static String compressed(String address) {
    int start = 0;
    int end = 0;
    for (Matcher zeros = ZEROS.matcher(address); zeros.find(); ) {
      if (zeros.end() - zeros.start() > end - start) {
        start = zeros.start();
        end = zeros.end();
      }
    }
    return end == 0
        ? address
        : (start == 0 ? ":" : address.substring(0, start))
            + (end == address.length() ? ":" : address.substring(end));
  }

  /** Returns an address in its one form; the JDK looks no name up for what has a colon. */
  private static @Nullable String ipv6(String text) {
    if (!text.contains(":")) {
      return null;
    }
    try {
      String address = InetAddress.getByName(text).getHostAddress();
      return address.contains(":") ? "[" + compressed(address) + "]" : address;
    } catch (UnknownHostException e) {
      return null;
    }
  }
}
