package org.lading.http;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.lading.base.Abandonable;
import org.lading.base.LogContext;
import org.lading.download.Download;
import org.lading.download.DownloadChanges;

/** One check of the sources of a download, for any number of requests. */
final class SourceCheck implements Runnable, Abandonable {
  private final DownloadChanges changes;
  private final Download download;
  private final Consumer<SourceCheck> ended;
  private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();

  /**
   * Makes a check.
   *
   * @param ended takes this check at its end, before any request goes on
   */
  SourceCheck(DownloadChanges changes, Download download, Consumer<SourceCheck> ended) {
    this.changes = changes;
    this.download = download;
    this.ended = ended;
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
            ended.accept(this);
            end.complete(null);
          } catch (RuntimeException | Error e) {
            ended.accept(this);
            end.completeExceptionally(e);
          }
        });
  }

  @Override
  public void abandon(RuntimeException reason) {
    ended.accept(this);
    end.completeExceptionally(reason);
  }
}
