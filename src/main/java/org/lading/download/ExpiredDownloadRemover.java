package org.lading.download;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.lading.base.PrintableText;
import org.lading.error.FaultLog;
import org.lading.error.LadingException;
import org.lading.manifest.StoredFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes downloads whose time is up, 100 at a time: first their contents, and 30 days later the
 * row that tells that the download has expired. Of links, which nobody asks for by their ids, and
 * of visitors, who could have any number of them, no row stays. Every step can be repeated, so the
 * next call, on any node, continues after an interruption.
 */
public final class ExpiredDownloadRemover {
  private static final Logger log = LoggerFactory.getLogger(ExpiredDownloadRemover.class);

  /** The time for which an expired download answers {@code EXPIRED}, not {@code NOT_FOUND}. */
  private static final Duration TIME_KNOWN_AS_EXPIRED = Duration.ofDays(30);

  /** The time until a failed removal is tried again. */
  private static final Duration RETRY_DELAY = Duration.ofHours(1);

  /** The age from which files that no download has can belong to no running attempt. */
  private static final Duration MIN_ORPHAN_AGE = Duration.ofDays(1);

  private static final int BATCH_SIZE = 100;

  private final DownloadStore store;
  private final StoredFiles storedFiles;
  private final Visitors visitors;
  private final DownloadObserver observer;
  private final Clock clock;

  /** Makes one that removes the downloads of a store, and their files. */
  public ExpiredDownloadRemover(DownloadParts parts) {
    this.store = parts.store();
    this.storedFiles = parts.storedFiles();
    this.visitors = parts.visitors();
    this.observer = parts.observer();
    this.clock = parts.clock();
  }

  /**
   * Removes all downloads that are due, in batches, until {@code stopping} becomes true; before
   * that, ends the time of those of visitors that are too many.
   */
  public void removeDue(BooleanSupplier stopping) {
    visitors.expireExcess(clock.instant());
    List<Download> due = List.of();
    do {
      List<Download> before = due;
      due = store.due(clock.instant(), BATCH_SIZE);
      if (!due.isEmpty() && ids(due).equals(ids(before))) {
        log.error("{} expired downloads cannot be removed: the database is damaged", due.size());
        return;
      }
      if (!due.isEmpty()) {
        remove(due, clock.instant());
      }
    } while (due.size() == BATCH_SIZE && !stopping.getAsBoolean());
  }

  /**
   * Removes files in this node's storage that no download needs any more: those of an attempt that
   * went on after its download was removed, and those of downloads that another node, with a
   * storage of its own, expired or prepared again.
   */
  public void removeOrphans(BooleanSupplier stopping) {
    Instant since = clock.instant().minus(MIN_ORPHAN_AGE);
    storedFiles.forEachUntouched(
        since,
        BATCH_SIZE,
        ids -> {
          Map<String, Download> known =
              store.find(ids).stream().collect(Collectors.toMap(Download::id, one -> one));
          for (String id : ids) {
            if (!stopping.getAsBoolean()) {
              removeUnneeded(id, known.get(id), since);
            }
          }
        });
  }

  private void removeUnneeded(String id, @Nullable Download known, Instant since) {
    if (known == null) {
      removeOrphan(id);
    } else if (known.state() == Download.State.EXPIRED && known.expires().isBefore(since)) {
      storedFiles.delete(id);
    } else if (known.attempt() > 1) {
      storedFiles.deleteEarlier(id, known.attempt());
    }
  }

  private void removeOrphan(String id) {
    try {
      log.warn("Files of download {}, which no longer exists, are removed", PrintableText.ofId(id));
      storedFiles.delete(id);
    } catch (RuntimeException e) {
      FaultLog.warn(
          log, "Files of download " + PrintableText.ofId(id) + " could not be removed", e);
    }
  }

  private void remove(List<Download> due, Instant now) {
    List<Download> old = due.stream().filter(one -> isForgotten(one, now)).toList();
    List<Download> others = due.stream().filter(one -> !isForgotten(one, now)).toList();
    List<Download> ended = store.expire(others, now);
    tell(others, ended);
    List<Download> expired = removeFiles(ended, now);
    store.removeContents(expired);
    List<Download> unknown = expired.stream().filter(this::isForgottenAtOnce).toList();
    store.delete(ids(unknown));
    store.setDue(
        expired.stream().filter(one -> !isForgottenAtOnce(one)).toList(),
        now.plus(TIME_KNOWN_AS_EXPIRED));
    List<Download> forgotten = removeFiles(old, now);
    store.removeContents(forgotten);
    store.delete(ids(forgotten));
    expired.forEach(
        one -> log.info("Download {} expired and was removed", PrintableText.ofId(one.id())));
  }

  /**
   * Tells of downloads whose time was up just now, and not when an earlier removal was interrupted,
   * nor when their client removed them.
   */
  private void tell(List<Download> before, List<Download> ended) {
    Set<String> told =
        before.stream()
            .filter(one -> one.state() != Download.State.EXPIRED)
            .filter(one -> !LadingException.removed().failure().equals(one.failure()))
            .map(Download::id)
            .collect(Collectors.toSet());
    ended.stream().filter(one -> told.contains(one.id())).forEach(observer::expired);
  }

  private static List<String> ids(List<Download> downloads) {
    return downloads.stream().map(Download::id).toList();
  }

  private boolean isForgottenAtOnce(Download download) {
    return download.preparation().isOfLink() || visitors.askedFor(download);
  }

  private static boolean isForgotten(Download download, Instant now) {
    return !now.isBefore(download.expires().plus(TIME_KNOWN_AS_EXPIRED));
  }

  /** Removes files, and returns the downloads without those whose files could not be removed. */
  private List<Download> removeFiles(List<Download> downloads, Instant now) {
    List<Download> done = new ArrayList<>();
    for (Download download : downloads) {
      try {
        storedFiles.delete(download.id());
        done.add(download);
      } catch (RuntimeException e) {
        FaultLog.warn(
            log,
            "Download "
                + PrintableText.ofId(download.id())
                + " expired, but its files could not be removed",
            e);
        store.setDue(List.of(download), now.plus(RETRY_DELAY));
      }
    }
    return done;
  }
}
