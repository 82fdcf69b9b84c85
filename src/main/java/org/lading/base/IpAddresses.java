package org.lading.base;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads and writes IP addresses; asks no name server. */
public final class IpAddresses {
  private static final Pattern IPV4 =
      Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$)|$)){4}");
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");
  private static final int GROUPS = 8;

  private IpAddresses() {}

  /**
   * Parses an address, of IPv6 also in brackets and with a zone, which is left out.
   *
   * @return the 4 or 16 bytes of the address, those of an IPv4 address also for its form in IPv6;
   *     null if the text is none
   */
  public static byte @Nullable [] parse(String text) {
    String address = text.strip();
    if (address.startsWith("[") && address.endsWith("]")) {
      address = address.substring(1, address.length() - 1);
    }
    int zone = address.indexOf('%');
    if (zone >= 0) {
      address = address.substring(0, zone);
    }
    boolean isAddress =
        IPV4.matcher(address).matches()
            || (address.indexOf(':') >= 0 && IPV6.matcher(address).matches());
    if (!isAddress) {
      return null;
    }
    try {
      // The JDK looks no name up for what has a colon, or is four numbers.
      return InetAddress.getByName(address).getAddress();
    } catch (UnknownHostException e) {
      return null;
    }
  }

  /** Renders an address: IPv4 with dots, IPv6 in its one form of RFC 5952. */
  public static String text(byte[] address) {
    if (address.length == 4) {
      return (address[0] & 0xff)
          + "."
          + (address[1] & 0xff)
          + "."
          + (address[2] & 0xff)
          + "."
          + (address[3] & 0xff);
    }
    int[] groups = new int[GROUPS];
    Arrays.setAll(groups, i -> ((address[2 * i] & 0xff) << 8) | (address[2 * i + 1] & 0xff));
    int start = longestRunOfZeros(groups);
    int end = start;
    while (end < GROUPS && groups[end] == 0) {
      end++;
    }
    if (end - start < 2) {
      return joined(groups, 0, GROUPS);
    }
    return joined(groups, 0, start) + "::" + joined(groups, end, GROUPS);
  }

  private static String joined(int[] groups, int from, int to) {
    StringBuilder out = new StringBuilder();
    for (int i = from; i < to; i++) {
      out.append(i == from ? "" : ":").append(Integer.toHexString(groups[i]));
    }
    return out.toString();
  }

  /** Returns where the first of the longest runs of zeros begins. */
  private static int longestRunOfZeros(int[] groups) {
    int best = 0;
    int bestLength = 0;
    int length = 0;
    for (int i = 0; i < GROUPS; i++) {
      length = groups[i] == 0 ? length + 1 : 0;
      if (length > bestLength) {
        bestLength = length;
        best = i - length + 1;
      }
    }
    return best;
  }
}
