package org.lading.root.watch;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.root.ChangeCheck;
import org.lading.root.DirectoryPage;
import org.lading.root.Item;
import org.lading.root.ItemSink;
import org.lading.root.LocationEncoding;
import org.lading.root.LocationWriter;
import org.lading.root.Root;
import org.lading.root.Undeliverable;

/**
 * A root whose steps are watched: each call of another root is a step, and so is each read of a
 * stream. What the callers do with the items of a listing is none.
 */
final class WatchedRoot implements Root {
  private final Root root;
  private final WatchedRootState state;
  private final RootWatch watch;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  /** A call of the other root. */
  @FunctionalInterface
  interface Call<T, E extends Exception> {
    T call() throws E;
  }

  /** A close of something that the other root opened. */
  @FunctionalInterface
  interface Closing<E extends Exception> {
    void close() throws E;
  }

  WatchedRoot(Root root, WatchedRootState state, RootWatch watch) {
    this.root = root;
    this.state = state;
    this.watch = watch;
  }

  @Override
  public String name() {
    return root.name();
  }

  @Override
  public Item file(String path) {
    return step("stat", () -> root.file(path));
  }

  @Override
  public void files(List<String> paths, ItemSink sink) {
    walk("stat", outside -> root.files(paths, outside), sink);
  }

  @Override
  public void list(String path, boolean recursive, ItemSink sink) {
    walk("list", outside -> root.list(path, recursive, outside), sink);
  }

  @Override
  public DirectoryPage page(String path, String cursor, int max) {
    return step("list", () -> root.page(path, cursor, max));
  }

  @Override
  public Undeliverable undeliverable() {
    return root.undeliverable();
  }

  @Override
  public @Nullable String originalName(Item item) {
    return root.originalName(item);
  }

  @Override
  public String directoryName(String path) {
    return root.directoryName(path);
  }

  @Override
  public LocationWriter locations(LocationEncoding encoding) {
    return step("sign", () -> root.locations(encoding));
  }

  @Override
  public boolean isSignedPerEntry(long entries, long bytes) {
    return step("sign", () -> root.isSignedPerEntry(entries, bytes));
  }

  @Override
  public ChangeCheck changeCheck() {
    ChangeCheck check = step("stat", root::changeCheck);
    return new ChangeCheck() {
      @Override
      public boolean isUnchanged(String key, long size, Instant modified) {
        return step("stat", () -> check.isUnchanged(key, size, modified));
      }

      @Override
      public void close() {
        closing(check::close);
      }
    };
  }

  @Override
  @SuppressWarnings("StreamResourceLeak") // The caller owns it, or it is closed here.
  public InputStream open(Item item, long from, long to) throws IOException {
    InputStream[] opened = {InputStream.nullInputStream()};
    try {
      step(
          "open",
          () -> {
            opened[0] = root.open(item, from, to);
            return opened[0];
          });
    } catch (IOException | RuntimeException e) {
      closing(() -> opened[0].close());
      throw e;
    }
    return new WatchedInputStream(opened[0], this, watch.limits().remote());
  }

  @Override
  public byte[][] read(List<Item> items) throws IOException {
    return step("read", () -> root.read(items));
  }

  @Override
  public long crc32(Item item) {
    return step("stat", () -> root.crc32(item));
  }

  @Override
  public boolean isRemote() {
    return root.isRemote();
  }

  /** Returns what the other root knows, which is no step. */
  @Override
  public boolean readsParts() {
    return root.readsParts();
  }

  @Override
  public Duration latency() {
    return root.latency();
  }

  @Override
  public void check() {
    step(
        "check",
        () -> {
          root.check();
          return true;
        });
  }

  /**
   * Closes the other root, once, which is no step: the stop of the application has its own limit.
   */
  @Override
  public void close() {
    if (isClosed.compareAndSet(false, true)) {
      root.close();
    }
  }

  /** Returns what the other root knows, which is no step. */
  @Override
  public Optional<String> warning() {
    return root.warning();
  }

  /** Makes a step. */
  <T, E extends Exception> T step(String name, Call<T, E> call) throws E {
    ThreadSteps steps = watch.enter();
    try {
      steps.begin(state, name);
      return ended(steps, call);
    } finally {
      watch.leave(steps);
    }
  }

  /**
   * Makes a step that is made in any case, also after another one of its task was given up. If it
   * is given up itself and returns, it has done what it should.
   */
  <E extends Exception> void closing(Closing<E> call) throws E {
    ThreadSteps steps = watch.enter();
    boolean hasAnswer = false;
    try {
      steps.resume(state, "close");
      call.close();
      hasAnswer = true;
    } finally {
      steps.endLast(hasAnswer);
      watch.leave(steps);
    }
  }

  /** Returns the exception for content that comes too slowly. */
  LadingException tooSlow() {
    return state.tooSlow();
  }

  private static <T, E extends Exception> T ended(ThreadSteps steps, Call<T, E> call) throws E {
    boolean hasAnswer = false;
    try {
      T result = call.call();
      hasAnswer = true;
      return result;
    } catch (LadingException e) {
      hasAnswer = e.code() != ErrorCode.STORAGE_UNAVAILABLE;
      throw e;
    } finally {
      steps.end(hasAnswer);
    }
  }

  /** Makes steps that are interrupted by the sink, which may make steps of its own. */
  private void walk(String name, Consumer<ItemSink> walk, ItemSink sink) {
    ThreadSteps steps = watch.enter();
    try {
      steps.begin(state, name);
      ended(
          steps,
          () -> {
            walk.accept(outside(steps, name, sink));
            return true;
          });
    } finally {
      watch.leave(steps);
    }
  }

  private ItemSink outside(ThreadSteps steps, String name, ItemSink sink) {
    return new ItemSink() {
      @Override
      public void accept(Item item) {
        steps.end(true);
        try {
          sink.accept(item);
        } finally {
          steps.resume(state, name);
        }
      }

      @Override
      public void count(int count) {
        if (count > 0) {
          steps.progress();
        }
        sink.count(count);
      }

      @Override
      public void refuse(LadingException why) {
        sink.refuse(why);
      }
    };
  }
}
