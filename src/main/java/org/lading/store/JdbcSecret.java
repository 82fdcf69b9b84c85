package org.lading.store;

import java.security.SecureRandom;

/** Keeps random bytes that all nodes on a database share, and nobody else knows. */
public final class JdbcSecret {
  private static final int BYTES = 32;

  private JdbcSecret() {}

  /** Returns the secret of a name, of 32 bytes; the first node that asks makes it. */
  public static byte[] of(Database database, String name) {
    byte[] candidate = new byte[BYTES];
    new SecureRandom().nextBytes(candidate);
    return new Transactions(database)
        .write(
            handle -> {
              handle.execute(
                  "insert into secret (name, data) values (?, ?) on conflict (name) do nothing",
                  name,
                  candidate);
              return handle
                  .createQuery("select data from secret where name = :name")
                  .bind("name", name)
                  .mapTo(byte[].class)
                  .one();
            });
  }
}
