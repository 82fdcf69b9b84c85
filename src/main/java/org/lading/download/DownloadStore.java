package org.lading.download;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.lading.error.ErrorCode;
import org.lading.error.Failure;
import org.lading.error.LadingException;
import org.lading.error.Pause;
import org.lading.event.Subscription;
import org.lading.limit.Allowance;
import org.lading.manifest.ArchivePoint;
import org.lading.manifest.Entry;
import org.lading.manifest.SourceChanges;
import org.lading.manifest.Target;

/**
 * Stores downloads, their targets and their entries. Safe for several threads, and for several
 * nodes on one database. Every method throws {@link org.lading.error.LadingException} with {@code
 * STORAGE_UNAVAILABLE} if the database does not answer.
 */
public interface DownloadStore {
  /**
   * Stores a new download with its targets, and with those who want to be told of it, in one
   * transaction. Contents of literals are written once. The changes of its state, by any method
   * here, write messages to these into the {@link org.lading.event.Outbox}, each in the transaction
   * of the change.
   *
   * @param key what no other download may have, or null; it is known as long as the download
   * @param room how many downloads of one client there may be
   */
  Inserted insert(
      Download download,
      Iterator<Target> targets,
      List<Subscription> subscriptions,
      @Nullable String key,
      Room room);

  /** Stores a download, whatever number of its client's are unsettled. */
  default Inserted insert(
      Download download,
      Iterator<Target> targets,
      List<Subscription> subscriptions,
      @Nullable String key,
      int share) {
    return insert(download, targets, subscriptions, key, Room.ofShare(share));
  }

  /**
   * How many downloads of one client there may be.
   *
   * @param share the number that may be queued in a lane; more wait
   * @param unsettled the number that may be queued or wait; {@link #insert} of one more throws
   *     {@code TOO_MANY_REQUESTS}
   */
  record Room(int share, int unsettled) {
    /** The number of downloads that stands for no limit. */
    public static final int NO_LIMIT = Integer.MAX_VALUE;

    /**
     * The seconds after which one who was refused may ask again: nobody knows when one is ready.
     */
    private static final int RETRY_SECONDS = 5;

    /** Makes room for any number of downloads that wait. */
    public static Room ofShare(int share) {
      return new Room(share, NO_LIMIT);
    }

    /** Returns the failure of a download of a client that would be one too many. */
    public LadingException isFull(String client, Instant now) {
      Allowance state =
          new Allowance("preparations", Allowance.Unit.AT_ONCE, unsettled, 0, 0, RETRY_SECONDS);
      return LadingException.pausing(
          ErrorCode.TOO_MANY_REQUESTS,
          "The client %s has %d downloads that are not yet prepared, and may have no more"
              .formatted(client, unsettled),
          Pause.of(
              now.plusSeconds(RETRY_SECONDS), RETRY_SECONDS, Allowance.fields(List.of(state))));
    }
  }

  /**
   * What came of storing a download.
   *
   * @param isNext whether it is to be queued now, rather than waiting for {@link #takeWaiting}
   * @param existing the id of the download that has the key already, so that nothing was stored; or
   *     null
   */
  record Inserted(boolean isNext, @Nullable String existing) {}

  /** Stores a new download of which nobody is told, whatever number is unsettled. */
  default boolean insert(Download download, Iterator<Target> targets, int share) {
    return insert(download, targets, Room.ofShare(share));
  }

  /** Stores a new download of which nobody is told; returns whether it is to be queued now. */
  default boolean insert(Download download, Iterator<Target> targets, Room room) {
    return insert(download, targets, List.of(), null, room).isNext();
  }

  /**
   * Begins the next attempt to prepare a download, which ends all earlier ones and removes what
   * they have written; a running one counts as a failure. Empty if the download is settled, gone,
   * or in another lane.
   */
  Optional<Download> begin(String id, Lane lane, Instant now);

  /**
   * Stores the number of steps of a running attempt.
   *
   * @return false, and nothing happens, if a later attempt has begun, or the download is gone
   */
  boolean saveSteps(Download attempt);

  /**
   * Returns the targets of a download that is not settled, or has not expired and can be prepared
   * again, read while the caller iterates; of others there are none. The content of a literal can
   * be written once, before the iterator is asked for the next target.
   */
  Iterator<Target> targets(Download download);

  /**
   * Makes the sink of the entries of an attempt, in order; for one thread. Entries are written in
   * batches, the last one when the sink is closed, and can be read when the attempt has succeeded.
   */
  EntrySink entrySink(Download attempt);

  /**
   * Ends an attempt: the download gets the state, the totals, the failure and the preparation of
   * the argument; in another lane it waits for {@link #takeWaiting}. Its entries are removed unless
   * it is ready, its targets if it is settled and cannot be prepared again.
   *
   * @return false, and nothing happens, if a later attempt has begun
   */
  boolean end(Download attempt);

  /**
   * Fails a download whatever attempt is running, which can then write nothing more; its entries
   * and targets stay until it expires.
   *
   * @return false, and nothing happens, if the download is settled or gone
   */
  boolean fail(String id, Failure reason, Instant now);

  /**
   * Ends the time of a download now, for the given reason. One that is ready keeps its contents
   * until a later time, or longer where somebody holds it; any other has expired at once, and an
   * attempt that is running can write nothing more.
   *
   * @return false, and nothing happens, if its time was up before, or it is gone
   */
  boolean expireEarly(String id, Failure reason, Instant now, Instant keptUntil);

  /**
   * Ends the time of those downloads of a client, settled ones, that are over a limit, as {@link
   * #expireEarly} does: of those that failed before any that is ready, else of those whose time is
   * up first. The last one to go has any number of entries.
   *
   * @return how many there were
   */
  int expireExcess(Excess excess, Failure reason, Instant now, Instant keptUntil);

