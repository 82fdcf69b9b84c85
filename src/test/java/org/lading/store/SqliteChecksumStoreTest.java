package org.lading.store;

import java.nio.file.Path;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.lading.checksum.ChecksumStore;
import org.lading.checksum.ChecksumStoreContract;
import org.lading.testing.OpenDatabase;

/** The contract of checksum stores, kept by the embedded database. */
class SqliteChecksumStoreTest extends ChecksumStoreContract {
  @TempDir Path directory;

  @RegisterExtension
  private final OpenDatabase database =
      new OpenDatabase(() -> Database.openEmbedded(directory.resolve("database")));

  @Override
  protected ChecksumStore store() {
    return new JdbcChecksumStore(database.get(), clock);
  }
}
