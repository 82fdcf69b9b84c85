package org.lading.testing;

import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.lading.store.Database;

/** A database that is open during each test. */
public final class OpenDatabase implements BeforeEachCallback, AfterEachCallback {
  private final Supplier<Database> opening;
  private Database database;

  /** One that is opened so. */
  public OpenDatabase(Supplier<Database> opening) {
    this.opening = opening;
  }

  /** A PostgreSQL database, empty for each test. */
  public static OpenDatabase postgres() {
    return new OpenDatabase(
        () -> Database.open(PostgresServer.newDatabase(), PostgresServer.USER, null));
  }

  /** The one of this test. */
  public Database get() {
    return database;
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    database = opening.get();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    database.close();
  }
}
