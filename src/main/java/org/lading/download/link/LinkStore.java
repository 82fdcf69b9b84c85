package org.lading.download.link;

import java.time.Instant;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.lading.download.Download;
import org.lading.download.DownloadStore;
import org.lading.manifest.Target;

/**
 * Stores which downloads belong to which links. Safe for several threads, and for several nodes on
 * one database: of several that change a link at once, one succeeds. Every method throws {@link
 * org.lading.error.LadingException} with {@code STORAGE_UNAVAILABLE} if the database does not
 * answer.
 */
public interface LinkStore {
  /** How a new download was stored. */
  enum Stored {
    /** It was not: the link is no longer as it was expected. */
    NOT,
    /** It is to be queued now. */
    NEXT,
    /** It waits until others of its client are settled. */
    WAITING
  }

  /** Returns the downloads of a link. */
  Optional<StoredLink> find(String key);

  /**
   * Stores a new download with its targets as the current one of a link, or as the next one, in one
   * transaction; nothing happens if the link is not as expected.
   *
   * @param expected the link as it was found, or null if it has no download; then the new one
   *     becomes the current one
   * @param asNext whether the current one stays until the new one is ready
   * @param room how many downloads of one client there may be
   */
  Stored insert(
      String key,
      @Nullable StoredLink expected,
      boolean asNext,
      Download download,
      Iterator<Target> targets,
      DownloadStore.Room room);

  /**
   * Ends the preparation of the next download: it takes the place of the current one, or does not.
   *
   * @param checked the time when the sources were listed
   * @return false, and nothing happens, if the link is not as expected
   */
  boolean settle(StoredLink expected, boolean takesPlace, Instant checked);

  /** Notes that the sources of the current download of a link have changed. */
  void markChanged(String key, String current);

  /** Puts off the expiry of a download that is ready. */
  void extend(String id, Instant expires);
}
