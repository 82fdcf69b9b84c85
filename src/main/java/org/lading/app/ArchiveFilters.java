package org.lading.app;

import java.util.stream.Collectors;
import org.lading.api.AnswerWriter;
import org.lading.api.ClientRouteFinder;
import org.lading.config.Configuration;
import org.lading.download.DownloadService;
import org.lading.download.Transfers;
import org.lading.download.link.LinkService;
import org.lading.http.ArchiveReply;
import org.lading.http.DownloadFilter;
import org.lading.http.EntryReply;
import org.lading.http.ManifestReply;
import org.lading.http.SourceChecks;
import org.lading.link.LinkFilter;
import org.lading.link.LinkReader;
import org.lading.metrics.Metrics;
import org.lading.root.RootSettings;

/**
 * Makes the servlet filters that serve archives.
 *
 * @param checks find out whether sources have changed
 */
record ArchiveFilters(
    Configuration configuration,
    DownloadService downloadService,
    LinkService linkService,
    EntryReplies entries,
    ArchiveReply archives,
    ClientRouteFinder routes,
    SourceChecks checks,
    Metrics metrics,
    AccessParts accessParts,
    Transfers transfers) {
  /** The replies with manifests, and with what nginx asks for single entries. */
  record EntryReplies(ManifestReply manifests, EntryReply entries) {}

  /** Makes the filter that serves the pages of downloads. */
  DownloadFilter downloads() {
    return new DownloadFilter(
        downloadService, entries.manifests(), archives, entries.entries(), checks);
  }

  /** Makes the filter that serves plain links. */
  LinkFilter links() {
    return new LinkFilter(
        new LinkReader(
            accessParts.access(),
            accessParts.admission(),
            configuration.roots().stream().map(RootSettings::name).collect(Collectors.toSet())),
        linkService,
        configuration.create().defaultWait(),
        new LinkFilter.Replies(
            routes,
            new AnswerWriter(configuration.assembler(), transfers),
            checks,
            entries.manifests(),
            archives,
            metrics));
  }
}
