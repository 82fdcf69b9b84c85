package org.lading.config;

import java.util.Map;

/** The keys of medusa-downloader's settings that are passed over, with what that means. */
final class AncestorKeys {
  private static final String NO_MAIL =
      "Lading sends no mail: faults are in the log, in /status and in /metrics";
  private static final String NO_SQS =
      "messages of Amazon SQS are not taken: Lading reads incoming_queue of an AMQP broker, and"
          + " takes requests by HTTP";
  private static final String RETURN_QUEUE =
      "answers go to the queue that each message names as its return_queue";

  /** The top-level keys, each with what it means that it is passed over. */
  static final Map<String, String> TOP_LEVEL =
      Map.of(
          "admin_email",
          NO_MAIL,
          "smtp",
          NO_MAIL,
          "s3_common",
          "it only holds what roots merge (<<), and is read there",
          "aws_region",
          "it is that of Amazon SQS, whose messages are not taken; a bucket has its own region",
          "incoming_sqs_queue",
          NO_SQS,
          "outgoing_queue",
          RETURN_QUEUE,
          "outgoing_queues",
          RETURN_QUEUE);

  /** The keys of a root, each with what it means that it is passed over. */
  static final Map<String, String> OF_A_ROOT =
      Map.of(
          "versioned",
          "of a bucket with versions Lading takes the latest one, and holds to it where it can",
          "copy_targets",
          "Lading copies nothing: serve says how nginx reads the root");

  /** What it means that a key is passed over whose value has an anchor. */
  static final String ANCHOR = "it only holds what other settings refer to, and is read there";

  /** The word that the settings of medusa-downloader's demo have in place of a URL. */
  static final String URL_PLACEHOLDER = "url";

  /** What it means that this word is passed over. */
  static final String PLACEHOLDER_PASSED =
      "it is the placeholder of a sample: URLs in answers begin with the address by which each call"
          + " comes, until nginx_url is that of your clients";

  /** What it means that the settings of messages are passed over, as they are with it. */
  static final String MESSAGES_PASSED =
      "Lading takes no messages, whose answers have URLs, until nginx_url is that of your clients";

  private AncestorKeys() {}
}
