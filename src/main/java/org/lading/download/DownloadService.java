package org.lading.download;

import static java.util.Collections.emptyIterator;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.lading.base.PrintableText;
import org.lading.error.ErrorCode;
import org.lading.error.Failure;
import org.lading.error.FaultLog;
import org.lading.error.LadingException;
import org.lading.manifest.ManifestRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes requests for downloads, and finds downloads by their ids. */
public final class DownloadService {
  private static final Logger log = LoggerFactory.getLogger(DownloadService.class);

  /** The time in which a download is not prepared again, so that nobody can fill the store. */
  private static final Duration MIN_REPEAT_PAUSE = Duration.ofSeconds(30);

  private final DownloadParts parts;
  private final DownloadStore store;
  private final FairQueue queue;
  private final NewDownloads fresh;
  private final Executor executor;
  private final Supplier<String> ids;
  private final int retentionDays;

  /**
   * Makes a service.
   *
   * @param queue takes stored downloads for preparation
   * @param executor completes the answers to clients that wait for a download
   * @param ids gives unguessable ids
   * @param retentionDays the maximum number of days until a download is deleted
   */
  public DownloadService(
      DownloadParts parts,
      FairQueue queue,
      Executor executor,
      Supplier<String> ids,
      int retentionDays) {
    this.parts = parts;
    this.store = parts.store();
    this.queue = queue;
    this.fresh = new NewDownloads(parts, queue);
    this.executor = executor;
    this.ids = ids;
    this.retentionDays = retentionDays;
  }

  /**
   * Stores a request and queues it; the future completes with the download when it is ready or the
   * time is up. If an attempt to prepare it has failed by then, the future fails with that failure,
   * and the download is deleted, unless somebody has subscribed to it: then it stays, and is
   * prepared again where that may help. A request whose key is known is given the download that has
   * it.
   *
   * @param client the name of the client that asks
   * @param stored takes the id of the stored download before it is queued
   */
  public CompletableFuture<Download> create(
      String client, CreateRequest request, Duration wait, Consumer<String> stored) {
    parts.visitors().requireRoom(client);
    queue.requireRoom(client);
    Download pending = pending(client, request);
    DownloadStore.Inserted inserted =
        store.insert(
            pending,
            request.manifest().targets().iterator(),
            request.subscriptions(),
            request.key(),
            queue.room(client));
    if (inserted.existing() != null) {
      return existing(inserted.existing(), wait);
    }
    stored.accept(pending.id());
    parts.observer().created(pending, request.origin());
    CompletableFuture<Download> prepared = parts.waiters().await(pending, wait);
    boolean isKept = !request.subscriptions().isEmpty();
    try {
      submit(pending, inserted.isNext());
    } catch (RuntimeException e) {
      if (!isKept) {
        throw e;
      }
      FaultLog.warn(
          log,
          "Download " + PrintableText.ofId(pending.id()) + " is queued later, by the upkeep",
          e);
    }
    return prepared.thenApplyAsync(ended -> requireNoFailure(ended, isKept), executor);
  }

  /** Stores a request that has a fault as a failed download; false if its key is known. */
  public boolean createFailed(String client, CreateRequest request, Failure fault) {
    Download failed = pending(client, request);
    boolean isStored =
        store.insert(failed, emptyIterator(), request.subscriptions(), request.key(), 0).existing()
            == null;
    if (!isStored) {
      return false;
    }
    parts.observer().created(failed, request.origin());
    boolean hasFailed = store.fail(failed.id(), fault, parts.now());
    if (hasFailed) {
      parts.observer().settled(failed.failed(fault, parts.now()));
    }
    return hasFailed;
  }

  /** Returns the download of an earlier request with the same key, which others know of. */
  private CompletableFuture<Download> existing(String id, Duration wait) {
    Download found =
        store
            .find(id)
            .map(one -> one.at(parts.clock().instant()))
            .orElseThrow(LadingException::noSuchDownload);
    CompletableFuture<Download> settled =
        found.state().isSettled()
            ? CompletableFuture.completedFuture(found)
            : parts.waiters().await(found, wait);
    return settled.thenApplyAsync(ended -> requireNoFailure(ended, true), executor);
  }

