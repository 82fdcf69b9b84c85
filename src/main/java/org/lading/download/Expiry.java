package org.lading.download;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.lading.manifest.StoredFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes downloads whose time is up, a hundred at a time: first what they hold, and when nobody is
 * likely to ask any more, what says that there was one. Every step can be done again, so one that
 * was interrupted is taken up by the next call, on any node.
 */
public final class Expiry {
  private static final Logger log = LoggerFactory.getLogger(Expiry.class);

  /** So long an expired download answers that it expired, rather than that there is none. */
  private static final Duration REMEMBERED = Duration.ofDays(30);

  /** What could not be removed is tried again after this. */
  private static final Duration LATER = Duration.ofHours(1);

  private static final Duration SURELY_OVER = Duration.ofDays(1);

  private static final int BATCH = 100;

  private final DownloadStore store;
  private final StoredFiles storedFiles;
  private final Clock clock;

  /** Expiry of the downloads in a store, and of their files. */
  public Expiry(DownloadStore store, StoredFiles storedFiles, Clock clock) {
    this.store = store;
    this.storedFiles = storedFiles;
    this.clock = clock;
  }

  /** Removes everything that is due, or stops at the next batch. */
  public void removeDue(BooleanSupplier stopping) {
    List<Download> due;
    do {
      due = store.due(clock.instant(), BATCH);
      if (!due.isEmpty()) {
        remove(due, clock.instant());
      }
    } while (due.size() == BATCH && !stopping.getAsBoolean());
  }

  /**
   * Removes files of which no download knows, as an attempt may leave them that went on after its
   * download was removed.
   */
  public void removeOrphans(BooleanSupplier stopping) {
    storedFiles.forEachUntouched(
        clock.instant().minus(SURELY_OVER),
        BATCH,
        ids -> {
          Set<String> known =
              store.find(ids).stream().map(Download::id).collect(Collectors.toSet());
          for (String id : ids) {
            if (!known.contains(id) && !stopping.getAsBoolean()) {
              removeOrphan(id);
            }
          }
        });
  }

  private void removeOrphan(String id) {
    try {
      log.warn("Files of download {}, which is not there any more, are removed", id);
      storedFiles.delete(id);
    } catch (RuntimeException e) {
      log.warn("Files of download {} could not be removed", id, e);
    }
  }

  private void remove(List<Download> due, Instant now) {
    List<Download> old = due.stream().filter(one -> isForgotten(one, now)).toList();
    List<Download> fresh = due.stream().filter(one -> !isForgotten(one, now)).toList();
    List<Download> expired = withoutFiles(store.expire(fresh, now), now);
    store.removeContents(expired);
    store.setDue(expired, now.plus(REMEMBERED));
    List<Download> forgotten = withoutFiles(old, now);
    store.removeContents(forgotten);
    store.delete(forgotten.stream().map(Download::id).toList());
    expired.forEach(one -> log.info("Download {} expired and was removed", one.id()));
  }

  private static boolean isForgotten(Download download, Instant now) {
    return !now.isBefore(download.expires().plus(REMEMBERED));
  }

  /** Removes their files; one that keeps some must not be in the way of the others. */
  private List<Download> withoutFiles(List<Download> downloads, Instant now) {
    List<Download> done = new ArrayList<>();
    for (Download download : downloads) {
      try {
        storedFiles.delete(download.id());
        done.add(download);
      } catch (RuntimeException e) {
        log.warn("Download {} expired, but its files could not be removed", download.id(), e);
        store.setDue(List.of(download), now.plus(LATER));
      }
    }
    return done;
  }
}
