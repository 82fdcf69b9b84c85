package org.lading.store;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.lading.download.DownloadStore;
import org.lading.event.Outbox;
import org.lading.event.OutboxContract;
import org.lading.testing.OpenDatabase;

/** The contract of outboxes, kept by the embedded database. */
class SqliteOutboxTest extends OutboxContract {
  @TempDir Path directory;

  @RegisterExtension
  private final OpenDatabase database =
      new OpenDatabase(() -> Database.openEmbedded(directory.resolve("database")));

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
