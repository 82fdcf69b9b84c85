package org.lading.app;

import java.time.Clock;
import java.util.List;
import org.lading.api.AnswerWriter;
import org.lading.base.BuildVersion;
import org.lading.config.Configuration;
import org.lading.download.DownloadStore;
import org.lading.download.Transfers;
import org.lading.event.Sender;
import org.lading.webhook.WebhookClient;
import org.lading.webhook.WebhookSender;

/** Makes the parts of webhooks. */
final class WebhookParts {
  private WebhookParts() {}

  /** Makes the sender of webhooks; none if the settings allow no address. */
  static List<Sender> senders(
      Configuration configuration,
      DownloadStore store,
      Transfers transfers,
      NodeThreads threads,
      Clock clock) {
    if (configuration.webhooks().allow().isEmpty()) {
      return List.of();
    }
    return List.of(
        new WebhookSender(
            configuration.webhooks(),
            configuration.access().clients(),
            id -> store.find(id).map(download -> download.at(clock.instant())),
            new AnswerWriter(configuration.assembler(), transfers),
            new WebhookClient(threads.webhooks()),
            BuildVersion.OF_THIS_BUILD,
            clock));
  }
}
