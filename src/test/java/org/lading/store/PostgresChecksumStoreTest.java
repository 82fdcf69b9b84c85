package org.lading.store;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.lading.checksum.ChecksumStore;
import org.lading.checksum.ChecksumStoreContract;
import org.lading.testing.NeedsProgram;
import org.lading.testing.OpenDatabase;
import org.lading.testing.Programs;

/** The contract of checksum stores, kept by PostgreSQL. */
@NeedsProgram(Programs.UNSHARE)
class PostgresChecksumStoreTest extends ChecksumStoreContract {
  @RegisterExtension private final OpenDatabase database = OpenDatabase.postgres();

  @Override
  protected ChecksumStore store() {
    return new JdbcChecksumStore(database.get(), clock);
  }
}
