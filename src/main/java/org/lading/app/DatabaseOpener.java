package org.lading.app;

import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;
import org.lading.config.DatabaseSettings;
import org.lading.store.Database;

/** Opens the database of a configuration. */
final class DatabaseOpener {
  private DatabaseOpener() {}

  /** Opens a database. */
  static Database open(DatabaseSettings settings) {
    String jndi = settings.jndi();
    if (jndi != null) {
      return Database.using(lookUp(jndi));
    }
    String url = settings.url();
    return url == null
        ? Database.openEmbedded(settings.directory())
        : Database.open(url, settings.user(), settings.password());
  }

  // The name comes from the operator, not from a request.
  @SuppressWarnings("BanJNDI")
  private static DataSource lookUp(String name) {
    try {
      return (DataSource) new InitialContext().lookup(name);
    } catch (NamingException | ClassCastException e) {
      throw new IllegalStateException("no DataSource under the JNDI name " + name, e);
    }
  }
}
