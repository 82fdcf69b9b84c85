package org.lading.store;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.lading.download.DownloadStore;
import org.lading.download.link.LinkStore;
import org.lading.download.link.LinkStoreContract;
import org.lading.testing.NeedsProgram;
import org.lading.testing.OpenDatabase;
import org.lading.testing.Programs;

/** The contract of stores of links, kept by PostgreSQL. */
@NeedsProgram(Programs.UNSHARE)
class PostgresLinkStoreTest extends LinkStoreContract {
  @RegisterExtension private final OpenDatabase database = OpenDatabase.postgres();

  @Override
  protected LinkStore links() {
    return new JdbcLinkStore(database.get());
  }

  @Override
  protected DownloadStore downloads() {
    return new JdbcDownloadStore(database.get());
  }
}
