package org.lading.store;

import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.lading.download.DownloadStore;
import org.lading.event.Outbox;
import org.lading.event.OutboxContract;
import org.lading.testing.NeedsProgram;
import org.lading.testing.OpenDatabase;
import org.lading.testing.Programs;

/** The contract of outboxes, kept by PostgreSQL. */
@NeedsProgram(Programs.UNSHARE)
class PostgresOutboxTest extends OutboxContract {
  @RegisterExtension private final OpenDatabase database = OpenDatabase.postgres();

  @Override
  protected Outbox outbox() {
    return new JdbcOutbox(database.get());
  }

  @Override
  protected DownloadStore store() {
    return new JdbcDownloadStore(database.get());
  }

  @Override
  protected List<String> waiting() {
    return new Transactions(database.get())
        .read(
            handle ->
                handle
                    .createQuery(
                        "select channel || ' ' || stream || ' ' || kind from message order by number")
                    .mapTo(String.class)
                    .list());
  }
}
