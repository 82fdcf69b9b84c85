package org.lading.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the database; it is the embedded one if there is neither a URL nor a JNDI name.
 *
 * @param directory the directory of the embedded database
 * @param url the JDBC URL of a PostgreSQL database; excludes {@code jndi}
 * @param user the user, with {@code url}, or null
 * @param password the password, with {@code url}, or null
 * @param jndi the JNDI name of a DataSource of the container; excludes {@code url}
 */
public record DatabaseSettings(
    Path directory,
    @Nullable String url,
    @Nullable String user,
    @Nullable String password,
    @Nullable String jndi) {

  /** Returns whether the database is the embedded one, which only one process can open. */
  public boolean isEmbedded() {
    return url == null && jndi == null;
  }

  /** Renders the kind of database only: a JDBC URL may hold a password in its parameters. */
  @Override
  public String toString() {
    if (jndi != null) {
      return "Database[jndi=" + jndi + "]";
    }
    return url == null ? "Database[embedded]" : "Database[url]";
  }
}
