package org.lading.nginx.check;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.lading.base.PrintableText;

/** Tells administrators why a connection failed. */
final class Causes {
  private static final int MAX_QUOTED = 200;

  private Causes() {}

  /** Returns the first of a failure and its causes that is of a type, or null. */
  static <T extends Throwable> @Nullable T find(@Nullable Throwable failure, Class<T> type) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return type.cast(cause);
      }
    }
    return null;
  }

  /** Tells whether the server ended a connection that it had accepted. */
  static boolean isEndOfConnection(@Nullable Throwable failure) {
    return find(failure, IOException.class) != null
        && find(failure, ConnectException.class) == null
        && find(failure, HttpTimeoutException.class) == null
        && find(failure, SSLException.class) == null;
  }

  static String inWords(Throwable failure) {
    SSLException tls = find(failure, SSLException.class);
    if (tls != null) {
      return tls(tls);
    }
    if (find(failure, UnresolvedAddressException.class) != null
        || find(failure, UnknownHostException.class) != null) {
      return "the host's name has no address";
    }
    if (find(failure, ConnectException.class) != null) {
      return "nothing accepts the connection";
    }
    if (find(failure, HttpTimeoutException.class) != null
        || find(failure, TimeoutException.class) != null) {
      return "no answer in time";
    }
    return PrintableText.of(String.valueOf(deepest(failure)), MAX_QUOTED);
  }

  /** Describes a failure of TLS by its cure. */
  static String tls(SSLException failure) {
    String all = allMessages(failure);
    if (all.contains("unable to find valid certification path")) {
      return "this Java does not trust the CA of the certificate (or nginx does not send the"
          + " intermediate ones): complete ssl_certificate, or give Java the CA with"
          + " -Djavax.net.ssl.trustStore";
    }
    if (all.contains("No subject alternative") || all.contains("No name matching")) {
      return "the certificate is for another name: " + PrintableText.of(all, MAX_QUOTED);
    }
    if (all.contains("NotAfter") || all.contains("NotBefore")) {
      return "the certificate is not valid now: " + PrintableText.of(all, MAX_QUOTED);
    }
    return "TLS failed: " + PrintableText.of(all, MAX_QUOTED);
  }

  private static String allMessages(Throwable failure) {
    StringBuilder all = new StringBuilder();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      if (all.indexOf(message) < 0) {
        all.append(all.length() == 0 ? "" : "; ").append(message);
      }
    }
    return all.toString();
  }

  private static Throwable deepest(Throwable failure) {
    Throwable cause = failure;
    for (Throwable next = failure; next != null; next = next.getCause()) {
      cause = next;
    }
    return cause;
  }
}
