package org.lading.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.lading.download.Download;
import org.lading.download.DownloadStore;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.manifest.ArchivePoint;
import org.lading.manifest.Entry;

/** Downloads and their entries in a relational database, in SQL that H2 and PostgreSQL share. */
public final class JdbcDownloadStore implements DownloadStore {
  private final Transactions transactions;

  /** A store in an open database. */
  public JdbcDownloadStore(Jdbi jdbi) {
    this.transactions = new Transactions(jdbi);
  }

  @Override
  public void insert(Download download) {
    transactions.run(
        handle ->
            handle
                .createUpdate(
                    "insert into download (id, root, zip_name, state, created_at, expires_at,"
                        + " entry_count, file_count, byte_count, mod_zip_length, archive_length,"
                        + " end_offset, end_central, fingerprint)"
                        + " values (:id, :root, :zipName, :state, :created, :expires,"
                        + " :entries, :files, :bytes, :modZipLength, :archiveLength,"
                        + " :end.offset, :end.central, :fingerprint)")
                .bind("id", download.id())
                .bind("root", download.root())
                .bind("zipName", download.zipName())
                .bind("state", download.state().name())
                .bind("created", utc(download.created()))
                .bind("expires", utc(download.expires()))
                .bindMethods(download.totals())
                .execute());
  }

  @Override
  public EntrySink entrySink(String id) {
    return new JdbcEntrySink(transactions, id);
  }

  @Override
  public void markReady(Download download) {
    transactions.run(
        handle ->
            handle
                .createUpdate(
                    "update download set state = :state, entry_count = :entries,"
                        + " file_count = :files, byte_count = :bytes,"
                        + " mod_zip_length = :modZipLength, archive_length = :archiveLength,"
                        + " end_offset = :end.offset, end_central = :end.central,"
                        + " fingerprint = :fingerprint"
                        + " where id = :id")
                .bind("id", download.id())
                .bind("state", download.state().name())
                .bindMethods(download.totals())
                .execute());
  }

  @Override
  public Optional<Download> find(String id) {
    return transactions.run(
        handle ->
            handle
                .createQuery("select * from download where id = :id")
                .bind("id", id)
                .map((row, context) -> download(row))
                .findOne());
  }

  @Override
  public Iterator<Entry> entries(Download download, long first) {
    return new JdbcEntries(transactions, download, first);
  }

  @Override
  public ArchivePoint pointBefore(Download download, long offset) {
    return pointBefore("archive_offset", download, offset);
  }

  @Override
  public ArchivePoint pointBeforeCentral(Download download, long central) {
    return pointBefore("central_offset", download, central);
  }

  private ArchivePoint pointBefore(String column, Download download, long value) {
    return transactions.run(
        handle ->
            handle
                .createQuery(
                    "select first_entry, archive_offset, central_offset from entry_chunk"
                        + " where download_id = :id and <column> <= :value"
                        + " order by <column> desc fetch first 1 rows only")
                .define("column", column)
                .bind("id", download.id())
                .bind("value", value)
                .map(
                    (row, context) ->
                        new ArchivePoint(row.getLong(1), row.getLong(2), row.getLong(3)))
                .findOne()
                .orElseThrow(JdbcDownloadStore::notFound));
  }

  /** A download whose chunks are gone was deleted while it was read. */
  static LadingException notFound() {
    return new LadingException(ErrorCode.NOT_FOUND, "Requested archive not found");
  }

  @Override
  public void delete(String id) {
    transactions.run(handle -> handle.execute("delete from download where id = ?", id));
  }

  @Override
  public List<String> unfinished() {
    return transactions.run(
        handle ->
            handle
                .createQuery("select id from download where state <> :ready")
                .bind("ready", Download.State.READY.name())
                .mapTo(String.class)
                .list());
  }

  @Override
  public void check() {
    transactions.run(handle -> handle.createQuery("select 1").mapTo(Integer.class).one());
  }

  private static Download download(ResultSet row) throws SQLException {
    return new Download(
        row.getString("id"),
        row.getString("root"),
        row.getString("zip_name"),
        Download.State.valueOf(row.getString("state")),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        row.getObject("expires_at", OffsetDateTime.class).toInstant(),
        new Download.Totals(
            row.getLong("entry_count"),
            row.getLong("file_count"),
            row.getLong("byte_count"),
            row.getLong("mod_zip_length"),
            row.getLong("archive_length"),
            new ArchivePoint(
                row.getLong("entry_count"), row.getLong("end_offset"), row.getLong("end_central")),
            row.getString("fingerprint")));
  }

  private static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
