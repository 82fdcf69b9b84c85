package org.lading.nginx.check;

import java.io.IOException;
import org.lading.base.Finding;

/** Asks whether a create request may be as large in nginx as in Lading. */
final class BodySizeQuestion {
  private static final String SUBJECT = "body size";
  private static final int CONTINUE = 100;
  private static final int CONTENT_TOO_LARGE = 413;

  private BodySizeQuestion() {}

  /** Announces the largest body that Lading takes, and sends none of it. */
  static Finding ask(Installation installation) {
    long limit = installation.configuration().create().maxBodyBytes();
    String bytes = limit + " bytes (limits.body)";
    int status;
    try {
      status = AnnouncedCreate.send(installation.options(), limit);
    } catch (IOException e) {
      return Finding.unknown(
          SUBJECT,
          "nginx did not tell whether it takes requests of %s: %s"
              .formatted(bytes, Causes.inWords(e)));
    }
    return switch (status) {
      case CONTINUE -> Finding.ok(SUBJECT, "requests of " + bytes + " are taken");
      case CONTENT_TOO_LARGE ->
          Finding.fault(
              SUBJECT,
              "nginx refuses requests of %s: set client_max_body_size, or generate the"
                      .formatted(bytes)
                  + " configuration anew");
      default ->
          Finding.unknown(
              SUBJECT,
              "nginx did not tell whether it takes requests of %s: status %d"
                  .formatted(bytes, status));
    };
  }
}