  private Download pending(String client, CreateRequest request) {
    Instant now = parts.now();
    long days = Math.min(request.timeoutDays().orElse(retentionDays), retentionDays);
    return Download.pending(ids.get(), request, client, now, now.plus(Duration.ofDays(days)));
  }

  private void submit(Download pending, boolean isNext) {
    if (isNext) {
      fresh.submit(pending);
    }
  }

  /**
   * Prepares a download again: makes another one with the same targets, of the same client, for as
   * many days. What is made in the place of a download is made in the place of the last one that
   * was made in its place, so that there is one chain. While its last one is being prepared, or is
   * ready and unchanged, or is less than {@link #MIN_REPEAT_PAUSE} old, all who ask get that one.
   *
   * @param rootCheck takes the root of each target, and throws if the client can no longer use it
   * @param asker who asks
   * @throws LadingException {@code NOT_FOUND}, {@code EXPIRED}, {@code FORBIDDEN} if its creator
   *     did not allow that, or what the check throws
   */
  public Download repeat(String root, String id, Consumer<String> rootCheck, RequestOrigin asker) {
    Download earlier = find(root, id);
    requireRepeatable(earlier);
    Download last = lastAfter(earlier);
    boolean isRepeated = !last.id().equals(id);
    if (isToBeKept(last, isRepeated)) {
      return last;
    }
    long days = Duration.between(last.created(), last.expires()).toDays();
    CreateRequest request =
        new CreateRequest(
                root,
                OptionalLong.of(days),
                true,
                new ManifestRequest(last.zipName(), () -> store.targets(last)))
            .from(asker.forSubject(last.preparation().subject()));
    String client = last.preparation().client();
    queue.requireRoom(client);
    Download pending = pending(client, request);
    boolean isNext =
        store.insert(
            pending, new CheckedTargets(store.targets(last), rootCheck), queue.room(client));
    if (!store.setSuccessor(last.id(), last.repetition().successor(), pending.id())) {
      // Another request was faster, perhaps at another node.
      discard(pending);
      return repeat(root, id, rootCheck, asker);
    }
    if (isRepeated) {
      // The next one who asks has a shorter way; if this fails, the way is only longer.
      store.setSuccessor(id, earlier.repetition().successor(), pending.id());
    }
    parts.observer().created(pending, request.origin());
    submit(pending, isNext);
    return pending;
  }

  /** Returns the last download of the chain that begins with the given one, which is settled. */
  private Download lastAfter(Download earlier) {
    Download last = earlier;
    String next = last.repetition().successor();
    while (next != null) {
      Download found = store.find(next).map(one -> one.at(parts.clock().instant())).orElse(null);
      if (found == null || found.state() == Download.State.EXPIRED) {
        return last;
      }
      last = found;
      next = last.repetition().successor();
    }
    return last;
  }

  /**
   * Returns whether a download is not prepared again now.
   *
   * @param isRepeated whether it was made in the place of the one that somebody asks for
   */
  private boolean isToBeKept(Download last, boolean isRepeated) {
    boolean isYoung = last.created().isAfter(parts.now().minus(MIN_REPEAT_PAUSE));
    boolean isGood = last.state() == Download.State.READY && !last.isChanged();
    return isYoung || !last.state().isSettled() || (isRepeated && isGood);
  }

  private static void requireRepeatable(Download earlier) {
    if (earlier.state() == Download.State.EXPIRED) {
      throw LadingException.expired();
    }
    if (!earlier.repetition().isAllowed()) {
      throw new LadingException(
          ErrorCode.FORBIDDEN, "The creator of this download did not allow to prepare it again");
    }
  }

  /**
   * Deletes a download whose client could not be told its id, and so ends its preparation within
   * some seconds. One that somebody has subscribed to stays.
   *
   * @return whether it is deleted
   */
  public boolean discard(Download unknown) {
    return fresh.discard(unknown);
  }

