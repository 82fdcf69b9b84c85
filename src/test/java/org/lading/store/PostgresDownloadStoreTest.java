package org.lading.store;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.lading.download.DownloadStore;
import org.lading.download.DownloadStoreContract;
import org.lading.testing.NeedsProgram;
import org.lading.testing.OpenDatabase;
import org.lading.testing.Programs;

/** The contract of stores, kept by PostgreSQL. */
@NeedsProgram(Programs.UNSHARE)
class PostgresDownloadStoreTest extends DownloadStoreContract {
  @RegisterExtension private final OpenDatabase database = OpenDatabase.postgres();

  @Override
  protected DownloadStore store() {
    return new JdbcDownloadStore(database.get());
  }
}
