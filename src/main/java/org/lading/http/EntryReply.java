package org.lading.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.lading.download.Download;
import org.lading.download.DownloadService;
import org.lading.download.EntryCursors;
import org.lading.error.LadingException;
import org.lading.manifest.Entry;
import org.lading.modzip.EntryLocations;

/**
 * Replies to nginx, which makes an archive of a manifest and comes back for one of its entries:
 * with the entry's location in its store, signed at that moment, or with its content, where the
 * store did not give it to nginx.
 *
 * <p>mod_zip computes no CRC-32 of an entry whose request nginx redirects: it forgets which entry
 * it is. So an entry of which none is known gets its content at once, as does a literal that is in
 * the database.
 *
 * <p>Nobody else gets a reply: a request must have the proof that only the manifest for nginx has.
 */
public final class EntryReply {
  /**
   * The maximum length of a location in a header, in characters: containers limit the head of a
   * reply to 8 KiB. A longer one, of a key of a thousand bytes that are all encoded, is not sent,
   * but the content itself.
   */
  private static final int MAX_LOCATION_CHARS = 7000;

  private final DownloadService downloads;
  private final EntryCursors cursors;
  private final EntryLocations locations;
  private final ManifestReply manifests;
  private final ArchiveReply archives;

  /** Makes an object that sends the replies. */
  public EntryReply(
      DownloadService downloads,
      EntryCursors cursors,
      EntryLocations locations,
      ManifestReply manifests,
      ArchiveReply archives) {
    this.downloads = downloads;
    this.cursors = cursors;
    this.locations = locations;
    this.manifests = manifests;
    this.archives = archives;
  }

  /**
   * Sends the reply. A download that has expired since its manifest was served is still there, as
   * long as its lease lasts.
   */
  void send(DownloadPagePath path, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String proof = request.getHeader(EntryLocations.PROOF_HEADER);
    if (!locations.isProof(path.id(), path.attempt(), path.entry(), proof)) {
      throw LadingException.noSuchDownload();
    }
    Download download = downloads.findAny(path.root(), path.id());
    if (download.attempt() != path.attempt() || path.entry() >= download.totals().entries()) {
      throw LadingException.noSuchDownload();
    }
    Entry entry = cursors.entry(download, path.entry());
    response.setHeader("Cache-Control", "private, no-store");
    if (path.page() == DownloadPagePath.Page.LOCATION && hasLocation(entry)) {
      String location = manifests.writer(download, request).location(entry, path.entry());
      if (location.length() <= MAX_LOCATION_CHARS) {
        response.setHeader("X-Accel-Redirect", location);
        return;
      }
    }
    archives.sendEntry(download, entry, request, response);
  }

  private static boolean hasLocation(Entry entry) {
    return entry.hasCrc32() && !entry.isInDatabase();
  }
}
