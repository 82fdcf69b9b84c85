package org.lading.store;

import java.nio.file.Path;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.lading.testing.OpenDatabase;

/** The contract of outboxes, kept by the embedded database. */
class SqliteOutboxTest extends JdbcOutboxContract {
  @TempDir Path directory;

  @RegisterExtension
  private final OpenDatabase database =
      new OpenDatabase(() -> Database.openEmbedded(directory.resolve("database")));

  @Override
  Database database() {
    return database.get();
  }
}
