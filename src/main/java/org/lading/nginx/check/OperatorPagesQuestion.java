package org.lading.nginx.check;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Asks whether what Lading counts is open to others than those who run it. */
final class OperatorPagesQuestion {
  private static final String SUBJECT = "metrics";

  private OperatorPagesQuestion() {}

  static Finding ask(Installation installation) {
    Answer answer = installation.door().get("/metrics");
    if (answer.status() == 403 || answer.status() == 401 || answer.status() == 404) {
      return Finding.ok(SUBJECT, "/metrics is closed to this machine");
    }
    if (answer.status() != 200) {
      return Finding.unknown(SUBJECT, "/metrics: " + answer.inWords());
    }
    if (isLoopback(installation.options().address().getHost())) {
      return Finding.ok(SUBJECT, "/metrics is open to this machine, on which nginx runs");
    }
    return Finding.unknown(
        SUBJECT,
        "/metrics is open to this machine; only a check from one that may not see it tells whether"
            + " it is closed to others");
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException notResolved) {
      return false;
    }
  }
}
