package org.lading.store;

import java.time.Instant;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.lading.download.Download;
import org.lading.download.Download.State;
import org.lading.download.DownloadStore;
import org.lading.download.Lane;
import org.lading.error.Failure;
import org.lading.manifest.ArchivePoint;
import org.lading.manifest.Entry;
import org.lading.manifest.SourceChanges;
import org.lading.manifest.Target;

/**
 * Stores downloads, their targets and their entries in a relational database, in SQL that SQLite
 * and PostgreSQL share.
 */
public final class JdbcDownloadStore implements DownloadStore {
  private final Transactions transactions;
  private final Dialect dialect;
  private final DownloadRowMapper rows;
  private final ChunkRemover chunkRemover;
  private final QueueTable queue;
  private final DownloadInsertion insertion;
  private final ClientDownloads clientDownloads;
  private final SettledDownloads settled;

  /** Makes a store in an open database. */
  public JdbcDownloadStore(Database database) {
    this.transactions = new Transactions(database);
    this.dialect = database.dialect();
    this.rows = new DownloadRowMapper(dialect);
    this.chunkRemover = new ChunkRemover(transactions);
    this.queue = new QueueTable(transactions);
    this.insertion = new DownloadInsertion(transactions);
    this.settled = new SettledDownloads(transactions);
    this.clientDownloads = new ClientDownloads(transactions, dialect, rows);
  }

  @Override
  public boolean insert(Download download, Iterator<Target> targets, int share) {
    try (TargetSpool spool = TargetSpool.of(targets)) {
      return transactions.write(handle -> insertion.run(handle, download, spool, share));
    }
  }

  @Override
  public Optional<Download> begin(String id, Lane lane, Instant now) {
    // Only earlier attempts can have left entries.
    return transactions
        .writeUnforced(handle -> begin(handle, id, lane, now))
        .filter(begun -> begun.attempt() == 1 || chunkRemover.entriesOf(begun));
  }

  private Optional<Download> begin(Handle handle, String id, Lane lane, Instant now) {
    int begun =
        handle
            .createUpdate(
                "update download set attempt = attempt + 1, started_at = :now,"
                    + " begun_at = coalesce(begun_at, :now),"
                    + " failures = failures + case state when :running then 1 else 0 end,"
                    + " state = :running, next_try_at = null, entry_count = 0, file_count = 0, byte_count = 0,"
                    + " stored_count = 0"
                    + " where id = :id and lane = :lane and state in (:running, :pending)")
            .bind("now", dialect.time(now))
            .bind("lane", lane.name())
            .bind("id", id)
            .bind("running", State.CREATING_MANIFEST.name())
            .bind("pending", State.PENDING.name())
            .execute();
    return begun == 0 ? Optional.empty() : find(handle, List.of(id)).stream().findFirst();
  }

  @Override
  public boolean saveSteps(Download attempt) {
    return queue.saveSteps(attempt);
  }

  @Override
  public Iterator<Target> targets(Download download) {
    return new JdbcTargetIterator(transactions, download.id());
  }

  @Override
  public EntrySink entrySink(Download attempt) {
    return new JdbcEntrySink(transactions, attempt);
  }

  @Override
  public boolean end(Download attempt) {
    Ending ending = transactions.write(handle -> endAndRemoveSome(handle, attempt));
    if (ending == Ending.MORE_TO_REMOVE && attempt.state() != State.READY) {
      chunkRemover.entriesOf(attempt);
    }
    if (ending == Ending.MORE_TO_REMOVE && needsNoTargets(attempt)) {
      chunkRemover.targets(List.of(attempt.id()));
    }
    return ending != Ending.SUPERSEDED;
  }

  /** How an attempt has ended. */
  private enum Ending {
    SUPERSEDED,
    DONE,
    MORE_TO_REMOVE
  }

