package org.lading.audit;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.lading.archive.StreamedArchiveLayout;
import org.lading.base.PrintableText;
import org.lading.base.RequestNotes;
import org.lading.download.Download;
import org.lading.download.DownloadObserver;
import org.lading.download.DownloadStore;
import org.lading.download.RequestOrigin;
import org.lading.download.Transfer;
import org.lading.download.TransferRequest;
import org.lading.download.Transfers;
import org.lading.error.Failure;
import org.lading.manifest.Entry;

/** Makes the lines of the audit log. */
public final class AuditEvents implements DownloadObserver, Transfers.Observer {
  private static final int MAX_LIST_BYTES = 400;
  private static final int MAX_TEXT_BYTES = 512;

  /** A subject has at most 256 characters. */
  private static final int MAX_SUBJECT_BYTES = 1024;

  /** What Linux takes for a path is 4,096 bytes, and the key of an object has at most 1,024. */
  private static final int MAX_PATH_BYTES = 3000;

  /** The statuses of refusals; others tell that something is not there, or did not work. */
  private static final Set<Integer> REFUSALS = Set.of(400, 401, 403, 408, 413, 415, 421, 429);

  private final AuditLog log;
  private final DownloadStore store;
  private final Clock clock;

  /**
   * Makes an object that writes to a log.
   *
   * @param store has the entries of downloads
   */
  public AuditEvents(AuditLog log, DownloadStore store, Clock clock) {
    this.log = log;
    this.store = store;
    this.clock = clock;
  }

  @Override
  public void created(Download download, RequestOrigin origin) {
    Instant time = download.created();
    log.add(
        sink ->
            sink.accept(
                line(time, "created", download)
                    .text("address", origin.address())
                    .text("user_agent", origin.userAgent(), MAX_TEXT_BYTES)
                    .text("zip_name", download.zipName(), MAX_TEXT_BYTES)
                    .numberIfKnown("targets", origin.targets())));
  }

  /**
   * Takes a request that was answered, and tells of it if it was refused.
   *
   * @param page the word of the page
   */
  public void answered(String page, int status, RequestNotes notes) {
    if (!REFUSALS.contains(status)) {
      return;
    }
    Instant time = clock.instant();
    log.add(
        sink ->
            sink.accept(
                line(time, "refused")
                    .text("client", notes.client())
                    .text("address", notes.address())
                    .text("user_agent", notes.userAgent(), MAX_TEXT_BYTES)
                    .number("status", status)
                    .text("code", notes.code())
                    .text("page", page)));
  }

  @Override
  public void settled(Download download) {
    Instant settled = download.settled();
    Instant time = settled == null ? clock.instant() : settled;
    if (download.state() == Download.State.READY) {
      log.add(sink -> prepared(time, download, sink));
    } else {
      log.add(sink -> sink.accept(failed(time, download)));
    }
  }

  private void prepared(Instant time, Download download, AuditLog.Sink sink) {
    Download.Totals totals = download.totals();
    sink.accept(
        line(time, "prepared", download)
            .text("zip_name", download.zipName(), MAX_TEXT_BYTES)
            .number("files", totals.files())
            .number("bytes", totals.bytes())
            .number("length", totals.archiveLength())
            .number("mod_zip_length", totals.modZipLength()));
    if (totals.files() > log.settings().maxEntries()) {
      return;
    }
    StreamedArchiveLayout layout = new StreamedArchiveLayout();
    Iterator<Entry> entries = store.entries(download, 0);
    while (entries.hasNext() && !sink.isClosing()) {
      Entry entry = entries.next();
      layout.add(entry);
      if (!entry.isDirectory()) {
        sink.accept(entry(time, download, entry, layout.lastContent()));
      }
    }
  }

  private AuditLine entry(Instant time, Download download, Entry entry, long first) {
    Entry.Source source = entry.source();
    return line(time, "entry")
        .text("download", PrintableText.ofId(download.id()))
        .text("root", source == null ? null : source.root())
        .text("path", source == null ? entry.name() : source.key(), MAX_PATH_BYTES)
        .number("size", entry.size())
        .number("first", first)
        .number("last", first + entry.size() - 1);
  }

