package org.lading.store;

import java.nio.file.Path;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.lading.download.DownloadStore;
import org.lading.manifest.LiteralStore;
import org.lading.manifest.LiteralStoreContract;
import org.lading.testing.OpenDatabase;

/** The contract of stores of literals, kept by the embedded database. */
class SqliteLiteralStoreTest extends LiteralStoreContract {
  @TempDir Path directory;

  @RegisterExtension
  private final OpenDatabase database =
      new OpenDatabase(() -> Database.openEmbedded(directory.resolve("database")));

  @Override
  protected LiteralStore literals() {
    return new JdbcLiteralStore(database.get());
  }

  @Override
  protected DownloadStore downloads() {
    return new JdbcDownloadStore(database.get());
  }
}
