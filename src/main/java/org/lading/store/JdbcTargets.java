package org.lading.store;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.lading.manifest.Target;

/** What downloads were asked for: written at once, read chunk by chunk. */
final class JdbcTargets implements Iterator<Target> {
  private static final int MAX_TARGETS = 1000;
  private static final int MAX_PLAIN_BYTES = 256 * 1024;

  private final Transactions transactions;
  private final String id;
  private TargetCodec.@Nullable Decoder decoder;
  private int left;
  private int nextChunk;

  /** Reads those of one download. */
  JdbcTargets(Transactions transactions, String id) {
    this.transactions = transactions;
    this.id = id;
    fetch();
  }

  /** Writes those of one download, in a transaction of the caller's. */
  static void insert(Handle handle, String id, Iterator<Target> targets) {
    TargetCodec.Encoder encoder = new TargetCodec.Encoder();
    int chunk = 0;
    while (targets.hasNext()) {
      encoder.add(targets.next());
      boolean full = encoder.count() == MAX_TARGETS || encoder.plainBytes() >= MAX_PLAIN_BYTES;
      if (full || !targets.hasNext()) {
        int count = encoder.count();
        handle.execute(
            "insert into target_chunk (download_id, chunk, target_count, data)"
                + " values (?, ?, ?, ?)",
            id,
            chunk++,
            count,
            encoder.finish());
      }
    }
  }

  @Override
  public boolean hasNext() {
    return left > 0;
  }

  @Override
  public Target next() {
    TargetCodec.Decoder current = decoder;
    if (current == null || left == 0) {
      throw new NoSuchElementException();
    }
    Target target = current.next();
    left--;
    if (left == 0) {
      fetch();
    }
    return target;
  }

  private void fetch() {
    transactions.run(
        handle ->
            handle
                .createQuery(
                    "select target_count, data from target_chunk"
                        + " where download_id = :id and chunk = :chunk")
                .bind("id", id)
                .bind("chunk", nextChunk++)
                .map(
                    (row, context) -> {
                      left = row.getInt("target_count");
                      decoder = new TargetCodec.Decoder(row.getBytes("data"));
                      return left;
                    })
                .findOne());
  }
}