  private AuditLine failed(Instant time, Download download) {
    AuditLine line = line(time, "failed", download);
    Failure reason = download.failure();
    return reason == null
        ? line
        : line.text("code", reason.code().code()).text("error", reason.sentence(), MAX_TEXT_BYTES);
  }

  @Override
  public void changed(Download download, long files) {
    Instant time = clock.instant();
    log.add(sink -> sink.accept(line(time, "changed", download).number("files", files)));
  }

  @Override
  public void expired(Download download) {
    Instant time = clock.instant();
    log.add(sink -> sink.accept(line(time, "expired", download)));
  }

  @Override
  public void deleted(Download download, @Nullable RequestOrigin origin) {
    Instant time = clock.instant();
    RequestOrigin asker = origin == null ? RequestOrigin.UNKNOWN : origin;
    log.add(
        sink ->
            sink.accept(
                line(time, "deleted", download)
                    .text("address", asker.address())
                    .text("user_agent", asker.userAgent(), MAX_TEXT_BYTES)));
  }

  @Override
  public void ended(Transfer transfer) {
    if (!transfer.isOfArchive()) {
      return;
    }
    Instant time = clock.instant();
    log.add(
        sink -> {
          for (TransferRequest.Part part : transfer.request().parts()) {
            sink.accept(delivered(time, transfer, part));
          }
        });
  }

  private AuditLine delivered(Instant time, Transfer transfer, TransferRequest.Part part) {
    TransferRequest request = transfer.request();
    Download download = transfer.download();
    long sent = transfer.sent(part);
    boolean isComplete = sent == part.length();
    AuditLine line =
        line(time, "delivered", download, request.client())
            .text("address", request.address())
            .text("user_agent", request.userAgent(), MAX_TEXT_BYTES);
    Transfer.End end = transfer.end();
    if (end != null && end.code() != null && transfer.sent() == 0) {
      // The failure is the reply.
      line.number("status", end.code().status());
    } else {
      line.number("status", request.status());
    }
    if (end != null && end.code() != null) {
      line.text("code", end.code().code());
    }
    line.text("page", request.page().name().toLowerCase(Locale.ROOT))
        .text("method", "GET")
        .text("assembler", "lading")
        .number("first", part.first())
        .number("last", part.last())
        .number("length", download.totals().archiveLength())
        .number("bytes", sent)
        .flag("complete", isComplete);
    if (end != null) {
      // A part that was sent is complete, however the reply ended.
      Transfer.Ending ending = isComplete ? Transfer.Ending.COMPLETE : end.ending();
      line.text("ended", ending.name().toLowerCase(Locale.ROOT))
          .number("duration_ms", TimeUnit.NANOSECONDS.toMillis(end.nanos()));
    }
    return line.numberIfKnown(
        "first_byte_ms",
        transfer.firstNanos() < 0 ? -1 : TimeUnit.NANOSECONDS.toMillis(transfer.firstNanos()));
  }

  private AuditLine line(Instant time, String event) {
    return new AuditLine(time, event, log.settings().leftOut());
  }

  private AuditLine line(Instant time, String event, Download download) {
    return line(time, event, download, download.preparation().client());
  }

  private AuditLine line(Instant time, String event, Download download, String client) {
    return line(time, event)
        .text("download", PrintableText.ofId(download.id()))
        .text("client", client)
        .text("subject", download.preparation().subject(), MAX_SUBJECT_BYTES)
        .texts("roots", roots(download), MAX_LIST_BYTES);
  }

  /** Returns the roots of a download's files; while these are not known, that of its address. */
  private static Collection<String> roots(Download download) {
    Set<String> roots = download.totals().roots();
    return roots.isEmpty() ? List.of(download.root()) : new TreeSet<>(roots);
  }
}
