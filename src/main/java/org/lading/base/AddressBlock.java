package org.lading.base;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A block of IP addresses, such as {@code 10.0.0.0/8}, or one address. */
public final class AddressBlock {
  private static final int BITS = 8;

  private final byte[] network;
  private final int prefix;

  private AddressBlock(byte[] network, int prefix) {
    this.network = network;
    this.prefix = prefix;
  }

  /** Parses an address, or a block in CIDR notation, RFC 4632; null if the text is neither. */
  public static @Nullable AddressBlock parse(String text) {
    int slash = text.indexOf('/');
    byte[] address = IpAddresses.parse(slash < 0 ? text : text.substring(0, slash));
    if (address == null) {
      return null;
    }
    int most = address.length * BITS;
    if (slash < 0) {
      return new AddressBlock(address, most);
    }
    String digits = text.substring(slash + 1).strip();
    if (!digits.matches("\\d{1,3}") || Integer.parseInt(digits) > most) {
      return null;
    }
    return new AddressBlock(address, Integer.parseInt(digits));
  }

  /** Returns whether an address of 4 or 16 bytes lies in the block. */
  public boolean contains(byte[] address) {
    if (address.length != network.length) {
      return false;
    }
    for (int bit = 0; bit < prefix; bit += BITS) {
      int kept = Math.min(BITS, prefix - bit);
      int mask = 0xff << (BITS - kept);
      if (((address[bit / BITS] ^ network[bit / BITS]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AddressBlock block
        && block.prefix == prefix
        && Arrays.equals(block.network, network);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(network) * 31 + prefix;
  }

  /** Renders the block as a setting has it. */
  @Override
  public String toString() {
    String address = IpAddresses.text(network);
    return prefix == network.length * BITS ? address : address + "/" + prefix;
  }
}
