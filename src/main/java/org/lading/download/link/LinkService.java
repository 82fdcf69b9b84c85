package org.lading.download.link;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.lading.base.PrintableText;
import org.lading.download.Download;
import org.lading.download.DownloadParts;
import org.lading.download.FairQueue;
import org.lading.download.NewDownloads;
import org.lading.error.ErrorCode;
import org.lading.error.Failure;
import org.lading.error.FaultLog;
import org.lading.error.LadingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the download of a link, and has it prepared where there is none, or none that is still
 * right. Of any number of requests at once, at any number of nodes, one has it prepared, and the
 * others wait for that.
 */
public final class LinkService {
  /** The time after its last use after which the download of a link expires. */
  public static final Duration KEPT = Duration.ofDays(1);

  /** The part of that time that may pass before a use is stored. */
  private static final Duration KEPT_STEP = Duration.ofHours(1);

  /** The time for which a failure is given again before another attempt is made. */
  private static final Duration FAILURE_KEPT = Duration.ofSeconds(10);

  /** The maximum number of times that others may be faster at one request. */
  private static final int MAX_TRIES = 20;

  private static final Logger log = LoggerFactory.getLogger(LinkService.class);

  private final DownloadParts parts;
  private final LinkStore links;
  private final NewDownloads fresh;
  private final Executor executor;
  private final Supplier<String> ids;
  private final Duration reuse;
  private final KeyedLocks locks = new KeyedLocks();

  /**
   * Makes a service.
   *
   * @param queue takes stored downloads for preparation
   * @param executor completes the answers to clients that wait for a download
   * @param ids gives unguessable ids
   * @param reuse the time for which a download is given again before its sources are listed anew
   */
  public LinkService(
      DownloadParts parts,
      LinkStore links,
      FairQueue queue,
      Executor executor,
      Supplier<String> ids,
      Duration reuse) {
    this.parts = parts;
    this.links = links;
    this.fresh = new NewDownloads(parts, queue);
    this.executor = executor;
    this.ids = ids;
    this.reuse = reuse;
  }

  /**
   * Returns the download of a link: ready, or as it is when the time is up. If it could not be
   * prepared, the future fails with the reason.
   *
   * @param changed a download of this link of which the caller knows that its sources have changed,
   *     or null
   */
  public CompletableFuture<Download> find(Link link, Duration wait, @Nullable Download changed) {
    if (changed != null) {
      links.markChanged(link.key(), changed.id());
    }
    Waiting waiting = begin(link, wait);
    return waiting.answer == null
        ? CompletableFuture.completedFuture(waiting.download)
        : waiting.answer.thenApplyAsync(ended -> afterWait(link, ended), executor);
  }

  /** What a request gets: a download that is ready, or the answer when one is settled. */
  private record Waiting(Download download, @Nullable CompletableFuture<Download> answer) {}

  private Download afterWait(Link link, Download ended) {
    Failure failure = ended.failure();
    if (failure != null) {
      throw failure.toException();
    }
    if (ended.state() != Download.State.READY) {
      return ended;
    }
    for (int i = 0; i < MAX_TRIES; i++) {
      StoredLink stored = links.find(link.key()).orElse(null);
      Download current = stored == null ? null : download(stored.current()).orElse(null);
      if (stored == null || current == null) {
        return ended;
      }
      if (!ended.id().equals(stored.next())) {
        return current.state() == Download.State.READY ? current : ended;
      }
      settle(stored, current, ended);
    }
    return ended;
  }

  /** Finds what is there, and changes the link under a lock only where that does not suffice. */
  private Waiting begin(Link link, Duration wait) {
    Waiting found = found(links.find(link.key()).orElse(null), wait);
    if (found != null) {
      return found;
    }
    if (!link.mayPrepare()) {
      throw new LadingException(
          ErrorCode.FORBIDDEN, "The pages of other sites do not have archives prepared");
    }
    return locks.holding(link.key(), () -> beginAlone(link, wait));
  }

  private Waiting beginAlone(Link link, Duration wait) {
    for (int i = 0; i < MAX_TRIES; i++) {
      StoredLink stored = links.find(link.key()).orElse(null);
      Waiting found = found(stored, wait);
      if (found == null) {
        found = changed(link, stored, wait);
      }
      if (found != null) {
        return found;
      }
    }
    throw new LadingException(ErrorCode.BUSY, "Too many ask for this link at once");
  }

