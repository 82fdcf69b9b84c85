package org.lading.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.lading.base.Finding;

/**
 * What is left to be done by who moves from medusa-downloader, or runs Lading for the first time.
 */
final class MoveAdvice {
  /** The keys that medusa-downloader's settings have, and Lading's own need not. */
  private static final Set<String> SIGNS =
      Set.of("admin_email", "smtp", "s3_common", "incoming_queue", "amqp", "auth");

  private MoveAdvice() {}

  /** Returns the advice for settings without faults. */
  static List<Finding> of(Examination examined, Configuration configuration) {
    List<Finding> advice = new ArrayList<>();
    if (!configuration.access().clients().isOpen()
        && configuration.access().clients().all().isEmpty()) {
      advice.add(
          Finding.advice(
              "clients",
              "nobody may create until clients names those who may, each with a token_sha256 or a"
                  + " secret (clients: open lets everybody)"));
    }
    if (configuration.routes().publicUrl() == null) {
      advice.add(
          Finding.advice(
              "nginx_url",
              "URLs in answers begin with the address by which each call comes: set it if clients"
                  + " of downloads use another one"));
    }
    SectionReader top = examined.section();
    if (top != null && top.keys().stream().anyMatch(SIGNS::contains)) {
      advice.add(
          Finding.advice(
              "storage",
              "links that medusa-downloader mailed go on working if nginx's configuration is"
                  + " generated with --legacy-storage and the storage of medusa-downloader"));
    }
    return advice;
  }
}
