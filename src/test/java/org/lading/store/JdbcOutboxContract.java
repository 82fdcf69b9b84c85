package org.lading.store;

import java.util.List;
import org.lading.download.DownloadStore;
import org.lading.event.Outbox;
import org.lading.event.OutboxContract;

/** The contract of outboxes, for those in a database. */
abstract class JdbcOutboxContract extends OutboxContract {
  /** Returns the database of the running test. */
  abstract Database database();

  @Override
  protected Outbox outbox() {
    return new JdbcOutbox(database());
  }

  @Override
  protected DownloadStore store() {
    return new JdbcDownloadStore(database());
  }

  @Override
  protected List<String> waiting() {
    return new Transactions(database())
        .read(
            handle ->
                handle
                    .createQuery(
                        "select channel || ' ' || stream || ' ' || kind from message order by number")
                    .mapTo(String.class)
                    .list());
  }
}
