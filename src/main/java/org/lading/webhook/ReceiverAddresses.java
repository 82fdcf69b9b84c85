package org.lading.webhook;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the IP addresses of receivers, and refuses those to which no name may lead a request. The
 * list of allowed addresses names hosts; what these resolve to is for others to say, at any time.
 * So each address is checked when a request is sent, and the request goes to that very address.
 *
 * <p>Addresses of private networks are not refused: the list has the name, and the receivers of
 * most sites have such addresses.
 */
final class ReceiverAddresses {
  private static final Pattern IPV4 = Pattern.compile("\\d+\\.\\d+\\.\\d+\\.\\d+");
  private static final byte[] NAT64 = {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};

  /** Where clouds tell a machine its credentials, apart from link-local addresses. */
  private static final List<InetAddress> METADATA =
      List.of(
          literal("168.63.129.16"),
          literal("100.100.100.200"),
          literal("192.0.0.192"),
          literal("fd00:ec2::254"),
          literal("fd00:ec2::23"),
          literal("fd20:ce::254"),
          literal("fd00:c1::a9fe:a9fe"),
          literal("fd00:42::42"));

  private ReceiverAddresses() {}

  /** Signals that no request may go to an address. */
  static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1;

    RefusedException(String message) {
      super(message);
    }
  }

  /**
   * Returns the addresses of a host, at least one. A host that is itself an address is that one,
   * and {@code localhost} is this machine: who lists them means them.
   *
   * @throws UnknownHostException if a name has none
   * @throws RefusedException if a name has one that is refused
   */
  static List<InetAddress> of(String host) throws IOException {
    if (host.equals("localhost")) {
      return List.of(literal("127.0.0.1"), literal("::1"));
    }
    if (host.contains(":") || IPV4.matcher(host).matches()) {
      return List.of(InetAddress.getByName(host));
    }
    List<InetAddress> found = List.of(InetAddress.getAllByName(host));
    for (InetAddress address : found) {
      String refusal = refusal(address);
      if (refusal != null) {
        throw new RefusedException(host + " resolves to " + refusal);
      }
    }
    return found;
  }

  /** Returns what is wrong with an address, as the end of a sentence; null if nothing is. */
  static @Nullable String refusal(InetAddress address) throws SocketException {
    if (address.isLoopbackAddress() || address.isAnyLocalAddress()) {
      return "this machine";
    }
    if (address.isLinkLocalAddress()) {
      return "a link-local address";
    }
    if (METADATA.contains(address)) {
      return "an address at which clouds tell credentials";
    }
    if (NetworkInterface.getByInetAddress(address) != null) {
      return "an address of this machine";
    }
    byte[] bytes = address.getAddress();
    String special = address instanceof Inet4Address ? ofIpv4(bytes) : ofIpv6(bytes);
    return address.isMulticastAddress() ? "a multicast address" : special;
  }

  private static @Nullable String ofIpv4(byte[] bytes) {
    int first = bytes[0] & 0xff;
    return first == 0 || first >= 240 ? "an address that is not for hosts" : null;
  }

  /**
   * Judges the forms that hold an IPv4 address: of those only NAT64 is in use, RFC 6052, and not
   * for addresses of private networks.
   */
  private static @Nullable String ofIpv6(byte[] bytes) throws SocketException {
    InetAddress inner = inet(Arrays.copyOfRange(bytes, 12, 16));
    if (Arrays.equals(bytes, 0, NAT64.length, NAT64, 0, NAT64.length)) {
      return inner.isSiteLocalAddress() || refusal(inner) != null
          ? "a NAT64 form of an address that is not public"
          : null;
    }
    boolean isGlobalOrPrivate = (bytes[0] & 0xe0) == 0x20 || (bytes[0] & 0xfe) == 0xfc;
    boolean is6to4 = bytes[0] == 0x20 && bytes[1] == 0x02;
    boolean isTeredo = bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] == 0 && bytes[3] == 0;
    return !isGlobalOrPrivate || is6to4 || isTeredo
        ? "an address that is not for hosts, or holds another one"
        : null;
  }

  private static InetAddress literal(String address) {
    try {
      return InetAddress.getByName(address);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  private static InetAddress inet(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
