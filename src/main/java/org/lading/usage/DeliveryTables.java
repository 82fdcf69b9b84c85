package org.lading.usage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.lading.usage.DeliveryMerger.Merged;
import org.lading.usage.DeliveryMerger.Reply;

/** Writes deliveries, and the files in them, into their tables. */
final class DeliveryTables implements AutoCloseable {
  /** The assembler in whose archives the places of files are not those of the log. */
  private static final String MOD_ZIP = "mod_zip";

  private final UsageOptions options;
  private final PreparedStatement delivery;
  private final PreparedStatement isRobot;
  private final PreparedStatement allFiles;
  private final PreparedStatement files;
  private final PreparedStatement file;

  /** The download whose whole deliveries are counted, by people and by robots. */
  private String download = "";

  private final long[] whole = new long[2];

  DeliveryTables(Connection connection, UsageOptions options) throws SQLException {
    this.options = options;
    this.delivery =
        connection.prepareStatement(
            """
            insert into delivery(download, address, agent, robot, assembler, began, ended, replies,
              bytes, complete, reason)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""");
    this.isRobot = connection.prepareStatement("select robot from agent where id = ?");
    String add = " on conflict do update set n = n + excluded.n";
    this.allFiles =
        connection.prepareStatement(
            "insert into file_count select download, place, root, path, ?, size, ? from file"
                + " where download = ?"
                + add);
    this.files = connection.prepareStatement("select * from file where download = ?");
    this.file =
        connection.prepareStatement("insert into file_count values (?, ?, ?, ?, ?, ?, 1)" + add);
  }

  /** Adds the deliveries that replies in order make. */
  void addAll(ResultSet replies) throws SQLException {
    DeliveryMerger merger = new DeliveryMerger();
    while (replies.next()) {
      Merged finished = merger.add(reply(replies));
      if (finished != null) {
        add(finished);
      }
    }
    Merged last = merger.finish();
    if (last != null) {
      add(last);
    }
    addWhole();
  }

  /** Counts the files of a download once, however often it was delivered. */
  private void addWhole() throws SQLException {
    for (int robot = 0; robot < whole.length; robot++) {
      if (whole[robot] > 0) {
        LineTables.run(allFiles, robot, whole[robot], download);
        whole[robot] = 0;
      }
    }
  }

  private static Reply reply(ResultSet row) throws SQLException {
    return new Reply(
        row.getString("download"),
        row.getString("address"),
        row.getLong("agent"),
        row.getString("assembler"),
        row.getLong("began"),
        row.getLong("ended"),
        row.getLong("first"),
        row.getLong("bytes"),
        row.getLong("length"),
        row.getBoolean("complete"),
        row.getString("reason"));
  }

  private void add(Merged merged) throws SQLException {
    Instant began = Instant.ofEpochMilli(merged.began());
    if (!UsageDatabase.isWithin(options, began)) {
      return;
    }
    Reply one = merged.one();
    int robot = robot(one.agent());
    Object[] values = {
      one.download(),
      one.address(),
      one.agent(),
      robot,
      one.assembler(),
      began.toString(),
      Instant.ofEpochMilli(merged.ended()).toString(),
      merged.replies(),
      merged.bytes(),
      merged.isWhole() ? 1 : 0,
      merged.reason()
    };
    LineTables.run(delivery, values);
    if (!download.equals(one.download())) {
      addWhole();
      download = one.download();
    }
    if (merged.isWhole()) {
      whole[robot]++;
    } else if (!MOD_ZIP.equals(one.assembler())) {
      addCoveredFiles(merged, robot);
    }
  }

  private int robot(long agent) throws SQLException {
    isRobot.setLong(1, agent);
    try (ResultSet row = isRobot.executeQuery()) {
      row.next();
      return row.getInt(1);
    }
  }

  private void addCoveredFiles(Merged merged, int robot) throws SQLException {
    files.setString(1, merged.one().download());
    try (ResultSet row = files.executeQuery()) {
      while (row.next()) {
        if (merged.covers(row.getLong("first"), row.getLong("last") + 1)) {
          LineTables.run(
              file,
              row.getString("download"),
              row.getLong("place"),
              row.getString("root"),
              row.getString("path"),
              robot,
              row.getLong("size"));
        }
      }
    }
  }

  @Override
  public void close() throws SQLException {
    delivery.close();
    isRobot.close();
    allFiles.close();
    files.close();
    file.close();
  }
}