  /**
   * What one client may have stored.
   *
   * @param maxDownloads the maximum number of settled downloads whose time is not up
   * @param maxEntries the maximum number of their entries
   */
  record Excess(String client, int maxDownloads, long maxEntries) {}

  /**
   * Adds changes of sources to those that are known of a download; nothing happens unless it is
   * ready.
   *
   * @return whether some of them were not known
   */
  boolean addChanges(String id, SourceChanges found);

  /**
   * Sets the id of the download that was made in the place of another one.
   *
   * @param expected the one that was set before, or null if none was
   * @return false, and nothing happens, if another one is set, or the download is gone
   */
  boolean setSuccessor(String id, @Nullable String expected, String successor);

  /** Returns the download with an id, in any state. */
  Optional<Download> find(String id);

  /**
   * Returns downloads of a client, the newest first, without those of plain links.
   *
   * @param shown the state that they have now, or null for any
   * @param before the place of the last one that the caller has, or null for none
   */
  List<Download> ofClient(
      String client, @Nullable Shown shown, @Nullable Place before, Instant now, int limit);

  /**
   * The state of downloads as {@link Download#word} says it.
   *
   * @param isChanged whether sources changed since, of the state ready
   */
  record Shown(Download.State state, boolean isChanged) {
    /** Returns all of them, in the order in which a download takes them. */
    public static List<Shown> all() {
      List<Shown> all = new ArrayList<>();
      for (Download.State state : Download.State.values()) {
        all.add(new Shown(state, false));
        if (state == Download.State.READY) {
          all.add(new Shown(state, true));
        }
      }
      return all;
    }

    /** Returns the word for it. */
    public String word() {
      return isChanged ? Download.CHANGED_WORD : state.word();
    }
  }

  /**
   * The place of a download among those of its client.
   *
   * @param created the time of its creation
   */
  record Place(Instant created, String id) {}

  /** Returns the downloads with these ids, in any order; ids without a download are passed over. */
  List<Download> find(Collection<String> ids);

  /**
   * Returns the entries of a download in order, beginning with the given one (from 0). They are
   * read in batches while the caller iterates, and no connection is held between batches. If the
   * download is deleted meanwhile, the iterator throws {@code NOT_FOUND}; it never ends early.
   */
  Iterator<Entry> entries(Download download, long first);

  /**
   * Returns the last stored point at or before an offset in the archive.
   *
   * @param offset an offset in bytes, at most that of the download's last entry
   */
  ArchivePoint pointBefore(Download download, long offset);

  /** Returns the last stored point at or before an offset in the central directory, in bytes. */
  ArchivePoint pointBeforeCentral(Download download, long central);

  /**
   * Protects the contents of a download that is ready from removal before a time; false if their
   * removal has begun.
   */
  boolean hold(String id, Instant until);

  /** Returns at most {@code limit} downloads whose removal is due, the longest overdue first. */
  List<Download> due(Instant now, int limit);

  /** Expires those of the given downloads whose removal is still due, and returns them. */
  List<Download> expire(List<Download> due, Instant now);

  /** Removes entries and targets of downloads that have expired, in small transactions. */
  void removeContents(List<Download> expired);

  /** Sets the time when the removal of downloads is due. */
  void setDue(List<Download> downloads, Instant time);

  /**
   * Removes a download that nobody knows of, with its entries and targets; false, and nothing
   * happens, if somebody wants to be told of it, or was.
   */
  boolean discard(String id);

  /**
   * Removes downloads with their entries and targets, and the messages about them; ids without a
   * download are passed over.
   */
  void delete(Collection<String> ids);

  /**
   * Takes from the downloads of a client that wait to be queued in a lane the oldest ones, so that
   * at most {@code share} are queued and not settled, and returns their ids.
   */
  List<String> takeWaiting(String client, Lane lane, int share);

  /** Returns the number of downloads of a client that are not settled. */
  int unsettled(String client);

  /** Returns at most {@code limit} clients of which downloads wait to be queued, with the lanes. */
  List<WaitingClient> waitingClients(int limit);

  /**
   * Returns at most {@code limit} downloads that were to be queued and are not settled, oldest
   * first.
   */
  List<Download> queuedUnsettled(Instant createdBefore, int limit);

  /** Returns the downloads that wait in each lane, queued or not; a lane with none is left out. */
  Map<Lane, Waiting> waiting();

  /**
   * The downloads that wait in a lane.
   *
   * @param count their number, at least 1
   * @param oldest when the oldest of them was created
   */
  record Waiting(long count, Instant oldest) {
    /** Returns the number of downloads that wait in a lane. */
    public static long in(Map<Lane, Waiting> lanes, Lane lane) {
      Waiting waiting = lanes.get(lane);
      return waiting == null ? 0 : waiting.count;
    }
  }

  /** A client of which downloads wait to be queued in a lane. */
  record WaitingClient(String client, Lane lane) {}

  /**
   * Returns how many files in the storage the downloads need that are ready and need some, in the
   * order of their ids.
   *
   * @param after the id after which to begin
   */
  List<StoredCount> storedCounts(String after, int limit);

  /**
   * The number of files that a download needs in the storage.
   *
   * @param attempt the number of the attempt that wrote them
   */
  record StoredCount(String id, int attempt, long files) {}

  /** Throws {@code STORAGE_UNAVAILABLE} if the database does not answer. */
  void check();

  /** Takes the entries of one attempt. */
  interface EntrySink extends AutoCloseable {
    /**
     * Takes the next entry, which begins at the given point of the archive.
     *
     * @throws AttemptEndedException if a later attempt has begun
     */
    void accept(Entry entry, ArchivePoint point);

    /** Writes the last batch; throws as {@link #accept}. */
    @Override
    void close();
  }
}
