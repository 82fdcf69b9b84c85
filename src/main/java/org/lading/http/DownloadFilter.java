package org.lading.http;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lading.download.Download;
import org.lading.download.DownloadService;
import org.lading.download.TransferRequest;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/** Serves the manifests and archives of downloads, and passes all other requests on to Jersey. */
public final class DownloadFilter extends HttpFilter {
  private static final long serialVersionUID = 1L;
  private static final Set<String> METHODS = Set.of("GET", "HEAD");

  private final transient DownloadService downloads;
  private final transient ManifestReply manifests;
  private final transient ArchiveReply archives;
  private final transient EntryReply entries;
  private final transient SourceChecks checks;

  /** Makes a filter that serves the downloads of a service. */
  public DownloadFilter(
      DownloadService downloads,
      ManifestReply manifests,
      ArchiveReply archives,
      EntryReply entries,
      SourceChecks checks) {
    this.downloads = downloads;
    this.manifests = manifests;
    this.archives = archives;
    this.entries = entries;
    this.checks = checks;
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String pathInContext = request.getRequestURI().substring(request.getContextPath().length());
    DownloadPagePath path = DownloadPagePath.parse(pathInContext);
    if (request.getDispatcherType() == DispatcherType.ASYNC) {
      Throwable failure = ArchiveReply.failure(request);
      if (failure != null) {
        fail(path, request, response, failure);
        return;
      }
    }
    if (path == null) {
      chain.doFilter(request, response);
      return;
    }
    if (!METHODS.contains(request.getMethod())) {
      ErrorReply.send(
          request,
          response,
          new LadingException(ErrorCode.METHOD_NOT_ALLOWED, "This page takes GET and HEAD only"),
          path.subject(),
          Map.of("Allow", "GET, HEAD"));
      return;
    }
    try {
      serve(path, request, response);
    } catch (RuntimeException e) {
      fail(path, request, response, e);
    }
  }

  private static ArchiveReply.Asker asker(DownloadPagePath path, Download download) {
    boolean isGet = path.page() == DownloadPagePath.Page.GET;
    return ArchiveReply.Asker.ofPage(
        isGet ? TransferRequest.Page.GET : TransferRequest.Page.DOWNLOAD, download);
  }

  /** Replies with a failure; the status of the download is beside the page that failed. */
  private static void fail(
      @Nullable DownloadPagePath path,
      HttpServletRequest request,
      HttpServletResponse response,
      Throwable failure)
      throws IOException {
    String subject = path == null ? "Lading" : path.subject();
    String statusLink = path == null || path.isOfEntry() ? null : "status";
    ErrorReply.sendOfDownload(request, response, failure, subject, statusLink);
  }

  private void serve(
      DownloadPagePath path, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (path.isOfEntry()) {
      entries.send(path, request, response);
      return;
    }
    Download checked = SourceChecks.checked(request);
    Download download = checked == null ? downloads.ready(path.root(), path.id()) : checked;
    if (path.page() == DownloadPagePath.Page.DOWNLOAD
        || (path.page() == DownloadPagePath.Page.GET
            && !manifests.canBeAssembled(download, request))) {
      archives.send(download, asker(path, download), request, response);
      return;
    }
    boolean head = request.getMethod().equals("HEAD");
    if (checked == null) {
      if (!head) {
        manifests.hold(download);
      }
      if (checks.canDetectChanges(download)) {
        checks.begin(download, request);
        return;
      }
    }
    if (path.page() == DownloadPagePath.Page.GET) {
      manifests.sendArchive(
          download,
          ArchiveReply.Asker.ofPage(TransferRequest.Page.GET, download),
          head,
          request,
          response);
    } else {
      manifests.sendText(download, head, request, response);
    }
  }
}
