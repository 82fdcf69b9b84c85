package org.lading.app;

import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;
import org.lading.config.Configuration;
import org.lading.config.DatabaseSettings;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.manifest.StoredFiles;
import org.lading.store.Database;

/**
 * Opens the parts without which no request can be answered. What is missing is named by its
 * setting, its value, and the user who cannot have it.
 */
final class OwnParts {
  private static final String USER = System.getProperty("user.name");

  /** What a JDBC URL may have that the log should not: parameters, and what stands before an @. */
  private static final Pattern SECRETS = Pattern.compile("[?].*|(?<=//)[^/]*@");

  private OwnParts() {}

  /** Opens the storage directory. */
  static void openStorage(Configuration configuration, StoredFiles files) {
    open(
        "storage",
        "storage: %s cannot be written by user %s".formatted(configuration.storage(), USER),
        () -> {
          files.open();
          return files;
        });
  }

  /** Opens the database. */
  static Database openDatabase(DatabaseSettings settings) {
    String jndi = settings.jndi();
    String url = settings.url();
    if (jndi != null) {
      return open(
          "database",
          "database.jndi: %s cannot be used".formatted(jndi),
          () -> Database.using(lookUp(jndi)));
    }
    if (url != null) {
      String what =
          "database.url: %s cannot be used by user %s"
              .formatted(SECRETS.matcher(url).replaceAll(""), settings.user());
      return open("database", what, () -> Database.open(url, settings.user(), settings.password()));
    }
    String what =
        "database: the one in %s cannot be opened by user %s".formatted(settings.directory(), USER);
    return open("database", what, () -> Database.openEmbedded(settings.directory()));
  }

  private static <T> T open(String part, String what, Supplier<T> opening) {
    try {
      return opening.get();
    } catch (RuntimeException e) {
      throw new StartException(part, what, e);
    }
  }

  // The name comes from the operator, not from a request.
  @SuppressWarnings("BanJNDI")
  private static DataSource lookUp(String name) {
    try {
      return (DataSource) new InitialContext().lookup(name);
    } catch (NamingException | ClassCastException e) {
      throw new LadingException(
          ErrorCode.STORAGE_UNAVAILABLE, "There is no DataSource of this name", e);
    }
  }
}
