package org.lading.app;

import java.util.List;
import java.util.function.Consumer;
import java.util.logging.Filter;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.lading.error.FaultLog;

/**
 * Keeps the libraries from telling, connection by connection and poll by poll, that the database is
 * away, which the log has in one line. Levels that the operator has set stay.
 */
final class LibraryLogs implements AutoCloseable {
  /** The pool of connections: what it warns of, callers are told by exceptions. */
  private static final String POOL = "com.zaxxer.hikari";

  /** What polls the database, and says so if it cannot. */
  private static final List<String> POLLERS =
      List.of(
          "com.github.kagkarlsson.scheduler.Scheduler",
          "com.github.kagkarlsson.scheduler.RunUntilShutdown",
          "com.github.kagkarlsson.scheduler.RunAndLogErrors",
          "com.github.kagkarlsson.scheduler.ExecutePicked",
          "com.github.kagkarlsson.scheduler.FetchCandidates",
          "com.github.kagkarlsson.scheduler.DueExecutionsBatch",
          "com.github.kagkarlsson.scheduler.concurrent.LoggingRunnable",
          "com.github.kagkarlsson.scheduler.jdbc.JdbcTaskRepository");

  private final Logger pool = Logger.getLogger(POOL);
  private final boolean isPoolQuieted;
  private final List<Logger> pollers = POLLERS.stream().map(Logger::getLogger).toList();
  private final Filter filter;

  /**
   * Sets levels and filters until this is closed.
   *
   * @param outages takes the failures that libraries do not tell
   */
  LibraryLogs(Consumer<Throwable> outages) {
    this.isPoolQuieted = pool.getLevel() == null;
    if (isPoolQuieted) {
      pool.setLevel(Level.SEVERE);
    }
    this.filter =
        logged -> {
          Throwable thrown = logged.getThrown();
          if (thrown == null || !FaultLog.isTold(thrown)) {
            return true;
          }
          outages.accept(thrown);
          return false;
        };
    pollers.forEach(poller -> poller.setFilter(filter));
  }

  @Override
  public void close() {
    if (isPoolQuieted) {
      pool.setLevel(null);
    }
    // Another application of the process may have set its own since.
    pollers.stream()
        .filter(poller -> poller.getFilter() == filter)
        .forEach(poller -> poller.setFilter(null));
  }
}
