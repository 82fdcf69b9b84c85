package org.lading.store;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.lading.download.DownloadStore;
import org.lading.download.DownloadStoreContract;
import org.lading.testing.PostgresServer;

/** The contract of stores, kept by PostgreSQL. */
class PostgresDownloadStoreTest extends DownloadStoreContract {
  private Database database;
  private DownloadStore store;

  @BeforeEach
  void open() {
    database = Database.open(PostgresServer.newDatabase(), PostgresServer.USER, null);
    store = new JdbcDownloadStore(database.jdbi());
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Override
  protected DownloadStore store() {
    return store;
  }
}
