package org.lading.download;

import java.time.Instant;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.lading.manifest.ArchivePoint;
import org.lading.manifest.Entry;
import org.lading.manifest.Target;

/**
 * Keeps downloads, what they were asked for and their entries. Safe for several threads, and for
 * several nodes on one database. Every method throws {@link org.lading.error.LadingException} with
 * {@code STORAGE_UNAVAILABLE} if the database does not answer.
 */
public interface DownloadStore {
  /** Stores a new download, with what it was asked for; all of it or nothing. */
  void insert(Download download, Iterator<Target> targets);

  /**
   * Begins the next attempt to prepare a download, which ends every earlier one; what those have
   * written is gone. One that was running is counted as a failure. Empty if there is nothing to
   * prepare: the download is settled, or gone.
   */
  Optional<Download> begin(String id, Instant now);

  /**
   * What a download that is not settled was asked for, in order, read while the caller iterates.
   */
  Iterator<Target> targets(Download download);

  /**
   * Where to hand the entries of an attempt, in order; for one thread. They are written in batches,
   * are complete only when the sink is closed, and are seen only when the attempt has ended well.
   */
  EntrySink entrySink(Download attempt);

  /**
   * Ends an attempt: the download gets the state, the totals and the failure that are given. Unless
   * it is ready its entries are removed; once it is settled, so is what it was asked for.
   *
   * @return false, and nothing happens, if it is not the current attempt any more
   */
  boolean end(Download attempt);

  /** The download with this id, in any state. */
  Optional<Download> find(String id);

  /** Those of the downloads with these ids that there are, in any order. */
  List<Download> find(Collection<String> ids);

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

  /**
   * Keeps the contents of a download that is ready from being removed before a time; false if they
   * are being removed already.
   */
  boolean hold(String id, Instant until);

  /** At most so many downloads that are to be looked at by now, those first that are so longest. */
  List<Download> due(Instant now, int most);

  /** Makes those of the given downloads expired that are still due; those are the answer. */
  List<Download> expire(List<Download> due, Instant now);

  /** Removes entries, and what was asked for, of downloads that have expired; in small steps. */
  void removeContents(List<Download> expired);

  /** Lets nobody look at a download before a time. */
  void setDue(List<Download> downloads, Instant when);

  /** Removes downloads and all that is theirs; nothing happens where there is none. */
  void delete(Collection<String> ids);

  /** The ids of at most so many downloads that are not settled and older than a time. */
  List<String> unsettled(Instant createdBefore, int most);

  /** Returns if the database answers. */
  void check();

  /** Takes the entries of one attempt. */
  interface EntrySink extends AutoCloseable {
    /**
     * Takes the next entry, which begins at the given place of the archive.
     *
     * @throws AttemptOverException if the attempt is not the current one any more
     */
    void accept(Entry entry, ArchivePoint at);

    /** Writes what was not written yet; throws as {@link #accept}. */
    @Override
    void close();
  }
}
