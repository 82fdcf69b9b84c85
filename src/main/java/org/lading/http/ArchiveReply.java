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
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.lading.archive.Archives;
import org.lading.download.Deliveries;
import org.lading.download.Download;
import org.lading.download.Leases;
import org.lading.http.header.ByteRanges;
import org.lading.http.header.DownloadHeaders;
import org.lading.http.header.Preconditions;
import org.lading.manifest.Entry;

/** Replies with the archive of a download, or with byte ranges of it. */
public final class ArchiveReply implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final String BOUNDARY = "lading-byte-ranges";
  private static final String LAST_BOUNDARY = "\r\n--" + BOUNDARY + "--\r\n";

  private final Leases leases;
  private final Archives archives;
  private final Deliveries deliveries;
  private final AsyncArchiveSender.SharedParts senderParts;

  /**
   * Makes an object that sends the replies.
   *
   * @param leases protect downloads from removal while they are sent
   * @param deliveries counts what is sent
   * @param executor has the threads that read sources; its tasks may block
   * @param sent takes the numbers of bytes that were handed to the container
   */
  public ArchiveReply(
      Leases leases,
      Archives archives,
      Deliveries deliveries,
      Executor executor,
      LongConsumer sent) {
    this.leases = leases;
    this.archives = archives;
    this.deliveries = deliveries;
    this.senderParts =
        new AsyncArchiveSender.SharedParts(
            executor, new BufferPool(BUFFER_BYTES), ConcurrentHashMap.newKeySet(), sent);
  }

  /**
   * Sends the archive, or the part that the request's conditions and ranges ask for. The first
   * bytes are read before the response is committed: if that fails, the filter is called again,
   * with the {@link #failure}, and can still reply with an error.
   */
  public void send(Download download, HttpServletRequest request, HttpServletResponse response)
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
        sendBody(download, request, response, validators.range(request));
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
        deliveries::beginUncounted,
        request,
        response,
        // Opened by a reader's thread, since a store may take its time.
        () -> new StreamSequence(List.of(() -> archives.open(entry, part.from(), part.to()))));
  }

  private void sendBody(
      Download download,
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
        begin(
            download,
            deliveries::begin,
            request,
            response,
            () -> open(download, new ByteRanges.Range(0, length)));
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
      begin(download, deliveries::begin, request, response, () -> open(download, range));
    } else {
      sendParts(download, request, response, asked.ranges());
    }
  }

  /** Sends several ranges as {@code multipart/byteranges}, RFC 9110 section 14.6. */
  private void sendParts(
      Download download,
      HttpServletRequest request,
      HttpServletResponse response,
      List<ByteRanges.Range> ranges)
      throws IOException {
    long total = LAST_BOUNDARY.length();
    List<StreamSequence.StreamOpener> parts = new ArrayList<>();
    for (ByteRanges.Range range : ranges) {
      String head =
          "\r\n--%s\r\nContent-Type: application/zip\r\nContent-Range: %s\r\n\r\n"
              .formatted(BOUNDARY, range.contentRange(download.totals().archiveLength()));
      parts.add(() -> text(head));
      parts.add(() -> open(download, range));
      total += head.length() + range.length();
    }
    parts.add(() -> text(LAST_BOUNDARY));
    response.setContentType("multipart/byteranges; boundary=" + BOUNDARY);
    response.setContentLengthLong(total);
    begin(
        download,
        deliveries::begin,
        request,
        response,
        () -> new StreamSequence(Collections.unmodifiableList(parts)));
  }

  private InputStream open(Download download, ByteRanges.Range range) {
    return archives.open(download, range.from(), range.to());
  }

  private static InputStream text(String ascii) {
    return new ByteArrayInputStream(ascii.getBytes(StandardCharsets.US_ASCII));
  }

  private void begin(
      Download download,
      Function<Download, Deliveries.Delivery> counting,
      HttpServletRequest request,
      HttpServletResponse response,
      StreamSequence.StreamOpener opener)
      throws IOException {
    // Writes fill this buffer, which is sent to the client at the next flush.
    response.setBufferSize(BUFFER_BYTES);
    InputStream body = openLeased(download, counting, opener);
    try {
      beginSending(download, request, body);
    } catch (IOException | RuntimeException e) {
      body.close();
      throw e;
    }
  }

  private void beginSending(Download download, HttpServletRequest request, InputStream body)
      throws IOException {
    AsyncContext async = request.startAsync();
    // The container closes the connection of a client that reads nothing.
    async.setTimeout(0);
    AsyncArchiveSender sender =
        new AsyncArchiveSender(async, body, "Download " + download.id(), senderParts);
    async.addListener(sender);
    sender.begin();
  }

  /**
   * Protects a download from removal, and then opens the body, whose close ends the protection. The
   * order matters: a download that is about to be removed must be found expired, not half there.
   */
  private InputStream openLeased(
      Download download,
      Function<Download, Deliveries.Delivery> counting,
      StreamSequence.StreamOpener opener)
      throws IOException {
    Leases.Lease lease = leases.hold(download);
    try {
      return new LeasedInputStream(opener.open(), lease, counting.apply(download));
    } catch (IOException | RuntimeException | Error e) {
      lease.close();
      throw e;
    }
  }
}
