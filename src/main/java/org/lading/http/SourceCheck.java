package org.lading.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletRequest;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.lading.base.Abandonable;
import org.lading.base.LogContext;
import org.lading.download.Download;
import org.lading.download.DownloadService;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the sources of a download on a thread of the pool, since a container's thread that waits
 * for a root could not be replaced; then calls the filter again, with the download that was checked
 * or with the failure.
 */
public final class SourceCheck implements Runnable, Abandonable {
  private static final Logger log = LoggerFactory.getLogger(SourceCheck.class);
  private static final String CHECKED = SourceCheck.class.getName() + ".checked";

  private final DownloadService downloads;
  private final Download download;
  private final AsyncContext async;
  private final AtomicBoolean hasEnded = new AtomicBoolean();

  private SourceCheck(DownloadService downloads, Download download, AsyncContext async) {
    this.downloads = downloads;
    this.download = download;
    this.async = async;
  }

  /** Begins to check; the request goes on when the filter is called again. */
  public static void begin(
      DownloadService downloads, Download download, ServletRequest request, Executor threads) {
    AsyncContext async = request.startAsync();
    // The watch over the root has its own limit.
    async.setTimeout(0);
    SourceCheck check = new SourceCheck(downloads, download, async);
    try {
      threads.execute(check);
    } catch (RejectedExecutionException e) {
      check.abandon(
          new LadingException(ErrorCode.STORAGE_UNAVAILABLE, "This application stops", e));
    }
  }

  /** Returns the download that was checked for a request, or null if none was. */
  public static @Nullable Download checked(ServletRequest request) {
    return (Download) request.getAttribute(CHECKED);
  }

  /** Forgets what a check, or the begin of an archive, has found out for a request. */
  public static void forget(ServletRequest request) {
    request.removeAttribute(CHECKED);
    request.removeAttribute(AsyncArchiveSender.FAILURE);
  }

  @Override
  public void run() {
    LogContext.during(
        "Download " + download.id(),
        () -> {
          try {
            downloads.requireUnchanged(download);
            end(CHECKED, download);
          } catch (RuntimeException | Error e) {
            end(AsyncArchiveSender.FAILURE, e);
          }
        });
  }

  @Override
  public void abandon(RuntimeException reason) {
    end(AsyncArchiveSender.FAILURE, reason);
  }

  private void end(String attribute, Object value) {
    if (!hasEnded.compareAndSet(false, true)) {
      return;
    }
    try {
      async.getRequest().setAttribute(attribute, value);
      async.dispatch();
    } catch (IllegalStateException | UnsupportedOperationException e) {
      // Tomcat throws the latter when it has begun to undeploy the application.
      log.debug("Download {}: the request was ended by its container", download.id(), e);
    }
  }
}
