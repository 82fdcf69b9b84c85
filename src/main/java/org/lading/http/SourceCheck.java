package org.lading.http;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.lading.base.Abandonable;
import org.lading.base.LogContext;
import org.lading.base.PrintableText;
import org.lading.download.Download;
import org.lading.download.DownloadChanges;

/** One check of the sources of a download, for any number of requests. */
final class SourceCheck implements Runnable, Abandonable {
  /** The time in which the result of a check that was kept may be used again. */
  private static final Duration REUSE = Duration.ofSeconds(2);

  private final DownloadChanges changes;
  private final Download download;
  private final Consumer<SourceCheck> ended;
  private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();
  private volatile @Nullable Instant kept;

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

  /** Has the result used again from now on, for a while. */
  void keep(Instant now) {
    kept = now;
  }

  /** Returns whether a request may wait for this check, or use its result. */
  boolean isUsableAt(Instant now) {
    Instant since = kept;
    return since == null || (now.isBefore(since.plus(REUSE)) && !now.isBefore(since));
  }

  @Override
  public void run() {
    LogContext.during(
        "Download " + PrintableText.ofId(download.id()),
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
