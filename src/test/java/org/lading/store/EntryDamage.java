package org.lading.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.lading.manifest.Entry;

/** Spoils stored entries in a way that only the writing of their manifest lines notices. */
public final class EntryDamage {
  private EntryDamage() {}

  /** Gives the entry a name with a line feed in it, which no manifest line can hold. */
  public static void breakName(Connection database, String name) throws SQLException {
    int changed = 0;
    try (Statement query = database.createStatement();
        ResultSet chunks =
            query.executeQuery(
                "select download_id, first_entry, entry_count, data from entry_chunk");
        PreparedStatement update =
            database.prepareStatement(
                "update entry_chunk set data = ? where download_id = ? and first_entry = ?")) {
      while (chunks.next()) {
        EntryCodec.Decoder entries = new EntryCodec.Decoder(chunks.getBytes(4));
        EntryCodec.Encoder damaged = new EntryCodec.Encoder();
        boolean found = false;
        for (int i = chunks.getInt(3); i > 0; i--) {
          Entry entry = entries.next();
          boolean isIt = entry.name().equals(name);
          damaged.add(isIt ? withLineFeed(entry) : entry);
          found |= isIt;
        }
        if (found) {
          update.setBytes(1, damaged.finish());
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

  private static Entry withLineFeed(Entry entry) {
    return new Entry(
        entry.kind(),
        '\n' + entry.name().substring(1),
        entry.size(),
        entry.crc32(),
        entry.modified(),
        entry.source(),
        entry.stored());
  }
}
