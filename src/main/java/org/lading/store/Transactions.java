package org.lading.store;

import java.util.function.Supplier;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.lading.error.LadingException;

/** Runs SQL, and distinguishes failures of the database from faulty SQL or data. */
final class Transactions {
  private final Dialect dialect;
  private final Jdbi reader;
  private final Jdbi writer;
  private final Jdbi unforcedWriter;
  private final Outage outage;
  private final Runnable room;

  Transactions(Database database) {
    this.dialect = database.dialect();
    this.reader = database.reader();
    this.writer = database.writer(true);
    this.unforcedWriter = database.writer(false);
    this.outage = database.outage();
    this.room = database::requireRoom;
  }

  /** Returns how the database's SQL differs from others'. */
  Dialect dialect() {
    return dialect;
  }

  /** Runs a query; a failure of the database becomes {@code STORAGE_UNAVAILABLE}. */
  <T> T read(HandleCallback<T, RuntimeException> query) {
    T result = run(() -> reader.withHandle(query));
    outage.answered();
    return result;
  }

  /**
   * Runs SQL that writes, in one transaction, which should be short: an embedded database runs one
   * after another. A failure of the database becomes {@code STORAGE_UNAVAILABLE}.
   */
  <T> T write(HandleCallback<T, RuntimeException> work) {
    T result = run(() -> writer.inTransaction(work));
    outage.written();
    return result;
  }

  /**
   * As {@link #write}, for what nobody has been told of yet, and what can be made again: the
   * embedded database does not wait for the disk. It is lost with the machine's power at most,
   * never with the process, and is on the disk when a later {@link #write} returns.
   */
  <T> T writeUnforced(HandleCallback<T, RuntimeException> work) {
    T result = run(() -> unforcedWriter.inTransaction(work));
    outage.written();
    return result;
  }

  /**
   * Asks the database whether it can be written, without a write: writers may have to wait.
   *
   * @throws LadingException {@code STORAGE_UNAVAILABLE} if it cannot, or does not answer
   */
  void requireWritable() {
    if (read(handle -> handle.createQuery(dialect.isReadOnly()).mapTo(Boolean.class).one())) {
      LadingException failure = Outage.Kind.READ_ONLY.failure(null);
      outage.failed(Outage.Kind.READ_ONLY, failure);
      throw failure;
    }
    room.run();
    outage.requireWritable();
  }

  /** Neither exception that comes out quotes the SQL or its values. */
  private <T> T run(Supplier<T> work) {
    try {
      return work.get();
    } catch (JdbiException e) {
      DatabaseFailure failure = new DatabaseFailure(e);
      if (failure.isUnavailable()) {
        outage.failed(failure.kind(), failure);
        throw failure.kind().failure(failure);
      }
      throw failure;
    }
  }
}
