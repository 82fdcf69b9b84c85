package org.lading.store;

import java.util.function.Supplier;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/** Runs SQL, and distinguishes failures of the database from faulty SQL or data. */
final class Transactions {
  private final Dialect dialect;
  private final Jdbi reader;
  private final Jdbi writer;
  private final Jdbi unforcedWriter;
  private final Outage outage;

  Transactions(Database database) {
    this.dialect = database.dialect();
    this.reader = database.reader();
    this.writer = database.writer(true);
    this.unforcedWriter = database.writer(false);
    this.outage = database.outage();
  }

  /** Returns how the database's SQL differs from others'. */
  Dialect dialect() {
    return dialect;
  }

  /** Runs a query; a failure of the database becomes {@code STORAGE_UNAVAILABLE}. */
  <T> T read(HandleCallback<T, RuntimeException> query) {
    return run(() -> reader.withHandle(query));
  }

  /**
   * Runs SQL that writes, in one transaction, which should be short: an embedded database runs one
   * after another. A failure of the database becomes {@code STORAGE_UNAVAILABLE}.
   */
  <T> T write(HandleCallback<T, RuntimeException> work) {
    return run(() -> writer.inTransaction(work));
  }

  /**
   * As {@link #write}, for what nobody has been told of yet, and what can be made again: the
   * embedded database does not wait for the disk. It is lost with the machine's power at most,
   * never with the process, and is on the disk when a later {@link #write} returns.
   */
  <T> T writeUnforced(HandleCallback<T, RuntimeException> work) {
    return run(() -> unforcedWriter.inTransaction(work));
  }

  /** Neither exception that comes out quotes the SQL or its values. */
  private <T> T run(Supplier<T> work) {
    try {
      T result = work.get();
      outage.answered();
      return result;
    } catch (JdbiException e) {
      DatabaseFailure failure = new DatabaseFailure(e);
      if (failure.isUnavailable()) {
        outage.failed(failure);
        throw new LadingException(
                ErrorCode.STORAGE_UNAVAILABLE, "The database did not answer", failure)
            .told();
      }
      throw failure;
    }
  }
}
