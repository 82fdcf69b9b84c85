package org.lading.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.lading.archive.Archives;
import org.lading.download.Download;
import org.lading.download.DownloadService;
import org.lading.download.Leases;
import org.lading.http.header.ByteRanges;
import org.lading.http.header.DownloadHeaders;
import org.lading.http.header.Preconditions;

/** Replies with the archive of a download, or with ranges of it. */
public final class ArchiveReply implements AutoCloseable {
  private static final int BUFFER = 64 * 1024;
  private static final String BOUNDARY = "lading-byte-ranges";
  private static final String LAST_BOUNDARY = "\r\n--" + BOUNDARY + "--\r\n";

  private final DownloadService downloads;
  private final Archives archives;
  private final Executor executor;
  private final LongConsumer sent;
  private final BufferPool buffers = new BufferPool(BUFFER);
  private final Set<ArchivePump> running = ConcurrentHashMap.newKeySet();

  /**
   * Replies for the given downloads.
   *
   * @param executor has the threads that read sources; it may block
   * @param sent is told how many bytes were handed to the container
   */
  public ArchiveReply(
      DownloadService downloads, Archives archives, Executor executor, LongConsumer sent) {
    this.downloads = downloads;
    this.archives = archives;
    this.executor = executor;
    this.sent = sent;
  }

  /**
   * Sends the archive, or what the request's conditions and ranges leave of it. The beginning is
   * read before anything is sent: should that fail, the filter is called again, with the {@link
   * #failure}, and can still answer.
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
        // nginx would otherwise take in what the client is too slow for.
        response.setHeader("X-Accel-Buffering", "no");
        sendBody(download, request, response, validators.allowsRange(request));
      }
    }
  }

  /** Closes the sources of archives that are on their way; to be called when no thread reads. */
  @Override
  public void close() {
    running.forEach(ArchivePump::closeInput);
  }

  /** The failure for which the filter is called again, or null. */
  public static @Nullable Throwable failure(ServletRequest request) {
    return (Throwable) request.getAttribute(ArchivePump.FAILURE);
  }

  private void sendBody(
      Download download,
      HttpServletRequest request,
      HttpServletResponse response,
      boolean rangeCounts)
      throws IOException {
    long length = download.totals().archiveLength();
    boolean head = request.getMethod().equals("HEAD");
    String header = head || !rangeCounts ? null : request.getHeader("Range");
    ByteRanges asked = ByteRanges.parse(header, length);
    if (asked == null) {
      response.setContentLengthLong(length);
      if (!head) {
        pump(download, request, response, stream(download, new ByteRanges.Range(0, length)));
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
      pump(download, request, response, stream(download, range));
    } else {
      sendParts(download, request, response, asked.ranges());
    }
  }

  /** Several ranges as {@code multipart/byteranges}, RFC 9110 section 14.6. */
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
      parts.add(() -> stream(download, range));
      total += head.length() + range.length();
    }
    parts.add(() -> text(LAST_BOUNDARY));
    response.setContentType("multipart/byteranges; boundary=" + BOUNDARY);
    response.setContentLengthLong(total);
    pump(download, request, response, new StreamSequence(Collections.unmodifiableList(parts)));
  }

  private InputStream stream(Download download, ByteRanges.Range range) {
    return archives.open(download, range.from(), range.to());
  }

  private static InputStream text(String ascii) {
    return new ByteArrayInputStream(ascii.getBytes(StandardCharsets.US_ASCII));
  }

  private void pump(
      Download download, HttpServletRequest request, HttpServletResponse response, InputStream body)
      throws IOException {
    // What is written goes into this buffer, and from there to the client at the next flush.
    response.setBufferSize(BUFFER);
    InputStream held = held(download, body);
    try {
      pumpHeld(download, request, held);
    } catch (IOException | RuntimeException e) {
      held.close();
      throw e;
    }
  }

  private void pumpHeld(Download download, HttpServletRequest request, InputStream held)
      throws IOException {
    AsyncContext async = request.startAsync();
    // A client that reads nothing at all is the container's to time out.
    async.setTimeout(0);
    ArchivePump pump =
        new ArchivePump(async, executor, download.id(), held, buffers, running, sent);
    async.addListener(pump);
    pump.begin();
  }

  /** Nothing of a download is removed while it is sent, even if its time is up meanwhile. */
  private InputStream held(Download download, InputStream body) {
    Leases.Lease lease = downloads.hold(download);
    return new FilterInputStream(body) {
      @Override
      public void close() throws IOException {
        try (lease) {
          super.close();
        }
      }
    };
  }
}
