package org.lading.store;

import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.lading.access.digest.NonceUses;

/**
 * Stores the uses of nonces in the database that all nodes share. Each node removes old ones once a
 * minute, if there are new ones.
 */
public final class JdbcNonceUses implements NonceUses {
  private static final int SECONDS_BETWEEN_REMOVALS = 60;

  private final Transactions transactions;
  private final Dialect dialect;
  private final Clock clock;
  private final AtomicReference<Instant> removed = new AtomicReference<>(Instant.MIN);

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
    Instant last = removed.get();
    if (last.isBefore(now.minusSeconds(SECONDS_BETWEEN_REMOVALS))
        && removed.compareAndSet(last, now)) {
      transactions.writeUnforced(
          handle ->
              handle.execute("delete from nonce_use where kept_until < ?", dialect.time(now)));
    }
  }
}
