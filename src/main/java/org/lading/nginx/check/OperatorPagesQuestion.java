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

/** Asks whether a page for those who run Lading is open to others. */
record OperatorPagesQuestion(String subject, String page) {
  /** What Lading counts. */
  static final OperatorPagesQuestion METRICS = new OperatorPagesQuestion("metrics", "/metrics");

  /** The state of each part, which is 503 where one of them is not there. */
  static final OperatorPagesQuestion STATUS = new OperatorPagesQuestion("status page", "/status");

  private static final int UNAVAILABLE = 503;

  Finding ask(Installation installation) {
    Answer answer = installation.door().get(page);
    if (isClosed(answer.status())) {
      return Finding.ok(subject, page + " is closed to this machine");
    }
    if (answer.status() != 200 && answer.status() != UNAVAILABLE) {
      return Finding.unknown(subject, page + ": " + answer.inWords());
    }
    if (isLoopback(installation.options().address().getHost())) {
      return byOtherAddresses(installation.options());
    }
    return Finding.unknown(
        subject,
        page
            + " is open to this machine; only a check from one that may not see it tells"
            + " whether it is closed to others");
  }

  /** Asks as a client that comes by one of this machine's addresses in a network. */
  private Finding byOtherAddresses(CheckOptions options) {
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
            subject,
            "%s is open to this machine, on which nginx runs, by its address %s, too: only a"
                    .formatted(page, address.getHostAddress().replaceFirst("%.*", ""))
                + " check from another machine tells whether it is closed to that one");
      }
    }
    return Finding.ok(
        subject,
        page
            + " is open to this machine, on which nginx runs, and closed to those who come by"
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

  private String head(CheckOptions options) {
    return "GET "
        + options.contextPath()
        + page
        + " HTTP/1.1\r\nHost: "
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
