package org.lading.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletRequest;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.lading.download.Download;
import org.lading.download.DownloadChanges;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the sources of downloads on threads of the pool, since a container's thread that waits for
 * a root could not be replaced; then calls the filter again, with the download that was checked or
 * with the failure.
 *
 * <p>A check looks at each file, and whoever has the address of an archive may send any number of
 * requests. So all requests for one download share the check that is running, and where it has more
 * than {@value #MAX_FILES_ALWAYS_CHECKED} entries, its result is used for two seconds more. Smaller
 * downloads are checked for each request that comes when none is running: that costs no more than
 * the request itself.
 */
public final class SourceChecks {
  /** The maximum number of entries of downloads whose checks cost too little to be used again. */
  private static final int MAX_FILES_ALWAYS_CHECKED = 1000;

  /** The maximum number of results that are kept, beside the checks that are running. */
  private static final int MAX_KEPT = 1000;

  private static final String CHECKED = SourceChecks.class.getName() + ".checked";
  private static final Logger log = LoggerFactory.getLogger(SourceChecks.class);

  private final DownloadChanges changes;
  private final Executor threads;
  private final Clock clock;
  private final ConcurrentMap<String, SourceCheck> checks = new ConcurrentHashMap<>();

  /**
   * Makes an object that checks downloads.
   *
   * @param threads has the threads that check; its tasks may block
   */
  public SourceChecks(DownloadChanges changes, Executor threads, Clock clock) {
    this.changes = changes;
    this.threads = threads;
    this.clock = clock;
  }

  /** Returns whether a check of a download can find a change. */
  public boolean canDetectChanges(Download download) {
    return changes.canDetectChanges(download);
  }

  /** Begins to check, or waits for the check that runs; then the filter is called again. */
  public void begin(Download download, ServletRequest request) {
    AsyncContext async = request.startAsync();
    // The watch over the root has its own limit.
    async.setTimeout(0);
    var unused =
        shared(download)
            .end()
            .whenComplete(
                (none, failure) -> {
                  if (failure == null) {
                    dispatch(async, CHECKED, download);
                  } else {
                    dispatch(async, AsyncArchiveSender.FAILURE, failure);
                  }
                });
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

  private SourceCheck shared(Download download) {
    Instant now = clock.instant();
    SourceCheck fresh = new SourceCheck(changes, download, this::keep);
    SourceCheck shared =
        checks.merge(download.id(), fresh, (known, other) -> known.isUsableAt(now) ? known : other);
    if (shared == fresh) {
      begin(fresh);
    }
    return shared;
  }

  private void begin(SourceCheck check) {
    try {
      threads.execute(check);
    } catch (RejectedExecutionException e) {
      check.abandon(
          new LadingException(ErrorCode.STORAGE_UNAVAILABLE, "This application stops", e));
    }
  }

  /** Keeps the result of a check that has ended, if it was a large one. */
  private void keep(SourceCheck check) {
    Download download = check.download();
    Instant now = clock.instant();
    checks.values().removeIf(other -> !other.isUsableAt(now));
    if (download.totals().entries() > MAX_FILES_ALWAYS_CHECKED && checks.size() <= MAX_KEPT) {
      check.keep(now);
    } else {
      checks.remove(download.id(), check);
    }
  }

  private static void dispatch(AsyncContext async, String attribute, Object value) {
    try {
      async.getRequest().setAttribute(attribute, value);
      async.dispatch();
    } catch (IllegalStateException | UnsupportedOperationException e) {
      // Tomcat throws the latter when it has begun to undeploy the application.
      log.debug("A request was ended by its container", e);
    }
  }
}
