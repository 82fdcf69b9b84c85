package org.lading.store;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.lading.testing.NeedsProgram;
import org.lading.testing.OpenDatabase;
import org.lading.testing.Programs;

/** The contract of outboxes, kept by PostgreSQL. */
@NeedsProgram(Programs.UNSHARE)
class PostgresOutboxTest extends JdbcOutboxContract {
  @RegisterExtension private final OpenDatabase database = OpenDatabase.postgres();

  @Override
  Database database() {
    return database.get();
  }
}
