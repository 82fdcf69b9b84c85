package org.lading.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.lading.archive.Archives;
import org.lading.base.PrintableText;
import org.lading.download.Download;
import org.lading.download.Leases;
import org.lading.download.TransferRequest;
import org.lading.download.Transfers;
import org.lading.http.header.ByteRanges;
import org.lading.http.header.ClientAddress;
import org.lading.http.header.DownloadHeaders;
import org.lading.http.header.Preconditions;
import org.lading.limit.SendingLimits;
import org.lading.manifest.Entry;

/** Replies with the archive of a download, or with byte ranges of it. */
public final class ArchiveReply implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 * 1024;

  private static final String BOUNDARY = "lading-byte-ranges";
  private static final String LAST_BOUNDARY = "\r\n--" + BOUNDARY + "--\r\n";

  private final Leases leases;
  private final Archives archives;
  private final Transfers transfers;
  private final ClientAddress addresses;
  private final ArchiveAdmission admission;
  private final AsyncArchiveSender.SharedParts senderParts;

  /**
   * Makes an object that sends the replies.
   *
   * @param leases protect downloads from removal while they are sent
   * @param transfers knows what is being sent
   * @param addresses finds the addresses of clients
   * @param limits bounds what is sent
   * @param executor has the threads that read sources; its tasks may block
   */
  public ArchiveReply(
      Leases leases,
      Archives archives,
      Transfers transfers,
      ClientAddress addresses,
      SendingLimits limits,
      Executor executor) {
    this.leases = leases;
    this.archives = archives;
    this.transfers = transfers;
    this.addresses = addresses;
    this.admission = new ArchiveAdmission(limits, executor);
    this.senderParts =
        new AsyncArchiveSender.SharedParts(
            executor, new BufferPool(BUFFER_BYTES), limits.pacer(), ConcurrentHashMap.newKeySet());
  }

  /**
   * Sends the archive, or the part that the request's conditions and ranges ask for. The first
   * bytes are read before the response is committed: if that fails, the filter is called again,
   * with the {@link #failure}, and can still reply with an error.
   *
   * @param asker the page that was asked for, and by whom
   */
  public void send(
      Download download, Asker asker, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Preconditions validators =
        new Preconditions('"' + download.totals().fingerprint() + "-z\"", download.created());
    DownloadHeaders.set(response, download, validators);
    response.setHeader("Accept-Ranges", "bytes");
    switch (validators.evaluate(request)) {
      case NOT_MODIFIED -> response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
      case FAILED -> response.setStatus(HttpServletResponse.SC_PRECONDITION_FAILED);
      case PROCEED -> {
        // nginx would otherwise buffer what a slow client has not read.
        response.setHeader("X-Accel-Buffering", "no");
        sendBody(download, asker, request, response, validators.range(request));
      }
    }
  }

  /**
   * Closes the sources of archives that are being sent, except those that a thread still reads: to
   * close them would wait for the thread.
   */
  @Override
  public void close() {
    senderParts.running().forEach(AsyncArchiveSender::closeUnlessReading);
  }

  /**
   * Who asks for an archive.
   *
   * @param page the page that is asked for
   * @param client the name of the client for which the archive is sent
   */
  public record Asker(TransferRequest.Page page, String client) {
    /** Makes one who has the address of a download's page. */
    static Asker ofPage(TransferRequest.Page page, Download download) {
      return new Asker(page, download.preparation().client());
    }
  }

  /** Returns the failure for which the filter is called again, or null. */
  public static @Nullable Throwable failure(ServletRequest request) {
    return (Throwable) request.getAttribute(AsyncArchiveSender.FAILURE);
  }

  /**
   * Sends the content of one entry, or the one range of it that the request asks for; the first
   * bytes are read as those of an archive. What is no longer the content that was listed is never
   * sent: the reply is an error, or breaks off.
   */
  void sendEntry(
      Download download, Entry entry, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    long size = entry.size();
    ByteRanges asked = ByteRanges.parse(request.getHeader("Range"), size);
    ByteRanges.Range range = new ByteRanges.Range(0, size);
    if (asked != null && asked.ranges().isEmpty()) {
      response.setStatus(HttpServletResponse.SC_REQUESTED_RANGE_NOT_SATISFIABLE);
      response.setHeader("Content-Range", "bytes */" + size);
      return;
    }
    if (asked != null && asked.ranges().size() == 1) {
      range = asked.ranges().get(0);
      response.setStatus(HttpServletResponse.SC_PARTIAL_CONTENT);
      response.setHeader("Content-Range", range.contentRange(size));
    }
    response.setContentLengthLong(range.length());
    if (request.getMethod().equals("HEAD")) {
      return;
    }
    ByteRanges.Range part = range;
    begin(
        download,
        new Body(
            Asker.ofPage(TransferRequest.Page.ENTRY, download),
            range.length(),
            List.of(part(range, 0)),
            // Opened by a reader's thread, since a store may take its time.
            () -> new StreamSequence(List.of(() -> archives.open(entry, part.from(), part.to())))),
        request,
        response);
  }

  /**
   * The body of a reply.
   *
   * @param asker who asked for it
   * @param length its length in bytes
   * @param parts the byte ranges of the archive in it
   * @param opener opens it
   */
  private record Body(
      Asker asker,
      long length,
      List<TransferRequest.Part> parts,
      StreamSequence.StreamOpener opener) {}

  private static TransferRequest.Part part(ByteRanges.Range range, long offset) {
    return new TransferRequest.Part(range.from(), range.to() - 1, offset);
  }

  private void sendBody(
      Download download,
      Asker asker,
      HttpServletRequest request,
      HttpServletResponse response,
      @Nullable String rangeHeader)
      throws IOException {
    long length = download.totals().archiveLength();
    boolean head = request.getMethod().equals("HEAD");
    ByteRanges asked = ByteRanges.parse(head ? null : rangeHeader, length);
    if (asked == null) {
      response.setContentLengthLong(length);
      if (!head) {
        sendRange(download, asker, new ByteRanges.Range(0, length), request, response);
      }
      return;
    }
    if (asked.ranges().isEmpty()) {
      response.setStatus(HttpServletResponse.SC_REQUESTED_RANGE_NOT_SATISFIABLE);
      response.setHeader("Content-Range", "bytes */" + length);
      return;
    }
    response.setStatus(HttpServletResponse.SC_PARTIAL_CONTENT);
    if (asked.ranges().size() == 1) {
      ByteRanges.Range range = asked.ranges().get(0);
      response.setHeader("Content-Range", range.contentRange(length));
      response.setContentLengthLong(range.length());
      sendRange(download, asker, range, request, response);
    } else {
      sendParts(download, asker, request, response, asked.ranges());
    }
  }

  private void sendRange(
      Download download,
      Asker asker,
      ByteRanges.Range range,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    begin(
        download,
        new Body(asker, range.length(), List.of(part(range, 0)), () -> open(download, range)),
        request,
        response);
  }

  /** Sends several ranges as {@code multipart/byteranges}, RFC 9110 section 14.6. */
  private void sendParts(
      Download download,
      Asker asker,
      HttpServletRequest request,
      HttpServletResponse response,
      List<ByteRanges.Range> ranges)
      throws IOException {
    long total = 0;
    List<StreamSequence.StreamOpener> parts = new ArrayList<>();
    List<TransferRequest.Part> ofArchive = new ArrayList<>();
    for (ByteRanges.Range range : ranges) {
      String head =
          "\r\n--%s\r\nContent-Type: application/zip\r\nContent-Range: %s\r\n\r\n"
              .formatted(BOUNDARY, range.contentRange(download.totals().archiveLength()));
      parts.add(() -> text(head));
      parts.add(() -> open(download, range));
      ofArchive.add(part(range, total + head.length()));
      total += head.length() + range.length();
    }
    parts.add(() -> text(LAST_BOUNDARY));
    total += LAST_BOUNDARY.length();
    response.setContentType("multipart/byteranges; boundary=" + BOUNDARY);
    response.setContentLengthLong(total);
    begin(
        download,
        new Body(
            asker, total, ofArchive, () -> new StreamSequence(Collections.unmodifiableList(parts))),
        request,
        response);
  }

  private InputStream open(Download download, ByteRanges.Range range) {
    return archives.open(download, range.from(), range.to());
  }

  private static InputStream text(String ascii) {
    return new ByteArrayInputStream(ascii.getBytes(StandardCharsets.US_ASCII));
  }

  private void begin(
      Download download, Body body, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    // Writes fill this buffer, which is sent to the client at the next flush.
    response.setBufferSize(BUFFER_BYTES);
    TransferRequest transfer =
        new TransferRequest(
            body.asker().page(),
            body.asker().client(),
            addresses.of(request),
            request.getHeader("User-Agent"),
            response.getStatus(),
            body.length(),
            body.parts());
    ArchiveAdmission.Opener opened = held -> openLeased(download, transfer, held, body.opener());
    ArchiveAdmission.Begin begin = (async, source) -> beginSending(download, async, source);
    if (transfer.page() == TransferRequest.Page.ENTRY) {
      // nginx is in the middle of an archive that is counted.
      LeasedInputStream source = opened.open(unsent -> {});
      begin.begin(ArchiveAdmission.startAsync(request), source);
    } else {
      admission.begin(download, transfer, request, opened, begin);
    }
  }

  private void beginSending(Download download, AsyncContext async, LeasedInputStream source)
      throws IOException {
    try {
      AsyncArchiveSender sender =
          new AsyncArchiveSender(
              async, source, "Download " + PrintableText.ofId(download.id()), senderParts);
      async.addListener(sender);
      sender.begin();
    } catch (IOException | RuntimeException e) {
      source.close();
      throw e;
    }
  }

  /**
   * Protects a download from removal, and then opens the body, whose close ends the protection. The
   * order matters: a download that is about to be removed must be found expired, not half there.
   */
  private LeasedInputStream openLeased(
      Download download,
      TransferRequest request,
      LongConsumer held,
      StreamSequence.StreamOpener opener)
      throws IOException {
    Leases.Lease lease = leases.hold(download);
    try {
      InputStream in = opener.open();
      return new LeasedInputStream(in, lease, transfers.begin(download, request), held);
    } catch (IOException | RuntimeException | Error e) {
      lease.close();
      throw e;
    }
  }
}