  /** Returns what a request gets without a change of the link; null if there is no such thing. */
  private @Nullable Waiting found(@Nullable StoredLink stored, Duration wait) {
    if (stored == null) {
      return null;
    }
    Optional<Download> current = download(stored.current());
    String nextId = stored.next();
    Download given = nextId == null ? current.orElse(null) : download(nextId).orElse(null);
    if (given == null || given.state() == Download.State.EXPIRED) {
      return null;
    }
    if (!given.state().isSettled()) {
      return new Waiting(given, parts.waiters().await(given, wait));
    }
    if (given.state() == Download.State.READY) {
      return nextId == null && isFresh(stored) && !given.isChanged()
          ? new Waiting(extended(given), null)
          : null;
    }
    Instant settled = given.settled();
    Failure failure = given.failure();
    if (settled != null && failure != null && settled.plus(FAILURE_KEPT).isAfter(parts.now())) {
      throw failure.toException();
    }
    return null;
  }

  private boolean isFresh(StoredLink stored) {
    return stored.checked().plus(reuse).isAfter(parts.now());
  }

  /** Changes the link for a request that found nothing; null if another one has changed it. */
  private @Nullable Waiting changed(Link link, @Nullable StoredLink stored, Duration wait) {
    Download current = stored == null ? null : download(stored.current()).orElse(null);
    if (current != null && !current.state().isSettled()) {
      return null;
    }
    if (stored == null || current == null || current.state() != Download.State.READY) {
      return prepared(link, stored, false, current, wait);
    }
    String nextId = stored.next();
    Download next = nextId == null ? null : download(nextId).orElse(null);
    if (next != null && next.state() == Download.State.READY) {
      settle(stored, current, next);
      return null;
    }
    try {
      return prepared(link, stored, true, next, wait);
    } catch (LadingException e) {
      boolean isForNow = e.code() == ErrorCode.BUSY || e.code() == ErrorCode.TOO_MANY_REQUESTS;
      if (!isForNow || isKnownChanged(stored, current)) {
        throw e;
      }
      // What is old, and is not known to have changed, is better than nothing.
      return new Waiting(extended(current), null);
    }
  }

  private static boolean isKnownChanged(StoredLink stored, Download current) {
    return stored.checked().equals(Instant.EPOCH) || current.isChanged();
  }

  /** Has the next download take the place of the current one, unless it is the same archive. */
  private void settle(StoredLink stored, Download current, Download next) {
    boolean isOther =
        isKnownChanged(stored, current)
            || current.state() != Download.State.READY
            || !current.totals().hasSameSources(next.totals());
    Instant settled = next.settled();
    boolean isDone = links.settle(stored, isOther, settled == null ? next.created() : settled);
    if (isDone && !isOther) {
      discard(next);
    }
  }

  private @Nullable Waiting prepared(
      Link link,
      @Nullable StoredLink stored,
      boolean asNext,
      @Nullable Download replaced,
      Duration wait) {
    parts.visitors().requireRoom(link.client());
    link.admission().run();
    Instant now = parts.now();
    Download pending =
        Download.pending(ids.get(), link.request(), link.client(), now, now.plus(KEPT)).ofLink();
    LinkStore.Stored how =
        links.insert(
            link.key(),
            stored,
            asNext,
            pending,
            link.request().manifest().targets().iterator(),
            fresh.room(link.client()));
    if (how == LinkStore.Stored.NOT) {
      return null;
    }
    log.info("Download {} is for {}, by a link", PrintableText.ofId(pending.id()), link.client());
    parts.observer().created(pending, link.request().origin());
    CompletableFuture<Download> answer = parts.waiters().await(pending, wait);
    if (how == LinkStore.Stored.NEXT) {
      fresh.submit(pending);
    }
    if (replaced != null && replaced.state() != Download.State.EXPIRED) {
      discard(replaced);
    }
    return new Waiting(pending, answer);
  }

  /** Removes a download that has failed, or that nobody was given. */
  private void discard(Download unused) {
    try {
      fresh.discard(unused);
    } catch (RuntimeException e) {
      FaultLog.warn(
          log, "Download " + PrintableText.ofId(unused.id()) + " stays until it expires", e);
    }
  }

  private Optional<Download> download(String id) {
    return parts.store().find(id).map(found -> found.at(parts.now()));
  }

  /** Puts off the expiry of a download that is used. */
  private Download extended(Download used) {
    Instant expires = parts.now().plus(KEPT);
    if (used.expires().isBefore(expires.minus(KEPT_STEP))) {
      links.extend(used.id(), expires);
    }
    return used;
  }
}
