package org.lading.store;

import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.lading.access.digest.NonceUses;

/**
 * Stores the uses of nonces in the database that all nodes share. Each node removes old ones once a
 * minute, if there are new ones.
 */
public final class JdbcNonceUses implements NonceUses {
  private static final long MILLIS_BETWEEN_REMOVALS = 60_000;

  private final Transactions transactions;
  private final Dialect dialect;
  private final Clock clock;
  private final AtomicLong removedAt = new AtomicLong();

  /** Makes a store in an open database. */
  public JdbcNonceUses(Database database, Clock clock) {
    this.transactions = new Transactions(database);
    this.dialect = database.dialect();
    this.clock = clock;
  }

  @Override
  public boolean add(String nonce, long count, Instant until) {
    removeOld();
    return transactions.writeUnforced(
            handle ->
                handle.execute(
                    "insert into nonce_use (nonce, number, kept_until) values (?, ?, ?)"
                        + " on conflict (nonce, number) do nothing",
                    nonce,
                    count,
                    dialect.time(until)))
        > 0;
  }

  private void removeOld() {
    Instant now = clock.instant();
    long last = removedAt.get();
    // The last removal is in the future if the clock was set back since.
    if (Math.abs(now.toEpochMilli() - last) > MILLIS_BETWEEN_REMOVALS
        && removedAt.compareAndSet(last, now.toEpochMilli())) {
      transactions.writeUnforced(
          handle ->
              handle.execute("delete from nonce_use where kept_until < ?", dialect.time(now)));
    }
  }
}
