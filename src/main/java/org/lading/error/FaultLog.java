package org.lading.error;

import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.lading.base.PrintableException;
import org.lading.base.PrintableText;
import org.slf4j.Logger;

/**
 * Writes failures to the log in one line each. Their stack traces are written at DEBUG, or once
 * under an incident's id if nobody has foreseen them.
 */
public final class FaultLog {
  private static final int MAX_CAUSES = 20;
  private static final int MAX_CHARS = 500;

  /**
   * What SQL states of servers begin with that cannot be reached, take nobody, or are read-only.
   */
  private static final List<String> AWAY = List.of("08", "53", "57", "25006");

  /** The codes of SQLite, which has no states: SQLITE_READONLY, IOERR, FULL and CANTOPEN. */
  private static final Set<Integer> UNWRITABLE = Set.of(8, 10, 13, 14);

  private FaultLog() {}

  /**
   * Warns of a failure, unless it is one of many with one cause that the log has already.
   *
   * @param what the beginning of the line: what failed, and what becomes of it
   */
  public static void warn(Logger log, String what, Throwable thrown) {
    if (isTold(thrown)) {
      log.debug("{}", what, PrintableException.of(thrown));
    } else if (isForeseen(thrown)) {
      log.warn("{}: {}", what, reasons(thrown));
      log.debug("{}", what, PrintableException.of(thrown));
    } else {
      log.error("{}: incident {}", what, UUID.randomUUID(), PrintableException.of(thrown));
    }
  }

  /** Returns whether the log has the cause of a failure already: that a database is away, say. */
  public static boolean isTold(Throwable thrown) {
    return all(thrown).stream()
        .anyMatch(cause -> cause instanceof LadingException known ? known.isTold() : isAway(cause));
  }

  private static boolean isAway(Throwable cause) {
    if (!(cause instanceof SQLException failure)) {
      return false;
    }
    String state = failure.getSQLState();
    return cause instanceof SQLTransientConnectionException
        || cause instanceof SQLNonTransientConnectionException
        || (state == null
            ? UNWRITABLE.contains(failure.getErrorCode() & 0xff)
            : AWAY.stream().anyMatch(state::startsWith));
  }

  /** Returns whether a failure says enough without a stack trace. */
  public static boolean isForeseen(Throwable thrown) {
    return causes(thrown).stream()
        .anyMatch(
            cause ->
                cause instanceof LadingException
                    || cause instanceof IOException
                    || cause instanceof SQLException);
  }

  /** Returns the first lines of the messages of a failure and its causes, each once. */
  public static String reasons(Throwable thrown) {
    StringBuilder text = new StringBuilder();
    for (Throwable cause : causes(thrown)) {
      String message = message(cause);
      if (text.indexOf(message) < 0) {
        text.append(text.isEmpty() ? "" : ": ").append(message);
      }
    }
    return text.toString();
  }

  private static String message(Throwable cause) {
    String name = cause.getClass().getSimpleName();
    String message = String.valueOf(cause.getMessage());
    String first =
        PrintableText.cut(PrintableText.of(message.lines().findFirst().orElse("")), MAX_CHARS);
    return cause.getMessage() != null && first.indexOf(' ') > 0 ? first : name + " " + first;
  }

  private static List<Throwable> causes(Throwable thrown) {
    List<Throwable> causes = new ArrayList<>();
    Throwable cause = thrown;
    while (cause != null && causes.size() < MAX_CAUSES) {
      causes.add(cause);
      cause = cause.getCause();
    }
    return causes;
  }

  /** Returns a failure, its causes, and what was suppressed, as by a failure to roll back. */
  private static List<Throwable> all(Throwable thrown) {
    List<Throwable> all = new ArrayList<>();
    for (Throwable cause : causes(thrown)) {
      all.add(cause);
      for (Throwable suppressed : cause.getSuppressed()) {
        all.addAll(causes(suppressed));
      }
    }
    return all;
  }
}
