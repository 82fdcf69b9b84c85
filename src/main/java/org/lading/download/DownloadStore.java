package org.lading.download;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.lading.manifest.ArchivePoint;
import org.lading.manifest.Entry;

/**
 * Keeps downloads and their entries. Safe for several threads. Every method throws {@link
 * org.lading.error.LadingException} with {@code STORAGE_UNAVAILABLE} if the database does not
 * answer.
 */
public interface DownloadStore {
  /** Stores a new download, in the state it has. */
  void insert(Download download);

  /**
   * Where to hand the entries of a download, in order; for one thread. They are written in batches,
   * and are complete only when the sink is closed.
   */
  EntrySink entrySink(String id);

  /** Marks a download as ready, with its totals. */
  void markReady(Download download);

  /** The download with this id, in any state. */
  Optional<Download> find(String id);

  /**
   * The entries of a download from the given one on (from 0), in order. They are read in batches
   * while the caller iterates, and no connection is held between batches. A download that is
   * deleted meanwhile ends the iteration with {@code NOT_FOUND}, never early.
   */
  Iterator<Entry> entries(Download download, long first);

  /**
   * The point nearest before an offset of the archive, among those that are kept.
   *
   * @param offset at most that of the download's last entry
   */
  ArchivePoint pointBefore(Download download, long offset);

  /** As above, for an offset in the central directory. */
  ArchivePoint pointBeforeCentral(Download download, long central);

  /** Removes a download and its entries; nothing happens if there is none. */
  void delete(String id);

  /** The ids of all downloads that are not ready. */
  List<String> unfinished();

  /** Returns if the database answers. */
  void check();

  /** Takes the entries of one download. */
  interface EntrySink extends AutoCloseable {
    /** Takes the next entry, which begins at the given place of the archive. */
    void accept(Entry entry, ArchivePoint at);

    /** Writes what was not written yet. */
    @Override
    void close();
  }
}
