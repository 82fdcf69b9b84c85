package org.lading.testing;

import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Does what {@link OnPostgres} says. */
final class PostgresExtension implements BeforeAllCallback, AfterAllCallback {
  @Override
  public void beforeAll(ExtensionContext context) throws IOException, SQLException {
    // Now, so that a test that looks for new threads does not find those of the server.
    PostgresServer.start();
    System.setProperty(TestDatabase.PROPERTY, TestDatabase.POSTGRESQL);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    System.clearProperty(TestDatabase.PROPERTY);
  }
}
