package org.lading.testing;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Does what {@link OnPostgres} says. */
final class PostgresExtension implements BeforeAllCallback, AfterAllCallback {
  @Override
  public void beforeAll(ExtensionContext context) {
    System.setProperty(TestDatabase.PROPERTY, TestDatabase.POSTGRESQL);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    System.clearProperty(TestDatabase.PROPERTY);
  }
}
