package org.lading.config;

import org.jspecify.annotations.Nullable;

/**
 * Where downloads are kept; with all parts null an H2 file in the storage.
 *
 * @param url JDBC URL; excludes {@code jndi}
 * @param user with {@code url}, or null
 * @param password with {@code url}, or null
 * @param jndi name of a container's DataSource; excludes {@code url}
 */
public record DatabaseConfiguration(
    @Nullable String url, @Nullable String user, @Nullable String password, @Nullable String jndi) {

  /** The kind of database only: a JDBC URL may hold a password in its parameters. */
  @Override
  public String toString() {
    if (jndi != null) {
      return "Database[jndi=" + jndi + "]";
    }
    return url == null ? "Database[embedded]" : "Database[url]";
  }
}
