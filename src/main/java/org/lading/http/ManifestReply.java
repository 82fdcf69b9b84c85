package org.lading.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import org.lading.download.Download;
import org.lading.download.DownloadStore;
import org.lading.download.Leases;
import org.lading.http.header.DownloadHeaders;
import org.lading.http.header.Preconditions;
import org.lading.manifest.Entry;
import org.lading.manifest.StoredContents;
import org.lading.modzip.EntryBuffers;
import org.lading.modzip.EntryLocations;
import org.lading.modzip.ManifestWriter;
import org.lading.root.LocationEncoding;
import org.lading.root.Roots;

/** Replies with the manifest of a download, for mod_zip or as text. */
public final class ManifestReply {
  private static final byte[] BROKEN_LINE =
      "! this manifest is not complete\r\n".getBytes(StandardCharsets.US_ASCII);

  /**
   * The query of a request for a manifest whose entries only nginx can fetch, as the check of an
   * installation wants it: otherwise Lading reads what nginx cannot, and nobody sees that.
   */
  private static final String NO_FALLBACK = "fallback=none";

  private static final String ASSEMBLER_HEADER = "X-Archive-Assembler";

  /**
   * The assembler that frees its buffers while it makes an archive, and makes the same bytes of a
   * manifest each time.
   */
  private static final String FREEING_ASSEMBLER = "mod_zip/1.4";

  /** The maximum number of entries that are looked at to answer a HEAD. */
  private static final int MAX_HEAD_ENTRIES = 50_000;

  private final DownloadStore store;
  private final Leases leases;
  private final Roots roots;
  private final EntryLocations entries;
  private final StoredContents contents;
  private final ModZipQuota quota;

  /**
   * Makes replies for the downloads of a store, whose entries lie in the given roots.
   *
   * @param entries writes the locations by which nginx comes back for single entries
   * @param contents tells which downloads have literals for which it must come back
   * @param quota counts the bytes that nginx sends
   */
  public ManifestReply(
      DownloadStore store,
      Leases leases,
      Roots roots,
      EntryLocations entries,
      StoredContents contents,
      ModZipQuota quota) {
    this.store = store;
    this.leases = leases;
    this.roots = roots;
    this.entries = entries;
    this.contents = contents;
    this.quota = quota;
  }

  /** Protects a download from removal for as long as nginx may read the files of its manifest. */
  public void hold(Download download) {
    leases.holdForManifest(download);
  }

  /**
   * Sends the manifest from which mod_zip makes the archive. The reply to HEAD has the archive's
   * length, and not the header that starts mod_zip, which would break the connection without a body
   * to read. {@code Range} is ignored, since mod_zip evaluates it, and takes {@code Accept-Ranges}
   * away where it cannot. The entity tag is weak where each archive has the time of its request.
   */
  public void sendArchive(
      Download download,
      ArchiveReply.Asker asker,
      boolean head,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    String tag = '"' + download.totals().fingerprint() + '"';
    String ofArchive = isFreeing(request) ? tag : "W/" + tag;
    DownloadHeaders.set(response, download, new Preconditions(ofArchive, download.created()));
    if (!head || hasAllChecksums(download)) {
      response.setHeader("Accept-Ranges", "bytes");
    }
    if (head) {
      response.setContentLengthLong(download.totals().modZipLength());
      return;
    }
    quota.take(download, asker, new Preconditions(ofArchive, download.created()), request);
    response.setHeader(ManifestWriter.HEADER, ManifestWriter.HEADER_VALUE);
    AuditHeaders.set(download, asker, request, response);
    write(
        NO_FALLBACK.equals(request.getQueryString())
            ? signedNow(download, request)
            : writer(download, request),
        download,
        response);
  }

  private static boolean isFreeing(HttpServletRequest request) {
    return FREEING_ASSEMBLER.equals(request.getHeader(ASSEMBLER_HEADER));
  }

  /**
   * Returns whether the nginx that sent a request can make an archive of the manifest: mod_zip
   * fails for one without lines, and an nginx whose configuration an older generator made does not
   * come back for literals in the database.
   */
  public boolean canBeAssembled(Download download, HttpServletRequest request) {
    return download.totals().entries() > 0
        && (EntryLocations.LITERALS_VALUE.equals(request.getHeader(EntryLocations.LITERALS_HEADER))
            || !contents.areInDatabase(download.id()));
  }

  /** Returns whether no line of the manifest has a "-"; false also for one that is too long. */
  private boolean hasAllChecksums(Download download) {
    if (download.totals().entries() > MAX_HEAD_ENTRIES) {
      return false;
    }
    Iterator<Entry> entries = store.entries(download, 0);
    while (entries.hasNext()) {
      Entry entry = entries.next();
      if (!entry.isDirectory() && !entry.hasCrc32()) {
        return false;
      }
    }
    return true;
  }

  /**
   * Sends the manifest as text, which no cache may keep, since it has presigned URLs. All of them
   * are signed now: the text is for others than nginx, who cannot come back for an entry.
   */
  void sendText(
      Download download, boolean head, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setContentType("text/plain;charset=UTF-8");
    response.setHeader("Cache-Control", "private, no-store");
    response.setHeader("X-Content-Type-Options", "nosniff");
    if (head) {
      // Otherwise the container would set the length of an empty body.
      response.flushBuffer();
      return;
    }
    write(signedNow(download, request), download, response);
  }

  private ManifestWriter signedNow(Download download, HttpServletRequest request) {
    return ManifestWriter.signing(
        roots, encoding(request), buffers(download, request), entries.of(archive(download)));
  }

  /** Returns a writer of locations for the nginx that sent a request. */
  ManifestWriter writer(Download download, HttpServletRequest request) {
    LocationEncoding encoding = encoding(request);
    EntryBuffers buffers = buffers(download, request);
    EntryLocations.Writer references = entries.of(archive(download));
    return encoding == LocationEncoding.GUARDED
        ? ManifestWriter.guarded(roots, buffers, references)
        : ManifestWriter.signing(roots, encoding, buffers, references);
  }

  private static LocationEncoding encoding(HttpServletRequest request) {
    return ManifestWriter.encodingOf(request.getHeader(ManifestWriter.ENCODING_HEADER));
  }

  private static EntryBuffers buffers(Download download, HttpServletRequest request) {
    return isFreeing(request)
        ? EntryBuffers.freed()
        : EntryBuffers.ofArchive(download.totals().bytes());
  }

  private static EntryLocations.Archive archive(Download download) {
    return new EntryLocations.Archive(
        download.root(),
        download.id(),
        download.attempt(),
        download.totals().entries(),
        download.totals().bytes());
  }

  private void write(ManifestWriter writer, Download download, HttpServletResponse response)
      throws IOException {
    try {
      writer.write(store.entries(download, 0), response.getOutputStream());
    } catch (RuntimeException e) {
      if (response.isCommitted()) {
        appendBrokenLine(response, e);
      }
      throw e;
    }
  }

  /**
   * Appends a line that mod_zip refuses. Where the end of the connection ends a reply, as in
   * HTTP/1.0, a manifest that breaks off would otherwise look complete.
   */
  private static void appendBrokenLine(HttpServletResponse response, RuntimeException failure) {
    try {
      response.getOutputStream().write(BROKEN_LINE);
      response.flushBuffer();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }
}
