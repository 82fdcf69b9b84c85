package org.lading.store;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.lading.download.DownloadStore;
import org.lading.manifest.LiteralStore;
import org.lading.manifest.LiteralStoreContract;
import org.lading.testing.NeedsProgram;
import org.lading.testing.OpenDatabase;
import org.lading.testing.Programs;

/** The contract of stores of literals, kept by PostgreSQL. */
@NeedsProgram(Programs.UNSHARE)
class PostgresLiteralStoreTest extends LiteralStoreContract {
  @RegisterExtension private final OpenDatabase database = OpenDatabase.postgres();

  @Override
  protected LiteralStore literals() {
    return new JdbcLiteralStore(database.get());
  }

  @Override
  protected DownloadStore downloads() {
    return new JdbcDownloadStore(database.get());
  }
}
