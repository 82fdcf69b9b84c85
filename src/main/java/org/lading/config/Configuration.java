package org.lading.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lading.access.AccessSettings;
import org.lading.amqp.AmqpSettings;
import org.lading.api.AssemblerSettings;
import org.lading.api.RouteSettings;
import org.lading.api.create.CreateSettings;
import org.lading.audit.AuditSettings;
import org.lading.download.PreparationSettings;
import org.lading.limit.LimitSettings;
import org.lading.link.LinkSettings;
import org.lading.manifest.ManifestSettings;
import org.lading.root.RootSettings;
import org.lading.webhook.WebhookSettings;

/**
 * The settings of a configuration file, checked, with the defaults filled in.
 *
 * @param roots at least one root, in the order of the file, with distinct names
 * @param storage the absolute directory of literals, links and the embedded database
 * @param routes the addresses by which clients come
 * @param database the database
 * @param assembler who makes archives
 * @param retentionDays the days until a download is deleted
 * @param manifest the settings of manifests
 * @param create the settings of the creation of downloads
 * @param access who may have what
 * @param links the settings of plain links
 * @param preparation the limits of the preparation of one download
 * @param webhooks the settings of webhooks
 * @param audit the settings of the audit log
 * @param amqp the settings of requests that come as messages, or null if none come
 * @param limits the limits of clients
 * @param drain the time for which a stop waits for archives, or null if it is up to what stops it
 */
public record Configuration(
    List<RootSettings> roots,
    Path storage,
    RouteSettings routes,
    DatabaseSettings database,
    AssemblerSettings assembler,
    int retentionDays,
    ManifestSettings manifest,
    CreateSettings create,
    AccessSettings access,
    LinkSettings links,
    PreparationSettings preparation,
    WebhookSettings webhooks,
    AuditSettings audit,
    @Nullable AmqpSettings amqp,
    LimitSettings limits,
    @Nullable Duration drain) {

  /** Copies the list. */
  public Configuration {
    roots = List.copyOf(roots);
  }
}
