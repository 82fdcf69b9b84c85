package org.lading.store;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens an embedded database again that H2 has stopped.
 *
 * <p>After one write that failed, as on a full disk, H2 refuses every statement until the last
 * connection is closed, which in a pool never happens by itself.
 */
final class DatabaseReopener implements SqlLogger {
  private static final Logger log = LoggerFactory.getLogger(DatabaseReopener.class);

  /**
   * The error codes of a stopped database: GENERAL_ERROR_1, which wraps exceptions of H2's file
   * store, and DATABASE_IS_CLOSED.
   */
  private static final Set<Integer> STOPPED = Set.of(50000, 90098);

  private final HikariDataSource pool;

  DatabaseReopener(HikariDataSource pool) {
    this.pool = pool;
  }

  /**
   * Shuts down a database that has stopped, and removes its connections from the pool; the next
   * connection opens it again.
   */
  @Override
  public void logException(StatementContext context, SQLException failure) {
    if (!STOPPED.contains(failure.getErrorCode())) {
      return;
    }
    log.warn("The embedded database has stopped and is opened again", failure);
    try (Statement statement = context.getConnection().createStatement()) {
      statement.execute("SHUTDOWN IMMEDIATELY");
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
    HikariPoolMXBean connections = pool.getHikariPoolMXBean();
    if (connections != null) {
      connections.softEvictConnections();
    }
  }
}
