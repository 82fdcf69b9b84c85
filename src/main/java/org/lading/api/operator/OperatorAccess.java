package org.lading.api.operator;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lading.base.AddressBlock;
import org.lading.base.IpAddresses;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/** Decides who may see the pages for those who run Lading. */
public final class OperatorAccess {
  private final @Nullable List<AddressBlock> allowed;
  private final Function<HttpServletRequest, String> address;

  /**
   * Makes an object that lets some addresses in.
   *
   * @param allowed the addresses, or null for all
   * @param address returns the IP address of the client of a request
   */
  public OperatorAccess(
      @Nullable List<AddressBlock> allowed, Function<HttpServletRequest, String> address) {
    this.allowed = allowed;
    this.address = address;
  }

  /** Fails with {@code FORBIDDEN} if the client may not see the pages. */
  void require(HttpServletRequest request) {
    if (allowed == null) {
      return;
    }
    byte[] client = IpAddresses.parse(address.apply(request));
    if (client == null || allowed.stream().noneMatch(block -> block.contains(client))) {
      throw new LadingException(
          ErrorCode.FORBIDDEN, "This page is for those who run this Lading (operators)");
    }
  }
}
