package org.lading.store;

import java.util.Locale;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.flywaydb.core.api.output.MigrateResult;
import org.lading.base.BuildVersion;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The changes of the tables, from those of the first release to those of this version. */
final class Migrations {
  /** Flyway's word for the last change that this version knows. */
  static final String LATEST = "latest";

  private static final Logger log = LoggerFactory.getLogger(Migrations.class);

  private Migrations() {}

  /** Returns Flyway's configuration for the tables of a database. */
  static FluentConfiguration of(DataSource database, Dialect dialect) {
    return Flyway.configure(Migrations.class.getClassLoader())
        .dataSource(database)
        .locations("classpath:db/migration/" + dialect.name().toLowerCase(Locale.ROOT));
  }

  /**
   * Makes the tables, or changes those that are there.
   *
   * @param version the version that the tables are to have; all changes are made if it is {@link
   *     #LATEST}, or not known
   * @throws LadingException {@code NOT_CONFIGURED} if a newer Lading has changed them, or they are
   *     not those of a Lading
   */
  static void run(DataSource database, Dialect dialect, String version) {
    requireNotNewer(of(database, dialect).load());
    // Flyway's question mark takes a version that is not known.
    String target = version.equals(LATEST) ? version : version + "?";
    try {
      MigrateResult done = of(database, dialect).target(target).load().migrate();
      if (done.migrationsExecuted > 0) {
        log.info(
            "The tables of the database are made or changed: from version {} to {}",
            done.initialSchemaVersion == null ? "none" : done.initialSchemaVersion,
            done.targetSchemaVersion);
      }
    } catch (FlywayValidateException e) {
      throw new LadingException(
          ErrorCode.NOT_CONFIGURED, "The tables of the database are not those of a Lading", e);
    }
  }

  /**
   * Returns the version that the tables have.
   *
   * @throws LadingException {@code STORAGE_UNAVAILABLE} if there are none
   */
  static String current(DataSource database, Dialect dialect) {
    MigrationInfo current = of(database, dialect).load().info().current();
    if (current == null) {
      throw new LadingException(
          ErrorCode.STORAGE_UNAVAILABLE, "The database has no tables of Lading");
    }
    return String.valueOf(current.getVersion());
  }

  /**
   * Throws {@code NOT_CONFIGURED} if a newer Lading has changed the tables: this one might write
   * what that one cannot read.
   */
  static void requireNotNewer(Flyway flyway) {
    String known = "none";
    for (MigrationInfo one : flyway.info().all()) {
      if (one.getState().isResolved()) {
        known = String.valueOf(one.getVersion());
      } else if (one.getState().isApplied() && !one.getState().isFailed()) {
        throw newer(String.valueOf(one.getVersion()), known);
      }
    }
  }

  /** Returns the refusal of tables, or of a copy of them, that a newer Lading has written. */
  static LadingException newer(String version, String known) {
    return new LadingException(
        ErrorCode.NOT_CONFIGURED,
        "The tables have the version "
            + version
            + ", of a newer Lading. This one, "
            + BuildVersion.OF_THIS_BUILD
            + ", knows them up to version "
            + known
            + ": start the newer one again, or restore the backup that was made before the update"
            + " (see UPGRADING.md)");
  }
}
