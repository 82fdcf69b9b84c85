package org.lading.store;

import java.sql.ResultSet;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;
import org.lading.checksum.ChecksumStore;
import org.lading.checksum.ContentId;
import org.lading.checksum.PieceChecksums;
import org.lading.store.ChecksumKeyHasher.ChecksumKey;

/**
 * Stores checksums in a relational database, one row for each, in SQL that SQLite and PostgreSQL
 * share.
 */
public final class JdbcChecksumStore implements ChecksumStore {
  /**
   * The maximum number of rows that one statement finds, and one transaction writes or looks
   * through.
   */
  private static final int MAX_ROWS = 1000;

  /**
   * The maximum number of days by which the kept day of a row's last use may be too early: writing
   * a row costs ten times what finding it does.
   */
  private static final int MAX_DAYS_EARLY = 30;

  private final Transactions transactions;
  private final Clock clock;

  /** Makes a store in an open database; the clock gives the time of a checksum's last use. */
  public JdbcChecksumStore(Database database, Clock clock) {
    this.transactions = new Transactions(database);
    this.clock = clock;
  }

  /** The columns of a row except its slot. */
  private record Row(long fingerprint, int crc32, int lastUsed) {
    boolean isOf(ChecksumKey key) {
      return fingerprint == key.fingerprint();
    }

    boolean isSame(@Nullable Row other) {
      return other != null && fingerprint == other.fingerprint && crc32 == other.crc32;
    }
  }

  @Override
  public long[] find(List<ContentId> contents) {
    ChecksumKeyHasher keys = new ChecksumKeyHasher();
    long[] found = new long[contents.size()];
    for (int from = 0; from < found.length; from += MAX_ROWS) {
      List<ContentId> some = contents.subList(from, Math.min(from + MAX_ROWS, found.length));
      long[] part = findKeys(some.stream().map(one -> keys.of(one, Checksum.WHOLE)).toList());
      System.arraycopy(part, 0, found, from, part.length);
    }
    return found;
  }

  @Override
  public void findPieces(ContentId content, PieceChecksums pieces) {
    ChecksumKeyHasher keys = new ChecksumKeyHasher();
    int next = pieces.nextUnknown(0);
    while (next < pieces.count()) {
      List<Integer> unknown = new ArrayList<>();
      while (next < pieces.count() && unknown.size() < MAX_ROWS) {
        unknown.add(next);
        next = pieces.nextUnknown(next + 1);
      }
      long[] found = findKeys(unknown.stream().map(piece -> keys.of(content, piece)).toList());
      for (int i = 0; i < found.length; i++) {
        if (found[i] != UNKNOWN) {
          pieces.put(unknown.get(i), found[i]);
        }
      }
    }
  }

  private long[] findKeys(List<ChecksumKey> keys) {
    Map<Long, Row> rows = rows(keys.stream().map(ChecksumKey::slot).toList());
    int today = today();
    long[] found = new long[keys.size()];
    List<Long> old = new ArrayList<>();
    for (int i = 0; i < found.length; i++) {
      ChecksumKey key = keys.get(i);
      Row row = rows.get(key.slot());
      found[i] = UNKNOWN;
      if (row != null && row.isOf(key)) {
        found[i] = Integer.toUnsignedLong(row.crc32());
        if (row.lastUsed() < today - MAX_DAYS_EARLY) {
          old.add(key.slot());
        }
      }
    }
    if (!old.isEmpty()) {
      transactions.writeUnforced(handle -> touch(handle, old, today));
    }
    return found;
  }

  private static int touch(Handle handle, List<Long> slots, int today) {
    PreparedBatch touch = handle.prepareBatch("update checksum set last_used = ? where slot = ?");
    slots.forEach(slot -> touch.add(today, slot));
    return touch.execute().length;
  }

