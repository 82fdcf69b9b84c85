package org.lading.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lading.base.Finding;

/**
 * What is left to be done by who moves from medusa-downloader, or runs Lading for the first time.
 */
final class MoveAdvice {
  /** The keys that medusa-downloader's settings have, and Lading's own need not. */
  private static final Set<String> SIGNS =
      Set.of(
          "admin_email",
          "smtp",
          "s3_common",
          "incoming_queue",
          "incoming_sqs_queue",
          "amqp",
          "auth");

  private static final String COMPATIBILITY = "compatibility";
  private static final String COMPATIBILITY_MISSING =
      "with compatibility: medusa-downloader requests are taken as its clients send them; without it"
          + " some of them are refused";

  private MoveAdvice() {}

  /** Returns the advice for settings without faults. */
  static List<Finding> of(Examination examined, Configuration configuration) {
    List<Finding> advice = new ArrayList<>();
    if (!configuration.access().clients().isOpen()
        && configuration.access().clients().all().isEmpty()) {
      advice.add(
          Finding.advice(
              "clients",
              "nobody may create until clients names those who may, each with a token_sha256, a password or a"
                  + " secret (clients: open lets everybody)"));
    }
    if (configuration.routes().publicUrl() == null) {
      advice.add(
          Finding.advice(
              "nginx_url",
              "URLs in answers begin with the address by which each call comes: set it if clients"
                  + " of downloads use another one"));
    }
    if (configuration.amqp() != null && configuration.amqp().deadLetterQueue() == null) {
      advice.add(
          Finding.advice(
              "dead_letter_queue",
              "a message that cannot be read or answered is lost without it: name a queue that"
                  + " keeps those"));
    }
    if (isAncestors(examined)) {
      if (!isCompatible(examined)) {
        advice.add(Finding.advice(COMPATIBILITY, COMPATIBILITY_MISSING));
      }
      advice.add(
          Finding.advice(
              "storage",
              "links that medusa-downloader mailed go on working if nginx's configuration is"
                  + " generated with --legacy-storage and the storage of medusa-downloader"));
    }
    return advice;
  }

  /**
   * Returns a sentence for the log if settings come from medusa-downloader, and requests are not
   * taken as its clients send them; else null.
   */
  static @Nullable String forLog(Examination examined) {
    return isAncestors(examined) && !isCompatible(examined) ? COMPATIBILITY_MISSING : null;
  }

  private static boolean isAncestors(Examination examined) {
    SectionReader top = examined.section();
    return top != null && top.keys().stream().anyMatch(SIGNS::contains);
  }

  private static boolean isCompatible(Examination examined) {
    SectionReader top = examined.section();
    return top != null && top.has(COMPATIBILITY);
  }
}
