package org.lading.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.lading.base.PrintableText;

/**
 * A failure of a transaction as the log may have it: with the classes of the exceptions and the SQL
 * state, and without the SQL, the values and the names that the messages of Jdbi and drivers quote.
 */
final class DatabaseFailure extends JdbiException {
  private static final long serialVersionUID = 1L;

  /**
   * The classes of SQL states of faulty data, a violated constraint and faulty SQL, which are no
   * failures of the database.
   */
  private static final Set<String> OUR_FAULT = Set.of("22", "23", "42");

  /**
   * The result codes of SQLite, which has no SQL states, that are no failures of the database
   * either: SQLITE_ERROR (faulty SQL), TOOBIG, CONSTRAINT, MISMATCH, MISUSE, RANGE.
   */
  private static final Set<Integer> OUR_SQLITE_FAULT = Set.of(1, 18, 19, 20, 21, 25);

  /** The class of faulty SQL, whose messages name tables and no values. */
  private static final String FAULTY_SQL = "42";

  /** The code of SQLite for the same. */
  private static final int SQLITE_ERROR = 1;

  private static final int MAX_CAUSES = 10;

  private final boolean isUnavailable;
  private final transient Outage.Kind kind;

  /** Makes the failure with the stack trace of an exception, and without its message and cause. */
  DatabaseFailure(JdbiException failure) {
    super(description(failure), (Throwable) null);
    setStackTrace(failure.getStackTrace());
    SQLException sql = sqlException(failure);
    kind = Outage.Kind.of(sql);
    isUnavailable = failure instanceof ConnectionException || isUnavailable(sql);
  }

  /** Returns whether the database did not answer, rather than that SQL or data is faulty. */
  boolean isUnavailable() {
    return isUnavailable;
  }

  /** Returns what is wrong with the database that is unavailable. */
  Outage.Kind kind() {
    return kind;
  }

  private static boolean isUnavailable(@Nullable SQLException sql) {
    if (sql == null) {
      return false;
    }
    String stateClass = stateClass(sql);
    if (!stateClass.isEmpty()) {
      return !OUR_FAULT.contains(stateClass);
    }
    int code = sql.getErrorCode();
    // Without a state and a code only the words of the pool or the driver tell.
    return code == 0
        ? String.valueOf(sql.getMessage()).toLowerCase(Locale.ROOT).contains("closed")
        : !OUR_SQLITE_FAULT.contains(code);
  }

  private static String description(JdbiException failure) {
    List<String> classes = new ArrayList<>();
    for (Throwable cause : causes(failure)) {
      classes.add(cause.getClass().getSimpleName());
    }
    SQLException sql = sqlException(failure);
    String state = sql == null ? "none" : sql.getSQLState() + ", code " + sql.getErrorCode();
    String words =
        sql != null && (stateClass(sql).equals(FAULTY_SQL) || sql.getErrorCode() == SQLITE_ERROR)
            ? ": " + PrintableText.of(String.valueOf(sql.getMessage()))
            : "";
    return String.join(", ", classes) + ", SQL state " + state + words;
  }

  private static String stateClass(@Nullable SQLException sql) {
    String state = sql == null ? null : sql.getSQLState();
    return state == null || state.length() < 2 ? "" : state.substring(0, 2);
  }

  /** Returns the exception of the driver among the causes of a failure, or null. */
  static @Nullable SQLException sqlException(Throwable failure) {
    for (Throwable cause : causes(failure)) {
      if (cause instanceof SQLException sql) {
        return sql;
      }
    }
    return null;
  }

  private static List<Throwable> causes(Throwable failure) {
    List<Throwable> causes = new ArrayList<>();
    for (Throwable cause = failure;
        cause != null && causes.size() < MAX_CAUSES;
        cause = cause.getCause()) {
      causes.add(cause);
    }
    return causes;
  }
}
