package org.lading.store;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.lading.checksum.ChecksumStore;
import org.lading.checksum.ChecksumStoreContract;

/** The contract of checksum stores, kept by the embedded database. */
class H2ChecksumStoreTest extends ChecksumStoreContract {
  @TempDir Path directory;
  private Database database;
  private ChecksumStore store;

  @BeforeEach
  void open() {
    database = Database.openEmbedded(directory.resolve("database"));
    store = new JdbcChecksumStore(database.jdbi(), clock);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Override
  protected ChecksumStore store() {
    return store;
  }
}
