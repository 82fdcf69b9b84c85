package org.lading.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.Objects;
import java.util.Set;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;
import org.lading.download.Download;
import org.lading.download.Download.State;
import org.lading.download.Lane;
import org.lading.manifest.ArchivePoint;
import org.lading.manifest.AssemblyPrediction;
import org.lading.manifest.AssemblyPrediction.Burden;

/** Makes downloads of their rows. */
final class DownloadRowMapper implements RowMapper<Download> {
  /** The separator of names of roots, which have no space. */
  private static final String SPACE = " ";

  private final Dialect dialect;

  DownloadRowMapper(Dialect dialect) {
    this.dialect = dialect;
  }

  @Override
  public Download map(ResultSet row, StatementContext context) throws SQLException {
    return new Download(
        row.getString("id"),
        row.getString("root"),
        row.getString("zip_name"),
        State.valueOf(row.getString("state")),
        row.getInt("attempt"),
        row.getInt("failures"),
        time(row, "created_at"),
        dialect.time(row, "started_at"),
        dialect.time(row, "settled_at"),
        time(row, "expires_at"),
        new Download.Totals(
            row.getLong("entry_count"),
            row.getLong("file_count"),
            row.getLong("omitted_count"),
            row.getLong("byte_count"),
            row.getLong("mod_zip_length"),
            row.getLong("archive_length"),
            new ArchivePoint(
                row.getLong("entry_count"), row.getLong("end_offset"), row.getLong("end_central")),
            row.getString("fingerprint"),
            names(row.getString("source_roots")),
            new AssemblyPrediction(
                row.getLong("mod_zip_millis"),
                row.getLong("embedded_millis"),
                Burden.parse(row.getString("mod_zip_burden"))),
            RenamingsCodec.decode(row.getBytes("renamed"))),
        FailureCodec.decode(row.getBytes("failure")),
        new Download.Preparation(
            row.getString("client"),
            row.getString("subject"),
            row.getInt("of_link") != 0,
            Lane.valueOf(row.getString("lane")),
            dialect.time(row, "begun_at"),
            row.getLong("step_count"),
            dialect.time(row, "next_try_at")),
        new Download.Repetition(row.getInt("repeatable") != 0, row.getString("successor")),
        SourceChangesCodec.decode(row.getBytes("changes")));
  }

  private static Set<String> names(String joined) {
    return joined.isEmpty() ? Set.of() : Set.of(joined.split(SPACE));
  }

  /** Joins the names of roots for their column. */
  static String joined(Collection<String> names) {
    return String.join(SPACE, names);
  }

  private Instant time(ResultSet row, String column) throws SQLException {
    return Objects.requireNonNull(dialect.time(row, column), column);
  }
}
