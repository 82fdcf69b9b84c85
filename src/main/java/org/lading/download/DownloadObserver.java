package org.lading.download;

import org.jspecify.annotations.Nullable;

/**
 * Is told what happens to downloads, once for each happening, by the node that did it. It must
 * neither wait nor throw.
 */
public interface DownloadObserver {
  /** Is told nothing. */
  DownloadObserver NONE = new DownloadObserver() {};

  /** Takes a download that was stored. */
  default void created(Download download, RequestOrigin origin) {}

  /** Takes a download that became ready, or failed for good. */
  default void settled(Download download) {}

  /**
   * Takes a download of which more sources were found changed.
   *
   * @param files the number of files that were found changed this time
   */
  default void changed(Download download, long files) {}

  /** Takes a download whose time is up. */
  default void expired(Download download) {}

  /**
   * Takes a download that was removed before its time was up.
   *
   * @param origin who had it removed, or null if nobody knew of it
   */
  default void deleted(Download download, @Nullable RequestOrigin origin) {}
}
