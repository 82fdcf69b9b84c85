package org.lading.backup;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.lading.backup.ContentFiles.Copied;
import org.lading.download.Download.State;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies the files of the downloads that are ready in a snapshot of the database. Files are there
 * before a row says that a download is ready, and removed after it says that it has expired: so
 * they are copied after the snapshot, and those that are missing then belong to downloads that have
 * expired since. Such downloads are listed in a file of the backup, and are expired when it is
 * used.
 */
final class StoredContent {
  /** The file with the ids of downloads that have expired since the snapshot, a line each. */
  private static final String EXPIRED = "expired";

  private static final int ROWS_AT_ONCE = 1000;
  private static final Logger log = LoggerFactory.getLogger(StoredContent.class);

  private final DataSource live;
  private final Path content;
  private final Path backup;
  private final List<String> expired = new ArrayList<>();
  private long incomplete;
  private Copied copied = Copied.NOTHING;

  /**
   * Makes the copy of a content directory for a backup.
   *
   * @param live the database as it is now
   */
  StoredContent(DataSource live, Path content, Path backup) {
    this.live = live;
    this.content = content;
    this.backup = backup;
  }

  /** Copies the files of all downloads that are ready in the snapshot. */
  void copy(Connection snapshot) throws IOException, SQLException {
    try (Statement statement = snapshot.createStatement()) {
      statement.setFetchSize(ROWS_AT_ONCE);
      try (ResultSet rows =
          statement.executeQuery(
              "select id, attempt, stored_count from download where stored_count > 0 and state = '"
                  + State.READY.name()
                  + "'")) {
        while (rows.next()) {
          copy(rows.getString(1), rows.getInt(2), rows.getLong(3));
        }
      }
    }
    if (!expired.isEmpty()) {
      Files.write(backup.resolve(EXPIRED), expired);
    }
  }

  private void copy(String id, int attempt, long count) throws IOException, SQLException {
    Path to = backup.resolve(ContentFiles.DIRECTORY).resolve(id);
    Copied now = Copied.NOTHING;
    try (DirectoryStream<Path> parts =
        Files.newDirectoryStream(content.resolve(id), attempt + "-*")) {
      for (Path part : parts) {
        Files.createDirectories(to);
        Files.setPosixFilePermissions(to, ContentFiles.CLOSED.directories());
        Path place = to.resolve(part.getFileName().toString());
        now = now.plus(ContentFiles.copy(part, place, ContentFiles.CLOSED));
      }
    } catch (NoSuchFileException e) {
      log.debug("There are no files of {}", id, e);
    }
    if (now.all() >= count) {
      copied = copied.plus(now);
    } else if (isReady(id)) {
      copied = copied.plus(now);
      incomplete++;
    } else {
      ContentFiles.delete(to);
      expired.add(id);
    }
  }

  private boolean isReady(String id) throws SQLException {
    try (Connection connection = live.getConnection();
        PreparedStatement query =
            connection.prepareStatement("select 1 from download where id = ? and state = ?")) {
      query.setString(1, id);
      query.setString(2, State.READY.name());
      try (ResultSet rows = query.executeQuery()) {
        return rows.next();
      }
    }
  }

  /** Returns what was copied. */
  Copied copied() {
    return copied;
  }

  /**
   * Returns a sentence about the downloads that are not in the backup whole, or an empty string.
   */
  String remark() {
    return (expired.isEmpty() ? "" : "; " + expired.size() + " downloads have expired meanwhile")
        + (incomplete == 0
            ? ""
            : "; " + incomplete + " downloads lacked files before, see GET /status");
  }

  /** Expires the downloads that had expired before their files were copied into a backup. */
  static void expire(Path backup, Connection restored) throws IOException, SQLException {
    Path list = backup.resolve(EXPIRED);
    if (Files.notExists(list)) {
      return;
    }
    try (PreparedStatement update =
        restored.prepareStatement("update download set state = ? where id = ?")) {
      for (String id : Files.readAllLines(list)) {
        update.setString(1, State.EXPIRED.name());
        update.setString(2, id);
        update.executeUpdate();
      }
    }
  }
}
