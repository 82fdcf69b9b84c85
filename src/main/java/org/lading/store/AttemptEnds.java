package org.lading.store;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.lading.download.Download;
import org.lading.download.Download.State;
import org.lading.event.EventKind;

/** Stores how attempts end, and removes what is then no longer needed. */
final class AttemptEnds {
  private final Transactions transactions;
  private final Dialect dialect;
  private final ChunkRemover chunkRemover;
  private final MessageTable messages;
  private final Runnable messagesWritten;

  AttemptEnds(
      Transactions transactions,
      ChunkRemover chunkRemover,
      MessageTable messages,
      Runnable messagesWritten) {
    this.transactions = transactions;
    this.dialect = transactions.dialect();
    this.chunkRemover = chunkRemover;
    this.messages = messages;
    this.messagesWritten = messagesWritten;
  }

  /** Ends an attempt, as {@link JdbcDownloadStore#end}. */
  boolean end(Download attempt) {
    Ending ending = transactions.write(handle -> endAndRemoveSome(handle, attempt));
    if (ending != Ending.SUPERSEDED && attempt.state().isSettled()) {
      messagesWritten.run();
    }
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
    List<MessageTable.Told> ended = end(handle, attempt);
    if (ended.isEmpty()) {
      return Ending.SUPERSEDED;
    }
    if (attempt.state().isSettled()) {
      EventKind kind = attempt.state() == State.READY ? EventKind.READY : EventKind.FAILED;
      Instant now = Objects.requireNonNull(attempt.settled());
      messages.write(handle, ended.get(0), channel -> kind, now);
    }
    List<String> ids = List.of(attempt.id());
    boolean isMore = false;
    if (attempt.state() != State.READY) {
      isMore = ChunkRemover.removeSomeContents(handle, ids);
    }
    if (needsNoTargets(attempt)) {
      isMore |= ChunkRemover.removeSomeTargets(handle, ids);
    }
    return isMore ? Ending.MORE_TO_REMOVE : Ending.DONE;
  }

  private static boolean needsNoTargets(Download download) {
    return download.state().isSettled() && !download.repetition().isAllowed();
  }

  /** Ends an attempt, and returns who is told of the download; nothing if it is superseded. */
  private List<MessageTable.Told> end(Handle handle, Download attempt) {
    return handle
        .createQuery(
            "update download set state = :state, failures = :failures,"
                + " settled_at = :settled, failure = :failure,"
                + " entry_count = :entries, file_count = :files,"
                + " omitted_count = :omitted, byte_count = :bytes,"
                + " mod_zip_length = :modZipLength, archive_length = :archiveLength,"
                + " end_offset = :end.offset, end_central = :end.central,"
                + " fingerprint = :fingerprint, source_roots = :sourceRoots,"
                + " mod_zip_millis = :prediction.modZipMillis,"
                + " embedded_millis = :prediction.embeddedMillis,"
                + " mod_zip_burden = :burden, renamed = :renamedNames,"
                + " step_count = :preparation.steps, begun_at = :begun, next_try_at = :nextTry,"
                + " lane = :lane,"
                + " queued = case when :state = :pending and lane = :lane then queued else 0 end"
                + " where id = :id and attempt = :attempt and state = :running"
                + " returning id, subscriptions")
        .bind("id", attempt.id())
        .bind("attempt", attempt.attempt())
        .bind("running", State.CREATING_MANIFEST.name())
        .bind("state", attempt.state().name())
        .bind("failures", attempt.failures())
        .bind("settled", timeOrNull(attempt.settled()))
        .bind("failure", FailureCodec.encode(attempt.failure()))
        .bindMethods(attempt.totals())
        .bind("burden", attempt.totals().prediction().burden().toString())
        .bind("renamedNames", RenamingsCodec.encode(attempt.totals().renamed()))
        .bindMethods("preparation", attempt.preparation())
        .bind("begun", timeOrNull(attempt.preparation().begun()))
        .bind("nextTry", timeOrNull(attempt.preparation().nextTry()))
        .bind("lane", attempt.preparation().lane().name())
        .bind("pending", State.PENDING.name())
        .bind("sourceRoots", DownloadRowMapper.joined(attempt.totals().roots()))
        .map(MessageTable::told)
        .list();
  }

  private @Nullable Object timeOrNull(@Nullable Instant instant) {
    return instant == null ? null : dialect.time(instant);
  }
}
