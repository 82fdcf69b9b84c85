package org.lading.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.lading.download.Download;
import org.lading.error.LadingException;
import org.lading.manifest.ArchivePoint;
import org.lading.manifest.Entry;

/** Reads the entries of one download chunk by chunk, from any entry on. */
final class JdbcEntryIterator implements Iterator<Entry> {
  private final Transactions transactions;
  private final Download download;
  private EntryCodec.@Nullable Decoder chunk;
  private long next;
  private long chunkEnd;

  JdbcEntryIterator(Transactions transactions, Download download, long first) {
    this.transactions = transactions;
    this.download = download;
    this.next = first;
  }

  /** Returns the point of the last chunk whose number in a column is at most the given one. */
  static ArchivePoint pointBefore(
      Transactions transactions, String column, Download download, long value) {
    if (download.totals().entries() == 0) {
      return ArchivePoint.START;
    }
    return transactions.read(
        handle ->
            handle
                .createQuery(
                    "select first_entry, archive_offset, central_offset from entry_chunk"
                        + " where download_id = :id and <column> <= :value"
                        + " order by first_entry desc limit 1")
                .define("column", column)
                .bind("id", download.id())
                .bind("value", value)
                .map(
                    (row, context) ->
                        new ArchivePoint(row.getLong(1), row.getLong(2), row.getLong(3)))
                .findOne()
                .orElseThrow(LadingException::noSuchDownload));
  }

  @Override
  public boolean hasNext() {
    return next < download.totals().entries();
  }

  @Override
  public Entry next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    EntryCodec.Decoder decoder = chunk;
    if (decoder == null || next == chunkEnd) {
      decoder = fetch();
      chunk = decoder;
    }
    next++;
    return decoder.next();
  }

  private EntryCodec.Decoder fetch() {
    Chunk found =
        transactions.read(
            handle ->
                handle
                    .createQuery(
                        "select first_entry, entry_count, data from entry_chunk"
                            + " where download_id = :id and first_entry <= :next"
                            + " order by first_entry desc limit 1")
                    .bind("id", download.id())
                    .bind("next", next)
                    .map((row, context) -> chunk(row))
                    .findOne()
                    .filter(candidate -> candidate.end() > next)
                    .orElseThrow(LadingException::noSuchDownload));
    for (long skipped = found.first(); skipped < next; skipped++) {
      found.decoder().next();
    }
    chunkEnd = found.end();
    return found.decoder();
  }

  private static Chunk chunk(ResultSet row) throws SQLException {
    long first = row.getLong("first_entry");
    return new Chunk(
        first, first + row.getInt("entry_count"), new EntryCodec.Decoder(row.getBytes("data")));
  }

  private record Chunk(long first, long end, EntryCodec.Decoder decoder) {}
}
