package org.lading.store;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Properties;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/**
 * Makes connections to a database of PostgreSQL by its URL, whose parameters take precedence. It
 * asks the driver itself: the JDK's {@code DriverManager} may not know it, since a container's does
 * not look into web applications.
 */
final class PostgresConnections implements DataSource {
  /** The maximum number of seconds until a server has answered a login. */
  private static final String LOGIN_SECONDS = "10";

  /**
   * The maximum number of seconds of silence of a server, which must not block threads for ever.
   */
  private static final String SOCKET_SECONDS = "60";

  private static final String DRIVER = "org.postgresql.Driver";

  private final Driver driver = driver();
  private final String url;
  private final Properties properties = new Properties();

  PostgresConnections(String url, @Nullable String user, @Nullable String password) {
    this.url = url;
    if (user != null) {
      properties.setProperty("user", user);
    }
    if (password != null) {
      properties.setProperty("password", password);
    }
    properties.setProperty("loginTimeout", LOGIN_SECONDS);
    properties.setProperty("connectTimeout", LOGIN_SECONDS);
    properties.setProperty("socketTimeout", SOCKET_SECONDS);
    properties.setProperty("tcpKeepAlive", "true");
  }

  /** Makes the driver, whose annotations the compiler does not know. */
  private static Driver driver() {
    try {
      return Class.forName(DRIVER).asSubclass(Driver.class).getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the driver of PostgreSQL is not in the WAR", e);
    }
  }

  /** Throws {@code STORAGE_UNAVAILABLE} if there is no connection. */
  void require() {
    try {
      getConnection().close();
    } catch (SQLException e) {
      throw new LadingException(
          ErrorCode.STORAGE_UNAVAILABLE, "The database gives no connection", e);
    }
  }

  @Override
  public Connection getConnection() throws SQLException {
    Connection connection = driver.connect(url, properties);
    if (connection == null) {
      throw new SQLException("the URL is not one of PostgreSQL");
    }
    return connection;
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException("the user is in the settings");
  }

  @Override
  public PrintWriter getLogWriter() throws SQLException {
    throw new SQLFeatureNotSupportedException("there is no log");
  }

  @Override
  public void setLogWriter(PrintWriter out) throws SQLException {
    throw new SQLFeatureNotSupportedException("there is no log");
  }

  /** Does nothing: the time is in the properties, or in the URL. */
  @Override
  public void setLoginTimeout(int seconds) {}

  @Override
  public int getLoginTimeout() {
    return Integer.parseInt(LOGIN_SECONDS);
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("there is no log");
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLFeatureNotSupportedException("there is nothing in it");
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
