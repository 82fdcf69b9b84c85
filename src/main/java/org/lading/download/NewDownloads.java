package org.lading.download;

/** Queues downloads that were just stored, and takes those back that nobody can get. */
public final class NewDownloads {
  private final DownloadParts parts;
  private final FairQueue queue;

  /** Makes an object for the downloads of a store and the queue of their preparation. */
  public NewDownloads(DownloadParts parts, FairQueue queue) {
    this.parts = parts;
    this.queue = queue;
  }

  /**
   * Returns how many downloads a client may have; throws {@code TOO_MANY_REQUESTS} if it has them
   * all.
   */
  public DownloadStore.Room room(String client) {
    queue.requireRoom(client);
    return queue.room(client);
  }

  /** Queues a stored download whose turn has come; if that fails, takes it back. */
  public void submit(Download pending) {
    try {
      queue.submit(pending);
    } catch (RuntimeException | Error e) {
      if (discardAfter(e, pending)) {
        parts.waiters().forget(pending);
      }
      throw e;
    }
  }

  /**
   * Deletes a download whose client could not be told its id, and so ends its preparation within
   * some seconds. One that others have subscribed to stays.
   *
   * @return whether it is deleted
   */
  public boolean discard(Download unknown) {
    boolean isGone = remove(unknown);
    if (isGone) {
      parts.observer().deleted(unknown, null);
    }
    return isGone;
  }

  private boolean remove(Download unknown) {
    boolean isGone = parts.store().discard(unknown.id());
    if (isGone) {
      parts.storedFiles().delete(unknown.id());
    }
    return isGone;
  }

  /**
   * Deletes a download after a failure, which the caller throws: the row, which ends any attempt,
   * and then the files, which the upkeep finds too.
   *
   * @return false if it stays for those who have subscribed to it
   */
  boolean discardAfter(Throwable failure, Download failed) {
    try {
      return remove(failed);
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
      return true;
    }
  }
}
