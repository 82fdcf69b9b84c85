package org.lading.store;

import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.lading.checksum.ChecksumStore.Checksum;
import org.lading.checksum.ContentId;
import org.lading.checksum.PieceChecksums;

/** The rows of checksums of pieces. */
final class ChecksumPieces {
  private ChecksumPieces() {}

  /** Adds the pieces that are kept of this content. */
  static void find(Handle handle, ContentId content, PieceChecksums pieces) {
    handle
        .createQuery(
            "select piece, crc32 from checksum_piece where directory = ? and name = ?"
                + " and byte_count = ? and version = ?")
        .bind(0, DirectoryKey.of(content))
        .bind(1, DirectoryKey.name(content))
        .bind(2, content.size())
        .bind(3, content.version())
        .map((row, context) -> new int[] {row.getInt(1), row.getInt(2)})
        .forEach(piece -> pieces.put(piece[0], Integer.toUnsignedLong(piece[1])));
  }

  /** Keeps these, and none that another content of the same name had. */
  static void put(Handle handle, List<Checksum> pieces, LocalDate today) {
    PreparedBatch delete =
        handle.prepareBatch(
            "delete from checksum_piece where directory = ? and name = ?"
                + " and (piece = ? or byte_count <> ? or version <> ?)");
    PreparedBatch insert =
        handle.prepareBatch(
            "insert into checksum_piece"
                + " (directory, name, piece, byte_count, version, crc32, last_used)"
                + " values (?, ?, ?, ?, ?, ?, ?)");
    for (Checksum piece : lastOfEach(pieces)) {
      ContentId content = piece.content();
      byte[] directory = DirectoryKey.of(content);
      byte[] name = DirectoryKey.name(content);
      delete.add(directory, name, piece.piece(), content.size(), content.version());
      insert.add(
          directory,
          name,
          piece.piece(),
          content.size(),
          content.version(),
          (int) piece.crc32(),
          today);
    }
    delete.execute();
    insert.execute();
  }

  static void delete(Handle handle, ContentId content) {
    handle.execute(
        "delete from checksum_piece where directory = ? and name = ?",
        DirectoryKey.of(content),
        DirectoryKey.name(content));
  }

  private static Iterable<Checksum> lastOfEach(List<Checksum> pieces) {
    Map<String, Checksum> byRow = new LinkedHashMap<>();
    for (Checksum piece : pieces) {
      ContentId content = piece.content();
      byRow.put(content.root() + '\0' + content.key() + '\0' + piece.piece(), piece);
    }
    return byRow.values();
  }
}
