package org.lading.store;

import java.nio.file.Path;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.lading.limit.LimitStore;
import org.lading.limit.LimitStoreContract;
import org.lading.testing.OpenDatabase;

/** The contract of stores of limits, kept by the embedded database. */
class SqliteLimitStoreTest extends LimitStoreContract {
  @TempDir Path directory;

  @RegisterExtension
  private final OpenDatabase database =
      new OpenDatabase(() -> Database.openEmbedded(directory.resolve("database")));

  @Override
  protected LimitStore store() {
    return new JdbcLimitStore(database.get());
  }
}
