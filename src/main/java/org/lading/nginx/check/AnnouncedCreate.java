package org.lading.nginx.check;

import java.io.IOException;
import java.net.InetAddress;

/**
 * A create request that announces its body and waits to be asked for it, RFC 9110 section 10.1.1.
 * Java 17's own client does not see an answer that refuses the body.
 */
final class AnnouncedCreate {
  private AnnouncedCreate() {}

  /** Sends the head of a request with a body of a length, and returns the status of the answer. */
  static int send(CheckOptions options, long length) throws IOException {
    String host = options.address().getHost().replaceAll("[\\[\\]]", "");
    return RequestHead.send(options.address(), InetAddress.getByName(host), head(options, length));
  }

  private static String head(CheckOptions options, long length) {
    String token = options.token();
    return "POST "
        + options.contextPath()
        + "/create HTTP/1.1\r\nHost: "
        + options.address().getAuthority()
        + "\r\nContent-Type: application/json\r\nContent-Length: "
        + length
        + "\r\nExpect: 100-continue\r\n"
        + (token == null ? "" : "Authorization: Bearer " + token + "\r\n")
        + "Connection: close\r\n\r\n";
  }
}
