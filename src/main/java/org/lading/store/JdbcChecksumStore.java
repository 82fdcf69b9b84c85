package org.lading.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;
import org.lading.checksum.ChecksumStore;
import org.lading.checksum.ContentId;
import org.lading.checksum.PieceChecksums;
import org.lading.store.DirectoryGroups.Group;
import org.lading.store.DirectoryGroups.Member;

/** Checksums in a relational database, in SQL that H2 and PostgreSQL share. */
public final class JdbcChecksumStore implements ChecksumStore {
  private static final int ATTEMPTS = 3;
  private static final int ROWS_AT_ONCE = 100;

  /** The name that every directory's first leaf begins with: it comes before all others. */
  private static final byte[] FIRST = {};

  /** A directory that has leaves has the first one. */
  private static final String REMOVABLE_LEAF =
      "(octet_length(first_name) > 0 or not exists (select 1 from checksum_leaf later"
          + " where later.directory = checksum_leaf.directory"
          + " and octet_length(later.first_name) > 0))";

  private final Transactions transactions;
  private final Clock clock;

  /** A store in an open database; the clock says when a checksum was last of use. */
  public JdbcChecksumStore(Jdbi jdbi, Clock clock) {
    this.transactions = new Transactions(jdbi);
    this.clock = clock;
  }

  @Override
  public long[] find(List<ContentId> contents) {
    long[] found = new long[contents.size()];
    Arrays.fill(found, UNKNOWN);
    if (!contents.isEmpty()) {
      List<Group> groups = DirectoryGroups.of(contents);
      transactions.run(
          handle -> {
            groups.forEach(group -> find(handle, group, found));
            return null;
          });
    }
    return found;
  }

  @Override
  public void findPieces(ContentId content, PieceChecksums pieces) {
    transactions.run(
        handle -> {
          ChecksumPieces.find(handle, content, pieces);
          return null;
        });
  }

  @Override
  public void put(List<Checksum> checksums) {
    List<Checksum> pieces = checksums.stream().filter(c -> c.piece() != Checksum.WHOLE).toList();
    if (!pieces.isEmpty()) {
      repeatOnConflict(() -> putPieces(pieces));
    }
    List<Checksum> wholes = checksums.stream().filter(c -> c.piece() == Checksum.WHOLE).toList();
    List<Checksum> unknown = unknown(wholes);
    for (Group group : DirectoryGroups.of(unknown.stream().map(Checksum::content).toList())) {
      repeatOnConflict(() -> putWholes(group, unknown));
    }
    deletePieces(wholes);
  }

  private void deletePieces(List<Checksum> wholes) {
    List<ContentId> large =
        wholes.stream()
            .map(Checksum::content)
            .filter(content -> content.size() > PieceChecksums.LENGTH)
            .toList();
    if (!large.isEmpty()) {
      transactions.run(
          handle -> {
            large.forEach(content -> ChecksumPieces.delete(handle, content));
            return null;
          });
    }
  }

  /** Looked up before anything is locked: most of what passes by was seen before. */
  private List<Checksum> unknown(List<Checksum> checksums) {
    long[] found = find(checksums.stream().map(Checksum::content).toList());
    List<Checksum> unknown = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    for (int i = 0; i < found.length; i++) {
      Checksum checksum = checksums.get(i);
      String key = checksum.content().root() + '/' + checksum.content().key();
      if (found[i] != checksum.crc32() || keys.contains(key)) {
        unknown.add(checksum);
        keys.add(key);
      }
    }
    return unknown;
  }

  /** Two nodes may write the first checksums of a directory, or the same pieces, at once. */
  private static void repeatOnConflict(Runnable work) {
    for (int attempt = 1; ; attempt++) {
      try {
        work.run();
        return;
      } catch (JdbiException e) {
        if (attempt == ATTEMPTS || !Transactions.isConflict(e)) {
          throw e;
        }
      }
    }
  }

  @Override
  public void forget(Instant unusedSince, BooleanSupplier stopping) {
    LocalDate day = LocalDate.ofInstant(unusedSince, clock.getZone());
    forget("checksum_leaf", "first_name", REMOVABLE_LEAF, day, stopping);
    forget("checksum_piece", "name", "1 = 1", day, stopping);
  }

  private void forget(
      String table, String name, String condition, LocalDate day, BooleanSupplier stopping) {
    int rows = ROWS_AT_ONCE;
    while (rows == ROWS_AT_ONCE && !stopping.getAsBoolean()) {
      rows = transactions.run(handle -> forgetSome(handle, table, name, condition, day));
    }
  }

  private static int forgetSome(
      Handle handle, String table, String name, String condition, LocalDate day) {
    PreparedBatch removal =
        handle
            .prepareBatch(
                "delete from <table> where directory = ? and <name> = ? and last_used < ?")
            .define("table", table)
            .define("name", name);
    handle
        .createQuery(
            "select directory, <name> from <table> where last_used < :day and <condition>"
                + " fetch first :most rows only")
        .define("table", table)
        .define("name", name)
        .define("condition", condition)
        .bind("day", day)
        .bind("most", ROWS_AT_ONCE)
        .map((row, context) -> removal.add(row.getBytes(1), row.getBytes(2), day))
        .list();
    return removal.size() == 0 ? 0 : removal.execute().length;
  }

