package org.lading.download;

import java.time.Instant;
import org.lading.error.ErrorCode;
import org.lading.error.Failure;
import org.lading.error.LadingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds what those who name themselves to nobody have prepared and stored, all together: public
 * roots are for whoever comes, and nothing tells one of them from another.
 *
 * <p>What is over the limit of stored downloads goes, the one that was not used for longest first.
 * New ones are not refused for that: whoever fills the store would keep all others out for a day,
 * while an archive that went is prepared again for the next one who asks for it, with the same
 * bytes.
 */
public final class Visitors {
  /** The maximum number of downloads that are being prepared, or wait for that. */
  private static final int MAX_UNSETTLED = 100;

  /** The maximum number of downloads that are stored, ready or failed. */
  private static final int MAX_STORED = 10_000;

  /** The maximum number of their entries: each has a row's part, and may have a link on disk. */
  private static final long MAX_STORED_ENTRIES = 10_000_000;

  private static final Logger log = LoggerFactory.getLogger(Visitors.class);

  private final DownloadStore store;
  private final String client;

  /**
   * Makes limits.
   *
   * @param client the name that the downloads of all visitors have for a client
   */
  public Visitors(DownloadStore store, String client) {
    this.store = store;
    this.client = client;
  }

  /** Returns whether a visitor asked for a download. */
  boolean askedFor(Download download) {
    return download.preparation().client().equals(client);
  }

  /** Throws {@code BUSY} if a client is the visitors, and enough is being prepared for them. */
  public void requireRoom(String asking) {
    if (asking.equals(client) && store.unsettled(client) >= MAX_UNSETTLED) {
      throw new LadingException(
          ErrorCode.BUSY, "Too many archives are being prepared for visitors at the moment");
    }
  }

  /** Ends the time of downloads over the limits; who is reading one may go on. */
  void expireExcess(Instant now) {
    Failure reason =
        new LadingException(ErrorCode.EXPIRED, "The archive made room for those of others")
            .failure();
    int ended =
        store.expireExcess(
            new DownloadStore.Excess(client, MAX_STORED, MAX_STORED_ENTRIES),
            reason,
            now,
            now.plus(Leases.NOTICE_TIME));
    if (ended > 0) {
      log.info("{} downloads of visitors made room for others", ended);
    }
  }
}