  private Map<Long, Row> rows(Collection<Long> slots) {
    return transactions.read(
        handle ->
            handle
                .createQuery(
                    "select checksum.slot, fingerprint, crc32, last_used from <wanted> as wanted"
                        + " join checksum on slot = cast(cast(wanted.value as text) as bigint)")
                .define("wanted", transactions.dialect().elements(":slots"))
                .bind("slots", json(slots))
                .scanResultSet(
                    (found, context) -> {
                      Map<Long, Row> rows = new HashMap<>();
                      ResultSet row = found.get();
                      while (row.next()) {
                        rows.put(
                            row.getLong(1), new Row(row.getLong(2), row.getInt(3), row.getInt(4)));
                      }
                      return rows;
                    }));
  }

  @Override
  public void put(List<Checksum> checksums) {
    ChecksumKeyHasher keys = new ChecksumKeyHasher();
    for (int from = 0; from < checksums.size(); from += MAX_ROWS) {
      // In the order of the slots, so that two nodes that write the same rows cannot deadlock.
      NavigableMap<Long, Row> rows = new TreeMap<>();
      for (Checksum one : checksums.subList(from, Math.min(from + MAX_ROWS, checksums.size()))) {
        ChecksumKey key = keys.of(one.content(), one.piece());
        rows.put(key.slot(), new Row(key.fingerprint(), (int) one.crc32(), today()));
      }
      put(rows);
    }
  }

  /**
   * Writes the rows that differ from the stored ones, which it reads first: most are stored
   * already.
   */
  private void put(NavigableMap<Long, Row> rows) {
    Map<Long, Row> stored = rows(rows.keySet());
    rows.entrySet().removeIf(row -> row.getValue().isSame(stored.get(row.getKey())));
    if (!rows.isEmpty()) {
      transactions.writeUnforced(handle -> insert(handle, rows));
    }
  }

  /** Writes rows in one statement, which takes half the time of a batch of as many. */
  private int insert(Handle handle, NavigableMap<Long, Row> rows) {
    return handle
        .createUpdate(
            "insert into checksum (slot, fingerprint, crc32, last_used)"
                + " select cast(value->>0 as bigint), cast(value->>1 as bigint),"
                + " cast(value->>2 as integer), :today from <added> as added where true"
                + " on conflict (slot) do update set fingerprint = excluded.fingerprint,"
                + " crc32 = excluded.crc32, last_used = excluded.last_used")
        .define("added", transactions.dialect().elements(":rows"))
        .bind("today", today())
        .bind(
            "rows",
            json(
                rows.entrySet().stream()
                    .map(
                        row ->
                            json(
                                List.of(
                                    row.getKey(),
                                    row.getValue().fingerprint(),
                                    row.getValue().crc32())))
                    .toList()))
        .execute();
  }

  /** Returns the JSON array of numbers, or of such arrays. */
  private static String json(Collection<?> elements) {
    return elements.stream().map(Object::toString).collect(Collectors.joining(",", "[", "]"));
  }

  @Override
  public void forget(Instant unusedSince, BooleanSupplier stopping) {
    long day = LocalDate.ofInstant(unusedSince, clock.getZone()).toEpochDay() - MAX_DAYS_EARLY;
    // All rows are looked through: an index of the days would double the cost of every insert.
    long next = Long.MIN_VALUE;
    boolean isOver = false;
    while (!isOver && !stopping.getAsBoolean()) {
      long from = next;
      long to = transactions.writeUnforced(handle -> forgetSome(handle, from, day));
      isOver = to == Long.MAX_VALUE;
      next = to + 1;
    }
  }

  /** Looks through some slots from the given one on, and returns the last of them. */
  private static long forgetSome(Handle handle, long from, long day) {
    long to =
        handle
            .createQuery(
                "select slot from checksum where slot >= :from order by slot limit 1 offset :rows")
            .bind("from", from)
            .bind("rows", MAX_ROWS)
            .mapTo(Long.class)
            .findOne()
            .orElse(Long.MAX_VALUE);
    handle.execute(
        "delete from checksum where slot between ? and ? and last_used < ?", from, to, day);
    return to;
  }

  private int today() {
    return (int) LocalDate.now(clock).toEpochDay();
  }
}
