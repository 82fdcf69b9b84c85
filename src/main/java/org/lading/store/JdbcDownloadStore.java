package org.lading.store;

import java.time.Instant;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.lading.download.Download;
import org.lading.download.Download.State;
import org.lading.download.DownloadStore;
import org.lading.download.Lane;
import org.lading.error.Failure;
import org.lading.error.LadingException;
import org.lading.event.EventKind;
import org.lading.event.Subscription;
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
  private final AttemptEnds ends;
  private final DownloadRemovals removals;
  private final MessageTable messages;
  private final Runnable messagesWritten;

  /** Makes a store in an open database, of which nobody is told that it wrote messages. */
  public JdbcDownloadStore(Database database) {
    this(database, () -> {});
  }

  /**
   * Makes a store in an open database.
   *
   * @param messagesWritten runs after a transaction that wrote messages into the outbox
   */
  public JdbcDownloadStore(Database database, Runnable messagesWritten) {
    this.messages = new MessageTable(database.dialect());
    this.messagesWritten = messagesWritten;
    this.transactions = new Transactions(database);
    this.dialect = database.dialect();
    this.rows = new DownloadRowMapper(dialect);
    this.chunkRemover = new ChunkRemover(transactions);
    this.queue = new QueueTable(transactions);
    this.insertion = new DownloadInsertion(transactions);
    this.settled = new SettledDownloads(transactions);
    this.ends = new AttemptEnds(transactions, chunkRemover, messages, messagesWritten);
    this.removals =
        new DownloadRemovals(transactions, rows, chunkRemover, messages, messagesWritten);
    this.clientDownloads = new ClientDownloads(transactions, rows, messages, messagesWritten);
  }

  @Override
  public Inserted insert(
      Download download,
      Iterator<Target> targets,
      List<Subscription> subscriptions,
      @Nullable String key,
      Room room) {
    MessageTable.Told told = new MessageTable.Told(download.id(), subscriptions);
    try (TargetSpool spool = TargetSpool.of(targets)) {
      Inserted inserted =
          transactions.write(handle -> insert(handle, download, spool, told, key, room));
      if (!subscriptions.isEmpty()) {
        messagesWritten.run();
      }
      return inserted;
    }
  }

  private Inserted insert(
      Handle handle,
      Download download,
      TargetSpool spool,
      MessageTable.Told told,
      @Nullable String key,
      Room room) {
    Boolean isNext = insertion.run(handle, download, spool, told.subscriptions(), key, room);
    if (isNext == null) {
      return new Inserted(false, idOfKey(handle, Objects.requireNonNull(key)));
    }
    messages.write(handle, told, channel -> EventKind.RECEIVED, download.created());
    return new Inserted(isNext, null);
  }

  /** Returns the download that has a key; if it was deleted just now, the request is refused. */
  private static String idOfKey(Handle handle, String key) {
    return handle
        .createQuery("select id from download where request_key = :key")
        .bind("key", key)
        .mapTo(String.class)
        .findOne()
        .orElseThrow(LadingException::noSuchDownload);
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
    return ends.end(attempt);
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
  public int expireExcess(Excess excess, Failure reason, Instant now, Instant keptUntil) {
    return clientDownloads.expireExcess(excess, reason, now, keptUntil);
  }

  @Override
  public int unsettled(String client) {
    return queue.unsettled(client);
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
    return find(handle, ids, rows);
  }

  static List<Download> find(Handle handle, Collection<String> ids, DownloadRowMapper rows) {
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
    return removals.hold(id, until);
  }

  @Override
  public List<Download> due(Instant now, int most) {
    return removals.due(now, most);
  }

  @Override
  public List<Download> expire(List<Download> due, Instant now) {
    return removals.expire(due, now);
  }

  @Override
  public void removeContents(List<Download> expired) {
    removals.removeContents(expired);
  }

  @Override
  public void setDue(List<Download> downloads, Instant when) {
    removals.setDue(downloads, when);
  }

  @Override
  public boolean discard(String id) {
    return removals.discard(id);
  }

  @Override
  public void delete(Collection<String> ids) {
    removals.delete(ids);
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
  public Map<Lane, Waiting> waiting() {
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
  public boolean addChanges(String id, SourceChanges found) {
    return settled.addChanges(id, found);
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
    transactions.requireWritable();
  }
}