  private void find(Handle handle, Group group, long[] found) {
    List<Member> members = group.members;
    LocalDate today = LocalDate.now(clock);
    List<byte[]> used = new ArrayList<>();
    handle
        .createQuery(
            "select first_name, last_used, data from checksum_leaf"
                + " where directory = :directory and first_name <= :last and first_name >="
                + " (select first_name from checksum_leaf"
                + " where directory = :directory and first_name <= :first"
                + " order by first_name desc fetch first 1 rows only)"
                + " order by first_name")
        .bind("directory", group.directory)
        .bind("first", group.firstName())
        .bind("last", group.lastName())
        .map((row, context) -> new Leaf(row))
        .forEach(
            leaf -> {
              if (find(leaf, members, found) && leaf.lastUsed.isBefore(today)) {
                used.add(leaf.firstName);
              }
            });
    touch(handle, group.directory, used, today);
  }

  /** Both lists are in the order of the names, so each is gone through once. */
  private static boolean find(Leaf leaf, List<Member> members, long[] found) {
    int[] next = {firstFrom(members, leaf.firstName)};
    boolean[] any = {false};
    ChecksumLeaf.forEach(
        leaf.data,
        (name, known) -> {
          while (next[0] < members.size()) {
            Member member = members.get(next[0]);
            int order = Arrays.compareUnsigned(member.name, name);
            if (order > 0) {
              return;
            }
            if (order == 0 && isOf(member.content, known)) {
              found[member.place] = Integer.toUnsignedLong(known.crc32());
              any[0] = true;
            }
            next[0]++;
          }
        });
    return any[0];
  }

  private static int firstFrom(List<Member> members, byte[] name) {
    int low = 0;
    int high = members.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Arrays.compareUnsigned(members.get(middle).name, name) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static boolean isOf(ContentId content, ChecksumLeaf.Known known) {
    return known.size() == content.size() && known.version().equals(content.version());
  }

  private static void touch(Handle handle, byte[] directory, List<byte[]> leaves, LocalDate today) {
    for (byte[] firstName : leaves) {
      handle.execute(
          "update checksum_leaf set last_used = ? where directory = ? and first_name = ?",
          today,
          directory,
          firstName);
    }
  }

  private void putWholes(Group group, List<Checksum> checksums) {
    transactions.run(
        handle -> {
          int next = 0;
          while (next < group.members.size()) {
            next = putIntoOneLeaf(handle, group, next, checksums);
          }
          return null;
        });
  }

  /** Puts the given member and those behind it that belong into the same leaf. */
  private int putIntoOneLeaf(Handle handle, Group group, int from, List<Checksum> checksums) {
    List<Member> members = group.members;
    Leaf stored = lockLeaf(handle, group.directory, members.get(from).name);
    ChecksumLeaf leaf = stored == null ? new ChecksumLeaf() : ChecksumLeaf.of(stored.data);
    byte[] end = stored == null ? null : nextFirstName(handle, group.directory, stored.firstName);
    boolean changed = false;
    int next = from;
    while (next < members.size() && isBefore(members.get(next).name, end)) {
      Member member = members.get(next++);
      ContentId content = member.content;
      int crc32 = (int) checksums.get(member.place).crc32();
      ChecksumLeaf.Known known = new ChecksumLeaf.Known(content.size(), content.version(), crc32);
      changed |= leaf.put(member.name, known);
    }
    if (changed) {
      write(handle, group.directory, stored, leaf.stored());
    }
    return next;
  }

  private static boolean isBefore(byte[] name, byte @Nullable [] end) {
    return end == null || Arrays.compareUnsigned(name, end) < 0;
  }

  private static @Nullable Leaf lockLeaf(Handle handle, byte[] directory, byte[] name) {
    return handle
        .createQuery(
            "select first_name, last_used, data from checksum_leaf"
                + " where directory = :directory and first_name ="
                + " (select first_name from checksum_leaf"
                + " where directory = :directory and first_name <= :name"
                + " order by first_name desc fetch first 1 rows only) for update")
        .bind("directory", directory)
        .bind("name", name)
        .map((row, context) -> new Leaf(row))
        .findOne()
        .orElse(null);
  }

  private static byte @Nullable [] nextFirstName(Handle handle, byte[] directory, byte[] name) {
    return handle
        .createQuery(
            "select first_name from checksum_leaf"
                + " where directory = :directory and first_name > :name"
                + " order by first_name fetch first 1 rows only")
        .bind("directory", directory)
        .bind("name", name)
        .map((row, context) -> row.getBytes(1))
        .findOne()
        .orElse(null);
  }

  /** The first leaf keeps its place; those that were split off it are new. */
  private void write(
      Handle handle, byte[] directory, @Nullable Leaf stored, Map<byte[], byte[]> leaves) {
    LocalDate today = LocalDate.now(clock);
    boolean isFirst = true;
    for (Map.Entry<byte[], byte[]> leaf : leaves.entrySet()) {
      if (isFirst && stored != null) {
        handle.execute(
            "update checksum_leaf set data = ?, last_used = ?"
                + " where directory = ? and first_name = ?",
            leaf.getValue(),
            today,
            directory,
            stored.firstName);
      } else {
        handle.execute(
            "insert into checksum_leaf (directory, first_name, last_used, data)"
                + " values (?, ?, ?, ?)",
            directory,
            isFirst ? FIRST : leaf.getKey(),
            today,
            leaf.getValue());
      }
      isFirst = false;
    }
  }

  private void putPieces(List<Checksum> pieces) {
    transactions.run(
        handle -> {
          ChecksumPieces.put(handle, pieces, LocalDate.now(clock));
          return null;
        });
  }

  /** A row. */
  private static final class Leaf {
    final byte[] firstName;
    final LocalDate lastUsed;
    final byte[] data;

    Leaf(ResultSet row) throws SQLException {
      this.firstName = row.getBytes("first_name");
      this.lastUsed = row.getObject("last_used", LocalDate.class);
      this.data = row.getBytes("data");
    }
  }
}
