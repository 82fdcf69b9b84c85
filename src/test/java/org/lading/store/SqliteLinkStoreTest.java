package org.lading.store;

import java.nio.file.Path;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.lading.download.DownloadStore;
import org.lading.download.link.LinkStore;
import org.lading.download.link.LinkStoreContract;
import org.lading.testing.OpenDatabase;

/** The contract of stores of links, kept by the embedded database. */
class SqliteLinkStoreTest extends LinkStoreContract {
  @TempDir Path directory;

  @RegisterExtension
  private final OpenDatabase database =
      new OpenDatabase(() -> Database.openEmbedded(directory.resolve("database")));

  @Override
  protected LinkStore links() {
    return new JdbcLinkStore(database.get());
  }

  @Override
  protected DownloadStore downloads() {
    return new JdbcDownloadStore(database.get());
  }
}
