package org.lading.store;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.lading.limit.LimitStore;
import org.lading.limit.LimitStoreContract;
import org.lading.testing.NeedsProgram;
import org.lading.testing.OpenDatabase;
import org.lading.testing.Programs;

/** The contract of stores of limits, kept by PostgreSQL. */
@NeedsProgram(Programs.UNSHARE)
class PostgresLimitStoreTest extends LimitStoreContract {
  @RegisterExtension private final OpenDatabase database = OpenDatabase.postgres();

  @Override
  protected LimitStore store() {
    return new JdbcLimitStore(database.get());
  }
}
