package org.lading.store;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.lading.checksum.ChecksumStore;
import org.lading.checksum.ChecksumStoreContract;
import org.lading.testing.PostgresServer;

/** The contract of checksum stores, kept by PostgreSQL. */
class PostgresChecksumStoreTest extends ChecksumStoreContract {
  private Database database;
  private ChecksumStore store;

  @BeforeEach
  void open() {
    database = Database.open(PostgresServer.newDatabase(), PostgresServer.USER, null);
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