  /** Ends an attempt, and removes what is to go: of most downloads this is all. */
  private Ending endAndRemoveSome(Handle handle, Download attempt) {
    if (end(handle, attempt) == 0) {
      return Ending.SUPERSEDED;
    }
    List<String> ids = List.of(attempt.id());
    boolean isMore = false;
    if (attempt.state() != State.READY) {
      isMore = ChunkRemover.removeSomeEntries(handle, ids);
    }
    if (needsNoTargets(attempt)) {
      isMore |= ChunkRemover.removeSomeTargets(handle, ids);
    }
    return isMore ? Ending.MORE_TO_REMOVE : Ending.DONE;
  }

  private static boolean needsNoTargets(Download download) {
    return download.state().isSettled() && !download.repetition().isAllowed();
  }

  private int end(Handle handle, Download attempt) {
    return handle
        .createUpdate(
            "update download set state = :state, failures = :failures,"
                + " settled_at = :settled, failure = :failure,"
                + " entry_count = :entries, file_count = :files,"
                + " omitted_count = :omitted, byte_count = :bytes,"
                + " mod_zip_length = :modZipLength, archive_length = :archiveLength,"
                + " end_offset = :end.offset, end_central = :end.central,"
                + " fingerprint = :fingerprint, source_roots = :sourceRoots,"
                + " mod_zip_millis = :prediction.modZipMillis,"
                + " embedded_millis = :prediction.embeddedMillis,"
                + " mod_zip_burden = :prediction.burden, renamed = :renamedNames,"
                + " step_count = :preparation.steps, begun_at = :begun, next_try_at = :nextTry,"
                + " lane = :lane,"
                + " queued = case when :state = :pending and lane = :lane then queued else 0 end"
                + " where id = :id and attempt = :attempt and state = :running")
        .bind("id", attempt.id())
        .bind("attempt", attempt.attempt())
        .bind("running", State.CREATING_MANIFEST.name())
        .bind("state", attempt.state().name())
        .bind("failures", attempt.failures())
        .bind("settled", timeOrNull(attempt.settled()))
        .bind("failure", FailureCodec.encode(attempt.failure()))
        .bindMethods(attempt.totals())
        .bind("renamedNames", RenamingsCodec.encode(attempt.totals().renamed()))
        .bindMethods("preparation", attempt.preparation())
        .bind("begun", timeOrNull(attempt.preparation().begun()))
        .bind("nextTry", timeOrNull(attempt.preparation().nextTry()))
        .bind("lane", attempt.preparation().lane().name())
        .bind("pending", State.PENDING.name())
        .bind("sourceRoots", DownloadRowMapper.joined(attempt.totals().roots()))
        .execute();
  }

  @Override
  public boolean fail(String id, Failure reason, Instant now) {
    return clientDownloads.fail(id, reason, now);
  }

  @Override
  public boolean expireEarly(String id, Failure reason, Instant now, Instant keptUntil) {
    return clientDownloads.expireEarly(id, reason, now, keptUntil);
  }

  @Override
  public List<Download> ofClient(
      String client, @Nullable Shown shown, @Nullable Place before, Instant now, int most) {
    return clientDownloads.list(client, shown, before, now, most);
  }

  @Override
  public Optional<Download> find(String id) {
    return find(List.of(id)).stream().findFirst();
  }

  @Override
  public List<Download> find(Collection<String> ids) {
    return ids.isEmpty() ? List.of() : transactions.read(handle -> find(handle, ids));
  }

  private List<Download> find(Handle handle, Collection<String> ids) {
    return handle
        .createQuery("select * from download where id in (<ids>)")
        .bindList("ids", ids)
        .map(rows)
        .list();
  }

  @Override
  public Iterator<Entry> entries(Download download, long first) {
    return new JdbcEntryIterator(transactions, download, first);
  }

  @Override
  public ArchivePoint pointBefore(Download download, long offset) {
    return JdbcEntryIterator.pointBefore(transactions, "archive_offset", download, offset);
  }

