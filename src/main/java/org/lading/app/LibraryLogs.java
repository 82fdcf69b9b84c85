package org.lading.app;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.logging.Filter;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.lading.error.FaultLog;

/**
 * Keeps the libraries from telling, connection by connection and poll by poll, that the database is
 * away, and at each start how they look at its tables: the log has either in one line. Levels that
 * the operator has set stay.
 */
final class LibraryLogs implements AutoCloseable {
  /** The level of each; callers are told by exceptions what the pool of connections warns of. */
  private static final Map<String, Level> LEVELS =
      Map.of("com.zaxxer.hikari", Level.SEVERE, "org.flywaydb", Level.WARNING);

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

  private final List<Logger> quieted;
  private final List<Logger> pollers = POLLERS.stream().map(Logger::getLogger).toList();
  private @Nullable Filter filter;

  /** Sets levels until this is closed. */
  LibraryLogs() {
    this.quieted =
        LEVELS.keySet().stream()
            .map(Logger::getLogger)
            .filter(logger -> logger.getLevel() == null)
            .toList();
    quieted.forEach(logger -> logger.setLevel(LEVELS.get(logger.getName())));
  }

  /**
   * Sets filters until this is closed.
   *
   * @param outages takes the failures that libraries do not tell
   */
  void passOutages(Consumer<Throwable> outages) {
    Filter passing =
        logged -> {
          Throwable thrown = logged.getThrown();
          if (thrown == null || !FaultLog.isTold(thrown)) {
            return true;
          }
          outages.accept(thrown);
          return false;
        };
    this.filter = passing;
    pollers.forEach(poller -> poller.setFilter(passing));
  }

  @Override
  public void close() {
    quieted.forEach(logger -> logger.setLevel(null));
    // Another application of the process may have set its own since.
    pollers.stream()
        .filter(poller -> filter != null && poller.getFilter() == filter)
        .forEach(poller -> poller.setFilter(null));
  }
}
