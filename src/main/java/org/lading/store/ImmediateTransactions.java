package org.lading.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.transaction.DelegatingTransactionHandler;
import org.jdbi.v3.core.transaction.LocalTransactionHandler;
import org.jdbi.v3.core.transaction.TransactionException;
import org.jdbi.v3.core.transaction.TransactionHandler;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/**
 * Runs transactions of SQLite that lock the database when they begin, so that what they read is
 * still true when they write.
 *
 * <p>They are begun and ended by statements: the driver's own {@code commit()} begins the next one
 * at once. After some failures, as on a full disk, SQLite has rolled back already, and the rollback
 * here fails; then the connection is discarded, since nothing tells its state.
 */
final class ImmediateTransactions extends DelegatingTransactionHandler {
  private final Consumer<Connection> discard;

  /**
   * Makes a handler.
   *
   * @param discard takes a connection in an unknown state out of its pool
   */
  ImmediateTransactions(Consumer<Connection> discard) {
    super(LocalTransactionHandler.binding());
    this.discard = discard;
  }

  @Override
  public TransactionHandler specialize(Handle handle) {
    return this;
  }

  @Override
  public <R, X extends Exception> R inTransaction(Handle handle, HandleCallback<R, X> callback)
      throws X {
    run(handle, "begin immediate");
    boolean isCommitted = false;
    try {
      R result = callback.withHandle(handle);
      run(handle, "commit");
      isCommitted = true;
      return result;
    } finally {
      if (!isCommitted) {
        rollBack(handle);
      }
    }
  }

  @Override
  public <R, X extends Exception> R inTransaction(
      Handle handle, TransactionIsolationLevel level, HandleCallback<R, X> callback) throws X {
    return inTransaction(handle, callback);
  }

  private void rollBack(Handle handle) {
    try (Statement statement = handle.getConnection().createStatement()) {
      statement.execute("rollback");
    } catch (SQLException e) {
      discard.accept(handle.getConnection());
    }
  }

  private static void run(Handle handle, String sql) {
    try (Statement statement = handle.getConnection().createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new TransactionException("the transaction did not " + sql, e);
    }
  }
}
