package org.lading.testing;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.lading.root.ChangeCheck;
import org.lading.root.DirectoryPage;
import org.lading.root.Item;
import org.lading.root.ItemSink;
import org.lading.root.LocationEncoding;
import org.lading.root.LocationWriter;
import org.lading.root.Root;
import org.lading.root.Undeliverable;

/**
 * A root whose calls block, as those of a file system whose server is gone: no interruption ends
 * them.
 */
public final class HangingRoot implements Root {
  private static final long DRIP_NANOS = 20_000_000;

  private final Root root;
  private final Set<String> hanging = ConcurrentHashMap.newKeySet();
  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicInteger calls = new AtomicInteger();
  private volatile CountDownLatch end = new CountDownLatch(1);

  /** Makes a root that answers as another one, until {@link #hang}. */
  public HangingRoot(Root root) {
    this.root = root;
  }

  /**
   * From now on calls block: {@code stat}, {@code list}, {@code open}, {@code read}...; with {@code
   * drip} each read brings one byte, after a while.
   */
  public void hang(String... steps) {
    hanging.addAll(List.of(steps));
  }

  /** Lets all calls that block go on, and further ones answer. */
  public void comeBack() {
    hanging.clear();
    CountDownLatch before = end;
    end = new CountDownLatch(1);
    before.countDown();
  }

  /** How many threads are in calls that block. */
  public int inside() {
    return inside.get();
  }

  /** How many calls were made. */
  public int calls() {
    return calls.get();
  }

  private void pass(String step) {
    calls.incrementAndGet();
    if (!hanging.contains(step)) {
      return;
    }
    CountDownLatch awaited = end;
    inside.incrementAndGet();
    boolean wasInterrupted = false;
    while (awaited.getCount() > 0) {
      try {
        awaited.await();
      } catch (InterruptedException e) {
        wasInterrupted = true;
      }
    }
    inside.decrementAndGet();
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String name() {
    return root.name();
  }

  @Override
  public Item file(String path) {
    pass("stat");
    return root.file(path);
  }

  @Override
  public void list(String path, boolean recursive, ItemSink sink) {
    pass("list");
    root.list(path, recursive, sink);
  }

  @Override
  public DirectoryPage page(String path, String cursor, int max) {
    pass("list");
    return root.page(path, cursor, max);
  }

  @Override
  public String directoryName(String path) {
    return root.directoryName(path);
  }

  @Override
  public LocationWriter locations(LocationEncoding encoding) {
    return root.locations(encoding);
  }

  @Override
  public ChangeCheck changeCheck() {
    pass("stat");
    ChangeCheck check = root.changeCheck();
    return new ChangeCheck() {
      @Override
      public boolean isUnchanged(String key, long size, Instant modified) {
        pass("stat");
        return check.isUnchanged(key, size, modified);
      }

      @Override
      public void close() {
        check.close();
      }
    };
  }

  @Override
  public InputStream open(Item item, long from, long to) throws IOException {
    pass("open");
    return new FilterInputStream(root.open(item, from, to)) {
      @Override
      public int read(byte[] buffer, int start, int length) throws IOException {
        boolean drips = hanging.contains("drip");
        int read = super.read(buffer, start, drips ? 1 : Math.min(length, 1 << 16));
        if (drips) {
          LockSupport.parkNanos(DRIP_NANOS);
        }
        pass("read");
        return read;
      }

      @Override
      public void close() throws IOException {
        pass("close");
        super.close();
      }
    };
  }

  @Override
  public byte[][] read(List<Item> items) throws IOException {
    pass("batch");
    return root.read(items);
  }

  @Override
  public long crc32(Item item) {
    return root.crc32(item);
  }

  @Override
  public Undeliverable undeliverable() {
    return root.undeliverable();
  }

  @Override
  public boolean isRemote() {
    return root.isRemote();
  }

  @Override
  public void check() {
    pass("check");
    root.check();
  }

  @Override
  public void close() {
    pass("close root");
    root.close();
  }
}
