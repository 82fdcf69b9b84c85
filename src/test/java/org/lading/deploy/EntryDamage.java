package org.lading.deploy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/** Spoils stored entries in a way that only the writing of their manifest lines notices. */
final class EntryDamage {
  private EntryDamage() {}

  /** Gives the entry a name with a line feed in it, which no manifest line can hold. */
  static void breakName(Connection database, String name) throws SQLException, IOException {
    int changed = 0;
    try (Statement query = database.createStatement();
        ResultSet chunks =
            query.executeQuery("select download_id, first_entry, data from entry_chunk");
        PreparedStatement update =
            database.prepareStatement(
                "update entry_chunk set data = ? where download_id = ? and first_entry = ?")) {
      while (chunks.next()) {
        byte[] damaged = withoutName(chunks.getBytes(3), name);
        if (damaged.length > 0) {
          update.setBytes(1, damaged);
          update.setString(2, chunks.getString(1));
          update.setLong(3, chunks.getLong(2));
          changed += update.executeUpdate();
        }
      }
    }
    if (changed != 1) {
      throw new IllegalStateException(name + " was found in " + changed + " chunks");
    }
  }

  /** A chunk is a version byte and deflated entries, each with its name before its source. */
  private static byte[] withoutName(byte[] chunk, String name) throws IOException {
    String entries =
        new String(
            new InflaterInputStream(new ByteArrayInputStream(chunk, 1, chunk.length - 1))
                .readAllBytes(),
            StandardCharsets.ISO_8859_1);
    int at = entries.indexOf(name);
    if (at < 0) {
      return new byte[0];
    }
    String damaged = entries.substring(0, at) + '\n' + entries.substring(at + 1);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(chunk[0]);
    try (DeflaterOutputStream deflated = new DeflaterOutputStream(out)) {
      deflated.write(damaged.getBytes(StandardCharsets.ISO_8859_1));
    }
    return out.toByteArray();
  }
}
