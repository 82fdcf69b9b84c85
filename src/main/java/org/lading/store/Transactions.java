package org.lading.store;

import java.sql.SQLException;
import java.util.Set;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/** Runs SQL in transactions, and distinguishes failures of the database from faulty SQL or data. */
final class Transactions {
  /**
   * The classes of SQL states of faulty data, a violated constraint and faulty SQL, which are no
   * failures of the database.
   */
  private static final Set<String> OUR_FAULT = Set.of("22", "23", "42");

  private static final String BROKEN_CONSTRAINT = "23";

  private final Jdbi jdbi;

  Transactions(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** Runs SQL; a failure of the database becomes {@code STORAGE_UNAVAILABLE}. */
  <T> T run(HandleCallback<T, RuntimeException> work) {
    try {
      return jdbi.inTransaction((Handle handle) -> work.withHandle(handle));
    } catch (JdbiException e) {
      if (isUnavailable(e)) {
        throw new LadingException(ErrorCode.STORAGE_UNAVAILABLE, "The database did not answer", e);
      }
      throw e;
    }
  }

  /**
   * Returns whether a row could not be written because another node wrote one of the same key
   * first.
   */
  static boolean isConflict(JdbiException e) {
    return BROKEN_CONSTRAINT.equals(stateClass(e));
  }

  private static boolean isUnavailable(JdbiException e) {
    String state = stateClass(e);
    return e instanceof ConnectionException || (!state.isEmpty() && !OUR_FAULT.contains(state));
  }

  private static String stateClass(JdbiException e) {
    return e.getCause() instanceof SQLException sql && sql.getSQLState() != null
        ? sql.getSQLState().substring(0, 2)
        : "";
  }
}