  /**
   * Ends the time of a download before it is up: its preparation ends within some seconds, and who
   * is reading its archive may go on.
   *
   * @param asker who asks for that
   * @throws LadingException {@code EXPIRED} if its time is up already
   */
  public void remove(Download download, RequestOrigin asker) {
    Failure reason = LadingException.removed().failure();
    Instant now = parts.now();
    if (!store.expireEarly(download.id(), reason, now, now.plus(Leases.NOTICE_TIME))) {
      throw expired(find(download.root(), download.id()));
    }
    parts.observer().deleted(download, asker);
    Download.Preparation preparation = download.preparation();
    if (!download.state().isSettled()) {
      parts.waiters().announce(download.id(), reason);
      queue.submitNext(preparation.client(), preparation.lane());
    }
  }

  /** Throws {@code TOO_MANY_REQUESTS} if a client has as many of them as it may. */
  public void requireRoom(String client) {
    queue.requireRoom(client);
  }

  /** Returns the number of downloads of a client that are prepared or wait for that. */
  public int unsettled(String client) {
    return store.unsettled(client);
  }

  /**
   * Returns downloads of a client, the newest first.
   *
   * @param shown the state that they have, or null for any
   * @param before the place of the last one that the caller has, or null for none
   */
  public List<Download> ofClient(
      String client,
      DownloadStore.@Nullable Shown shown,
      DownloadStore.@Nullable Place before,
      int limit) {
    Instant now = parts.now();
    return store.ofClient(client, shown, before, now, limit).stream()
        .map(download -> download.at(now))
        .toList();
  }

  /**
   * Returns a download that has not failed.
   *
   * @param isKept whether it stays if it has failed, and is pending if only an attempt has
   */
  private Download requireNoFailure(Download download, boolean isKept) {
    Failure failure = download.failure();
    if (failure != null && failure.code() == ErrorCode.EXPIRED) {
      // Somebody has removed it, and its row says so for some time.
      throw failure.toException();
    }
    if (isKept && !download.state().isSettled()) {
      return download;
    }
    if (failure != null && isKept) {
      throw failure.toException();
    }
    if (failure != null) {
      LadingException thrown = failure.toException();
      fresh.discardAfter(thrown, download);
      throw thrown;
    }
    return download;
  }

  /**
   * Returns the download with an id under a root, in any state; not one of a plain link, which is
   * for those who have the right to that link at the time.
   *
   * @throws LadingException {@code NOT_FOUND}
   */
  public Download find(String root, String id) {
    Download found = findAny(root, id);
    if (found.preparation().isOfLink()) {
      throw LadingException.noSuchDownload();
    }
    return found;
  }

  /**
   * Returns the download with an id under a root, in any state, also one of a plain link: for nginx
   * alone, which has begun its archive.
   *
   * @throws LadingException {@code NOT_FOUND}
   */
  public Download findAny(String root, String id) {
    return store
        .find(id)
        .filter(found -> found.root().equals(root))
        .map(found -> found.at(parts.clock().instant()))
        .orElseThrow(LadingException::noSuchDownload);
  }

  /**
   * Returns the download with an id under a root, if it is ready.
   *
   * @throws LadingException {@code NOT_FOUND}, {@code EXPIRED}, {@code NOT_READY}, or {@code
   *     FAILED} with the reason
   */
  public Download ready(String root, String id) {
    Download download = find(root, id);
    return switch (download.state()) {
      case READY -> download;
      case EXPIRED -> throw expired(download);
      case PENDING, CREATING_MANIFEST ->
          throw new LadingException(
              ErrorCode.NOT_READY, "Manifest is not yet ready for this archive");
      case MISSING_OR_INVALID_TARGETS, FAILED -> throw failed(download);
    };
  }

  private static LadingException expired(Download download) {
    Failure reason = download.failure();
    return reason == null ? LadingException.expired() : reason.toException();
  }

  private static LadingException failed(Download download) {
    Failure reason = download.failure();
    LadingException failed =
        new LadingException(
            ErrorCode.FAILED,
            "The download could not be prepared: " + (reason == null ? "" : reason.sentence()));
    return reason == null || reason.targetIndex() == null
        ? failed
        : failed.at(reason.targetIndex(), reason.path());
  }
}
