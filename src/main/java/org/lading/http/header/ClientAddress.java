package org.lading.http.header;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.lading.base.AddressBlock;
import org.lading.base.HeaderList;
import org.lading.base.IpAddresses;
import org.lading.base.PrintableText;

/**
 * Finds the IP address of the client of a request: that of the connection or, where that is a
 * trusted proxy, the one that this proxy tells, and so on. Whatever stands before an address that
 * is not trusted can be anybody's invention, and is not read. An address that cannot be read is
 * that of the client, and unknown: it never counts as the trusted one that told it.
 */
public final class ClientAddress {
  /** The maximum number of proxies that are passed over. */
  private static final int MAX_PROXIES = 20;

  private static final int MAX_CHARS = 45;

  /** The address of all clients whose address cannot be read: for limits they are one. */
  private static final String UNKNOWN = "unknown";

  /** An address with a port, as {@code Forwarded} has it, and some proxies in the other field. */
  private static final Pattern WITH_PORT =
      Pattern.compile("(\\[[^\\]]*]|[0-9.]+)(?::[A-Za-z0-9._-]+)?");

  private static final Pattern QUOTED = Pattern.compile("^\"([^\"]*)\"$");

  private final List<AddressBlock> trusted;

  /**
   * Makes an object that believes some proxies.
   *
   * @param trusted the addresses of the proxies; with none, that of the connection counts
   */
  public ClientAddress(List<AddressBlock> trusted) {
    this.trusted = List.copyOf(trusted);
  }

  /**
   * Returns the address of a request's client: IPv4 with dots, IPv6 in the form of RFC 5952. {@code
   * X-Forwarded-For} counts where both fields are there: proxies that know {@code Forwarded} alone
   * are rare, and the others pass on what a client writes into it. Where a trusted proxy tells what
   * is no address, it is {@code unknown}.
   */
  public String of(HttpServletRequest request) {
    List<String> told = xForwardedFor(request.getHeaders("X-Forwarded-For"));
    return of(
        request.getRemoteAddr(),
        told.isEmpty() ? forwarded(request.getHeaders("Forwarded")) : told);
  }

  /**
   * Returns the address of a client.
   *
   * @param peer the address of the connection, or null if that is not known
   * @param told the addresses that the proxies told, that of the nearest one last
   */
  String of(@Nullable String peer, List<String> told) {
    byte[] address = peer == null ? null : IpAddresses.parse(peer);
    if (address == null) {
      return peer == null || peer.isEmpty() ? UNKNOWN : PrintableText.of(peer, MAX_CHARS);
    }
    if (!isTrusted(address)) {
      return IpAddresses.text(address);
    }
    int last = Math.max(0, told.size() - MAX_PROXIES);
    for (int i = told.size() - 1; i >= last; i--) {
      byte[] before = address(told.get(i));
      if (before == null) {
        return UNKNOWN;
      }
      address = before;
      if (!isTrusted(address)) {
        break;
      }
    }
    return IpAddresses.text(address);
  }

  private boolean isTrusted(byte[] address) {
    return trusted.stream().anyMatch(block -> block.contains(address));
  }

  /**
   * Returns the elements of {@code X-Forwarded-For}; none if all lines are blank. The field knows
   * no quoting: a client's quote must not hide the comma that a proxy puts after it.
   */
  static List<String> xForwardedFor(Enumeration<String> lines) {
    String all = String.join(",", Collections.list(lines));
    return all.isBlank() ? List.of() : List.of(all.split(",", -1));
  }

  /**
   * Returns the values of {@code for} in {@code Forwarded}, RFC 7239; "" where an element has none,
   * and for a line with a quote that is not closed: what follows that may be what a proxy added.
   */
  static List<String> forwarded(Enumeration<String> lines) {
    List<String> told = new ArrayList<>();
    for (String line : Collections.list(lines)) {
      if (HeaderList.isOpen(line)) {
        told.add("");
      } else {
        HeaderList.elements(Collections.enumeration(List.of(line)))
            .forEach(element -> told.add(forValue(element)));
      }
    }
    return told;
  }

  private static String forValue(String element) {
    return HeaderList.parts(element).stream()
        .filter(part -> part.toLowerCase(Locale.ROOT).startsWith("for="))
        .map(part -> QUOTED.matcher(part.substring("for=".length()).strip()).replaceFirst("$1"))
        .findFirst()
        .orElse("");
  }

  private static byte @Nullable [] address(String text) {
    byte[] plain = IpAddresses.parse(text);
    if (plain != null) {
      return plain;
    }
    Matcher withPort = WITH_PORT.matcher(text);
    return withPort.matches() ? IpAddresses.parse(withPort.group(1)) : null;
  }
}
