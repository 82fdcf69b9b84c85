package org.lading.http;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.lading.base.Abandonable;
import org.lading.base.LogContext;
import org.lading.download.Download;
import org.lading.download.DownloadChanges;

/** One check of the sources of a download, for any number of requests. */
final class SourceCheck implements Runnable, Abandonable {
  private final DownloadChanges changes;
  private final Download download;
  private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();

  SourceCheck(DownloadChanges changes, Download download) {
    this.changes = changes;
    this.download = download;
  }

  Download download() {
    return download;
  }

  /** Returns its end: it completes, or fails with what {@code requireUnchanged} throws. */
  CompletableFuture<@Nullable Void> end() {
    return end;
  }

  @Override
  public void run() {
    LogContext.during(
        "Download " + download.id(),
        () -> {
          try {
            changes.requireUnchanged(download);
            end.complete(null);
          } catch (RuntimeException | Error e) {
            end.completeExceptionally(e);
          }
        });
  }

  @Override
  public void abandon(RuntimeException reason) {
    end.completeExceptionally(reason);
  }
}