  @Override
  public ArchivePoint pointBeforeCentral(Download download, long central) {
    return JdbcEntryIterator.pointBefore(transactions, "central_offset", download, central);
  }

  @Override
  public boolean hold(String id, Instant until) {
    return transactions.write(
        handle -> {
          handle.execute(
              "update download set due_at = ? where id = ? and state = ? and due_at < ?",
              dialect.time(until),
              id,
              State.READY.name(),
              dialect.time(until));
          return handle
              .createQuery("select 1 from download where id = :id and state = :ready")
              .bind("id", id)
              .bind("ready", State.READY.name())
              .mapTo(Integer.class)
              .findOne()
              .isPresent();
        });
  }

  @Override
  public List<Download> due(Instant now, int most) {
    return transactions.read(
        handle ->
            handle
                .createQuery(
                    "select * from download where due_at <= :now" + " order by due_at limit :most")
                .bind("now", dialect.time(now))
                .bind("most", most)
                .map(rows)
                .list());
  }

  @Override
  public List<Download> expire(List<Download> due, Instant now) {
    if (due.isEmpty()) {
      return due;
    }
    return transactions.write(
        handle -> {
          handle
              .createUpdate(
                  "update download set state = :expired where id in (<ids>) and due_at <= :now")
              .bind("expired", State.EXPIRED.name())
              .bindList("ids", ids(due))
              .bind("now", dialect.time(now))
              .execute();
          return find(handle, ids(due)).stream()
              .filter(one -> one.state() == State.EXPIRED)
              .toList();
        });
  }

  @Override
  public void removeContents(List<Download> expired) {
    if (!expired.isEmpty()) {
      chunkRemover.entries(ids(expired));
      chunkRemover.targets(ids(expired));
    }
  }

  @Override
  public void setDue(List<Download> downloads, Instant when) {
    if (!downloads.isEmpty()) {
      transactions.write(
          handle ->
              handle
                  .createUpdate("update download set due_at = :when where id in (<ids>)")
                  .bind("when", dialect.time(when))
                  .bindList("ids", ids(downloads))
                  .execute());
    }
  }

  @Override
  public void delete(Collection<String> ids) {
    if (!ids.isEmpty()) {
      chunkRemover.targets(ids);
      transactions.write(
          handle ->
              handle
                  .createUpdate("delete from download where id in (<ids>)")
                  .bindList("ids", ids)
                  .execute());
    }
  }

  @Override
  public List<String> takeWaiting(String client, Lane lane, int share) {
    return queue.takeWaiting(client, lane, share);
  }

  @Override
  public List<WaitingClient> waitingClients(int most) {
    return queue.waitingClients(most);
  }

  @Override
  public Map<Lane, Long> waiting() {
    return queue.waiting();
  }

  @Override
  public List<Download> queuedUnsettled(Instant createdBefore, int most) {
    return transactions.read(
        handle ->
            handle
                .createQuery(
                    "select * from download where state in (:pending, :running) and queued = 1"
                        + " and created_at < :before"
                        + " order by created_at limit :most")
                .bind("pending", State.PENDING.name())
                .bind("running", State.CREATING_MANIFEST.name())
                .bind("before", dialect.time(createdBefore))
                .bind("most", most)
                .map(rows)
                .list());
  }

  @Override
  public void addChanges(String id, SourceChanges found) {
    settled.addChanges(id, found);
  }

  @Override
  public boolean setSuccessor(String id, @Nullable String expected, String successor) {
    return settled.setSuccessor(id, expected, successor);
  }

  @Override
  public List<StoredCount> storedCounts(String after, int most) {
    return settled.storedCounts(after, most);
  }

  @Override
  public void check() {
    transactions.read(handle -> handle.createQuery("select 1").mapTo(Integer.class).one());
  }

  private static List<String> ids(List<Download> downloads) {
    return downloads.stream().map(Download::id).toList();
  }

  private @Nullable Object timeOrNull(@Nullable Instant instant) {
    return instant == null ? null : dialect.time(instant);
  }
}
