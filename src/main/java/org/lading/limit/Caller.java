package org.lading.limit;

import java.util.Arrays;
import org.lading.base.IpAddresses;

/**
 * One who asks, and whose requests are counted: by the name of a client, or, of those who name
 * themselves to nobody, by the address.
 *
 * @param client the name of the client
 * @param address the address that the request comes from
 */
public record Caller(String client, String address) {
  private static final int IPV6_BYTES = 16;

  /** The first half of an IPv6 address; whoever has one address has all that begin so. */
  private static final int PREFIX_BYTES = 8;

  /** Makes the caller of a request that comes by a message. */
  public static Caller named(String client) {
    return new Caller(client, "");
  }

  /** Returns what is counted as one address: of IPv6 the first 64 bits. */
  public String block() {
    byte[] bytes = IpAddresses.parse(address);
    return bytes == null || bytes.length < IPV6_BYTES
        ? address
        : IpAddresses.text(Arrays.copyOf(Arrays.copyOf(bytes, PREFIX_BYTES), IPV6_BYTES)) + "/64";
  }
}
