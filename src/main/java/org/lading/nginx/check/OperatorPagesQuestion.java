package org.lading.nginx.check;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import org.lading.base.Finding;

/** Asks whether what Lading counts is open to others than those who run it. */
final class OperatorPagesQuestion {
  private static final String SUBJECT = "metrics";

  private OperatorPagesQuestion() {}

  static Finding ask(Installation installation) {
    Answer answer = installation.door().get("/metrics");
    if (isClosed(answer.status())) {
      return Finding.ok(SUBJECT, "/metrics is closed to this machine");
    }
    if (answer.status() != 200) {
      return Finding.unknown(SUBJECT, "/metrics: " + answer.inWords());
    }
    if (isLoopback(installation.options().address().getHost())) {
      return byOtherAddresses(installation.options());
    }
    return Finding.unknown(
        SUBJECT,
        "/metrics is open to this machine; only a check from one that may not see it tells whether"
            + " it is closed to others");
  }

  /** Asks as a client that comes by one of this machine's addresses in a network. */
  private static Finding byOtherAddresses(CheckOptions options) {
    for (InetAddress address : addresses()) {
      int status;
      try {
        status = RequestHead.send(options.address(), address, head(options));
      } catch (IOException notThere) {
        // nginx does not listen at this address, so that nobody comes by it.
        continue;
      }
      if (!isClosed(status)) {
        return Finding.unknown(
            SUBJECT,
            "/metrics is open to this machine, on which nginx runs, by its address %s, too: only a"
                    .formatted(address.getHostAddress().replaceFirst("%.*", ""))
                + " check from another machine tells whether it is closed to that one");
      }
    }
    return Finding.ok(
        SUBJECT,
        "/metrics is open to this machine, on which nginx runs, and closed to those who come by"
            + " its addresses in networks");
  }

  /** Returns the addresses of this machine by which other machines could reach it. */
  static List<InetAddress> addresses() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(Predicate.not(InetAddress::isLoopbackAddress))
          .filter(Predicate.not(InetAddress::isLinkLocalAddress))
          .toList();
    } catch (SocketException e) {
      return Collections.emptyList();
    }
  }

  private static String head(CheckOptions options) {
    return "GET "
        + options.contextPath()
        + "/metrics HTTP/1.1\r\nHost: "
        + options.address().getAuthority()
        + "\r\nConnection: close\r\n\r\n";
  }

  private static boolean isClosed(int status) {
    return status == 403 || status == 401 || status == 404;
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException notResolved) {
      return false;
    }
  }
}
